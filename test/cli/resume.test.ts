// kill -9 at moments of a real run, each followed by --resume: the bytes of an uninterrupted run. The Ottawa version
// with 20 random moments is benchmarks/kill-and-resume.ts.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, type CliResult } from '../support/run-cli.ts';

const program = fileURLToPath(new URL('../../bin/mastplan.js', import.meta.url));
const tiny = fileURLToPath(new URL('../fixtures/tiny/scenario.yaml', import.meta.url));
let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-killed-'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

const argsFor = (out: string, ...more: string[]): string[] => [
  'plan',
  tiny,
  '--effort',
  'quick',
  '--threads',
  '1',
  '--no-progress',
  '--quiet',
  '--out',
  join(work, out),
  ...more,
];

/** Every file of a run but run.json, the one that may differ. */
function contents(out: string): Record<string, string> {
  const names = readdirSync(join(work, out)).filter((name) => name !== 'run.json');
  return Object.fromEntries(
    names.sort().map((name) => [name, readFileSync(join(work, out, name), 'latin1')]),
  );
}

/** Runs and kills the process as soon as `reached` says so; true when the kill came before its end. */
function runAndKill(out: string, reached: () => boolean): Promise<boolean> {
  const child = spawn(process.execPath, [program, ...argsFor(out)], { stdio: 'ignore' });
  const timer = setInterval(() => {
    if (reached()) child.kill('SIGKILL');
  }, 2);
  return new Promise((resolve) =>
    child.on('close', (_code, signal) => {
      clearInterval(timer);
      resolve(signal === 'SIGKILL');
    }),
  );
}

const sizeOf = (path: string): number => (existsSync(path) ? statSync(path).size : 0);

/** What is reached when the process is killed. */
const MOMENTS: readonly (readonly [string, (out: string) => boolean])[] = [
  ['the folder is taken', (out) => existsSync(join(out, '.mastplan'))],
  ['the first results are recorded', (out) => sizeOf(join(out, '.mastplan/checkpoint.log')) > 2000],
  [
    'files are staged',
    (out) =>
      existsSync(join(out, '.mastplan/stage/users.geojson')) ||
      existsSync(join(out, '.mastplan/stage/demand.geojson')),
  ],
  ['files are moved into place', (out) => existsSync(join(out, '.mastplan/commit.json'))],
];

describe('mastplan plan --resume', () => {
  let expected: Record<string, string> = {};
  beforeAll(async () => {
    expect((await runCli(argsFor('whole'))).exitCode).toBe(0);
    expected = contents('whole');
  }, 180_000);

  it.each(MOMENTS)('ends with the same bytes after kill -9 when %s', async (moment, reached) => {
    const out = moment.replaceAll(' ', '-');
    await runAndKill(out, () => reached(join(work, out)));
    const run: CliResult = await runCli(argsFor(out, '--resume'));
    expect(run).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(contents(out)).toEqual(expected);
  });

  it('refuses another seed in one sentence and leaves the checkpoint for the right one', async () => {
    await runAndKill('other', () => sizeOf(join(work, 'other/.mastplan/checkpoint.log')) > 2000);
    const wrong = await runCli(argsFor('other', '--resume', '--seed', '2'));
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toMatch(
      /^\S+ cannot be resumed: it belongs to another scenario \(a key or a flag differs\)\. .*\n$/,
    );
    const path = join(work, 'other/.mastplan/checkpoint.log');
    const bytes = readFileSync(path);
    bytes.fill(0xff, bytes.length - 300, bytes.length - 200);
    writeFileSync(path, bytes);
    const right = await runCli(argsFor('other', '--resume').filter((arg) => arg !== '--quiet'));
    expect(right.exitCode).toBe(0);
    expect(right.stderr).toMatch(/checkpoint .* (damaged|not whole): that work is done again\./);
    expect(contents('other')).toEqual(expected);
  });
});
