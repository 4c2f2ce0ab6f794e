// Numbers nobody means are refused in a sentence before anything is computed or written: exit 2, or 4 where memory is what lacks.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMain } from '../support/run-main.ts';

const tiny = fileURLToPath(new URL('../fixtures/tiny/scenario.yaml', import.meta.url));
const users = fileURLToPath(new URL('../fixtures/tiny/users.geojson', import.meta.url));
const generated = ['--demand', users, '--users', 'day=users_day'];
let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-flags-'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

const CASES: readonly (readonly [readonly string[], number, string])[] = [
  [['plan', tiny, '--threads', '1000000000'], 2, 'solver.threads'],
  [
    ['plan', tiny, '--raster-cell', 'Infinity'],
    2,
    '--raster-cell must be a number of 1 or more, got "Infinity".',
  ],
  [['plan', tiny, '--raster-cell', 'NaN'], 2, '--raster-cell must be a number of 1 or more, got "NaN".'],
  [
    ['plan', tiny, '--max-errors', 'many'],
    2,
    '--max-errors must be a whole number of at least 1, got "many".',
  ],
  [['plan', tiny, '--eirp', 'Infinity'], 2, '--eirp must be a number, got "Infinity".'],
  [['plan', tiny, '--seed', '1e400'], 2, '--seed must be a whole number, got "1e400".'],
  [['plan', tiny, '--memory', '1e9999'], 2, 'must be a size such as 4G or 800M'],
  [
    ['plan', ...generated, '--spacing', '0.001'],
    2,
    'a spacing of 0.001 m gives more than 2,000,000 candidates.',
  ],
  [['plan', tiny, '--raster-cell', '1', '--memory', '700M'], 4, 'Raise --raster-cell.'],
];

describe('a command with a number nobody means', () => {
  it.each(CASES)('%j: exit %i', async (args, exitCode, sentence) => {
    const out = join(work, 'out');
    const run = await runMain(
      [...args, '--threads', '1', '--quiet', '--out', out].filter(keepOwnThreads(args)),
    );
    expect(run.stderr).toContain(sentence);
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(run.exitCode).toBe(exitCode);
    expect(existsSync(out)).toBe(false);
  });
});

/** The case's own --threads wins over the one that keeps tests cheap. */
function keepOwnThreads(args: readonly string[]): (arg: string, place: number) => boolean {
  const own = args.includes('--threads');
  return (_, place) => !own || place < args.length || place > args.length + 1;
}

describe('a scenario', () => {
  it('may not use the one name that objects cannot hold: it would be lost in silence', async () => {
    const path = join(work, 'names.yaml');
    writeFileSync(path, 'demand: { file: users.geojson, users: { day: u,\n  "__proto__": v } }\n');
    const run = await runMain(['plan', path, '--quiet', '--out', join(work, 'none')]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(
      /names\.yaml, line 2: "__proto__" cannot be used as a name\. Choose another\.\n$/,
    );
  });
});

describe('a scenario with a number nobody means', () => {
  it.each(['.inf', '-.inf', '.nan', '1e999'])('%s: exit 2', async (number) => {
    const path = join(work, 'scenario.yaml');
    writeFileSync(
      path,
      `demand: { file: users.geojson }\nradio: { heightM: ${number} }\nservice: { rsrpDbm: ${number} }\n`,
    );
    const run = await runMain(['plan', path, '--quiet', '--out', join(work, 'none')]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/heightM/);
    expect(run.stderr).not.toMatch(/undefined|\[object/);
  });
});
