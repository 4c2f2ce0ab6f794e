import { buildLevels, TILE, type Level } from './levels.ts';
import { gdalMetadata, geoKeys } from './metadata.ts';
import type { Raster } from './raster.ts';

const DEFLATE = 8;
/** Bands lie one after the other, not woven pixel by pixel: a reader of one band fetches only that one. */
const SEPARATE_PLANES = 2;
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

/**
 * A cloud-optimised GeoTIFF: directories first (full size, then each overview), pixel data behind them with the
 * smallest overview first; 256 x 256 tiles, DEFLATE, GDAL's no-data and statistics. TIFF 6.0; OGC 19-008r4 (GeoTIFF
 * 1.1); layout as OGC 21-026 asks. The same input gives the same bytes.
 *
 * @throws RangeError beyond 4 GB, what a classic TIFF can address
 */
export function geotiffBytes(raster: Raster): Uint8Array {
  const levels = buildLevels(raster);
  const directories = levels.map((level, index) => fieldsOf(raster, level, index));
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

function fieldsOf(raster: Raster, level: Level, index: number): Field[] {
  const isFloat = raster.bands[0]!.values instanceof Float32Array;
  const perBand = (value: number): number[] => raster.bands.map(() => value);
  const extra = raster.bands.slice(1).map(() => 0);
  const fields: Field[] = [
    { tag: 254, type: LONG, values: [index === 0 ? 0 : 1] },
    { tag: 256, type: LONG, values: [level.columns] },
    { tag: 257, type: LONG, values: [level.rows] },
    { tag: 258, type: SHORT, values: perBand(isFloat ? 32 : 16) },
    { tag: 259, type: SHORT, values: [DEFLATE] },
    { tag: 262, type: SHORT, values: [1] },
    { tag: 277, type: SHORT, values: [raster.bands.length] },
    { tag: 284, type: SHORT, values: [raster.bands.length === 1 ? 1 : SEPARATE_PLANES] },
    { tag: 322, type: SHORT, values: [TILE] },
    { tag: 323, type: SHORT, values: [TILE] },
    { tag: 324, type: LONG, values: level.tiles.map(() => 0) },
    { tag: 325, type: LONG, values: level.tiles.map((tile) => tile.byteLength) },
  ];
  if (extra.length > 0) fields.push({ tag: 338, type: SHORT, values: extra });
  fields.push({ tag: 339, type: SHORT, values: perBand(isFloat ? 3 : 1) });
  if (index === 0) {
    fields.push(
      { tag: 33550, type: DOUBLE, values: [raster.cellWidth, raster.cellHeight, 0] },
      { tag: 33922, type: DOUBLE, values: [0, 0, 0, raster.west, raster.north, 0] },
      { tag: 34735, type: SHORT, values: geoKeys(raster.epsg) },
      { tag: 42112, type: ASCII, values: gdalMetadata(raster) },
    );
  }
  fields.push({
    tag: 42113,
    type: ASCII,
    values: Number.isNaN(raster.noData) ? 'nan' : String(raster.noData),
  });
  return fields;
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
