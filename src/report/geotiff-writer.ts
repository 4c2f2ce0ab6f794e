import { deflateSync } from 'node:zlib';

/** One band to be written: rows from north to south, square cells in metres of a projected system. */
export interface RasterBand {
  readonly columns: number;
  readonly rows: number;
  /** [rows * columns]; a cell equal to `noData` (or NaN) holds nothing. */
  readonly values: Float32Array | Uint16Array;
  readonly noData: number;
  /** North-western corner of the north-western cell, metres. */
  readonly west: number;
  readonly north: number;
  readonly cellM: number;
  /** EPSG code of the projected system. */
  readonly epsg: number;
  /** How four cells become one in the overviews; indices must not be averaged. */
  readonly overviews: 'mean' | 'nearest';
  /** Shown by GIS programs as the band's name, with its unit. */
  readonly description: string;
}

const TILE = 256;
const DEFLATE = 8;
/** Field types of TIFF 6.0. */
const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const DOUBLE = 12;
const BYTES_OF_TYPE: Readonly<Record<number, number>> = { [ASCII]: 1, [SHORT]: 2, [LONG]: 4, [DOUBLE]: 8 };

interface Field {
  readonly tag: number;
  readonly type: number;
  readonly values: readonly number[] | string;
}

interface Level {
  readonly columns: number;
  readonly rows: number;
  readonly values: Float32Array | Uint16Array;
  readonly tiles: readonly Uint8Array[];
}

/**
 * A cloud-optimised GeoTIFF: directories first (full size, then each overview), pixel data behind them with the
 * smallest overview first; 256 x 256 tiles, DEFLATE, GDAL's no-data and statistics. TIFF 6.0; OGC 19-008r4 (GeoTIFF
 * 1.1); layout as OGC 21-026 asks. The same input gives the same bytes.
 *
 * @throws RangeError beyond 4 GB, what a classic TIFF can address
 */
export function coverageGeotiff(band: RasterBand): Uint8Array {
  const levels = buildLevels(band);
  const directories = levels.map((level, index) => fieldsOf(band, level, index));
  const sizes = directories.map(directoryBytes);
  let offset = 8;
  const directoryAt = sizes.map((size) => {
    const at = offset;
    offset += size;
    return at;
  });
  const tileOffsets = levels.map((level) => new Array<number>(level.tiles.length).fill(0));
  for (let index = levels.length - 1; index >= 0; index--) {
    levels[index]!.tiles.forEach((tile, t) => {
      tileOffsets[index]![t] = offset;
      offset += tile.byteLength;
    });
  }
  if (offset > 0xffff_ffff) throw new RangeError('the raster is larger than a classic TIFF can hold (4 GB)');
  const bytes = new Uint8Array(offset);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x4949);
  view.setUint16(2, 42, true);
  view.setUint32(4, directoryAt[0]!, true);
  directories.forEach((fields, index) => {
    const filled = fields.map((field) =>
      field.tag === 324 ? { ...field, values: tileOffsets[index]! } : field,
    );
    writeDirectory(view, directoryAt[index]!, filled, directoryAt[index + 1] ?? 0);
  });
  levels.forEach((level, index) => {
    level.tiles.forEach((tile, t) => bytes.set(tile, tileOffsets[index]![t]));
  });
  return bytes;
}

function buildLevels(band: RasterBand): Level[] {
  const levels: Level[] = [];
  let { columns, rows, values } = band;
  for (;;) {
    levels.push({ columns, rows, values, tiles: cutTiles(columns, rows, values, band.noData) });
    if (columns <= TILE && rows <= TILE) return levels;
    const half = halve(columns, rows, values, band);
    ({ columns, rows, values } = half);
  }
}

function cutTiles(
  columns: number,
  rows: number,
  values: Float32Array | Uint16Array,
  noData: number,
): Uint8Array[] {
  const tiles: Uint8Array[] = [];
  const empty = values instanceof Float32Array ? new Float32Array(TILE * TILE) : new Uint16Array(TILE * TILE);
  for (let top = 0; top < rows; top += TILE) {
    for (let left = 0; left < columns; left += TILE) {
      const tile = empty.fill(noData);
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

function littleEndian(values: Float32Array | Uint16Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.byteLength));
  if (values instanceof Uint16Array) values.forEach((value, i) => view.setUint16(2 * i, value, true));
  else values.forEach((value, i) => view.setFloat32(4 * i, value, true));
  return new Uint8Array(view.buffer);
}

function halve(
  columns: number,
  rows: number,
  values: Float32Array | Uint16Array,
  { noData, overviews }: RasterBand,
): { columns: number; rows: number; values: Float32Array | Uint16Array } {
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
  return { columns: halfColumns, rows: halfRows, values: half };
}

function meanOfFour(
  values: Float32Array | Uint16Array,
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

function fieldsOf(band: RasterBand, level: Level, index: number): Field[] {
  const isFloat = level.values instanceof Float32Array;
  const fields: Field[] = [
    { tag: 254, type: LONG, values: [index === 0 ? 0 : 1] },
    { tag: 256, type: LONG, values: [level.columns] },
    { tag: 257, type: LONG, values: [level.rows] },
    { tag: 258, type: SHORT, values: [isFloat ? 32 : 16] },
    { tag: 259, type: SHORT, values: [DEFLATE] },
    { tag: 262, type: SHORT, values: [1] },
    { tag: 277, type: SHORT, values: [1] },
    { tag: 284, type: SHORT, values: [1] },
    { tag: 322, type: SHORT, values: [TILE] },
    { tag: 323, type: SHORT, values: [TILE] },
    { tag: 324, type: LONG, values: level.tiles.map(() => 0) },
    { tag: 325, type: LONG, values: level.tiles.map((tile) => tile.byteLength) },
    { tag: 339, type: SHORT, values: [isFloat ? 3 : 1] },
  ];
  if (index === 0) {
    fields.push(
      { tag: 33550, type: DOUBLE, values: [band.cellM, band.cellM, 0] },
      { tag: 33922, type: DOUBLE, values: [0, 0, 0, band.west, band.north, 0] },
      { tag: 34735, type: SHORT, values: geoKeys(band.epsg) },
      { tag: 42112, type: ASCII, values: statisticsXml(band) },
    );
  }
  fields.push({ tag: 42113, type: ASCII, values: Number.isNaN(band.noData) ? 'nan' : String(band.noData) });
  return fields;
}

/** Projected model, pixel is area, EPSG code, metres. */
function geoKeys(epsg: number): number[] {
  return [1, 1, 0, 4, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, epsg, 3076, 0, 1, 9001];
}

/** Least, greatest, mean and standard deviation as GDAL keeps them, so that viewers need not scan the file. */
function statisticsXml({ values, noData, description }: RasterBand): string {
  let count = 0;
  let sum = 0;
  let squares = 0;
  let least = Infinity;
  let greatest = -Infinity;
  for (const value of values) {
    if (value === noData || Number.isNaN(value)) continue;
    count++;
    sum += value;
    squares += value * value;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  const items: [string, string][] = [['DESCRIPTION', description]];
  if (count > 0) {
    const mean = sum / count;
    items.push(
      ['STATISTICS_MAXIMUM', String(greatest)],
      ['STATISTICS_MEAN', String(mean)],
      ['STATISTICS_MINIMUM', String(least)],
      ['STATISTICS_STDDEV', String(Math.sqrt(Math.max(0, squares / count - mean * mean)))],
      ['STATISTICS_VALID_PERCENT', String((100 * count) / values.length)],
    );
  }
  const lines = items.map(([name, value]) =>
    name === 'DESCRIPTION'
      ? `  <Item name="DESCRIPTION" sample="0" role="description">${escapeXml(value)}</Item>`
      : `  <Item name="${name}" sample="0">${value}</Item>`,
  );
  return `<GDALMetadata>\n${lines.join('\n')}\n</GDALMetadata>\n`;
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function countOf({ values }: Field): number {
  return typeof values === 'string' ? values.length + 1 : values.length;
}

function payloadBytes(field: Field): number {
  return countOf(field) * BYTES_OF_TYPE[field.type]!;
}

/** Bytes of a directory with the values that do not fit into it, each on an even offset. */
function directoryBytes(fields: readonly Field[]): number {
  const outside = fields.map(payloadBytes).filter((bytes) => bytes > 4);
  const own = 2 + 12 * fields.length + 4;
  return own + (own & 1) + outside.reduce((sum, bytes) => sum + bytes + (bytes & 1), 0);
}

function writeDirectory(view: DataView, at: number, fields: readonly Field[], next: number): void {
  view.setUint16(at, fields.length, true);
  const own = 2 + 12 * fields.length + 4;
  let outside = at + own + (own & 1);
  fields.forEach((field, k) => {
    const entry = at + 2 + 12 * k;
    const bytes = payloadBytes(field);
    view.setUint16(entry, field.tag, true);
    view.setUint16(entry + 2, field.type, true);
    view.setUint32(entry + 4, countOf(field), true);
    const place = bytes <= 4 ? entry + 8 : outside;
    if (bytes > 4) {
      view.setUint32(entry + 8, outside, true);
      outside += bytes + (bytes & 1);
    }
    writeValues(view, place, field);
  });
  view.setUint32(at + 2 + 12 * fields.length, next, true);
}

function writeValues(view: DataView, at: number, { type, values }: Field): void {
  if (typeof values === 'string') {
    for (let i = 0; i < values.length; i++) view.setUint8(at + i, values.charCodeAt(i) & 0x7f);
    return;
  }
  values.forEach((value, i) => {
    if (type === SHORT) view.setUint16(at + 2 * i, value, true);
    else if (type === LONG) view.setUint32(at + 4 * i, value, true);
    else view.setFloat64(at + 8 * i, value, true);
  });
}
