/**
 * How fast does demand come in from GeoJSON, beside the plain recipe (byte scanner and JSON.parse, no checks, no ids,
 * no sorting), and how much memory does it take? Seeded points of about 200 bytes; every measurement has a process of
 * its own, started in turns.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Row, RunOptions } from './benchmark.ts';

export const name = 'read-demand';
export const question = 'Loading demand from GeoJSON: at most 1.3 x the plain recipe? How much memory?';

interface Measured {
  readonly count: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

const CASES = [
  { label: '1 M points', points: 1_000_000, runs: 5 },
  { label: '5 M points, 1 GB', points: 5_000_000, runs: 1 },
];

export async function run({ only, log }: RunOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { label, points, runs } of CASES) {
    if (!label.includes(only)) continue;
    const folder = mkdtempSync(join(tmpdir(), 'mastplan-bench-'));
    try {
      const file = join(folder, 'demand.geojson');
      child('write', file, String(points));
      const megabytes = statSync(file).size / 1e6;
      const recipe: Measured[] = [];
      const demand: Measured[] = [];
      for (let turn = 0; turn < runs; turn++) {
        log(`${label}: turn ${turn + 1} of ${runs}`);
        recipe.push(measure('recipe', file));
        demand.push(measure('demand', file));
      }
      rows.push(rowOf(label, megabytes, recipe, demand));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return rows;
}

function child(...args: readonly string[]): string {
  const script = fileURLToPath(new URL('support/demand-reading.ts', import.meta.url));
  return execFileSync(process.execPath, ['--import', 'tsx', script, ...args], { encoding: 'utf8' });
}

function measure(mode: 'recipe' | 'demand', file: string): Measured {
  return JSON.parse(child(mode, file)) as Measured;
}

function rowOf(
  label: string,
  megabytes: number,
  recipe: readonly Measured[],
  demand: readonly Measured[],
): Row {
  const own = median(demand, 'seconds');
  const plain = median(recipe, 'seconds');
  return {
    label,
    metrics: [
      { name: 'readDemand', unit: 's', value: own, better: 'smaller', noise: 0.15 },
      { name: 'recipe', unit: 's', value: plain, better: 'info' },
      { name: 'readDemand / recipe', unit: 'x', value: own / plain, better: 'smaller', noise: 0.15 },
      { name: 'rate', unit: 'MB/s', value: megabytes / own, better: 'larger', noise: 0.15 },
      {
        name: 'rate per core (by CPU)',
        unit: 'MB/s',
        value: megabytes / median(demand, 'cpuSeconds'),
        better: 'larger',
        noise: 0.15,
      },
      {
        name: 'CPU of the process',
        unit: 's',
        value: median(demand, 'cpuSeconds'),
        better: 'smaller',
        noise: 0.15,
      },
      { name: 'peak memory', unit: 'MB', value: median(demand, 'peakMb'), better: 'smaller', noise: 0.1 },
    ],
    note: `${megabytes.toFixed(0)} MB; ${demand[0]?.count ?? 0} points kept; medians of ${demand.length}`,
  };
}

function median(all: readonly Measured[], key: keyof Measured): number {
  const values = all.map((one) => one[key]).toSorted((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? NaN;
}
