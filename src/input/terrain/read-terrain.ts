import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EnvironmentError, InputError } from '../../errors.ts';
import { sharedFloat32 } from '../../geo/shared-array.ts';
import type { GeoGrid } from '../../geo/geo-grid.ts';
import { unreadable } from '../file-errors.ts';
import type { InputFileSummary } from '../types.ts';
import { intersection, union, type GeoBox } from './area.ts';
import { readGeotiff } from './geotiff-source.ts';
import { hgtCorner, hgtName, readHgt } from './hgt-source.ts';
import { bilinear, nearest, type RasterSource } from './raster-source.ts';

export interface TerrainOptions {
  /** As messages name the file or folder. */
  readonly file: string;
  /** Area needed; cells outside are not read. Null = all there is. */
  readonly area: GeoBox | null;
  /** Coordinate system, where the raster does not say (or says it wrongly). */
  readonly crs?: string | undefined;
  /** Heights are interpolated (bilinear), classes taken from the nearest pixel. */
  readonly kind: 'terrain' | 'clutter';
  /** Told of the cells held so far before more are allocated; throws where they would not fit. */
  readonly onCells?: ((cells: number) => void) | undefined;
}

/** A raster made ready for profiles: one grid of degrees, whatever the files were. */
export interface TerrainInput {
  readonly grid: GeoGrid;
  readonly summaries: readonly InputFileSummary[];
  /** Cells of the grid without a value. */
  readonly voidCells: number;
  /** True when projected or unlike rasters were resampled onto the grid. */
  readonly resampled: boolean;
}

const MAX_CELLS = 400_000_000;
/** Rounding allowance of cell indices. */
const ROUNDING = 1e-6;
/** Lowest and highest ground on Earth with some room, m. */
const LOWEST_M = -500;
const HIGHEST_M = 9000;

/**
 * Reads terrain heights or clutter classes: a GeoTIFF, an SRTM tile (.hgt, .hgt.gz), or a folder of either as one
 * mosaic (in the order of their names; a hole in one is filled by the next). Rasters in degrees keep their cells;
 * projected ones are resampled once onto a grid of degrees of about their own resolution.
 *
 * @throws InputError for unreadable files, no coordinate system, a raster elsewhere, impossible heights
 */
export async function readTerrain(path: string, options: TerrainOptions): Promise<TerrainInput> {
  const sources: RasterSource[] = [];
  let cells = 0;
  const onCells = (more: number): void => options.onCells?.((cells += more));
  const summaries: InputFileSummary[] = [];
  for (const each of await rasterFiles(path, options.file)) {
    const source = await readSource(each.path, each.file, { ...options, onCells });
    if (source === null) continue;
    sources.push(source);
    summaries.push(await summaryOf(each.path, each.file, source, options.kind));
  }
  if (sources.length === 0) throw elsewhere(options);
  const mosaic = mergeSources(sources, { ...options, onCells });
  if (options.kind === 'terrain') checkHeights(mosaic.grid, options.file);
  return { ...mosaic, summaries };
}

function elsewhere({ file, area }: TerrainOptions): InputError {
  return new InputError('holds no raster of the area needed.', {
    code: 'terrain-elsewhere',
    file,
    hint: area === null ? undefined : `Needed: ${describeBox(area)}.`,
  });
}

interface NamedFile {
  readonly path: string;
  readonly file: string;
}

const RASTER_NAME = /\.(tiff?|hgt|hgt\.gz)$/i;

async function rasterFiles(path: string, file: string): Promise<NamedFile[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [{ path, file }];
    const names = (await readdir(path)).filter((name) => RASTER_NAME.test(name)).sort();
    return names.map((name) => ({ path: join(path, name), file: `${file.replace(/\/$/, '')}/${name}` }));
  } catch (error) {
    throw unreadable(file, error);
  }
}

async function readSource(path: string, file: string, options: TerrainOptions): Promise<RasterSource | null> {
  if (!/\.hgt(\.gz)?$/i.test(path)) return readGeotiff(path, file, options);
  const corner = hgtCorner(path);
  if (corner !== null && options.area !== null) {
    const box = { west: corner.lon, south: corner.lat, east: corner.lon + 1, north: corner.lat + 1 };
    if (intersection(box, options.area) === null) return null;
  }
  return readHgt(path, file, options.onCells);
}

async function summaryOf(
  path: string,
  file: string,
  source: RasterSource,
  role: 'terrain' | 'clutter',
): Promise<InputFileSummary> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  let holes = 0;
  for (const value of source.values) if (Number.isNaN(value)) holes++;
  return {
    role,
    file: basename(file),
    sha256: hash.digest('hex'),
    dialect: /\.hgt(\.gz)?$/i.test(path) ? 'srtm-hgt' : 'geotiff',
    featuresRead: source.values.length,
    setAside: holes === 0 ? {} : { 'pixels without data': holes },
    identifiersDropped: {},
  };
}

/** Lays all sources onto one grid; the first with a value at a cell's centre gives it. */
function mergeSources(
  sources: readonly RasterSource[],
  options: TerrainOptions,
): Omit<TerrainInput, 'summaries'> {
  const { area, kind, file } = options;
  const first = sources[0]!;
  const covered = union(sources.map((source) => source.box));
  const stepLonDeg = Math.min(...sources.map((source) => source.stepLonDeg));
  const stepLatDeg = Math.min(...sources.map((source) => source.stepLatDeg));
  // Cell centres fall onto those of the first raster, so that rasters in degrees are copied, not interpolated.
  const anchor = new Float64Array(2);
  first.locate(first.box.west, first.box.north, anchor);
  const anchorLon = first.box.west - anchor[0]! * first.stepLonDeg;
  const anchorLat = first.box.north + anchor[1]! * first.stepLatDeg;
  // Every cell whose centre the rasters cover and the area needs, one to spare for interpolation.
  const needed = area ?? covered;
  const columnOf = (lon: number): number => (lon - anchorLon) / stepLonDeg;
  const rowOf = (lat: number): number => (anchorLat - lat) / stepLatDeg;
  const firstColumn = Math.max(
    Math.floor(columnOf(needed.west)),
    Math.ceil(columnOf(covered.west) - ROUNDING),
  );
  const lastColumn = Math.min(
    Math.ceil(columnOf(needed.east)),
    Math.floor(columnOf(covered.east) + ROUNDING),
  );
  const firstRow = Math.max(Math.floor(rowOf(needed.north)), Math.ceil(rowOf(covered.north) - ROUNDING));
  const lastRow = Math.min(Math.ceil(rowOf(needed.south)), Math.floor(rowOf(covered.south) + ROUNDING));
  const columns = lastColumn - firstColumn + 1;
  const rows = lastRow - firstRow + 1;
  if (!(columns >= 1 && rows >= 1)) throw elsewhere(options);
  if (columns * rows > MAX_CELLS) {
    throw new EnvironmentError(`${file}: a grid of ${columns} x ${rows} cells does not fit in memory.`, {
      code: 'terrain-too-large',
      hint: 'Use a coarser raster or a smaller area.',
    });
  }
  options.onCells?.(columns * rows);
  const values = sharedFloat32(columns * rows);
  const west = anchorLon + firstColumn * stepLonDeg;
  const north = anchorLat - firstRow * stepLatDeg;
  const sample = kind === 'terrain' ? bilinear : nearest;
  let voidCells = 0;
  const at = new Float64Array(2);
  for (let row = 0; row < rows; row++) {
    const lat = north - row * stepLatDeg;
    for (let column = 0; column < columns; column++) {
      const lon = west + column * stepLonDeg;
      let value = NaN;
      for (let s = 0; s < sources.length && Number.isNaN(value); s++) {
        const source = sources[s]!;
        source.locate(lon, lat, at);
        value = sample(source, at[0]!, at[1]!);
      }
      if (Number.isNaN(value)) voidCells++;
      values[row * columns + column] = value;
    }
  }
  const aligned = sources.every(
    (source) => source.geographic && source.stepLonDeg === stepLonDeg && source.stepLatDeg === stepLatDeg,
  );
  return {
    grid: { columns, rows, west, north, stepLonDeg, stepLatDeg, values },
    voidCells,
    resampled: !aligned,
  };
}

function checkHeights(grid: GeoGrid, file: string): void {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const value of grid.values) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  if (lowest >= LOWEST_M && highest <= HIGHEST_M) return;
  throw new InputError(`holds heights of ${lowest} to ${highest} m, which is not the ground of this Earth.`, {
    code: 'terrain-implausible-heights',
    file,
    hint: 'Heights must be metres: convert feet or decimetres, and mark holes as no-data (gdal_edit.py -a_nodata).',
  });
}

/** Tiles an area needs by their SRTM names, for messages. */
export function tilesOf(area: GeoBox): string[] {
  const names: string[] = [];
  for (let lat = Math.floor(area.south); lat < area.north; lat++) {
    for (let lon = Math.floor(area.west); lon < area.east; lon++) names.push(hgtName(lon + 0.5, lat + 0.5));
  }
  return names;
}

function describeBox({ west, south, east, north }: GeoBox): string {
  const show = (value: number): string => value.toFixed(3);
  const tiles = tilesOf({ west, south, east, north });
  const named = tiles.length <= 6 ? ` (tiles ${tiles.join(', ')})` : '';
  return `longitude ${show(west)} to ${show(east)}, latitude ${show(south)} to ${show(north)}${named}`;
}
