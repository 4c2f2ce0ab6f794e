// Damaged GeoPackage, FlatGeobuf, GeoParquet files and shapefiles: data or a sentence, never another error, a hang or unbounded memory.
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertFile } from '../../src/convert.ts';
import { InputError } from '../../src/errors.ts';
import { Findings } from '../../src/input/findings.ts';
import { readFeatures } from '../../src/input/stream/read-features.ts';
import { createRandom } from '../../src/random.ts';
import { mutate } from './mutate.ts';

const tiny = fileURLToPath(new URL('../fixtures/tiny/candidates.geojson', import.meta.url));
const dialects = fileURLToPath(new URL('../fixtures/dialects/', import.meta.url));
const findingsFolder = fileURLToPath(new URL('../fixtures/fuzz-binary/', import.meta.url));
const seed = Number(process.env['FUZZ_SEED'] ?? 1);
const factor = Number(process.env['FUZZ_FACTOR'] ?? 1);
let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-binary-'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** Reads a file; throws when the outcome is neither data nor a plain sentence. */
async function read(path: string): Promise<'read' | 'refused'> {
  const findings = new Findings(5);
  try {
    await readFeatures(path, {
      file: 'hostile',
      fields: [{ names: ['cost'] }],
      findings,
      onRow: () => undefined,
    });
    return 'read';
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message).not.toMatch(/\bundefined\b|\[object|\bat \S+:\d+:\d+/);
    return 'refused';
  }
}

/** Damages a file in many ways and reads it (or the file `opened` that it belongs to); how often it was refused. */
async function campaign(whole: string, damaged: string, cases: number, opened = damaged): Promise<number> {
  const seeds = [new Uint8Array(readFileSync(whole))];
  const random = createRandom(seed, 0);
  let refused = 0;
  for (let number = 0; number < factor * cases; number++) {
    const bytes = mutate(seeds, random);
    writeFileSync(damaged, bytes);
    try {
      if ((await read(opened)) === 'refused') refused++;
    } catch (error) {
      throw new Error(`base64: ${Buffer.from(bytes).toString('base64').slice(0, 20_000)}`, { cause: error });
    }
  }
  return refused;
}

describe('damaged binary files', () => {
  it.each([
    ['gpkg', 120],
    ['fgb', 250],
    ['parquet', 250],
  ])('%s', async (ending, cases) => {
    const path = join(work, `whole.${ending}`);
    await convertFile(tiny, path);
    expect(await read(path)).toBe('read');
    const refused = await campaign(path, join(work, `damaged.${ending}`), cases);
    expect(refused).toBeGreaterThan(cases / 4);
  });

  it.each([
    ['users.shp', 150],
    ['areas.shp', 300],
    ['areas.dbf', 100],
  ])('%s, the rest of the shapefile whole', async (name, cases) => {
    const ending = extname(name);
    const stem = join(work, 'damaged-shapes');
    for (const part of ['.shp', '.dbf']) {
      copyFileSync(join(dialects, basename(name, ending) + part), stem + part);
    }
    expect(await read(`${stem}.shp`)).toBe('read');
    const refused = await campaign(join(dialects, name), stem + ending, cases, `${stem}.shp`);
    expect(refused).toBeGreaterThan(cases / 4);
  });

  it.each(readdirSync(findingsFolder))('found before: %s', async (name) => {
    const path = join(work, `found${extname(name)}`);
    writeFileSync(path, readFileSync(join(findingsFolder, name)));
    expect(['read', 'refused']).toContain(await read(path));
  });
});

describe('attacks on shapefiles known by name', () => {
  /** A record of type 5 (polygon) with the starts of its parts and `points` corners. */
  function polygonRecord(starts: readonly number[], points: number): Buffer {
    const bytes = Buffer.alloc(100 + 8 + 44 + 4 * starts.length + 16 * points);
    bytes.writeInt32BE(9994, 0);
    bytes.writeInt32BE((bytes.length - 108) / 2, 104);
    bytes.writeInt32LE(5, 108);
    bytes.writeInt32LE(starts.length, 144);
    bytes.writeInt32LE(points, 148);
    starts.forEach((start, part) => bytes.writeInt32LE(start, 152 + 4 * part));
    return bytes;
  }
  const ends = Array.from({ length: 40_000 }, (_, part) => (part % 2 === 0 ? 0 : 40_000));

  it.each([
    ['parts that hand out the same corners again and again', polygonRecord(ends, 40_000), 'overlap'],
    ['parts that run backwards', polygonRecord([3, 0], 3), 'overlap'],
    ['a part past the corners', polygonRecord([0, 1_000_000], 3), 'overlap'],
    ['fewer parts than said', polygonRecord([0], 3).fill(0x7f, 144, 148), 'shorter than its parts'],
  ])('%s', async (_what, bytes, sentence) => {
    const stem = join(work, 'attack');
    copyFileSync(join(dialects, 'areas.dbf'), `${stem}.dbf`);
    writeFileSync(`${stem}.shp`, bytes);
    const options = { file: 'attack.shp', fields: [], findings: new Findings(5), onRow: () => undefined };
    await expect(readFeatures(`${stem}.shp`, options)).rejects.toThrow(sentence);
  });

  it('a table with fewer rows than there are shapes is not taken for one without attributes', async () => {
    const stem = join(work, 'short');
    copyFileSync(join(dialects, 'users.shp'), `${stem}.shp`);
    copyFileSync(join(dialects, 'areas.dbf'), `${stem}.dbf`);
    const options = { file: 'short.shp', fields: [], findings: new Findings(5), onRow: () => undefined };
    await expect(readFeatures(`${stem}.shp`, options)).rejects.toThrow(
      'short.shp: has more shapes than its .dbf has rows (2). Copy .shp and .dbf again, from the same place.',
    );
  });
});
