import type { MatrixAt } from './coverage-source.ts';
import { EnvironmentError } from '../errors.ts';
import type { Sensitivity } from './plan-result.ts';
import type { CoveringProblem } from '../solve/problem.ts';
import { solve } from '../solve/solve.ts';
import type { SolveOptions } from '../solve/solution.ts';

/** Signal errors that reports state the plan for, dB: about one and two standard errors of a tuned model's bias. */
export const SENSITIVITY_OFFSETS_DB = [-6, -3, 3, 6] as const;

/** The first plan that meets the targets is good enough here. */
const ANY_GAP = 1;

/**
 * How many sites the same targets would need if the predicted signal were better or worse by some dB. Today's service
 * stays as it is (measurement beats prediction); each case is solved by greedy, pruning and one walk, so its number
 * may stand a few per cent above the optimum. A case for which there is no memory is left out.
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
    const built = await matrixAt(offsetDb).catch(nullWithoutRoom);
    if (built === null) continue;
    const solution = await solve(
      { ...problem, coverage: built.matrix, phases },
      { ...options, effort: 'quick', gapGoal: ANY_GAP, timeLimitS: null, onProgress: undefined },
    );
    const met = solution.feasible;
    cases.push({ offsetDb, sites: met ? solution.sites.length : null, cost: met ? solution.cost : null });
  }
  return cases;
}

function nullWithoutRoom(error: unknown): null {
  if (error instanceof EnvironmentError && error.code === 'memory-estimate') return null;
  throw error;
}

/** Says which cases there was no memory for; nothing when all were worked out. */
export function leftOutCases(cases: readonly Sensitivity[], signal: AbortSignal | undefined): string[] {
  if (cases.length === 0 || signal?.aborted === true) return [];
  const missing = SENSITIVITY_OFFSETS_DB.filter((offset) =>
    cases.every(({ offsetDb }) => offsetDb !== offset),
  );
  const list = missing.map((offset) => `${offset > 0 ? '+' : ''}${offset} dB`).join(' and ');
  return missing.length === 0
    ? []
    : [`There was not memory enough to say how many sites a signal of ${list} would need.`];
}
