/** 4 periods at 95 % plus 3 regions x 4 periods at 99 % on the planar instance E: a proof for 16 targets in 60 s? */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { readInstance } from '../../src/input/instance/read-instance.ts';
import { createRandom } from '../../src/random.ts';
import { instanceJson } from '../../src/report/instance-writer.ts';
import type { CoveringProblem, Target } from '../../src/solve/problem.ts';
import { countedTarget } from '../../src/solve/share-target.ts';
import type { Row, RunOptions } from '../benchmark.ts';
import { runMastplan } from './mastplan.ts';
import { mastplanMetrics, rowOf } from './rows.ts';

export const name = 'several targets on E';
export const question =
  'Is the gap at most 1 % in 60 s with 4 periods at 95 % and 3 regions x 4 periods at 99 %?';

const source = fileURLToPath(
  new URL('../../../shared/instances/planar/E-clustered-1000x50k.txt.gz', import.meta.url),
);
const PERIODS = 4;
const REGIONS = 3;
const SEED = 1;
/** Standard deviation of the logarithm of a period's factor. */
const SPREAD = 0.5;

export async function run({ only, log }: RunOptions): Promise<Row[]> {
  const label = '16 targets on E';
  if (!label.includes(only)) return [];
  if (!existsSync(source)) {
    log('left out: ../shared/instances is not beside the clone');
    return [];
  }
  const folder = mkdtempSync(join(tmpdir(), 'mastplan-targets-'));
  try {
    const problem = await readInstance(source, {
      share: { numerator: 19, denominator: 20 },
      of: 'reachable',
    });
    const file = join(folder, 'E16.json.gz');
    writeFileSync(file, gzipSync([...instanceJson(withPeriods(problem))].join(''), { level: 1 }));
    const ours = await runMastplan(file, ['--time-limit', '60', '--effort', 'thorough']);
    return [rowOf(label, mastplanMetrics(ours, { best: ours.value ?? 0, bound: null }), ours.status)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Users of each period = users x a log-normal factor, in whole thousandths. The three regions are
 * each a tenth of the reachable demand in its grid order: bands of the country, a fifth apart.
 */
function withPeriods(problem: CoveringProblem): CoveringProblem {
  const random = createRandom(SEED);
  const users = Array.from({ length: PERIODS }, () =>
    problem.users[0]!.map((count) =>
      Math.max(1, Math.round(1000 * count * Math.exp(SPREAD * normal(random.next)))),
    ),
  );
  const reachable = problem.phases[0]?.targets[0]?.members ?? new Uint32Array(0);
  const tenth = Math.floor(reachable.length / 10);
  const periods = users.map((_, period) => period);
  const everywhere = periods.map((period) => target(period, null, reachable, 95, users));
  const regional = Array.from({ length: REGIONS }, (_, region) =>
    periods.map((period) => {
      const members = reachable.slice((3 * region + 1) * tenth, (3 * region + 2) * tenth);
      return target(period, `region ${region + 1}`, members, 99, users);
    }),
  ).flat();
  return {
    ...problem,
    periods: periods.map((period) => `period ${period + 1}`),
    users,
    usersScale: 1000,
    servedToday: periods.map(() => new Uint8Array(problem.coverage.demandCount)),
    phases: [{ name: '95 % everywhere, 99 % in the regions', targets: [...everywhere, ...regional] }],
  };
}

function target(
  period: number,
  region: string | null,
  members: Uint32Array,
  percent: number,
  users: readonly Float64Array[],
): Target {
  return countedTarget({ period, region, members, share: { numerator: percent, denominator: 100 } }, users);
}

/** A standard normal variate by the method of Box and Muller (Ann. Math. Stat. 29, 1958). */
function normal(uniform: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
