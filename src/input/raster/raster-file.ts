import { open } from 'node:fs/promises';
import { GeoTIFF } from 'geotiff';
import { InputError } from '../../errors.ts';
import { unreadable } from '../file-errors.ts';
import { FileSlices } from './file-slices.ts';
import { georeferenceOf, type Georeference } from './georeference.ts';
import { rasterLayout, type RasterLayout, type TagReader } from './raster-layout.ts';
import { readPixels, type PixelWindow, type ReadingState } from './read-pixels.ts';

/** The first band of an open GeoTIFF. */
export interface RasterFile {
  readonly layout: RasterLayout;
  readonly position: Georeference;
  /** Numbers among the file's geo keys, by their names in the standard. */
  readonly geoKey: (name: string) => number | null;
  /** The value that stands for no data, as a sample holds it; null = none, or NaN. */
  readonly noData: number | null;
  /** Writes a window, row by row, into `out`; holes are NaN. */
  read(window: PixelWindow, out: Float32Array | Float64Array): Promise<void>;
  close(): Promise<void>;
}

/** Tags of a directory; real ones have fewer than 50. */
const MOST_TAGS = 500;

/**
 * Opens a GeoTIFF and checks its directory before any pixel is read. Only its first image is looked at: overviews and
 * the chain of directories behind it play no part. The TIFF library reads the directory, for which it is shown no
 * byte that the file does not have; it also reads the tables of blocks at once, since those it reads later it takes
 * for little-endian in every file (geotiff 3.0.5: a big-endian raster came out as zeros).
 *
 * @throws InputError where the file is no GeoTIFF that can be read
 */
export async function openRaster(path: string, file: string): Promise<RasterFile> {
  const slices = await openSlices(path, file);
  try {
    const { tag, geoKeys, littleEndian } = await readDirectory(slices, file);
    const layout = rasterLayout(tag, { littleEndian, fileBytes: slices.fileSize }, file);
    const geoKey = (name: string): number | null => {
      const value = geoKeys[name];
      return typeof value === 'number' ? value : null;
    };
    const position = georeferenceOf(tag, geoKey('GTRasterTypeGeoKey') === 2, file);
    const noData = noDataOf(tag('GDAL_NODATA'), layout);
    const state: ReadingState = { last: null };
    return {
      layout,
      position,
      geoKey,
      noData,
      read: async (window, out) => {
        try {
          await readPixels({ slices, layout, noData, state }, window, out);
        } catch (error) {
          throw damaged(file, error);
        }
      },
      close: () => slices.close(),
    };
  } catch (error) {
    await slices.close();
    throw error;
  }
}

async function openSlices(path: string, file: string): Promise<FileSlices> {
  try {
    const handle = await open(path, 'r');
    const facts = await handle.stat();
    if (!facts.isDirectory()) return new FileSlices(handle, facts.size);
    await handle.close();
    throw Object.assign(new Error('is a folder'), { code: 'EISDIR' });
  } catch (error) {
    throw unreadable(file, error);
  }
}

interface Directory {
  readonly tag: TagReader;
  readonly geoKeys: Readonly<Record<string, unknown>>;
  readonly littleEndian: boolean;
}

async function readDirectory(slices: FileSlices, file: string): Promise<Directory> {
  const tiff = await GeoTIFF.fromSource(slices).catch(() => {
    throw new InputError('is no TIFF file.', { code: 'raster-not-tiff', file });
  });
  try {
    const start = tiff.firstIFDOffset;
    const head = new DataView(await slices.exactly(start, tiff.bigTiff ? 8 : 2));
    const count = tiff.bigTiff
      ? Number(head.getBigUint64(0, tiff.littleEndian))
      : head.getUint16(0, tiff.littleEndian);
    if (count > MOST_TAGS) throw new RangeError(`its directory has ${count} entries`);
    tiff.parser.eager = true;
    const { fileDirectory } = await tiff.getImage();
    return {
      tag: (name) =>
        fileDirectory.hasTag(name as 'ImageWidth') ? fileDirectory.getValue(name as 'ImageWidth') : undefined,
      geoKeys: fileDirectory.parseGeoKeyDirectory() ?? {},
      littleEndian: tiff.littleEndian,
    };
  } catch (error) {
    throw damaged(file, error);
  }
}

function noDataOf(text: unknown, { format, bits }: RasterLayout): number | null {
  if (typeof text !== 'string') return null;
  const value = Number(text.replace(/\0/g, '').trim() || NaN);
  if (Number.isNaN(value)) return null;
  return format === 3 && bits === 32 ? Math.fround(value) : value;
}

/** What a library that trusts its files runs into; of no use to whoever made the file. */
const PROGRAMMERS_WORDS =
  /undefined|null|not a function|not iterable|not of type|BigInt|DataView|typed array/i;

function damaged(file: string, error: unknown): Error {
  if (error instanceof InputError) return error;
  const said = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 160);
  const reason = PROGRAMMERS_WORDS.test(said) ? 'its parts do not fit together' : said;
  return new InputError(`cannot be read as GeoTIFF (${reason}).`, { code: 'file-damaged', file });
}
