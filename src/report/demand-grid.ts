import type { Demand } from '../input/types.ts';
import { localMetres, meanOf } from './local-metres.ts';

/** Points looked at to find the spacing of demand given as bare points. */
const SAMPLE = 400;
/** A grid: this share of the sample has its nearest other place within 3 % of the median distance. */
const REGULAR_SHARE = 0.7;
const REGULAR_TOLERANCE = 0.03;

/**
 * Side of the squares that demand stands in, metres: the median cell, or the spacing of bare points on a grid. Null for
 * bare points in no order. Several rows at one place (services) are one place. For drawing and outlining only.
 */
export function demandSideM(demand: Demand): number | null {
  const sides = demand.cellM.filter((side) => side > 0).sort();
  if (sides.length > 0) return sides[sides.length >> 1]!;
  if (demand.count < 2) return null;
  const plane = localMetres(meanOf(demand.lat));
  const x = demand.lon.map(plane.x);
  const y = demand.lat.map(plane.y);
  const step = Math.max(1, Math.floor(demand.count / SAMPLE));
  const nearest: number[] = [];
  for (let a = 0; a < demand.count; a += step) {
    let best = Infinity;
    for (let b = 0; b < demand.count; b++) {
      const distance2 = (x[a]! - x[b]!) ** 2 + (y[a]! - y[b]!) ** 2;
      if (distance2 > 0 && distance2 < best) best = distance2;
    }
    if (best < Infinity) nearest.push(Math.sqrt(best));
  }
  if (nearest.length === 0) return null;
  const median = nearest.sort((a, b) => a - b)[nearest.length >> 1]!;
  const near = nearest.filter((distance) => Math.abs(distance - median) <= REGULAR_TOLERANCE * median);
  return median > 0 && near.length >= REGULAR_SHARE * nearest.length ? median : null;
}
