import { buildMatrix, type MatrixRequest } from './coverage/build-matrix.ts';
import type { Sensitivity } from './plan-result.ts';
import type { CoveringProblem } from './solve/problem.ts';
import { solve } from './solve/solve.ts';
import type { SolveOptions } from './solve/solution.ts';

/** Signal errors that reports state the plan for, dB: about one and two standard errors of a tuned model's bias. */
export const SENSITIVITY_OFFSETS_DB = [-6, -3, 3, 6] as const;

/**
 * How many sites the same targets would need if the predicted signal were better or worse by some dB. Today's service
 * stays as it is (measurement beats prediction); each case is solved with quick effort, so a case may stand a
 * little above its optimum.
 */
export async function planSensitivity(
  problem: CoveringProblem,
  request: MatrixRequest,
  options: SolveOptions,
): Promise<Sensitivity[]> {
  const last = problem.phases.at(-1);
  if (last === undefined) return [];
  const cases: Sensitivity[] = [];
  for (const offsetDb of SENSITIVITY_OFFSETS_DB) {
    if (options.signal?.aborted === true) break;
    const { matrix } = await buildMatrix({ ...request, offsetDb });
    const phases = [{ name: last.name, targets: problem.phases.flatMap(({ targets }) => targets) }];
    const moved = { ...problem, coverage: matrix, phases };
    const solution = await solve(moved, {
      ...options,
      effort: 'quick',
      timeLimitS: null,
      onProgress: undefined,
    });
    cases.push({
      offsetDb,
      sites: solution.feasible ? solution.sites.length : null,
      cost: solution.feasible ? solution.cost : null,
    });
  }
  return cases;
}
