import type { FoundSpans } from './found-spans.ts';
import type { PointGrid } from './point-grid.ts';

/** A cell counts as wholly inside only with this slack, so that rounding of its border never decides. */
const INSIDE = 1 - 1e-9;

/**
 * Adds the spans of points within `radius` of (px, py), ascending, and says how many points they hold. Each grid row is cut to the chord of the disc; cells wholly
 * inside are taken without a test. In border cells an edge is written for every point and stays where inside and outside
 * change: no branch to guess, for half of these points lie inside.
 */
export function findDisc(grid: PointGrid, px: number, py: number, radius: number, found: FoundSpans): number {
  const { minX, minY, cell, columns, rows, cellStart, x, y } = grid;
  const perCell = 1 / cell;
  const radiusSquared = radius * radius;
  const firstRow = Math.max(0, Math.floor((py - radius - minY) * perCell - 1e-6));
  const lastRow = Math.min(rows - 1, Math.floor((py + radius - minY) * perCell + 1e-6));
  let points = 0;
  for (let row = firstRow; row <= lastRow; row++) {
    const low = minY + row * cell - py;
    const high = low + cell;
    const nearest = low > 0 ? low : high < 0 ? high : 0;
    const farthest = -low > high ? -low : high;
    const reach = Math.sqrt(Math.max(0, radiusSquared - nearest * nearest));
    const firstColumn = Math.max(0, Math.floor((px - reach - minX) * perCell - 1e-6));
    const lastColumn = Math.min(columns - 1, Math.floor((px + reach - minX) * perCell + 1e-6));
    if (firstColumn > lastColumn) continue;
    const inside = radiusSquared * INSIDE - farthest * farthest;
    let fromInside = lastColumn + 1;
    let toInside = lastColumn + 1;
    if (inside > 0) {
      const half = Math.sqrt(inside);
      fromInside = Math.max(firstColumn, Math.ceil((px - half - minX) * perCell + 1e-6));
      toInside = Math.min(lastColumn + 1, Math.floor((px + half - minX) * perCell - 1e-6));
      if (fromInside >= toInside) fromInside = toInside = lastColumn + 1;
    }
    const base = row * columns;
    const start = cellStart[base + firstColumn]!;
    const startInside = cellStart[base + fromInside]!;
    const endInside = cellStart[base + toInside]!;
    const end = cellStart[base + lastColumn + 1]!;
    const edges = found.blockFor(startInside - start + (end - endInside) + 4);
    const first = found.used;
    let count = first;
    // 1 while the last point lies inside: an edge is due where the next one differs.
    let open = 0;
    for (let point = start; point < startInside; point++) {
      const dx = x[point]! - px;
      const dy = y[point]! - py;
      const isIn = Number(dx * dx + dy * dy <= radiusSquared);
      edges[count] = point;
      count += open ^ isIn;
      open = isIn;
    }
    if (startInside < endInside) {
      edges[count] = startInside;
      count += 1 - open;
      open = 1;
    }
    for (let point = endInside; point < end; point++) {
      const dx = x[point]! - px;
      const dy = y[point]! - py;
      const isIn = Number(dx * dx + dy * dy <= radiusSquared);
      edges[count] = point;
      count += open ^ isIn;
      open = isIn;
    }
    edges[count] = end;
    count += open;
    for (let edge = first; edge < count; edge += 2) points += edges[edge + 1]! - edges[edge]!;
    found.used = count;
  }
  return points;
}
