import { buildTiled, joinTiled, type BuiltTiles } from '../coverage/build-tiled.ts';
import { countPairs } from '../coverage/build-matrix.ts';
import { EnvironmentError } from '../errors.ts';
import { pairsNeed, solverNeed, terrainLinksNeed, tiledNeed } from '../memory/estimates.ts';
import type { TileChoice } from '../solve/solution.ts';
import { isStreamed } from '../solve/tiles/choose-tiles.ts';
import {
  COVERAGE_HINT,
  isOverTerrain,
  mostPairs,
  pairsWithinReach,
  partOf,
  type CoverageRequest,
  type MatrixAt,
} from './coverage-source.ts';

/** Coverage of some demand rows; null = of all of them. */
export interface RowsRequest {
  readonly rows: Uint32Array | null;
  readonly request: CoverageRequest;
}

/** Whether pairs may be left unlisted, and what would ask for them all the same. */
export interface PairListing {
  readonly tiles: TileChoice;
  /** What works on listed pairs alone, as the end of `Without ...`; null = nothing. */
  readonly needsPairs: string | null;
}

/** How coverage is kept. */
export interface CoverageWay {
  readonly inTiles: boolean;
  /** Per request: pairs that were counted on the way (over terrain: within reach); absent = there was no need to. */
  readonly counted: readonly number[] | null;
  /** What else would help where there is no room. */
  readonly hint: string;
}

/**
 * Pairs are kept in tiles where they are more than a model that is held may have (over flat ground: over terrain they are known
 * only once all profiles are), or would not fit into memory. They are counted only where as many as there could be are too many.
 */
export async function coverageWay(
  requests: readonly CoverageRequest[],
  { tiles, needsPairs }: PairListing,
): Promise<CoverageWay> {
  const { memory, executor } = requests[0]!;
  const hint = hintOf({ tiles, needsPairs });
  const held = { inTiles: false, counted: null, hint };
  const most = requests.reduce((sum, request) => sum + mostPairs(request), 0);
  const overTerrain = requests.some(isOverTerrain);
  const fits = (pairs: number): boolean => {
    if (memory === undefined) return true;
    const copies = requests.length > 1 ? 2 : 1;
    const listed = copies * pairsNeed(pairs).arrays + (overTerrain ? terrainLinksNeed(pairs).arrays : 0);
    return memory.fits('coverage', {
      arrays: listed + solverNeed(pairs, executor?.threads ?? 1).arrays,
      heap: 0,
    });
  };
  if (tiles !== 'auto' || needsPairs !== null || (!isStreamed(tiles, most) && fits(most))) return held;
  const counted: number[] = [];
  for (const request of requests)
    counted.push(isOverTerrain(request) ? pairsWithinReach(request) : await countPairs(request));
  const pairs = counted.reduce((sum, own) => sum + own, 0);
  return { inTiles: !fits(pairs) || (!overTerrain && isStreamed(tiles, pairs)), counted, hint };
}

function hintOf({ tiles, needsPairs }: PairListing): string {
  if (needsPairs !== null) return `${COVERAGE_HINT} Without ${needsPairs} it would be planned in tiles.`;
  return tiles === 'auto'
    ? COVERAGE_HINT
    : `${COVERAGE_HINT} With --tiles auto it would be planned in tiles.`;
}

/**
 * Coverage in tiles, with the signal of every link better by some dB.
 * @throws EnvironmentError (`memory-estimate`) when even that would not fit; over terrain for any other signal, as profiles are not kept
 */
export function tiledSource(parts: readonly RowsRequest[], demandCount: number): MatrixAt {
  return async (offsetDb) => {
    const built: { readonly rows: Uint32Array; readonly built: BuiltTiles }[] = [];
    let before = 0;
    for (const { rows, request } of parts) {
      const { terrain, onProgress, memory, ...shared } = request;
      const overTerrain = isOverTerrain(request);
      if (overTerrain && offsetDb !== 0) {
        const what =
          'Profiles over terrain are not kept in tiles: another signal would ask for all of them again.';
        throw new EnvironmentError(what, { code: 'memory-estimate' });
      }
      let spans = 0;
      const tiles = await buildTiled({
        ...shared,
        offsetDb,
        terrain: overTerrain ? terrain : null,
        ...(offsetDb === 0 && { onProgress }),
        onSpans: (found) => {
          spans = before + found;
          const part = `${partOf(offsetDb, '')} in tiles: ${spans.toLocaleString('en')} runs of neighbours`;
          memory?.hold(part, tiledNeed(offsetDb === 0 ? demandCount : 0, spans), COVERAGE_HINT);
        },
      });
      before = spans;
      built.push({ rows: rows ?? new Uint32Array(0), built: tiles });
    }
    return parts.length === 1 ? built[0]!.built : joinTiled(built, demandCount);
  };
}

/** What a report of a plan in tiles leaves out. */
export const UNEXPLAINED_IN_TILES =
  'Pairs of site and users are too many to be listed: the plan was searched in tiles, and the report does not say why other candidates were left out.';
