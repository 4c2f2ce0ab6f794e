import { fromFile, type GeoTIFF, type GeoTIFFImage } from 'geotiff';
import { stat } from 'node:fs/promises';
import { EnvironmentError, InputError } from '../../errors.ts';
import { unreadable } from '../file-errors.ts';
import { intersection, type GeoBox } from './area.ts';
import { coordinateSystem, type CoordinateSystem } from './projection.ts';
import type { RasterSource } from './raster-source.ts';

/** Pixels read at most from one file, so that a mistaken area does not fill the memory: 1.6 GB as heights. */
const MAX_PIXELS = 400_000_000;
/** Points along each edge that are projected to find where a raster lies. */
const EDGE_POINTS = 21;

/** Where a GeoTIFF's pixels lie, in its own coordinates. */
interface PixelFrame {
  readonly columns: number;
  readonly rows: number;
  /** Centre of the first pixel and the step from pixel to pixel (stepY negative: rows run south). */
  readonly x0: number;
  readonly y0: number;
  readonly stepX: number;
  readonly stepY: number;
}

/**
 * One band of a local GeoTIFF, cut to the area asked for.
 *
 * @param crs overrides what the file says; needed when it says nothing
 * @returns null when the raster lies outside the area
 * @throws InputError when the file is no GeoTIFF, has no position, is rotated or has no known coordinate system
 */
export async function readGeotiff(
  path: string,
  file: string,
  area: GeoBox | null,
  crs: string | undefined,
): Promise<RasterSource | null> {
  const tiff = await openTiff(path, file);
  try {
    const image = await tiff.getImage();
    const frame = frameOf(image, file);
    const system = coordinateSystem(crs ?? codeOf(image, frame, file), file);
    return await readBand(image, frame, system, file, area);
  } finally {
    await tiff.close();
  }
}

async function openTiff(path: string, file: string): Promise<GeoTIFF> {
  try {
    const facts = await stat(path);
    if (facts.isDirectory()) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' });
    return await fromFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) throw unreadable(file, error);
    throw new InputError('is no TIFF file.', { code: 'raster-not-tiff', file });
  }
}

function frameOf(image: GeoTIFFImage, file: string): PixelFrame {
  try {
    const [originX = NaN, originY = NaN] = image.getOrigin();
    const [stepX = NaN, stepY = NaN] = image.getResolution();
    if (!(stepX > 0 && stepY < 0)) throw new Error('rotated or upside down');
    const rasterIsPoint = image.getGeoKeys()?.GTRasterTypeGeoKey === 2;
    const half = rasterIsPoint ? 0 : 0.5;
    return {
      columns: image.getWidth(),
      rows: image.getHeight(),
      x0: originX + half * stepX,
      y0: originY + half * stepY,
      stepX,
      stepY,
    };
  } catch {
    throw new InputError('does not say where its pixels lie (or is rotated).', {
      code: 'raster-not-georeferenced',
      file,
      hint: 'Write it as GeoTIFF with north up, for example with gdalwarp.',
    });
  }
}

/** EPSG code in the file's geo keys. */
function codeOf(image: GeoTIFFImage, frame: PixelFrame, file: string): number {
  const keys = image.getGeoKeys();
  const projected = Number(keys?.ProjectedCSTypeGeoKey ?? 0);
  const geographic = Number(keys?.GeographicTypeGeoKey ?? 0);
  const model = Number(keys?.GTModelTypeGeoKey ?? 0);
  if (model === 2 && geographic > 0) return geographic;
  if (model !== 2 && projected > 0 && projected !== 32767) return projected;
  const looksProjected = Math.abs(frame.x0) > 360 || Math.abs(frame.y0) > 90;
  throw new InputError(
    `names no coordinate system${looksProjected ? ` and its coordinates (${Math.round(frame.x0)}, ${Math.round(frame.y0)}) are not degrees` : ''}.`,
    {
      code: 'raster-without-crs',
      file,
      hint: 'Give `crs` beside `file` (for example EPSG:32633), or write it into the file with gdal_edit.py -a_srs.',
    },
  );
}

async function readBand(
  image: GeoTIFFImage,
  frame: PixelFrame,
  system: CoordinateSystem,
  file: string,
  area: GeoBox | null,
): Promise<RasterSource | null> {
  const whole = boxOf(frame, system, 0, 0, frame.columns, frame.rows);
  const wanted = area === null ? whole : intersection(area, whole);
  if (wanted === null) return null;
  const window = windowOf(frame, system, wanted);
  const columns = window.right - window.left;
  const rows = window.bottom - window.top;
  if (columns < 1 || rows < 1) return null;
  if (columns * rows > MAX_PIXELS) {
    throw new EnvironmentError(`${file}: ${columns} x ${rows} pixels of the area are too many for memory.`, {
      code: 'raster-too-large',
      hint: 'Use a coarser raster or a smaller area.',
    });
  }
  const raw = await image.readRasters({
    window: [window.left, window.top, window.right, window.bottom],
    samples: [0],
    interleave: true,
  });
  const values = toHeights(raw as unknown as ArrayLike<number>, image.getGDALNoData());
  const box = boxOf(frame, system, window.left, window.top, window.right, window.bottom);
  const { forward } = system;
  const x0 = frame.x0 + window.left * frame.stepX;
  const y0 = frame.y0 + window.top * frame.stepY;
  return {
    file,
    columns,
    rows,
    values,
    box,
    stepLonDeg: forward === null ? frame.stepX : (box.east - box.west) / columns,
    stepLatDeg: forward === null ? -frame.stepY : (box.north - box.south) / rows,
    geographic: forward === null,
    locate: (lon, lat, out) => {
      let x = lon;
      let y = lat;
      if (forward !== null) [x, y] = forward(lon, lat);
      out[0] = (x - x0) / frame.stepX;
      out[1] = (y - y0) / frame.stepY;
    },
  };
}

function toHeights(raw: ArrayLike<number>, noData: number | null): Float32Array {
  const values = Float32Array.from(raw);
  if (noData === null || Number.isNaN(noData)) return values;
  const sentinel = Math.fround(noData);
  for (let i = 0; i < values.length; i++) {
    if (values[i] === sentinel) values[i] = NaN;
  }
  return values;
}

/** Degrees covered by the pixels from (left, top) up to (right, bottom), edges included. */
function boxOf(
  frame: PixelFrame,
  { inverse }: CoordinateSystem,
  left: number,
  top: number,
  right: number,
  bottom: number,
): GeoBox {
  let west = Infinity;
  let east = -Infinity;
  let south = Infinity;
  let north = -Infinity;
  const visit = (column: number, row: number): void => {
    const [lon, lat] = inverse(frame.x0 + (column - 0.5) * frame.stepX, frame.y0 + (row - 0.5) * frame.stepY);
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  };
  for (let k = 0; k < EDGE_POINTS; k++) {
    const t = k / (EDGE_POINTS - 1);
    const column = left + (right - left) * t;
    const row = top + (bottom - top) * t;
    visit(column, top);
    visit(column, bottom);
    visit(left, row);
    visit(right, row);
  }
  return { west, south, east, north };
}

/** Pixels that cover a box, with two to spare on each side for interpolation. */
function windowOf(
  frame: PixelFrame,
  { forward }: CoordinateSystem,
  box: GeoBox,
): { left: number; top: number; right: number; bottom: number } {
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  for (let k = 0; k < EDGE_POINTS; k++) {
    const t = k / (EDGE_POINTS - 1);
    const lon = box.west + (box.east - box.west) * t;
    const lat = box.south + (box.north - box.south) * t;
    for (const [x, y] of [
      [lon, box.south],
      [lon, box.north],
      [box.west, lat],
      [box.east, lat],
    ] as const) {
      const [px, py] = forward === null ? [x, y] : forward(x, y);
      left = Math.min(left, (px - frame.x0) / frame.stepX);
      right = Math.max(right, (px - frame.x0) / frame.stepX);
      top = Math.min(top, (py - frame.y0) / frame.stepY);
      bottom = Math.max(bottom, (py - frame.y0) / frame.stepY);
    }
  }
  return {
    left: Math.max(0, Math.floor(left) - 2),
    top: Math.max(0, Math.floor(top) - 2),
    right: Math.min(frame.columns, Math.ceil(right) + 3),
    bottom: Math.min(frame.rows, Math.ceil(bottom) + 3),
  };
}
