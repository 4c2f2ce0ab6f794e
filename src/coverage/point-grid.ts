import { openDiscKernel, type DiscKernel, type GridFrame } from './disc-kernel.ts';

/** About how many grid cells a mean radius spans: the finer, the fewer points are tested and the longer the rows. */
const CELLS_PER_RADIUS = 6;
const MAX_CELLS_PER_POINT = 2;
/** From so many points on they are put where the WebAssembly kernel sees them: fewer are not worth a memory of their own. */
const KERNEL_POINTS = 4096;

/** Points sorted by grid cell, row by row: the points of neighbouring cells of a row are contiguous. */
export interface PointGrid extends GridFrame {
  /** [rows x columns + 1] first point of each cell. */
  readonly cellStart: Uint32Array;
  /** [points] coordinates in grid order. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** [points] place of each point in the caller's order. */
  readonly original: Uint32Array;
  /** Tests these points by WebAssembly; null = few points, or the platform has no SIMD. */
  readonly kernel: DiscKernel | null;
}

/**
 * Sorts points into square cells; within a cell they keep the caller's order.
 *
 * @param kernelPoints from so many points on the WebAssembly kernel is used
 */
export function buildPointGrid(
  x: Float64Array,
  y: Float64Array,
  meanRadius: number,
  kernelPoints = KERNEL_POINTS,
): PointGrid {
  const [minX, maxX] = extent(x);
  const [minY, maxY] = extent(y);
  const cell = cellSize(x.length, maxX - minX, maxY - minY, meanRadius);
  const columns = Math.floor((maxX - minX) / cell) + 1;
  const rows = Math.floor((maxY - minY) / cell) + 1;
  const frame: GridFrame = { minX, minY, cell, columns, rows };
  const kernel = x.length >= kernelPoints ? openDiscKernel(frame, x.length) : null;
  const { x: sortedX, y: sortedY, cellStart } = kernel ?? ownArrays(x.length, rows * columns);
  const cellOf = new Uint32Array(x.length);
  for (let point = 0; point < x.length; point++) {
    const place = Math.floor((y[point]! - minY) / cell) * columns + Math.floor((x[point]! - minX) / cell);
    cellOf[point] = place;
    cellStart[place + 1]!++;
  }
  for (let place = 0; place < rows * columns; place++) cellStart[place + 1]! += cellStart[place]!;
  const next = cellStart.slice(0, rows * columns);
  const original = new Uint32Array(x.length);
  for (let point = 0; point < x.length; point++) original[next[cellOf[point]!]!++] = point;
  for (let place = 0; place < original.length; place++) {
    sortedX[place] = x[original[place]!]!;
    sortedY[place] = y[original[place]!]!;
  }
  return { ...frame, cellStart, x: sortedX, y: sortedY, original, kernel };
}

function ownArrays(points: number, cells: number): Pick<PointGrid, 'x' | 'y' | 'cellStart'> {
  return {
    x: new Float64Array(points),
    y: new Float64Array(points),
    cellStart: new Uint32Array(cells + 1),
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
