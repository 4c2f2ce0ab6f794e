import { TiledCoverage } from '../coverage/tiled-coverage.ts';
import { solveWithinBudget } from './budget.ts';
import { orderForBuilding } from './building-order.ts';
import { needsAssignment } from './capacity/needs-assignment.ts';
import { planCapacityShortfall } from './capacity/capacity-shortfall.ts';
import { SolveContext } from './context.ts';
import { findCostGrid, type CostGrid } from './cost-grid.ts';
import { relaxUnreachable } from './infeasibility.ts';
import { planLeastShortfall, type ShortfallPlan } from './least-shortfall.ts';
import { describePhases, solveAsBuilt, solveNested, targetsUpTo, type PhasePlan } from './phases.ts';
import type { CoveringProblem } from './problem.ts';
import { brokenRules, requiredSites } from './recount.ts';
import type { Solution, SolveOptions, SolveStatus } from './solution.ts';

/**
 * The cheapest sites that meet every target, with a proven lower bound (design section 6): merge, drop dominated
 * sites, greedy, prices, then rounds of local search and merging of plans on a core beside relaxation and branch and
 * cut for the bound, until proof, effort or a limit. With a budget: most users within it and a proven upper bound.
 * Same problem, options and seed give the same solution for any executor unless a time limit or signal cuts it.
 */
export async function solve(problem: CoveringProblem, options: SolveOptions): Promise<Solution> {
  const context = new SolveContext(options);
  return problem.budget === null
    ? solveForTargets(context, problem)
    : solveWithinBudget(context, problem, problem.budget);
}

async function solveForTargets(context: SolveContext, problem: CoveringProblem): Promise<Solution> {
  const grid = findCostGrid(problem.siteCost);
  const relaxed = relaxUnreachable(problem);
  context.notes.push(...relaxed.proof);
  const start = context.options.start ?? [];
  const excluded = brokenRules(problem, requiredSites(problem));
  if (excluded.length > 0) context.notes.push(`No plan exists: ${excluded.join('; ')}.`);
  const plans = await solvePhases(context, grid, relaxed.problem, start);
  const impossible = relaxed.proof.length > 0 || excluded.length > 0;
  if (plans !== null) return describe(context, problem, plans, impossible ? 'infeasible' : null);
  if (problem.coverage instanceof TiledCoverage) {
    context.notes.push(
      'No plan that meets all targets was found in tiles, where sites exclude each other; which comes nearest is looked for only where pairs are listed.',
    );
    return describe(context, problem, [], impossible ? 'infeasible' : 'unknown');
  }
  const short = await planWithShortfall(context, grid, relaxed.problem);
  context.notes.push(short.note);
  const lowered = await solvePhases(context, grid, short.problem, short.sites);
  const proved = short.proved || impossible;
  return describe(context, problem, lowered ?? [], proved ? 'infeasible' : 'unknown');
}

/** Where capacities keep targets from being met another search than for sites that exclude each other finds how near they come. */
async function planWithShortfall(
  context: SolveContext,
  grid: CostGrid,
  problem: CoveringProblem,
): Promise<ShortfallPlan> {
  const assigned = needsAssignment(problem, targetsUpTo(problem, problem.phases.length - 1));
  return assigned
    ? planCapacityShortfall(context, grid, problem)
    : planLeastShortfall(context, grid, problem);
}

/** As-built order may build itself into a dead end where sites exclude each other; the last phase then decides first. */
async function solvePhases(
  context: SolveContext,
  grid: CostGrid,
  problem: CoveringProblem,
  start: readonly number[],
): Promise<PhasePlan[] | null> {
  if (problem.phaseOrder === 'nested') return solveNested(context, grid, problem, start);
  const plans = await solveAsBuilt(context, grid, problem, start);
  if (plans !== null) return plans;
  context.notes.push(
    'Building phase by phase ends where a later phase cannot be met: the last phase was chosen first.',
  );
  context.provedInfeasible = false;
  return solveNested(context, grid, problem, start);
}

async function describe(
  context: SolveContext,
  problem: CoveringProblem,
  plans: readonly PhasePlan[],
  missed: SolveStatus | null,
): Promise<Solution> {
  const phases = await describePhases(context, problem, plans, missed);
  const order = orderForBuilding(
    problem,
    phases.map((phase) => phase.sites),
    problem.phases.map((_, phase) => targetsUpTo(problem, phase)),
  );
  const ordered = phases.map((phase, index) => ({
    ...phase,
    sites: order.sites.filter((_, place) => order.phaseOfSite[place]! <= index),
  }));
  const last = phases.at(-1);
  const stoppedBy = plans.at(-1)?.stoppedBy ?? 'work';
  return {
    status: last?.status ?? missed ?? 'unknown',
    stoppedBy:
      missed === 'infeasible' && stoppedBy !== 'time' && stoppedBy !== 'interrupt' ? 'infeasible' : stoppedBy,
    feasible:
      missed === null &&
      phases.length > 0 &&
      phases.every((phase) => phase.targets.every((target) => target.met)),
    sites: order.sites,
    phaseOfSite: order.phaseOfSite,
    cost: last?.cost ?? 0,
    lowerBound: last?.lowerBound ?? 0,
    gap: last?.gap ?? 0,
    phases: ordered,
    budget: null,
    rounds: context.steps,
    ...(context.cutRound !== undefined && { cutRound: context.cutRound }),
    trace: context.trace,
    notes: context.notes,
  };
}
