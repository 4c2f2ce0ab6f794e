import type { SolveContext } from '../context.ts';
import { createTileKernel, tileKernel, type TileResult, type TileSurvey, type TileTask } from './kernel.ts';
import { findStraddling, type TileSites } from './cost-shares.ts';
import type { TileShared } from './tile-source.ts';
import { cutModel } from './cut-model.ts';
import type { WholeProblem } from './whole.ts';

/** A tiling with what its tiles look like; tasks number the sites of a tile as `sites.siteOf` does. */
export interface OpenTiling {
  readonly shared: TileShared;
  readonly surveys: readonly TileSurvey[];
  readonly sites: TileSites;
}

type ResultOf<Kind extends TileResult['kind']> = Extract<TileResult, { kind: Kind }>['result'];

/** One task per tile, results in tile order. */
export async function mapTiles<Kind extends TileResult['kind']>(
  context: SolveContext,
  shared: TileShared,
  kind: Kind,
  taskOf: (tile: number) => TileTask,
): Promise<ResultOf<Kind>[]> {
  const { mip, signal, onProgress } = context.options;
  const kernel = mip === undefined ? tileKernel : createTileKernel(mip);
  const tasks = Array.from({ length: shared.tiling.tileCount }, (_, tile) => taskOf(tile));
  const stage = STAGE[kind];
  const results = await context.executor.map(kernel, shared, tasks, {
    signal,
    onTaskDone: (done, total) =>
      onProgress?.({
        stage: 'solve',
        fraction: done / total,
        message: `${stage}: ${done} of ${total} tiles`,
      }),
  });
  return results.map((own) => {
    if (own.kind !== kind) throw new Error(`A tile task of kind ${kind} was answered with ${own.kind}.`);
    if ('work' in own.result) context.work += own.result.work;
    return own.result as ResultOf<Kind>;
  });
}

const STAGE = { survey: 'surveying', supply: 'first prices', price: 'prices', plan: 'plans' } as const;

/** Cuts the whole and surveys its tiles. */
export async function openTiling(
  context: SolveContext,
  whole: WholeProblem,
  tileCount: number,
  turn: number,
): Promise<OpenTiling> {
  const tiling = cutModel(whole.model, tileCount, turn);
  const shared: TileShared = { model: whole.model, tiling };
  const surveys = await mapTiles(context, shared, 'survey', (tile) => ({
    kind: 'survey',
    tile,
    need: whole.need,
  }));
  for (const { pairs } of surveys) context.work += pairs;
  const siteOf = surveys.map((survey) => survey.siteOf);
  return { shared, surveys, sites: findStraddling(siteOf, whole.siteCount, whole.group) };
}
