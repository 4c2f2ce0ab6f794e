/** Planar instances A-F against CBC and HiGHS on the full merged model, in the same run. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Row, RunOptions } from '../benchmark.ts';
import { cbcVersion, runCbc } from './cbc.ts';
import { highsKind, runHighs } from './highs.ts';
import { runMastplan, writeModel } from './mastplan.ts';
import { mastplanMetrics, otherMetrics, rowOf, timeRatio } from './rows.ts';

export const name = 'planar instances';
export const question =
  'How good and how well proved are plans for 95 % of the users, against CBC and HiGHS on the same merged model?';

const folder = fileURLToPath(new URL('../../../shared/instances/planar/', import.meta.url));

/** Limits and best values: issue "A solver that proves its plans" and the README of the instances. */
const CASES = [
  { file: 'A-uniform-100x10k', limitS: 15, of: 'total', best: 253, bound: 253 },
  { file: 'B-uniform-200x100k', limitS: 90, of: 'total', best: 301, bound: 301 },
  { file: 'C-uniform-1000x50k', limitS: 15, of: 'total', best: 2831, bound: 2831 },
  { file: 'D-uniform-5000x200k', limitS: 30, of: 'total', best: 11949, bound: 11947 },
  { file: 'E-clustered-1000x50k', limitS: 60, of: 'reachable', best: 4990, bound: 4951 },
  { file: 'F-clustered-5000x200k', limitS: 180, of: 'reachable', best: 9594, bound: 9301 },
] as const;
/** CBC and HiGHS get at least this long (MASTPLAN_BENCH_OTHER_SECONDS), and at least the limit of mastplan. */
const leastOtherLimitS = Number(process.env['MASTPLAN_BENCH_OTHER_SECONDS'] ?? 120);

export async function run({ only, log }: RunOptions): Promise<Row[]> {
  if (!existsSync(folder)) {
    log('left out: ../shared/instances is not beside the clone');
    return [];
  }
  const withOthers = process.env['MASTPLAN_BENCH_OTHERS'] !== '0';
  const cbc = withOthers ? cbcVersion() : null;
  const highs = highsKind();
  const scratch = mkdtempSync(join(tmpdir(), 'mastplan-models-'));
  const rows: Row[] = [];
  try {
    for (const { file, limitS, of, best, bound } of CASES) {
      if (!file.includes(only)) continue;
      log(`${file}: mastplan, ${limitS} s`);
      const instance = `${folder}${file}.txt.gz`;
      const goal = ['--share', '0.95', '--of', of];
      const ours = await runMastplan(instance, [
        ...goal,
        '--time-limit',
        String(limitS),
        '--effort',
        'thorough',
      ]);
      const metrics = mastplanMetrics(ours, { best, bound });
      const notes = [ours.status];
      if (withOthers) {
        const otherLimitS = Math.max(limitS, leastOtherLimitS);
        const mps = join(scratch, 'model.mps');
        await writeModel(instance, goal, mps);
        if (cbc !== null) {
          log(`${file}: CBC ${cbc}, ${otherLimitS} s`);
          const other = await runCbc(mps, otherLimitS);
          metrics.push(...otherMetrics('CBC', other), timeRatio('CBC', ours, other, otherLimitS));
          notes.push(`CBC ${cbc}: ${other.status}`);
        }
        log(`${file}: ${highs.label}, ${otherLimitS} s`);
        const other = await runHighs(mps, otherLimitS, highs.isNative);
        metrics.push(...otherMetrics('HiGHS', other), timeRatio('HiGHS', ours, other, otherLimitS));
        notes.push(`${highs.label}: ${other.status}`);
      }
      rows.push(rowOf(file, metrics, notes.join('; ')));
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
  return rows;
}
