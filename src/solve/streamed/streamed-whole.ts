import type { SolveContext } from '../context.ts';
import {
  streamedKernel,
  type StreamedResult,
  type StreamedShared,
  type StreamedSurvey,
  type StreamedTask,
} from './streamed-kernel.ts';
import type { CoveringModel } from '../covering-model.ts';
import type { ModelSource } from './model-source.ts';
import type { TileSource } from './tile-source.ts';

/** What the coordinator holds of a problem in tiles: vectors over sites and targets, never pairs. */
export interface StreamedWhole {
  readonly source: TileSource;
  readonly siteCount: number;
  readonly targetCount: number;
  /** [siteCount] grid units, > 0. */
  readonly cost: Float64Array;
  readonly fixedCost: number;
  /** [targets] users still to be won, > 0. */
  readonly need: Float64Array;
  /** As in `CoveringModel`. */
  readonly conflictStart: Uint32Array;
  readonly conflictSite: Uint32Array;
  readonly group: Uint32Array;
}

/** A model whose pairs are held, as a problem in tiles. */
export function wholeOfHeldModel(model: CoveringModel, source: ModelSource): StreamedWhole {
  const { siteCount, targetCount, cost, fixedCost, need, conflictStart, conflictSite, group } = model;
  return { source, siteCount, targetCount, cost, fixedCost, need, conflictStart, conflictSite, group };
}

/** The tiles surveyed: what follows numbers the sites of a tile as its survey does. */
export interface SurveyedWhole {
  readonly shared: StreamedShared;
  readonly tiles: readonly StreamedSurvey[];
  /** [targets] users that any site reaches. */
  readonly reachable: Float64Array;
  /** [targets] items that carry users of the target and are reached. */
  readonly carriers: Float64Array;
  /** [siteCount] items that the site covers. */
  readonly degree: Float64Array;
  readonly pairs: number;
}

type ResultOf<Kind extends StreamedResult['kind']> = Extract<StreamedResult, { kind: Kind }>['result'];

/** One task per tile, results in tile order. */
export async function mapStreamed<Kind extends StreamedResult['kind']>(
  context: SolveContext,
  shared: StreamedShared,
  kind: Kind,
  taskOf: (tile: number) => Extract<StreamedTask, { kind: Kind }>,
): Promise<ResultOf<Kind>[]> {
  const tiles = shared.source.itemStart.length - 1;
  const tasks: StreamedTask[] = Array.from({ length: tiles }, (_, tile) => taskOf(tile));
  const { signal } = context.options;
  const results = await context.executor.map(streamedKernel, shared, tasks, { signal });
  return results.map((own) => {
    if (own.kind !== kind) throw new Error(`A tile task of kind ${kind} was answered with ${own.kind}.`);
    return own.result as ResultOf<Kind>;
  });
}

export async function surveyTiles(
  context: SolveContext,
  { source, siteCount, targetCount }: Pick<StreamedWhole, 'source' | 'siteCount' | 'targetCount'>,
): Promise<SurveyedWhole> {
  const shared: StreamedShared = { source, targetCount };
  const tiles = await mapStreamed(context, shared, 'survey', (tile) => ({ kind: 'survey', tile }));
  const reachable = new Float64Array(targetCount);
  const carriers = new Float64Array(targetCount);
  const degree = new Float64Array(siteCount);
  let pairs = 0;
  for (const tile of tiles) {
    pairs += tile.pairs;
    tile.reachable.forEach((users, target) => (reachable[target]! += users));
    tile.carriers.forEach((items, target) => (carriers[target]! += items));
    tile.siteOf.forEach((site, index) => (degree[site]! += tile.degree[index]!));
  }
  context.work += pairs;
  return { shared, tiles, reachable, carriers, degree, pairs };
}
