import type { FileSlices } from './file-slices.ts';
import { rowBytes, type RasterLayout } from './raster-layout.ts';
import { plainSamples, unpackBlock } from './unpack-block.ts';

/** Pixels from (left, top) up to (right, bottom), inside the raster. */
export interface PixelWindow {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What reading remembers from window to window. */
export interface ReadingState {
  /** The last block, for windows that end within it. */
  last: { readonly index: number; readonly bytes: Uint8Array } | null;
}

export interface PixelSource {
  readonly slices: FileSlices;
  readonly layout: RasterLayout;
  readonly noData: number | null;
  readonly state: ReadingState;
}

/** Rows of a block without compression are read in pieces of about this size. */
const PIECE_BYTES = 2 ** 25;
/**
 * Writes a window into `out`, block by block: no more than one block is in memory. Pixels without data are NaN; a block
 * that is not stored (no bytes) has no data, or 0 where the file names no such value, as GDAL writes sparse files.
 *
 * @throws RangeError, or zlib's errors, for damaged blocks
 */
export async function readPixels(
  source: PixelSource,
  window: PixelWindow,
  out: Float32Array | Float64Array,
): Promise<void> {
  const { blockColumns, blockRows } = source.layout;
  out.fill(source.noData === null ? 0 : NaN);
  for (let by = Math.floor(window.top / blockRows); by * blockRows < window.bottom; by++) {
    for (let bx = Math.floor(window.left / blockColumns); bx * blockColumns < window.right; bx++) {
      const top = Math.max(window.top, by * blockRows);
      const bottom = Math.min(window.bottom, (by + 1) * blockRows);
      await readBlock(source, { bx, by, top, bottom }, window, out);
    }
  }
}

interface BlockRows {
  readonly bx: number;
  readonly by: number;
  /** Rows of the raster wanted from the block. */
  readonly top: number;
  readonly bottom: number;
}

async function readBlock(
  source: PixelSource,
  rows: BlockRows,
  window: PixelWindow,
  out: Float32Array | Float64Array,
): Promise<void> {
  const { layout, slices, state } = source;
  const { bx, by, top, bottom } = rows;
  const index = by * Math.ceil(layout.columns / layout.blockColumns) + bx;
  const byteCount = Number(layout.byteCounts[index]);
  if (byteCount === 0) return;
  const offset = Number(layout.offsets[index]);
  const bytesPerRow = rowBytes(layout.blockColumns, layout);
  const firstRow = by * layout.blockRows;
  if (layout.compression === 1) {
    const rowsAtOnce = Math.max(1, Math.floor(PIECE_BYTES / bytesPerRow));
    for (let from = top; from < bottom; from += rowsAtOnce) {
      const to = Math.min(bottom, from + rowsAtOnce);
      const [start, end] = [(from - firstRow) * bytesPerRow, (to - firstRow) * bytesPerRow];
      if (end > byteCount) throw new RangeError('a block is shorter than its pixels');
      const bytes = new Uint8Array(await slices.exactly(offset + start, end - start));
      plainSamples(bytes, layout.blockColumns, layout);
      copyRows(source, bytes, { bx, by, top: from, bottom: to }, from, window, out);
    }
    return;
  }
  if (state.last?.index !== index) {
    const packed = new Uint8Array(await slices.exactly(offset, byteCount));
    const bytes = unpackBlock(layout.compression, packed, bytesPerRow * layout.blockRows);
    plainSamples(bytes, layout.blockColumns, layout);
    state.last = { index, bytes };
  }
  copyRows(source, state.last.bytes, rows, firstRow, window, out);
}

/** Copies the wanted part of rows whose first one, in `bytes`, is row `firstRow` of the raster. */
function copyRows(
  { layout, noData }: PixelSource,
  bytes: Uint8Array,
  { bx, top, bottom }: BlockRows,
  firstRow: number,
  window: PixelWindow,
  out: Float32Array | Float64Array,
): void {
  const bytesPerRow = rowBytes(layout.blockColumns, layout);
  if ((bottom - firstRow) * bytesPerRow > bytes.length) {
    throw new RangeError('a block is shorter than its pixels');
  }
  const sample = sampleReader(layout, bytes);
  const firstColumn = bx * layout.blockColumns;
  const left = Math.max(window.left, firstColumn);
  const right = Math.min(window.right, firstColumn + layout.blockColumns);
  const width = window.right - window.left;
  for (let row = top; row < bottom; row++) {
    const start = (row - firstRow) * bytesPerRow;
    const target = (row - window.top) * width - window.left;
    for (let column = left; column < right; column++) {
      const value = sample(start, (column - firstColumn) * layout.samples);
      out[target + column] = value === noData ? NaN : value;
    }
  }
}

/** Reads sample `k` of the row that begins at byte `start`. */
function sampleReader(
  { format, bits }: RasterLayout,
  bytes: Uint8Array,
): (start: number, k: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bits < 8) {
    const mask = (1 << bits) - 1;
    return (start, k) => (bytes[start + ((k * bits) >> 3)]! >> (8 - bits - ((k * bits) & 7))) & mask;
  }
  switch (format * 100 + bits) {
    case 108:
      return (start, k) => view.getUint8(start + k);
    case 116:
      return (start, k) => view.getUint16(start + 2 * k, true);
    case 132:
      return (start, k) => view.getUint32(start + 4 * k, true);
    case 208:
      return (start, k) => view.getInt8(start + k);
    case 216:
      return (start, k) => view.getInt16(start + 2 * k, true);
    case 232:
      return (start, k) => view.getInt32(start + 4 * k, true);
    case 332:
      return (start, k) => view.getFloat32(start + 4 * k, true);
    default:
      return (start, k) => view.getFloat64(start + 8 * k, true);
  }
}
