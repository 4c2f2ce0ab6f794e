/** Real users, several targets at once: H1-H4, 60 s each. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Row, RunOptions } from '../benchmark.ts';
import { runMastplan } from './mastplan.ts';
import { mastplanMetrics, rowOf } from './rows.ts';

export const name = 'Helsinki instances';
export const question = 'How good and how well proved are plans for 8 to 32 targets on real users, in 60 s?';

const folder = fileURLToPath(new URL('../../../shared/instances/helsinki/', import.meta.url));
const limitS = Number(process.env['MASTPLAN_BENCH_SECONDS'] ?? 60);

const CASES = [
  { file: 'H1-unit-1500m', best: 79, bound: 77 },
  { file: 'H2-cost-1500m', best: 101.04, bound: 99.078 },
  { file: 'H3-cost-1200m', best: 146.05, bound: 138.328 },
  { file: 'H4-cost-1500m-cities99', best: 149.95, bound: 145.142 },
] as const;

export async function run({ only, log }: RunOptions): Promise<Row[]> {
  if (!existsSync(folder)) {
    log('left out: ../shared/instances is not beside the clone');
    return [];
  }
  const rows: Row[] = [];
  for (const { file, best, bound } of CASES) {
    if (!file.includes(only)) continue;
    log(`${file}: ${limitS} s`);
    const ours = await runMastplan(`${folder}${file}.json.gz`, [
      '--time-limit',
      String(limitS),
      '--effort',
      'thorough',
    ]);
    rows.push(rowOf(file, mastplanMetrics(ours, { best, bound }), ours.status));
  }
  return rows;
}
