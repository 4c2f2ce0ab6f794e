/**
 * Integer columns for the page: zigzag LEB128 (7 bits a byte, low first), optionally as differences, in base64.
 * Arithmetic instead of bit operations, so whole numbers up to 2^52 pass.
 */
export function packIntegers(values: ArrayLike<number>, differences = false): string {
  let bytes = new Uint8Array(Math.max(16, values.length * 4));
  let length = 0;
  let last = 0;
  for (let k = 0; k < values.length; k++) {
    const value = values[k]!;
    const delta = differences ? value - last : value;
    last = value;
    let rest = delta < 0 ? -2 * delta - 1 : 2 * delta;
    if (length + 10 > bytes.length) {
      const longer = new Uint8Array(bytes.length * 2);
      longer.set(bytes);
      bytes = longer;
    }
    while (rest >= 128) {
      bytes[length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    bytes[length++] = rest;
  }
  return toBase64(bytes.subarray(0, length));
}

/** The inverse of `packIntegers`. */
export function unpackIntegers(packed: string, differences = false): Float64Array {
  const text = atob(packed);
  let count = 0;
  for (let k = 0; k < text.length; k++) if (text.charCodeAt(k) < 128) count++;
  const values = new Float64Array(count);
  let last = 0;
  let at = 0;
  for (let k = 0; k < count; k++) {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = text.charCodeAt(at++);
      value += (byte % 128) * scale;
      if (byte < 128) break;
      scale *= 128;
    }
    const delta = value % 2 === 1 ? -(value + 1) / 2 : value / 2;
    last = differences ? last + delta : delta;
    values[k] = last;
  }
  return values;
}

function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let from = 0; from < bytes.length; from += 3 << 12) {
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(from, from + (3 << 12)))));
  }
  return pieces.join('');
}
