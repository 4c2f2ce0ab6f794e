import { sharedUint32, type Allocate } from '../geo/shared-array.ts';
import { findDisc } from './find-disc.ts';
import { FoundSpans } from './found-spans.ts';
import type { PointGrid } from './point-grid.ts';
import { SpanCoverage } from './span-coverage.ts';

/**
 * Who lies within whose radius (Euclidean, border included), over the grid's numbering of the demand. A disc is a run of
 * points in each grid row but for those of its border cells, so what a site covers is kept as spans.
 *
 * @param allocate memory for the edges of spans
 */
export function coverWithinRadius(
  grid: PointGrid,
  siteX: Float64Array,
  siteY: Float64Array,
  siteRadius: Float64Array,
  allocate: Allocate = sharedUint32,
): SpanCoverage {
  const siteCount = siteX.length;
  const siteStart = sharedUint32(siteCount + 1);
  const spanStart = sharedUint32(siteCount + 1);
  const found = new FoundSpans(grid.kernel?.edges);
  for (let site = 0; site < siteCount; site++) {
    const points = addDisc(grid, siteX[site]!, siteY[site]!, siteRadius[site]!, found);
    siteStart[site + 1] = siteStart[site]! + points;
    spanStart[site + 1] = found.edgeCount / 2;
  }
  return new SpanCoverage(grid.x.length, siteStart, spanStart, found.join(allocate));
}

/** How many pairs and spans `coverWithinRadius` finds, keeping none of them. */
export function countWithinRadius(
  grid: PointGrid,
  siteX: Float64Array,
  siteY: Float64Array,
  siteRadius: Float64Array,
): { readonly pairs: number; readonly spans: number } {
  const found = new FoundSpans(grid.kernel?.edges);
  let pairs = 0;
  let spans = 0;
  for (let site = 0; site < siteX.length; site++) {
    found.clear();
    pairs += addDisc(grid, siteX[site]!, siteY[site]!, siteRadius[site]!, found);
    spans += found.edgeCount / 2;
  }
  return { pairs, spans };
}

function addDisc(grid: PointGrid, px: number, py: number, radius: number, found: FoundSpans): number {
  const { kernel } = grid;
  return kernel === null ? findDisc(grid, px, py, radius, found) : kernel.findDisc(px, py, radius, found);
}
