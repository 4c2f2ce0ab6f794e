import { deflateSync } from 'node:zlib';
import type { Raster, RasterBand, RasterValues } from './raster.ts';

/** Side of a tile, pixels: what GDAL and web readers expect of a cloud-optimised file. */
export const TILE = 256;

/** The raster at one resolution, cut into packed tiles: all of the first band, then all of the second, ... */
export interface Level {
  readonly columns: number;
  readonly rows: number;
  readonly tiles: readonly Uint8Array[];
}

/** Full size, then halves until one tile holds everything. */
export function buildLevels(raster: Raster): Level[] {
  const levels: Level[] = [];
  let { columns, rows } = raster;
  let values = raster.bands.map((band) => band.values);
  for (;;) {
    const [width, height] = [columns, rows];
    levels.push({
      columns,
      rows,
      tiles: values.flatMap((band) => cutTiles(width, height, band, raster.noData)),
    });
    if (columns <= TILE && rows <= TILE) return levels;
    values = raster.bands.map((band, b) => halve(width, height, values[b]!, band, raster.noData));
    columns = Math.ceil(columns / 2);
    rows = Math.ceil(rows / 2);
  }
}

function cutTiles(columns: number, rows: number, values: RasterValues, noData: number): Uint8Array[] {
  const tiles: Uint8Array[] = [];
  const tile = values instanceof Float32Array ? new Float32Array(TILE * TILE) : new Uint16Array(TILE * TILE);
  for (let top = 0; top < rows; top += TILE) {
    for (let left = 0; left < columns; left += TILE) {
      tile.fill(noData);
      const width = Math.min(TILE, columns - left);
      for (let row = top; row < Math.min(top + TILE, rows); row++) {
        const from = row * columns + left;
        tile.set(values.subarray(from, from + width), (row - top) * TILE);
      }
      tiles.push(deflateSync(littleEndian(tile)));
    }
  }
  return tiles;
}

function littleEndian(values: RasterValues): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.byteLength));
  if (values instanceof Uint16Array) values.forEach((value, i) => view.setUint16(2 * i, value, true));
  else values.forEach((value, i) => view.setFloat32(4 * i, value, true));
  return new Uint8Array(view.buffer);
}

function halve(
  columns: number,
  rows: number,
  values: RasterValues,
  { overviews }: RasterBand,
  noData: number,
): RasterValues {
  const halfColumns = Math.ceil(columns / 2);
  const halfRows = Math.ceil(rows / 2);
  const length = halfColumns * halfRows;
  const half = values instanceof Float32Array ? new Float32Array(length) : new Uint16Array(length);
  for (let row = 0; row < halfRows; row++) {
    for (let column = 0; column < halfColumns; column++) {
      const at = 2 * row * columns + 2 * column;
      half[row * halfColumns + column] =
        overviews === 'nearest'
          ? values[at]!
          : meanOfFour(values, at, 2 * column + 1 < columns, 2 * row + 1 < rows, columns, noData);
    }
  }
  return half;
}

function meanOfFour(
  values: RasterValues,
  at: number,
  hasRight: boolean,
  hasBelow: boolean,
  columns: number,
  noData: number,
): number {
  let sum = 0;
  let count = 0;
  for (let k = 0; k < 4; k++) {
    if ((k & 1) === 1 && !hasRight) continue;
    if (k > 1 && !hasBelow) continue;
    const value = values[at + (k & 1) + (k > 1 ? columns : 0)]!;
    if (value === noData || Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? noData : sum / count;
}
