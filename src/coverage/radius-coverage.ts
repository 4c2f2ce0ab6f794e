import { SpanCoverage } from './span-coverage.ts';
import { sharedUint32 } from '../geo/shared-array.ts';

/** About how many grid cells a mean radius spans: the finer, the fewer points are tested and the longer the rows. */
const CELLS_PER_RADIUS = 6;
const MAX_CELLS_PER_POINT = 2;
/** A cell counts as wholly inside only with this slack, so that rounding of its border never decides. */
const INSIDE = 1 - 1e-9;

/** Points sorted by grid cell, row by row: the points of neighbouring cells of a row are contiguous. */
export interface PointGrid {
  readonly minX: number;
  readonly minY: number;
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;
  /** [rows x columns + 1] first point of each cell. */
  readonly cellStart: Uint32Array;
  /** [points] coordinates in grid order. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** [points] place of each point in the caller's order. */
  readonly original: Uint32Array;
}

/** Sorts points into square cells; within a cell they keep the caller's order. */
export function buildPointGrid(x: Float64Array, y: Float64Array, meanRadius: number): PointGrid {
  const [minX, maxX] = extent(x);
  const [minY, maxY] = extent(y);
  const cell = cellSize(x.length, maxX - minX, maxY - minY, meanRadius);
  const columns = Math.floor((maxX - minX) / cell) + 1;
  const rows = Math.floor((maxY - minY) / cell) + 1;
  const cellOf = new Uint32Array(x.length);
  const cellStart = new Uint32Array(rows * columns + 1);
  for (let point = 0; point < x.length; point++) {
    const place = Math.floor((y[point]! - minY) / cell) * columns + Math.floor((x[point]! - minX) / cell);
    cellOf[point] = place;
    cellStart[place + 1]!++;
  }
  for (let place = 0; place < rows * columns; place++) cellStart[place + 1]! += cellStart[place]!;
  const next = cellStart.slice(0, rows * columns);
  const original = new Uint32Array(x.length);
  for (let point = 0; point < x.length; point++) original[next[cellOf[point]!]!++] = point;
  return {
    minX,
    minY,
    cell,
    columns,
    rows,
    cellStart,
    x: Float64Array.from(original, (point) => x[point]!),
    y: Float64Array.from(original, (point) => y[point]!),
    original,
  };
}

function extent(values: Float64Array): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return values.length === 0 ? [0, 0] : [low, high];
}

function cellSize(points: number, width: number, height: number, meanRadius: number): number {
  const wanted = meanRadius / CELLS_PER_RADIUS;
  const longest = Math.max(width, height, Number.MIN_VALUE);
  const finest = Math.max(
    Math.sqrt((width * height) / (MAX_CELLS_PER_POINT * points + 1)),
    longest / (MAX_CELLS_PER_POINT * points + 1),
  );
  return Math.max(wanted, finest, longest * 1e-6, 1e-300);
}

/**
 * Who lies within whose radius (Euclidean, border included), over the grid's numbering of the demand. A disc is a run of
 * points in each grid row but for those of its border cells, so what a site covers is kept as spans.
 *
 * @param onPairs told how many pairs were found; may refuse by throwing
 */
export function coverWithinRadius(
  grid: PointGrid,
  siteX: Float64Array,
  siteY: Float64Array,
  siteRadius: Float64Array,
  onPairs?: (pairs: number) => void,
): SpanCoverage {
  const siteCount = siteX.length;
  const siteStart = sharedUint32(siteCount + 1);
  const spanStart = sharedUint32(siteCount + 1);
  const found = new FoundSpans();
  for (let site = 0; site < siteCount; site++) {
    const points = findDisc(grid, siteX[site]!, siteY[site]!, siteRadius[site]!, found);
    siteStart[site + 1] = siteStart[site]! + points;
    spanStart[site + 1] = found.edgeCount / 2;
  }
  onPairs?.(siteStart[siteCount]!);
  return new SpanCoverage(grid.x.length, siteStart, spanStart, found.join());
}

const BLOCK_EDGES = 1 << 18;

/** Spans `[edge 0, edge 1)`, `[edge 2, edge 3)` ... as they are found: in blocks, so that nothing is copied as the list grows. */
export class FoundSpans {
  /** The block being filled, and how many edges it holds. */
  block = new Uint32Array(BLOCK_EDGES);
  used = 0;
  #full: Uint32Array[] = [];
  #inFull = 0;

  get edgeCount(): number {
    return this.#inFull + this.used;
  }

  /** The block to write to, with room for so many edges after those in use. */
  blockFor(edges: number): Uint32Array {
    if (this.used + edges > this.block.length) {
      this.#full.push(this.block.subarray(0, this.used));
      this.#inFull += this.used;
      this.block = new Uint32Array(Math.max(BLOCK_EDGES, edges));
      this.used = 0;
    }
    return this.block;
  }

  clear(): void {
    this.#full = [];
    this.#inFull = 0;
    this.used = 0;
  }

  /** All edges, on shared memory. */
  join(): Uint32Array {
    const edges = sharedUint32(this.edgeCount);
    let at = 0;
    for (const block of [...this.#full, this.block.subarray(0, this.used)]) {
      edges.set(block, at);
      at += block.length;
    }
    return edges;
  }
}

/** How many pairs `coverWithinRadius` finds, keeping none of them. */
export function countWithinRadius(
  grid: PointGrid,
  siteX: Float64Array,
  siteY: Float64Array,
  siteRadius: Float64Array,
): number {
  const found = new FoundSpans();
  let pairs = 0;
  for (let site = 0; site < siteX.length; site++) {
    found.clear();
    pairs += findDisc(grid, siteX[site]!, siteY[site]!, siteRadius[site]!, found);
  }
  return pairs;
}

/**
 * Adds the spans of points within `radius` of (px, py), ascending, and says how many points they hold. Each grid row is cut to the chord of the disc; cells wholly
 * inside are taken without a test. In border cells an edge is written for every point and stays where inside and outside
 * change: no branch to guess, for half of these points lie inside.
 */
export function findDisc(grid: PointGrid, px: number, py: number, radius: number, found: FoundSpans): number {
  const { minX, minY, cell, columns, rows, cellStart, x, y } = grid;
  const radiusSquared = radius * radius;
  const firstRow = Math.max(0, Math.floor((py - radius - minY) / cell - 1e-6));
  const lastRow = Math.min(rows - 1, Math.floor((py + radius - minY) / cell + 1e-6));
  let points = 0;
  for (let row = firstRow; row <= lastRow; row++) {
    const low = minY + row * cell - py;
    const high = low + cell;
    const nearest = low > 0 ? low : high < 0 ? high : 0;
    const farthest = -low > high ? -low : high;
    const reach = Math.sqrt(Math.max(0, radiusSquared - nearest * nearest));
    const firstColumn = Math.max(0, Math.floor((px - reach - minX) / cell - 1e-6));
    const lastColumn = Math.min(columns - 1, Math.floor((px + reach - minX) / cell + 1e-6));
    if (firstColumn > lastColumn) continue;
    const inside = radiusSquared * INSIDE - farthest * farthest;
    let fromInside = lastColumn + 1;
    let toInside = lastColumn + 1;
    if (inside > 0) {
      const half = Math.sqrt(inside);
      fromInside = Math.max(firstColumn, Math.ceil((px - half - minX) / cell + 1e-6));
      toInside = Math.min(lastColumn + 1, Math.floor((px + half - minX) / cell - 1e-6));
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
