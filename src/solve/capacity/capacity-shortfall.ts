import type { SolveContext } from '../context.ts';
import type { CostGrid } from '../cost-grid.ts';
import type { ShortfallPlan } from '../least-shortfall.ts';
import { targetsUpTo } from '../phases.ts';
import type { CoveringProblem } from '../problem.ts';
import { requiredSites } from '../recount.ts';
import { AssignmentState } from './assignment-state.ts';
import { buildCapacityModel } from './build-capacity-model.ts';
import { addUntilMet } from './construct.ts';

/**
 * Targets that room (or sites that exclude each other) keeps from being met, lowered to what sites added for the largest
 * gain serve together; a search on the lowered targets then lowers the cost. That no plan serves more is not claimed.
 */
export function planCapacityShortfall(
  context: SolveContext,
  grid: CostGrid,
  problem: CoveringProblem,
): ShortfallPlan {
  const targets = targetsUpTo(problem, problem.phases.length - 1);
  const model = buildCapacityModel({ problem, targets, grid, everyone: false });
  const state = new AssignmentState(model);
  addUntilMet(state, null, Infinity);
  context.work += state.work;
  const missing = new Map(model.targets.map(({ index }, k) => [targets[index]!, state.missing(k)]));
  const phases = problem.phases.map((phase) => ({
    ...phase,
    targets: phase.targets.map((target) => ({
      ...target,
      needUsers: target.needUsers - (missing.get(target) ?? 0),
    })),
  }));
  const proved = context.provedInfeasible;
  return {
    problem: { ...problem, phases },
    sites: [...requiredSites(problem), ...state.sites().map((site) => model.siteOf[site]!)],
    proved,
    note: proved
      ? 'No plan meets all targets: branch and cut finds none within the room of the sites.'
      : 'No plan that meets all targets within the room of the sites was found; that none exists is not proved.',
  };
}
