/** Tags of a TIFF by number: type (TIFF 6.0 section 2: 3 = SHORT, 4 = LONG, 12 = DOUBLE) and values. */
export type Tags = Readonly<
  Record<number, readonly [type: number, values: readonly number[], count?: number]>
>;

const SIZE: Readonly<Record<number, number>> = { 3: 2, 4: 4, 12: 8 };

/** WGS 84 from 0.1 W, 51.5 N with pixels of 0.001 degrees; one sample of 8 bits, no compression. */
export const PLACED: Tags = {
  258: [3, [8]],
  259: [3, [1]],
  262: [3, [1]],
  277: [3, [1]],
  33550: [12, [0.001, 0.001, 0]],
  33922: [12, [0, 0, 0, -0.1, 51.5, 0]],
  34735: [3, [1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326]],
};

/**
 * A little-endian TIFF of one directory at byte 8, `pixels` at byte 2048; a tag may claim another count than it has values.
 * @param next where the next directory is said to be
 */
export function tiffBytes(tags: Tags, pixels: Uint8Array = new Uint8Array(0), next = 0): Uint8Array {
  const entries = Object.entries(tags).sort(([a], [b]) => Number(a) - Number(b));
  const bytes = Buffer.alloc(2048 + pixels.length);
  bytes.write('II*\0', 'latin1');
  bytes.writeUInt32LE(8, 4);
  bytes.writeUInt16LE(entries.length, 8);
  let at = 10;
  let extra = 10 + 12 * entries.length + 4;
  for (const [number, [type, values, count = values.length]] of entries) {
    const size = SIZE[type]!;
    bytes.writeUInt16LE(Number(number), at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(count, at + 4);
    let to = at + 8;
    if (size * count > 4) {
      bytes.writeUInt32LE(extra, at + 8);
      to = extra;
      extra += size * values.length;
    }
    for (const value of values) {
      if (type === 12) bytes.writeDoubleLE(value, to);
      else bytes.writeUIntLE(value, to, size);
      to += size;
    }
    at += 12;
  }
  bytes.writeUInt32LE(next, at);
  bytes.set(pixels, 2048);
  return bytes;
}
