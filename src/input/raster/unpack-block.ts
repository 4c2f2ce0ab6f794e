import { inflateSync } from 'node:zlib';
import { Decompress } from 'fzstd';
import { unpackLzw } from './lzw.ts';

/** TIFF's numbers of the methods that lose nothing and are read. */
const NONE = 1;
const LZW = 5;
const DEFLATE = [8, 32946];
const PACKBITS = 32773;
const ZSTD = 50000;
const OTHERS: Readonly<Record<number, string>> = { 6: 'JPEG', 7: 'JPEG', 34887: 'LERC', 50001: 'WebP' };

/** Why blocks of this method are not read, or null. */
export function unreadableCompression(method: number): string | null {
  if ([NONE, LZW, ...DEFLATE, PACKBITS, ZSTD].includes(method)) return null;
  return `is compressed as ${OTHERS[method] ?? `method ${method}`}`;
}

/**
 * The plain bytes of a block, at most `limit`: a block that would hold more than its pixels ends the reading.
 * @throws Error for damaged data
 */
export function unpackBlock(method: number, packed: Uint8Array, limit: number): Uint8Array {
  switch (method) {
    case NONE:
      return packed;
    case LZW:
      return unpackLzw(packed, limit);
    case PACKBITS:
      return unpackBits(packed, limit);
    case ZSTD:
      return unpackZstd(packed, limit);
    default:
      return inflateSync(packed, { maxOutputLength: limit });
  }
}

/** TIFF 6.0 section 9. */
function unpackBits(packed: Uint8Array, limit: number): Uint8Array {
  const plain = new Uint8Array(limit);
  let at = 0;
  let next = 0;
  while (next < packed.length && at < limit) {
    const header = (packed[next++]! << 24) >> 24;
    if (header === -128) continue;
    const count = Math.min(Math.abs(header) + 1, limit - at);
    if (header < 0) plain.fill(packed[next++] ?? 0, at, at + count);
    else {
      plain.set(packed.subarray(next, next + count), at);
      next += count;
    }
    at += count;
  }
  return plain.subarray(0, at);
}

function unpackZstd(packed: Uint8Array, limit: number): Uint8Array {
  const plain = new Uint8Array(limit);
  let at = 0;
  const stream = new Decompress((chunk) => {
    if (at + chunk.length > limit) throw new RangeError('a block holds more than its pixels');
    plain.set(chunk, at);
    at += chunk.length;
  });
  stream.push(packed, true);
  return plain.subarray(0, at);
}

/** How the samples of a block stand in its bytes. */
export interface SampleLayout {
  /** 1 = unsigned, 2 = signed, 3 = floating point (TIFF 6.0, SampleFormat). */
  readonly format: number;
  readonly bits: number;
  /** Samples side by side per pixel. */
  readonly samples: number;
  /** 1 = none, 2 = differences, 3 = differences of floating-point bytes (TIFF 6.0 section 14; Adobe TIFF technical note 3). */
  readonly predictor: number;
  readonly littleEndian: boolean;
}

/** Undoes the predictor row by row, in place; the samples are little-endian afterwards. */
export function plainSamples(bytes: Uint8Array, rowPixels: number, layout: SampleLayout): void {
  const { bits, samples, predictor, littleEndian } = layout;
  const size = bits >> 3;
  if (!littleEndian && predictor !== 3 && size > 1) swapBytes(bytes, size);
  if (predictor === 1 || size === 0) return;
  const rowBytes = rowPixels * samples * size;
  for (let start = 0; start + rowBytes <= bytes.length; start += rowBytes) {
    const row = bytes.subarray(start, start + rowBytes);
    if (predictor === 3) joinFloats(row, samples, size);
    else addUp(row, samples, size);
  }
}

function swapBytes(bytes: Uint8Array, size: number): void {
  for (let at = 0; at + size <= bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** Each sample is the difference to the one before it, modulo its size. */
function addUp(row: Uint8Array, samples: number, size: number): void {
  const stride = samples * size;
  for (let at = stride; at < row.length; at += size) {
    let carry = 0;
    for (let b = at; b < at + size; b++) {
      const sum = row[b]! + row[b - stride]! + carry;
      row[b] = sum;
      carry = sum >> 8;
    }
  }
}

/** Bytes of equal rank stand together, highest first, each as the difference to the one before it. */
function joinFloats(row: Uint8Array, samples: number, size: number): void {
  for (let at = samples; at < row.length; at++) row[at] = row[at]! + row[at - samples]!;
  const ranks = Uint8Array.from(row);
  const count = row.length / size;
  for (let value = 0; value < count; value++) {
    for (let b = 0; b < size; b++) row[size * value + b] = ranks[(size - 1 - b) * count + value]!;
  }
}
