import { inProcessExecutor, type Executor } from '../executor.ts';
import { buildGridIndex, type GridIndex } from '../geo/grid-index.ts';
import { sharedUint16, sharedUint32, toSharedFloat64 } from '../geo/shared-array.ts';
import type { LinkRule } from './link-rule.ts';
import { boresightReachM } from './link-rule.ts';
import {
  matrixCountsKernel,
  matrixRowsKernel,
  type MatrixInputs,
  type MatrixRows,
  type SiteRange,
} from './matrix-kernel.ts';
import { linkCounts, type LinkCounts } from './link-counts.ts';
import type { CoverageMatrix } from './matrix.ts';

export interface MatrixRequest {
  readonly demand: { readonly lon: ArrayLike<number>; readonly lat: ArrayLike<number> };
  readonly sites: { readonly lon: ArrayLike<number>; readonly lat: ArrayLike<number> };
  /** [sites] index into `rules`. */
  readonly ruleOfSite: ArrayLike<number>;
  readonly rules: readonly LinkRule[];
  /** Added to the signal of every link, dB: what the plan needs if the signal were better or worse. Default 0. */
  readonly offsetDb?: number | undefined;
  readonly executor?: Executor | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

export interface BuiltMatrix extends LinkCounts {
  readonly matrix: CoverageMatrix;
}

/** Sites a task works on: fixed by the data, never by the number of threads. */
const SITES_PER_TASK = 32;
/** Cells across a reach: finer cells leave fewer points to test at the edge of the circle, until cells run empty. */
const CELLS_PER_REACH = 24;
const POINTS_PER_CELL = 4;
const SMALLEST_CELL_M = 5;
const MAX_PAIRS = 2 ** 32 - 1;

/**
 * The coverage matrix: candidates x demand in compressed sparse rows on shared memory. The cost grows with covered
 * pairs (a spatial grid finds them), the work is split over the executor in fixed chunks, the bytes are the same for
 * any number of threads. Memory: 4 bytes a pair, 8 while the chunks are put together.
 *
 * @throws RangeError when more than 2^32 - 1 pairs are covered
 */
export async function buildMatrix(request: MatrixRequest): Promise<BuiltMatrix> {
  const { demand, sites, executor = inProcessExecutor, signal, onProgress } = request;
  const inputs = matrixInputs(request);
  const chunks = await executor.map(matrixRowsKernel, inputs, siteRanges(sites.lon.length), {
    signal,
    onTaskDone: (done, total) => onProgress?.(done / total),
  });
  return joinRows(chunks, inputs, demand.lon.length);
}

/** How many pairs the matrix would hold, without holding them. */
export async function countPairs(request: MatrixRequest): Promise<number> {
  const { sites, executor = inProcessExecutor, signal } = request;
  const ranges = siteRanges(sites.lon.length);
  const counts = await executor.map(matrixCountsKernel, matrixInputs(request), ranges, { signal });
  return counts.reduce((sum, chunk) => chunk.reduce((own, count) => own + count, sum), 0);
}

/** Ranges of sites a task works on. */
export function siteRanges(siteCount: number): SiteRange[] {
  const ranges: SiteRange[] = [];
  for (let from = 0; from < siteCount; from += SITES_PER_TASK) {
    ranges.push({ from, to: Math.min(siteCount, from + SITES_PER_TASK) });
  }
  return ranges;
}

/** What the kernels over flat ground read. */
export function matrixInputs({
  demand,
  sites,
  ruleOfSite,
  rules,
  offsetDb = 0,
}: MatrixRequest): MatrixInputs {
  const moved = rules.map((rule) => ({ ...rule, maxLossDb: rule.maxLossDb + offsetDb }));
  const ruleIndex = sharedUint16(sites.lon.length);
  ruleIndex.set(ruleOfSite);
  const reachM = moved.map(boresightReachM).reduce((a, b) => Math.max(a, b), 0);
  return {
    grid: demandGrid(demand.lon, demand.lat, reachM),
    // Sites of one task near each other find the same users in the processor's cache.
    siteOrder: buildGridIndex(sites.lon, sites.lat, Math.max(SMALLEST_CELL_M, reachM)).pointOrder,
    siteLon: toSharedFloat64(sites.lon),
    siteLat: toSharedFloat64(sites.lat),
    ruleOfSite: ruleIndex,
    rules: moved,
  };
}

/** A grid for circles of this radius: about 24 cells across it, but cells of some points each. */
function demandGrid(lon: ArrayLike<number>, lat: ArrayLike<number>, reachM: number): GridIndex {
  const wantedM = Math.max(SMALLEST_CELL_M, reachM / CELLS_PER_REACH);
  const grid = buildGridIndex(lon, lat, wantedM);
  const perCell = grid.count / Math.max(1, grid.cellColumn.length);
  if (perCell >= POINTS_PER_CELL || reachM === 0) return grid;
  // Where users are sparse, wider cells: the same few points in each.
  return buildGridIndex(lon, lat, Math.min(reachM / 4, wantedM * Math.sqrt(POINTS_PER_CELL / perCell)));
}

function joinRows(
  chunks: readonly MatrixRows[],
  { siteOrder, ruleOfSite, rules }: MatrixInputs,
  demandCount: number,
): BuiltMatrix {
  const siteCount = siteOrder.length;
  const pairs = chunks.reduce((sum, chunk) => sum + chunk.demandOfSite.length, 0);
  if (pairs > MAX_PAIRS) {
    throw new RangeError(
      `${siteCount} candidates cover ${pairs} pairs of site and demand point, more than 2^32 - 1 in one piece. ` +
        'Plan a smaller area, fewer candidates or a coarser demand grid.',
    );
  }
  const siteStart = sharedUint32(siteCount + 1);
  let at = 0;
  for (const { counts } of chunks) for (const count of counts) siteStart[siteOrder[at++]! + 1] = count;
  for (let site = 0; site < siteCount; site++) siteStart[site + 1]! += siteStart[site]!;
  const demandOfSite = sharedUint32(pairs);
  const ofRule = rules.map(() => ({ links: 0, outsideDistance: 0, held: 0 }));
  at = 0;
  for (const { counts, demandOfSite: rows, outsideDistance, held } of chunks) {
    let from = 0;
    counts.forEach((count, k) => {
      const site = siteOrder[at++]!;
      demandOfSite.set(rows.subarray(from, from + count), siteStart[site]!);
      from += count;
      const sums = ofRule[ruleOfSite[site]!]!;
      sums.links += count;
      sums.outsideDistance += outsideDistance[k]!;
      sums.held += held[k]!;
    });
  }
  return { matrix: { siteCount, demandCount, siteStart, demandOfSite }, ...linkCounts(rules, ofRule) };
}
