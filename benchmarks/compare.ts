/**
 * Compares two benchmark reports and fails (exit 1) when the second is worse: `tsx benchmarks/compare.ts OLD NEW
 * [--filter TEXT] [--noise 0.25]`. OLD and NEW are files that `run.ts --json` wrote, or checkouts of mastplan: those
 * are measured now, one after the other, with this checkout's benchmarks and filter.
 *
 * A figure is a regression when it is worse by more than its noise: costs and bounds are deterministic and state 0;
 * times and memory state theirs, or take `--noise`. Times are compared as ratios to the same report's calibration
 * where both reports have it, so that two machines, or a busy one, can be compared.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Metric, Report } from './benchmark.ts';
import { compareReports } from './support/compare-reports.ts';

const here = fileURLToPath(new URL('..', import.meta.url));

function load(path: string, filter: string): Report {
  if (!statSync(path).isDirectory()) return JSON.parse(readFileSync(path, 'utf8')) as Report;
  const args = ['--silent', 'tsx', `${here}benchmarks/run.ts`, '--json', ...(filter === '' ? [] : [filter])];
  const output = execFileSync('npx', args, {
    cwd: here,
    env: { ...process.env, MASTPLAN_CHECKOUT: path },
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 26,
  });
  return JSON.parse(output.toString()) as Report;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { noise: { type: 'string', default: '0.25' }, filter: { type: 'string', default: '' } },
});
const [before, after] = positionals;
if (before === undefined || after === undefined) {
  process.stderr.write('usage: tsx benchmarks/compare.ts OLD NEW [--filter TEXT] [--noise 0.25]\n');
  process.exit(2);
}
const differences = compareReports(
  load(before, values.filter),
  load(after, values.filter),
  Number(values.noise),
);
const text = (value: Metric['value']): string =>
  value === null ? 'none' : String(Number(value.toPrecision(6)));
for (const { where, metric, before: old, after: now, verdict } of differences) {
  process.stdout.write(`${verdict.padEnd(10)} ${where} / ${metric}: ${text(old)} -> ${text(now)}\n`);
}
const regressions = differences.filter(({ verdict }) => verdict === 'regression');
process.stdout.write(
  `${regressions.length} regressions, ${differences.length - regressions.length} other changes\n`,
);
process.exitCode = regressions.length > 0 ? 1 : 0;
