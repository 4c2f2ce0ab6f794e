const CLEAR = 256;
const END = 257;
const FIRST_FREE = 258;
const MOST_CODES = 4096;

/**
 * LZW as TIFF 6.0 section 13 has it: codes of 9 to 12 bits, high bit first, one code wider a code early. Every entry
 * follows from an earlier one and has a length of its own, so that no data makes it run in a circle or past `limit`.
 *
 * @throws RangeError for codes that no encoder writes and for more than `limit` bytes
 */
export function unpackLzw(packed: Uint8Array, limit: number): Uint8Array {
  const plain = new Uint8Array(limit);
  // An entry is the run of bytes that was written when it came up: where in `plain`, and how long.
  const from = new Uint32Array(MOST_CODES);
  const lengths = new Uint32Array(MOST_CODES);
  let size = FIRST_FREE;
  let width = 9;
  let at = 0;
  let previous = -1;
  let previousAt = 0;
  let bits = 0;
  let held = 0;
  let next = 0;
  for (;;) {
    while (held < width && next < packed.length) {
      bits = ((bits << 8) | packed[next++]!) & 0xffffff;
      held += 8;
    }
    if (held < width) break;
    const code = (bits >> (held - width)) & ((1 << width) - 1);
    held -= width;
    if (code === END) break;
    if (code === CLEAR) {
      size = FIRST_FREE;
      width = 9;
      previous = -1;
      continue;
    }
    const isNew = code === size && previous >= 0;
    if (code > size || (code === size && !isNew)) throw new RangeError('its LZW data are damaged');
    const previousLength = previous < 0 ? 0 : previous < CLEAR ? 1 : lengths[previous]!;
    const length = code < CLEAR ? 1 : isNew ? previousLength + 1 : lengths[code]!;
    if (at + length > limit) throw new RangeError('a block holds more than its pixels');
    if (code < CLEAR) plain[at] = code;
    else {
      const start = isNew ? previousAt : from[code]!;
      for (let k = 0; k < length; k++) plain[at + k] = plain[start + k]!;
    }
    if (previous >= 0 && size < MOST_CODES) {
      // The previous entry and the first byte of this one stand side by side in the output.
      from[size] = previousAt;
      lengths[size] = previousLength + 1;
      size++;
    }
    if (size + 1 >= 1 << width && width < 12) width++;
    previous = code;
    previousAt = at;
    at += length;
  }
  return plain.subarray(0, at);
}
