// Hostile input: whatever bytes stand in a file, a reader answers with data or with a sentence (InputError, exit 2),
// never with another error, a hang or unbounded memory. Over 100,000 damaged files per run, the same in every run;
// FUZZ_SEED=n explores others and FUZZ_FACTOR=10 more of them. What was found stays in test/fixtures/fuzz.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { parseScenario } from '../../src/input/read-scenario.ts';
import { createRandom } from '../../src/random.ts';
import { ATTACKS } from './attacks.ts';
import {
  ANTENNA_SEEDS,
  FEATURE_SEEDS,
  INSTANCE_SEEDS,
  MODEL_SEEDS,
  SCENARIO_SEEDS,
  SCORECARD_SEEDS,
  TIME_SEEDS,
  WKB_SEEDS,
} from './corpus.ts';
import { mutate } from './mutate.ts';
import { runCase, TARGETS, type Target } from './targets.ts';

const seed = Number(process.env['FUZZ_SEED'] ?? 1);
const factor = Number(process.env['FUZZ_FACTOR'] ?? 1);

/** Target, seeds, cases: most where a case costs least and where most people's files go. */
const CAMPAIGNS: readonly (readonly [string, readonly Uint8Array[], number])[] = [
  ['features', FEATURE_SEEDS, 30_000],
  ['wkb', WKB_SEEDS, 20_000],
  ['json', INSTANCE_SEEDS.json, 8_000],
  ['scp', INSTANCE_SEEDS.scp, 4_000],
  ['rail', INSTANCE_SEEDS.rail, 4_000],
  ['planar', INSTANCE_SEEDS.planar, 6_000],
  ['bds', INSTANCE_SEEDS.bds, 6_000],
  ['mclp-lonlat', INSTANCE_SEEDS['mclp-lonlat'], 5_000],
  ['model', MODEL_SEEDS, 3_000],
  ['antenna', ANTENNA_SEEDS, 5_000],
  ['time', TIME_SEEDS, 20_000],
  ['scorecardTable', SCORECARD_SEEDS, 5_000],
  ['scorecard', SCORECARD_SEEDS, 500],
  ['scenario', SCENARIO_SEEDS, 800],
];

interface Failure {
  readonly bytes: Uint8Array;
  readonly error: unknown;
}

async function firstFailure(
  target: Target,
  seeds: readonly Uint8Array[],
  cases: number,
): Promise<Failure | null> {
  const random = createRandom(seed, 0);
  for (let number = 0; number < cases; number++) {
    const bytes = mutate(seeds, random);
    try {
      const outcome = runCase(target, bytes);
      if (outcome instanceof Promise) await outcome;
    } catch (error) {
      return { bytes, error };
    }
  }
  return null;
}

describe('damaged files', () => {
  it('are more than 100,000', () => {
    expect(CAMPAIGNS.reduce((sum, [, , cases]) => sum + cases, 0)).toBeGreaterThan(100_000);
  });

  it.each(CAMPAIGNS)(
    '%s',
    async (name, seeds, cases) => {
      const failure = await firstFailure(TARGETS[name]!, seeds, factor * cases);
      const found = failure === null ? '' : `base64: ${Buffer.from(failure.bytes).toString('base64')}`;
      expect(failure?.error, found).toBeUndefined();
    },
    600_000,
  );

  it('are read as data when they are not damaged', async () => {
    for (const [name, seeds] of CAMPAIGNS) {
      let read = 0;
      for (const bytes of seeds) if ((await runCase(TARGETS[name]!, bytes)) === 'read') read++;
      expect(read, name).toBeGreaterThan(0);
    }
  });
});

describe('any JSON as a scenario', () => {
  it('is a scenario or is refused in sentences', () => {
    const known = fc.constantFrom(
      'demand',
      'file',
      'radio',
      'phases',
      'targets',
      'share',
      'solver',
      'seed',
      '__proto__',
      'constructor',
    );
    const value = fc.object({
      key: fc.oneof(known, fc.string()),
      maxDepth: 3,
      maxKeys: 5,
      values: [fc.double(), fc.string(), fc.boolean(), fc.constant(null), fc.constant(1e9)],
    });
    const base = { demand: { file: 'users.geojson' } };
    fc.assert(
      fc.property(value, fc.boolean(), (given, merged) => {
        const text = { value: merged ? { ...base, ...given } : given, lineOf: () => null };
        try {
          parseScenario(text, 'hostile', [], '/nowhere');
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
        }
        expect(({} as Record<string, unknown>)['file']).toBeUndefined();
      }),
      { numRuns: 500 * factor },
    );
  });
});

describe('attacks known by name', () => {
  it.each(ATTACKS)('%s: %s', async (_what, name, bytes) => {
    expect(['read', 'refused']).toContain(await runCase(TARGETS[name]!, bytes()));
  });
});

describe('findings of earlier runs', () => {
  const folder = fileURLToPath(new URL('../fixtures/fuzz/', import.meta.url));
  it.each(readdirSync(folder).filter((name) => name.endsWith('.bin')))('%s', async (name) => {
    const target = TARGETS[name.split('.')[0]!]!;
    expect(['read', 'refused']).toContain(await runCase(target, new Uint8Array(readFileSync(folder + name))));
  });
});
