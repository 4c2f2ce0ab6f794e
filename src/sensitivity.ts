import type { MatrixAt } from './coverage-source.ts';
import type { Sensitivity } from './plan-result.ts';
import type { CoveringProblem } from './solve/problem.ts';
import { solve } from './solve/solve.ts';
import type { SolveOptions } from './solve/solution.ts';

/** Signal errors that reports state the plan for, dB: about one and two standard errors of a tuned model's bias. */
export const SENSITIVITY_OFFSETS_DB = [-6, -3, 3, 6] as const;

/** The first plan that meets the targets is good enough here. */
const ANY_GAP = 1;

/**
 * How many sites the same targets would need if the predicted signal were better or worse by some dB. Today's service
 * stays as it is (measurement beats prediction); each case is solved by greedy, pruning and one walk, so its number
 * may stand a few per cent above the optimum.
 */
export async function planSensitivity(
  problem: CoveringProblem,
  matrixAt: MatrixAt,
  options: SolveOptions,
): Promise<Sensitivity[]> {
  const last = problem.phases.at(-1);
  if (last === undefined) return [];
  const phases = [{ name: last.name, targets: problem.phases.flatMap(({ targets }) => targets) }];
  const cases: Sensitivity[] = [];
  for (const [done, offsetDb] of SENSITIVITY_OFFSETS_DB.entries()) {
    if (options.signal?.aborted === true) break;
    const sign = offsetDb < 0 ? '-' : '+';
    const message = `signal ${sign}${Math.abs(offsetDb)} dB`;
    options.onProgress?.({ stage: 'what if', fraction: done / SENSITIVITY_OFFSETS_DB.length, message });
    const { matrix } = await matrixAt(offsetDb);
    const solution = await solve(
      { ...problem, coverage: matrix, phases },
      { ...options, effort: 'quick', gapGoal: ANY_GAP, timeLimitS: null, onProgress: undefined },
    );
    const met = solution.feasible;
    cases.push({ offsetDb, sites: met ? solution.sites.length : null, cost: met ? solution.cost : null });
  }
  return cases;
}
