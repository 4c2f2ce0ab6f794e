import { EnvironmentError, InputError } from '../../errors.ts';
import type { PixelWindow } from '../raster/read-pixels.ts';
import { openRaster, type RasterFile } from '../raster/raster-file.ts';
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

export interface GeotiffOptions {
  /** Null = all there is. */
  readonly area: GeoBox | null;
  /** Overrides what the file says; needed when it says nothing. */
  readonly crs?: string | undefined;
  /** Told of the cells before they are allocated. */
  readonly onCells?: ((cells: number) => void) | undefined;
}

/**
 * One band of a local GeoTIFF, cut to the area asked for.
 *
 * @returns null when the raster lies outside the area
 * @throws InputError when the file is no GeoTIFF, has no position, is rotated or has no known coordinate system
 */
export async function readGeotiff(
  path: string,
  file: string,
  { area, crs, onCells }: GeotiffOptions,
): Promise<RasterSource | null> {
  const raster = await openRaster(path, file);
  try {
    const frame = frameOf(raster);
    const system = coordinateSystem(crs ?? codeOf(raster, frame, file), file);
    return await readBand(raster, frame, system, { file, area, onCells });
  } finally {
    await raster.close();
  }
}

function frameOf({ layout: { columns, rows }, position }: RasterFile): PixelFrame {
  const { west, north, stepX, stepY } = position;
  return { columns, rows, x0: west + stepX / 2, y0: north - stepY / 2, stepX, stepY: -stepY };
}

/** EPSG code in the file's geo keys. */
function codeOf({ geoKey }: RasterFile, frame: PixelFrame, file: string): number {
  const projected = geoKey('ProjectedCSTypeGeoKey') ?? 0;
  const geographic = geoKey('GeographicTypeGeoKey') ?? 0;
  const model = geoKey('GTModelTypeGeoKey') ?? 0;
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
  raster: RasterFile,
  frame: PixelFrame,
  system: CoordinateSystem,
  { file, area, onCells }: Pick<GeotiffOptions, 'area' | 'onCells'> & { readonly file: string },
): Promise<RasterSource | null> {
  const whole = boxOf(frame, system, 0, 0, frame.columns, frame.rows);
  if (!isOnEarth(whole)) {
    throw new InputError('has its pixels where no place on Earth is.', {
      code: 'raster-off-earth',
      file,
      hint: 'Check its position and its coordinate system (`crs`), for example with gdalinfo.',
    });
  }
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
  onCells?.(columns * rows);
  const values = new Float32Array(columns * rows);
  await raster.read(window, values);
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

/** Rasters of the whole Earth may begin at -180 or 0 degrees, and reach half a pixel beyond the poles. */
function isOnEarth({ west, south, east, north }: GeoBox): boolean {
  return west >= -361 && east <= 541 && west < east && south >= -91 && north <= 91 && south < north;
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
function windowOf(frame: PixelFrame, { forward }: CoordinateSystem, box: GeoBox): PixelWindow {
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
