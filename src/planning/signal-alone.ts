import type { SignalAlonePlan } from './plan-result.ts';
import { assignPlan } from '../solve/capacity/assign-plan.ts';
import { findOverload } from '../solve/capacity/overload.ts';
import { highsSolver } from '../solve/highs.ts';
import type { CoveringProblem } from '../solve/problem.ts';
import type { SolveOptions } from '../solve/solution.ts';
import { solve } from '../solve/solve.ts';

/** Any plan of this quality shows where room would run out. */
const GOOD_ENOUGH_GAP = 0.1;

/**
 * What a plan that looks at signal alone would overload: the same targets solved without capacities, its users then
 * assigned as well as its sites allow.
 */
export async function planBySignalAlone(
  problem: CoveringProblem,
  options: SolveOptions,
): Promise<SignalAlonePlan> {
  const unlimited: CoveringProblem = { ...problem, capacity: undefined };
  const last = problem.phases.at(-1)!;
  const targets = problem.phases.flatMap((phase) => phase.targets);
  const solution = await solve(
    { ...unlimited, phases: [{ name: last.name, targets }] },
    { ...options, effort: 'quick', gapGoal: GOOD_ENOUGH_GAP, timeLimitS: null, onProgress: undefined },
  );
  const { sites, cost } = solution;
  const mip = options.mip ?? highsSolver;
  const assignment = await assignPlan(problem, targets, sites, mip);
  return { sites, cost, ...findOverload(problem, sites, assignment) };
}
