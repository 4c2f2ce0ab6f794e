import type { GeoBox } from './area.ts';

/** One band of a raster held in memory, with the way from degrees to its pixels. */
export interface RasterSource {
  /** As messages name it. */
  readonly file: string;
  readonly columns: number;
  readonly rows: number;
  /** [rows * columns]; NaN = no data. */
  readonly values: Float32Array;
  /** Area covered, pixel edges included. */
  readonly box: GeoBox;
  /** Size of a pixel, degrees; in the middle of the raster where it is projected. */
  readonly stepLonDeg: number;
  readonly stepLatDeg: number;
  /** True when rows and columns run along parallels and meridians. */
  readonly geographic: boolean;
  /** Writes column and row (fractions, 0 = centre of the first pixel) of a position into `out`. */
  locate(lon: number, lat: number, out: Float64Array): void;
}

/** This near to a pixel's centre the pixel alone counts, so that a hole beside it does not spread. */
const SNAP = 1e-6;

/** Bilinear value at fractional column and row; NaN outside or next to a hole. */
export function bilinear(source: RasterSource, x: number, y: number): number {
  const { columns, rows, values } = source;
  if (!(x >= -0.5 - SNAP && y >= -0.5 - SNAP && x <= columns - 0.5 + SNAP && y <= rows - 0.5 + SNAP))
    return NaN;
  const cx = snapped(Math.min(Math.max(x, 0), columns - 1));
  const cy = snapped(Math.min(Math.max(y, 0), rows - 1));
  const column = Math.floor(cx);
  const row = Math.floor(cy);
  const fx = cx - column;
  const fy = cy - row;
  const base = row * columns + column;
  const top = fx === 0 ? values[base]! : values[base]! * (1 - fx) + values[base + 1]! * fx;
  if (fy === 0) return top;
  const below = base + columns;
  const bottom = fx === 0 ? values[below]! : values[below]! * (1 - fx) + values[below + 1]! * fx;
  return top * (1 - fy) + bottom * fy;
}

function snapped(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) < SNAP ? whole : value;
}

/** Value of the pixel that holds the position; NaN outside. */
export function nearest(source: RasterSource, x: number, y: number): number {
  const { columns, rows, values } = source;
  if (!(x >= -0.5 - SNAP && y >= -0.5 - SNAP && x <= columns - 0.5 + SNAP && y <= rows - 0.5 + SNAP))
    return NaN;
  const column = Math.min(Math.max(Math.round(x), 0), columns - 1);
  const row = Math.min(Math.max(Math.round(y), 0), rows - 1);
  return values[row * columns + column]!;
}
