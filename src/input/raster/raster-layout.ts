import { InputError } from '../../errors.ts';
import { unreadableCompression, type SampleLayout } from './unpack-block.ts';

/** Value of a tag by its name, undefined where the file does not have it. */
export type TagReader = (name: string) => unknown;

/** How pixels stand in the file: blocks (strips as wide as the image, or tiles), row by row. */
export interface RasterLayout extends SampleLayout {
  readonly columns: number;
  readonly rows: number;
  readonly blockColumns: number;
  readonly blockRows: number;
  readonly tiled: boolean;
  readonly compression: number;
  readonly offsets: ArrayLike<number>;
  readonly byteCounts: ArrayLike<number>;
}

/** Of a block that must be unpacked whole. Usual ones are below 4 MB. */
const LARGEST_PACKED_BLOCK = 2 ** 28;
/** DEFLATE reaches 1,032 and LZW about 2,500: what is said beyond that is not there, up to sizes that hurt nobody. */
const LARGEST_RATIO = 5000;
const FREE_BYTES = 2 ** 26;
const REWRITE = 'Write it anew, for example with gdal_translate -co COMPRESS=DEFLATE -co TILED=YES.';

/**
 * Checks what the directory says of the pixels of the first band.
 * @throws InputError for sizes that do not fit together, kinds of numbers and methods of compression that are not read
 */
export function rasterLayout(
  tag: TagReader,
  { littleEndian, fileBytes }: { readonly littleEndian: boolean; readonly fileBytes: number },
  file: string,
): RasterLayout {
  const refuse = (message: string, code: string): InputError =>
    new InputError(message, { code, file, hint: REWRITE });
  const whole = (name: string, missing = 0): number => {
    const value = Number(listOf(tag(name))[0] ?? missing);
    return Number.isSafeInteger(value) && value > 0 ? value : 0;
  };
  const columns = whole('ImageWidth');
  const rows = whole('ImageLength');
  const tiled = tag('TileOffsets') !== undefined;
  const blockColumns = tiled ? whole('TileWidth') : columns;
  const blockRows = tiled ? whole('TileLength') : Math.min(whole('RowsPerStrip', rows), rows);
  if (Math.min(columns, rows, blockColumns, blockRows) === 0) {
    throw refuse('gives no usable size of its image or its blocks.', 'raster-size');
  }
  const format = whole('SampleFormat', 1);
  const bits = whole('BitsPerSample', 1);
  if (!isReadable(format, bits) || Array.from(listOf(tag('BitsPerSample'))).some((each) => each !== bits)) {
    throw refuse(`holds ${bits}-bit numbers of a kind that is not read.`, 'raster-sample-kind');
  }
  const compression = whole('Compression', 1);
  const unreadable = unreadableCompression(compression);
  if (unreadable !== null) throw refuse(`${unreadable}, which is not read.`, 'raster-compression');
  const samples = whole('PlanarConfiguration', 1) === 2 ? 1 : whole('SamplesPerPixel', 1);
  const predictor = whole('Predictor', 1);
  if (predictor > 3 || (predictor === 3 && format !== 3)) {
    throw refuse(`has the predictor ${predictor}, which is not read.`, 'raster-predictor');
  }
  const offsets = listOf(tag(tiled ? 'TileOffsets' : 'StripOffsets'));
  const byteCounts = listOf(tag(tiled ? 'TileByteCounts' : 'StripByteCounts'));
  const blocks = Math.ceil(columns / blockColumns) * Math.ceil(rows / blockRows);
  if (Math.min(offsets.length, byteCounts.length) < blocks) {
    throw refuse(
      `says it is ${columns} x ${rows} pixels, but lists too few blocks for them.`,
      'raster-blocks-missing',
    );
  }
  const layout = { format, bits, samples, predictor, littleEndian };
  // Of whole blocks: tiles may be far larger than what of the image lies in them.
  const plainBytes = blocks * rowBytes(blockColumns, layout) * blockRows;
  if (plainBytes > FREE_BYTES && plainBytes > LARGEST_RATIO * fileBytes) {
    throw refuse(
      `says it is ${columns} x ${rows} pixels (in blocks of ${blockColumns} x ${blockRows}), which its ${fileBytes} bytes cannot hold.`,
      'raster-size',
    );
  }
  if (compression !== 1 && rowBytes(blockColumns, layout) * blockRows > LARGEST_PACKED_BLOCK) {
    throw refuse(
      `is packed in blocks of ${blockColumns} x ${blockRows} pixels, which are too large to unpack.`,
      'raster-block-too-large',
    );
  }
  return { ...layout, columns, rows, blockColumns, blockRows, tiled, compression, offsets, byteCounts };
}

/** Bytes of a row of a block; rows begin on a whole byte. */
export function rowBytes(pixels: number, { bits, samples }: Pick<SampleLayout, 'bits' | 'samples'>): number {
  return Math.ceil((pixels * samples * bits) / 8);
}

function isReadable(format: number, bits: number): boolean {
  if (format === 3) return bits === 32 || bits === 64;
  if (format === 2) return bits === 8 || bits === 16 || bits === 32;
  return format === 1 && [1, 2, 4, 8, 16, 32].includes(bits);
}

function listOf(value: unknown): ArrayLike<number> {
  if (typeof value === 'number') return [value];
  return Array.isArray(value) || ArrayBuffer.isView(value) ? (value as unknown as ArrayLike<number>) : [];
}
