import { pairsOf, type SpanCoverage } from '../../coverage/span-coverage.ts';
import { spansNeed } from '../../memory/estimates.ts';
import type { MemoryNeed } from '../../memory/memory-need.ts';
import { mergeEqualCoverSets, rowsOf } from '../../solve/merge.ts';

/** Positions in the plane by what their coverage takes. */
export interface PointSize {
  readonly demand: number;
  readonly pairs: number;
  readonly spans: number;
  /** Pairs that are left when demand with equal cover sets is merged; works them out, once. */
  readonly mergedPairs: () => number;
}

export function pointSize(
  counted: { readonly pairs: number; readonly spans: number },
  demand: number,
  cover: () => SpanCoverage,
): PointSize {
  let merged: number | null = null;
  return { ...counted, demand, mergedPairs: () => (merged ??= mergedPairsOf(cover())) };
}

/** What listing the merged pairs takes: where no merging at all would fit, that; else what merging leaves. */
export function pointNeed(
  { demand, spans, pairs, mergedPairs }: PointSize,
  fits: (need: MemoryNeed) => boolean,
): MemoryNeed {
  const most = spansNeed(demand, spans, pairs);
  return fits(most) ? most : spansNeed(demand, spans, mergedPairs());
}

/** Pairs of site and class when every point counts; where some do not, there are fewer. */
function mergedPairsOf(coverage: SpanCoverage): number {
  const { classOfItem, classCount } = mergeEqualCoverSets(rowsOf(coverage), null, null);
  // Classes are numbered by their first members: of each only that one counts.
  const firstBefore = new Uint32Array(coverage.demandCount + 1);
  let next = 0;
  classOfItem.forEach((own, item) => {
    if (own === next && next < classCount) next++;
    firstBefore[item + 1] = next;
  });
  const { edges } = coverage;
  let merged = 0;
  for (let edge = 0; edge < edges.length; edge += 2)
    merged += firstBefore[edges[edge + 1]!]! - firstBefore[edges[edge]!]!;
  return Math.min(merged, pairsOf(coverage));
}
