import type { Random } from '../../src/random.ts';

/** What breaks parsers: numbers at the edge, prototype keys, open brackets, other encodings, endless repetition. */
const TOKENS: readonly string[] = [
  'NaN',
  '-Infinity',
  '1e999',
  '-0',
  '1e-400',
  '999999999999999999999',
  '1000000000',
  '-1',
  '0x10',
  'null',
  'true',
  '""',
  '"__proto__":{"users":1},',
  '"constructor":1,',
  '__proto__',
  '\u0000',
  '\u001e',
  '\uFEFF',
  '"\\ud800"',
  '"\\u0000"',
  '\\',
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\n',
  '\r\n',
  ';',
  '[[[[[[[[',
  '{"a":',
  '0.'.repeat(20),
  ' '.repeat(64),
  'a'.repeat(300),
  '9'.repeat(400),
  '[]',
  '{}',
  '&a *a',
  '!!binary ',
  '../../../etc/passwd',
  'Polygon',
  'GeometryCollection',
];

const RAW: readonly (readonly number[])[] = [
  [0xff],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0x7f],
  [0, 0, 0, 0x80],
  [0, 0, 0, 0, 0, 0, 0xf8, 0x7f],
  [0, 0, 0, 0, 0, 0, 0xf0, 0xff],
];

const encoder = new TextEncoder();
const INSERTIONS: readonly Uint8Array[] = [
  ...TOKENS.map((token) => encoder.encode(token)),
  ...RAW.map((bytes) => Uint8Array.from(bytes)),
];

/** A damaged copy of one of the seeds: one to six changes of bytes, tokens and ranges. */
export function mutate(seeds: readonly Uint8Array[], random: Random): Uint8Array {
  let bytes = seeds[random.below(seeds.length)]!;
  const changes = 1 + random.below(random.below(6) + 1);
  for (let change = 0; change < changes; change++) bytes = changeOnce(bytes, seeds, random);
  return bytes;
}

function changeOnce(bytes: Uint8Array, seeds: readonly Uint8Array[], random: Random): Uint8Array {
  const at = random.below(bytes.length + 1);
  const end = Math.min(bytes.length, at + 1 + random.below(random.below(4) === 0 ? 200 : 12));
  switch (random.below(8)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return join(bytes.subarray(0, at), bytes.subarray(end));
    case 2:
      return join(bytes.subarray(0, end), bytes.subarray(at));
    case 3: {
      const other = seeds[random.below(seeds.length)]!;
      return join(bytes.subarray(0, at), other.subarray(random.below(other.length + 1)));
    }
    case 4: {
      const copy = bytes.slice();
      if (at < copy.length) copy[at] = random.below(256);
      return copy;
    }
    case 5: {
      const copy = bytes.slice();
      if (at < copy.length) copy[at]! ^= 1 << random.below(8);
      return copy;
    }
    case 6:
      return join(bytes.subarray(0, at), INSERTIONS[random.below(INSERTIONS.length)]!, bytes.subarray(end));
    default:
      return join(bytes.subarray(0, at), INSERTIONS[random.below(INSERTIONS.length)]!, bytes.subarray(at));
  }
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
