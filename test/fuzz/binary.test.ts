// Damaged GeoPackage, FlatGeobuf and GeoParquet files: data or a sentence, never another error, a hang or unbounded memory.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertFile } from '../../src/convert.ts';
import { InputError } from '../../src/errors.ts';
import { Findings } from '../../src/input/findings.ts';
import { readFeatures } from '../../src/input/stream/read-features.ts';
import { createRandom } from '../../src/random.ts';
import { mutate } from './mutate.ts';

const tiny = fileURLToPath(new URL('../fixtures/tiny/candidates.geojson', import.meta.url));
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

describe('damaged binary files', () => {
  it.each([
    ['gpkg', 120],
    ['fgb', 250],
    ['parquet', 250],
  ])('%s', async (ending, cases) => {
    const path = join(work, `whole.${ending}`);
    await convertFile(tiny, path);
    expect(await read(path)).toBe('read');
    const seeds = [new Uint8Array(readFileSync(path))];
    const random = createRandom(seed, 0);
    const damaged = join(work, `damaged.${ending}`);
    let refused = 0;
    for (let number = 0; number < factor * cases; number++) {
      const bytes = mutate(seeds, random);
      writeFileSync(damaged, bytes);
      try {
        if ((await read(damaged)) === 'refused') refused++;
      } catch (error) {
        throw new Error(`base64: ${Buffer.from(bytes).toString('base64').slice(0, 20_000)}`, {
          cause: error,
        });
      }
    }
    expect(refused).toBeGreaterThan(cases / 4);
  });

  it.each(readdirSync(findingsFolder))('found before: %s', async (name) => {
    const path = join(work, `found${extname(name)}`);
    writeFileSync(path, readFileSync(join(findingsFolder, name)));
    expect(['read', 'refused']).toContain(await read(path));
  });
});
