import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { InputError } from '../../errors.ts';
import { unreadable } from '../file-errors.ts';
import type { RasterSource } from './raster-source.ts';

const VOID = -32768;
/** Samples on a side: 1 arc-second and 3 arc-seconds. */
const KNOWN_SIDES = [3601, 1201];

/** Longitude and latitude of the south-western corner by the tile's name, for example N51W001.hgt; null for others. */
export function hgtCorner(file: string): { lon: number; lat: number } | null {
  const match = /^([NS])(\d{2})([EW])(\d{3})/i.exec(basename(file));
  if (match === null) return null;
  const [, ns = '', lat = '', ew = '', lon = ''] = match;
  return {
    lon: Number(lon) * (ew.toUpperCase() === 'W' ? -1 : 1),
    lat: Number(lat) * (ns.toUpperCase() === 'S' ? -1 : 1),
  };
}

/** Name of the SRTM tile that holds a position. */
export function hgtName(lon: number, lat: number): string {
  const south = Math.floor(lat);
  const west = Math.floor(lon);
  const pad = (value: number, digits: number): string => String(Math.abs(value)).padStart(digits, '0');
  return `${south < 0 ? 'S' : 'N'}${pad(south, 2)}${west < 0 ? 'W' : 'E'}${pad(west, 3)}`;
}

/**
 * An SRTM tile (.hgt, also gzipped): big-endian 16-bit metres, first row in the north, samples on the whole degree on
 * all four edges, -32768 = void.
 *
 * @throws InputError for a name or a size that is not SRTM's
 */
export async function readHgt(
  path: string,
  file: string,
  onCells?: (cells: number) => void,
): Promise<RasterSource> {
  const corner = hgtCorner(path);
  if (corner === null || Math.abs(corner.lat) > 90 || Math.abs(corner.lon) > 180) {
    throw new InputError('an .hgt tile says where it lies by its name.', {
      code: 'hgt-name',
      file,
      hint: 'Name it by its south-western corner, for example N51W001.hgt.',
    });
  }
  const bytes = await readTile(path, file);
  const side = Math.sqrt(bytes.byteLength / 2);
  if (!KNOWN_SIDES.includes(side)) {
    throw new InputError(`${bytes.byteLength} bytes are no SRTM tile.`, {
      code: 'hgt-size',
      file,
      hint: 'A tile holds 3601 x 3601 or 1201 x 1201 heights of 2 bytes; is it whole?',
    });
  }
  onCells?.(side * side);
  const values = new Float32Array(side * side);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < values.length; i++) {
    const height = view.getInt16(2 * i);
    values[i] = height === VOID ? NaN : height;
  }
  const step = 1 / (side - 1);
  return {
    file,
    columns: side,
    rows: side,
    values,
    box: { west: corner.lon, south: corner.lat, east: corner.lon + 1, north: corner.lat + 1 },
    stepLonDeg: step,
    stepLatDeg: step,
    geographic: true,
    locate: (lon, lat, out) => {
      out[0] = (lon - corner.lon) * (side - 1);
      out[1] = (corner.lat + 1 - lat) * (side - 1);
    },
  };
}

/** A tile of 1 second is 26 MB; twice as fine would be 104. */
const LARGEST_TILE_BYTES = 2 ** 27;

async function readTile(path: string, file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_TILE_BYTES) throw new RangeError(`${size} bytes are no SRTM tile`);
    const bytes = await readFile(path);
    return path.endsWith('.gz')
      ? await promisify(gunzip)(bytes, { maxOutputLength: LARGEST_TILE_BYTES })
      : bytes;
  } catch (error) {
    throw unreadable(file, error);
  }
}
