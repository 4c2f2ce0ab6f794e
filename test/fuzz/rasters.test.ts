// Damaged and hostile rasters: heights, classes and people, or a sentence; never another error, a hang or memory out
// of proportion to the file. 1,540 damaged files a run (FUZZ_SEED, FUZZ_FACTOR as in fuzz.test.ts), then the attacks
// that are known by name.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EnvironmentError, InputError } from '../../src/errors.ts';
import { Findings } from '../../src/input/findings.ts';
import { readFeatures } from '../../src/input/stream/read-features.ts';
import { readTerrain } from '../../src/input/terrain/read-terrain.ts';
import { createRandom } from '../../src/random.ts';
import { PLACED, tiffBytes, type Tags } from '../support/tiff.ts';
import { mutate } from './mutate.ts';

const encodings = fileURLToPath(new URL('../fixtures/terrain/encodings/', import.meta.url));
const found = fileURLToPath(new URL('../fixtures/fuzz-rasters/', import.meta.url));
const seed = Number(process.env['FUZZ_SEED'] ?? 1);
const factor = Number(process.env['FUZZ_FACTOR'] ?? 1);
let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-rasters-'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

const AREA = { west: -0.135, south: 51.47, east: -0.125, north: 51.475 };

/** By name: what reads the file, and the ending it has. */
const READERS = {
  terrain: (path: string) => readTerrain(path, { file: 'hostile', area: null, kind: 'terrain' }),
  clutter: (path: string) => readTerrain(path, { file: 'hostile', area: AREA, kind: 'clutter' }),
  projected: (path: string) =>
    readTerrain(path, { file: 'hostile', area: null, crs: 'EPSG:32630', kind: 'terrain' }),
  people: (path: string) =>
    readFeatures(path, { file: 'hostile', fields: [], findings: new Findings(5), onRow: () => undefined }),
} as const;
type Reader = keyof typeof READERS;

/** Reads a file; throws when the outcome is neither data nor a plain sentence. */
async function outcomeOf(reader: Reader, path: string): Promise<string> {
  try {
    await READERS[reader](path);
    return 'read';
  } catch (error) {
    if (!(error instanceof InputError) && !(error instanceof EnvironmentError)) throw error;
    expect(error.message).not.toMatch(/\bundefined\b|\bnull\b|NaN|\[object|\bat \S+:\d+:\d+/);
    expect(error.message.length).toBeLessThan(500);
    return error.message;
  }
}

async function campaign(
  reader: Reader,
  name: string,
  seeds: readonly Uint8Array[],
  cases: number,
): Promise<number> {
  const random = createRandom(seed, 0);
  const path = join(work, name);
  let read = 0;
  for (let number = 0; number < factor * cases; number++) {
    const bytes = mutate(seeds, random);
    writeFileSync(path, bytes);
    try {
      if ((await outcomeOf(reader, path)) === 'read') read++;
    } catch (error) {
      throw new Error(`base64: ${Buffer.from(bytes).toString('base64').slice(0, 20_000)}`, { cause: error });
    }
  }
  return read;
}

const SEEDS = readdirSync(encodings)
  .filter((name) => name !== 'big-endian.tif')
  .map((name) => new Uint8Array(readFileSync(encodings + name)));

describe('damaged rasters', () => {
  it.each([
    ['terrain', 400],
    ['clutter', 300],
    ['projected', 200],
    ['people', 400],
  ] as const)('as %s', async (reader, cases) => {
    const read = await campaign(reader, 'damaged.tif', SEEDS, cases);
    // Damage in the pixels leaves a raster that can be read.
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(factor * cases);
  });

  it('as a packed SRTM tile', async () => {
    const tile = gzipSync(Buffer.alloc(2 * 1201 * 1201));
    const read = await campaign('terrain', 'N51W001.hgt.gz', [new Uint8Array(tile)], 40);
    expect(read).toBeLessThan(factor * 40);
  });

  it('as any directory of tags', async () => {
    const number = fc.oneof(fc.nat(64), fc.constantFrom(0xffff, 0x7fffffff, 0xffffffff));
    const value = fc.tuple(fc.constantFrom(3, 4), fc.array(number, { minLength: 1, maxLength: 4 }), number);
    const tag = fc.constantFrom(256, 257, 258, 259, 273, 277, 278, 279, 284, 317, 322, 323, 324, 325, 339);
    const path = join(work, 'any.tif');
    const anyTags = fc.array(fc.tuple(tag, value), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(anyTags, fc.constantFrom<Reader>('terrain', 'people'), async (given, reader) => {
        const own = Object.fromEntries(
          given.map(([key, [type, values, count]]) => [
            key,
            [type, values.map((each) => (type === 3 ? each & 0xffff : each)), count] as const,
          ]),
        );
        const size: Tags = { 256: [4, [6]], 257: [4, [4]], 273: [4, [2048]], 279: [4, [24]] };
        writeFileSync(path, tiffBytes({ ...PLACED, ...size, ...own }, new Uint8Array(24)));
        await outcomeOf(reader, path);
      }),
      { numRuns: 200 * factor },
    );
  });
});

/** LZW codes of 9 bits, high bit first. */
function codes(...list: readonly number[]): Uint8Array {
  const bits = list.map((code) => code.toString(2).padStart(9, '0')).join('');
  return Uint8Array.from(bits.match(/.{1,8}/g)!, (byte) => parseInt(byte.padEnd(8, '0'), 2));
}

const image = (columns: number, rows: number, bytes: number, more: Tags = {}): Tags => ({
  ...PLACED,
  256: [4, [columns]],
  257: [4, [rows]],
  273: [4, [2048]],
  279: [4, [bytes]],
  ...more,
});
const tiles = (columns: number, rows: number, size: readonly [number, number], more: Tags): Tags => ({
  ...PLACED,
  256: [4, [columns]],
  257: [4, [rows]],
  322: [4, [size[0]]],
  323: [4, [size[1]]],
  ...more,
});
const BOMB = deflateSync(new Uint8Array(2 ** 24));

/** What is tried, the file, what its owner is told. */
const ATTACKS: readonly (readonly [string, () => Uint8Array, string])[] = [
  ['4 * 10^9 columns', () => tiffBytes(image(0xffffffff, 1, 24), new Uint8Array(24)), 'cannot hold'],
  ['4 * 10^9 x 4 * 10^9 pixels', () => tiffBytes(image(0xffffffff, 0xffffffff, 24)), 'cannot hold'],
  [
    'tiles of one pixel',
    () => tiffBytes(tiles(60_000, 1000, [1, 1], { 324: [4, [2048]], 325: [4, [1]] })),
    'lists too few blocks',
  ],
  [
    'tiles without a size',
    () => tiffBytes(tiles(60, 60, [0, 0], { 324: [4, [2048]], 325: [4, [1]] })),
    'no usable size',
  ],
  [
    'tiles far larger than the image',
    () =>
      tiffBytes(
        tiles(8, 1, [1, 2 ** 28], {
          324: [4, Array<number>(8).fill(2048)],
          325: [4, Array<number>(8).fill(9)],
        }),
      ),
    'cannot hold',
  ],
  [
    'tiles of 65,536 x 65,536 pixels',
    () =>
      tiffBytes(
        tiles(64, 64, [65_536, 65_536], { 259: [3, [8]], 324: [4, [2048]], 325: [4, [BOMB.length]] }),
        BOMB,
      ),
    'cannot hold',
  ],
  [
    'a block that unpacks to 16 MB and has 24 pixels',
    () => tiffBytes(image(6, 4, BOMB.length, { 259: [3, [8]] }), BOMB),
    'cannot be read as GeoTIFF',
  ],
  [
    'an LZW code made of itself',
    () => {
      const circle = [256, 65, 300, ...Array<number>(40).fill(65), 300, 65, 300];
      const pixels = codes(...circle);
      return tiffBytes(image(16, 16, pixels.length, { 259: [3, [5]] }), pixels);
    },
    'LZW data are damaged',
  ],
  [
    'an LZW code that doubles',
    () => {
      const pixels = codes(256, 65, ...Array.from({ length: 200 }, (_, k) => 258 + k));
      return tiffBytes(image(16, 16, pixels.length, { 259: [3, [5]] }), pixels);
    },
    'holds more than its pixels',
  ],
  [
    'pixels past the end',
    () => tiffBytes(image(6, 4, 24, { 273: [4, [0xfffffff0]] })),
    'past the end of the file',
  ],
  ['4 GB of pixels', () => tiffBytes(image(6, 4, 0xffffffff)), 'past the end of the file'],
  ['fewer pixels than said', () => tiffBytes(image(6, 4, 12), new Uint8Array(24)), 'shorter than its pixels'],
  [
    'a table of 4 * 10^9 strips',
    () => tiffBytes(image(6, 4, 24, { 273: [4, [2048], 0xffffffff] }), new Uint8Array(24)),
    'past the end of the file',
  ],
  [
    'a directory of 65,535 entries',
    () => {
      const bytes = tiffBytes(image(6, 4, 24), new Uint8Array(2e6));
      new DataView(bytes.buffer, bytes.byteOffset).setUint16(8, 65_535, true);
      return bytes;
    },
    'has 65535 entries',
  ],
  [
    'a directory past the end',
    () => {
      const bytes = tiffBytes(image(6, 4, 24), new Uint8Array(24));
      new DataView(bytes.buffer, bytes.byteOffset).setUint32(4, 0xfffffff0, true);
      return bytes;
    },
    'past the end of the file',
  ],
  [
    'pixels of no size',
    () => tiffBytes(image(6, 4, 24, { 33550: [12, [1e-300, 1e-300, 0]] })),
    'where its pixels lie',
  ],
  [
    'pixels of no number',
    () => tiffBytes(image(6, 4, 24, { 33550: [12, [NaN, Infinity, 0]] })),
    'where its pixels lie',
  ],
  [
    'a place of no number',
    () => tiffBytes(image(6, 4, 24, { 33922: [12, [0, 0, 0, Infinity, NaN, 0]] })),
    'where its pixels lie',
  ],
  [
    'a place beyond the pole',
    () => tiffBytes(image(6, 4, 24, { 33922: [12, [0, 0, 0, 10, 400, 0]] })),
    'has its pixels where no',
  ],
];

describe('attacks on rasters known by name', () => {
  it.each(ATTACKS)('%s', async (_what, bytes, sentence) => {
    const path = join(work, 'attack.tif');
    writeFileSync(path, bytes());
    expect(await outcomeOf('terrain', path)).toContain(sentence);
    expect(await outcomeOf('people', path)).toContain(sentence);
  });

  it('a directory that follows itself is read once', async () => {
    const path = join(work, 'circle.tif');
    writeFileSync(path, tiffBytes(image(6, 4, 24), new Uint8Array(24), 8));
    expect([await outcomeOf('terrain', path), await outcomeOf('people', path)]).toEqual(['read', 'read']);
  });
});

describe('findings of earlier runs', () => {
  it.each(readdirSync(found))('%s', async (name) => {
    for (const reader of ['terrain', 'people'] as const) await outcomeOf(reader, join(found, name));
  });
});
