/**
 * Heights (or classes) on a regular grid of longitude and latitude, row 0 in the north. Cell centres: column c at
 * `west + c * stepLonDeg`, row r at `north - r * stepLatDeg`. Plain data on typed arrays, so workers share it.
 */
export interface GeoGrid {
  readonly columns: number;
  readonly rows: number;
  /** Centre of the north-western cell, degrees. */
  readonly west: number;
  readonly north: number;
  readonly stepLonDeg: number;
  readonly stepLatDeg: number;
  /** [rows * columns], row by row; NaN = no data. */
  readonly values: Float32Array;
}

/** Bilinear value of a grid at a position; NaN outside it or next to a cell without data. */
export function sampleGrid(grid: GeoGrid, lon: number, lat: number): number {
  const x = (lon - grid.west) / grid.stepLonDeg;
  const y = (grid.north - lat) / grid.stepLatDeg;
  return valueAt(grid.values, grid.columns, grid.rows, x, y);
}

/** Bilinear value at fractional column and row (0 = centre of the first cell); NaN outside. */
export function valueAt(values: Float32Array, columns: number, rows: number, x: number, y: number): number {
  // Up to half a cell beyond the outermost centres still lies within the raster: the edge value holds there.
  if (!(x >= -0.5 && y >= -0.5 && x <= columns - 0.5 && y <= rows - 0.5)) return NaN;
  const cx = x < 0 ? 0 : x > columns - 1 ? columns - 1 : x;
  const cy = y < 0 ? 0 : y > rows - 1 ? rows - 1 : y;
  const column = Math.min(Math.trunc(cx), Math.max(columns - 2, 0));
  const row = Math.min(Math.trunc(cy), Math.max(rows - 2, 0));
  const fx = cx - column;
  const fy = cy - row;
  const base = row * columns + column;
  const right = columns > 1 ? base + 1 : base;
  const below = rows > 1 ? base + columns : base;
  const top = values[base]! + (values[right]! - values[base]!) * fx;
  if (fy === 0) return top;
  const bottomLeft = values[below]!;
  return top + (bottomLeft + (values[below + right - base]! - bottomLeft) * fx - top) * fy;
}

/** Value of the cell that holds a position (for classes, which must not be mixed); NaN outside. */
export function nearestInGrid(grid: GeoGrid, lon: number, lat: number): number {
  const column = Math.round((lon - grid.west) / grid.stepLonDeg);
  const row = Math.round((grid.north - lat) / grid.stepLatDeg);
  if (!(column >= 0 && row >= 0 && column < grid.columns && row < grid.rows)) return NaN;
  return grid.values[row * grid.columns + column]!;
}

/** Land cover: classes, and what they stand for. */
export interface ClutterLayer {
  readonly classes: GeoGrid;
  /** [class] representative height of what stands there, m. */
  readonly heightOfClass: Float64Array;
  /** [class] further loss where a user stands there, dB. */
  readonly lossOfClass: Float64Array;
}

/** Terrain as propagation runs use it. Plain data on shared arrays. */
export interface TerrainLayer {
  readonly grid: GeoGrid;
  readonly clutter: ClutterLayer | null;
  /** Longest step between profile points, m. */
  readonly stepM: number;
}
