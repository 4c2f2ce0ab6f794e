import { pairsOf } from '../coverage/span-coverage.ts';
import { TiledCoverage } from '../coverage/tiled-coverage.ts';
import { assignPlan, type Assignment } from './capacity/assign-plan.ts';
import { buildCapacityModel } from './capacity/build-capacity-model.ts';
import { needsAssignment } from './capacity/needs-assignment.ts';
import { searchCapacitated } from './capacity/solve-capacitated.ts';
import { gapOf, type SolveContext } from './context.ts';
import { fromUnits, type CostGrid } from './cost-grid.ts';
import { highsSolver } from './highs.ts';
import {
  SITE_CANDIDATE,
  SITE_FORBIDDEN,
  SITE_REQUIRED,
  type CoveringProblem,
  type Target,
} from './problem.ts';
import { costOf, recountTargets, requiredSites } from './recount.ts';
import { reduceProblem, type ReducedProblem } from './reduce-problem.ts';
import type { SearchOutcome } from './search-outcome.ts';
import type { PhaseOutcome, SolveStatus, StopReason } from './solution.ts';
import { searchCoverage } from './streamed/search-coverage.ts';
import { searchByTiles } from './tiles/tiled-model.ts';

/** Targets that hold in phase `phase`: its own and all earlier ones. */
export function targetsUpTo(problem: CoveringProblem, phase: number): Target[] {
  return problem.phases.slice(0, phase + 1).flatMap((own) => own.targets);
}

/** One covering problem solved: a plan in original site indices and its bound, in the cost's own unit. */
export interface TargetPlan {
  readonly outcome: SearchOutcome;
  /** Original indices, ascending, required sites included; null when no plan was found. */
  readonly sites: readonly number[] | null;
  readonly cost: number;
  readonly lowerBound: number;
}

export interface TargetRequest {
  readonly problem: CoveringProblem;
  readonly targets: readonly Target[];
  readonly phase: string;
  readonly rounds: number;
  readonly improvePlan: boolean;
  /** Original indices. */
  readonly start: readonly number[];
}

/** Merge, drop dominated sites, search: the cheapest plan for one set of targets. */
export async function solveTargets(
  context: SolveContext,
  grid: CostGrid,
  request: TargetRequest,
): Promise<TargetPlan> {
  const { problem, targets, phase } = request;
  if (problem.coverage instanceof TiledCoverage)
    return solveTiledTargets(context, grid, request, problem.coverage);
  if (needsAssignment(problem, targets)) return solveCapacityTargets(context, grid, request);
  const reduced = reduceProblem(problem, targets, grid);
  const { model } = reduced;
  context.work += pairsOf(problem.coverage) + 2 * reduced.mergedPairs;
  context.notes.push(reductionNote(phase, reduced));
  const place = new Map(Array.from(model.siteOf, (site, index) => [site, index]));
  const outcome = await searchByTiles(context, model, {
    phase,
    grid,
    rounds: request.rounds,
    improvePlan: request.improvePlan,
    start: request.start.flatMap((site) => place.get(site) ?? []),
  });
  const sites = outcome.sites === null ? null : originalSites(model.fixedSites, model.siteOf, outcome.sites);
  return {
    outcome,
    sites,
    cost: sites === null ? Infinity : costOf(problem, sites),
    lowerBound: fromUnits(grid, outcome.bound),
  };
}

/** The same where pairs are too many to be listed. */
async function solveTiledTargets(
  context: SolveContext,
  grid: CostGrid,
  { problem, targets, ...settings }: TargetRequest,
  coverage: TiledCoverage,
): Promise<TargetPlan> {
  const outcome = await searchCoverage(context, { problem, coverage, targets }, { ...settings, grid });
  const sites =
    outcome.sites === null ? null : [...requiredSites(problem), ...outcome.sites].sort((a, b) => a - b);
  return {
    outcome,
    sites,
    cost: sites === null ? Infinity : costOf(problem, sites),
    lowerBound: fromUnits(grid, outcome.bound),
  };
}

/** The same where sites carry no more than their room, or backup is asked for: no domination, finer classes. */
async function solveCapacityTargets(
  context: SolveContext,
  grid: CostGrid,
  { problem, targets, phase, rounds, improvePlan, start }: TargetRequest,
): Promise<TargetPlan> {
  const model = buildCapacityModel({ problem, targets, grid, everyone: false });
  context.work += pairsOf(problem.coverage);
  context.notes.push(
    `Phase "${phase}": users are assigned to sites within their room, in ${model.classCount} classes of equal cover ` +
      `sets and rates (${model.classOfSite.length} pairs, ${model.periodCount} periods).`,
  );
  const place = new Map(Array.from(model.siteOf, (site, index) => [site, index]));
  const settings = {
    phase,
    grid,
    rounds,
    improvePlan,
    start: start.flatMap((site) => place.get(site) ?? []),
  };
  const outcome = await searchCapacitated(context, model, settings);
  const required = requiredSites(problem);
  const sites =
    outcome.sites === null
      ? null
      : [...required, ...outcome.sites.map((site) => model.siteOf[site]!)].sort((a, b) => a - b);
  const cost = sites === null ? Infinity : costOf(problem, sites);
  return { outcome, sites, cost, lowerBound: fromUnits(grid, outcome.bound) };
}

function originalSites(fixed: Uint32Array, siteOf: Uint32Array, sites: readonly number[]): number[] {
  return [...fixed, ...sites.map((site) => siteOf[site]!)].sort((a, b) => a - b);
}

function reductionNote(phase: string, reduced: ReducedProblem): string {
  const { model, activeDemand, mergedClasses, mergedPairs, mergedSites, dominatedSites } = reduced;
  return (
    `Phase "${phase}": ${activeDemand} demand points with users still to be served merge into ` +
    `${mergedClasses} classes of equal cover sets (${mergedPairs} pairs, ${model.classOfSite.length} after removing ` +
    `${dominatedSites} dominated sites of ${mergedSites}).`
  );
}

/** The plan of one phase with its bounds: free of other phases, and given what stands or will stand. */
export interface PhasePlan {
  readonly sites: readonly number[];
  readonly own: { readonly lowerBound: number };
  readonly nested: { readonly lowerBound: number };
  readonly status: SolveStatus;
  readonly stoppedBy: StopReason;
}

/** Null when no plan was found. Last phase first; every earlier phase takes the cheapest part of the next that meets its targets. */
export async function solveNested(
  context: SolveContext,
  grid: CostGrid,
  problem: CoveringProblem,
  start: readonly number[],
): Promise<PhasePlan[] | null> {
  const last = problem.phases.length - 1;
  const { effort } = context;
  const final = await solveTargets(context, grid, {
    problem,
    targets: targetsUpTo(problem, last),
    phase: problem.phases[last]!.name,
    rounds: effort.rounds,
    improvePlan: true,
    start,
  });
  if (final.sites === null) return null;
  const plans: PhasePlan[] = [asPhasePlan(final, final)];
  for (let phase = last - 1; phase >= 0; phase--) {
    const later = plans[0]!.sites;
    const targets = targetsUpTo(problem, phase);
    const { name } = problem.phases[phase]!;
    const nested = await solveTargets(context, grid, {
      problem: onlySites(problem, later),
      targets,
      phase: name,
      rounds: effort.boundRounds,
      improvePlan: true,
      start: later,
    });
    if (nested.sites === null) return null;
    const own = await boundAlone(context, grid, problem, targets, name, nested.sites);
    plans.unshift(asPhasePlan(nested, own));
  }
  return plans;
}

/** First phase first; what is built stays. Null when no plan was found. */
export async function solveAsBuilt(
  context: SolveContext,
  grid: CostGrid,
  problem: CoveringProblem,
  start: readonly number[],
): Promise<PhasePlan[] | null> {
  const plans: PhasePlan[] = [];
  for (let phase = 0; phase < problem.phases.length; phase++) {
    const standing = plans.at(-1)?.sites ?? [];
    const targets = targetsUpTo(problem, phase);
    const { name } = problem.phases[phase]!;
    const plan = await solveTargets(context, grid, {
      problem: requireSites(problem, standing),
      targets,
      phase: name,
      rounds: context.effort.rounds,
      improvePlan: true,
      start,
    });
    if (plan.sites === null) return null;
    const own = phase === 0 ? plan : await boundAlone(context, grid, problem, targets, name, plan.sites);
    plans.push(asPhasePlan(plan, own));
  }
  return plans;
}

/** Lower bound of a phase's targets on all candidates, free of the other phases. */
async function boundAlone(
  context: SolveContext,
  grid: CostGrid,
  problem: CoveringProblem,
  targets: readonly Target[],
  phase: string,
  plan: readonly number[],
): Promise<{ readonly lowerBound: number }> {
  return solveTargets(context, grid, {
    problem,
    targets,
    phase: `${phase}, own bound`,
    rounds: context.effort.boundRounds,
    improvePlan: false,
    start: plan,
  });
}

function asPhasePlan(plan: TargetPlan, own: { readonly lowerBound: number }): PhasePlan {
  return {
    sites: plan.sites ?? [],
    own,
    nested: plan,
    status: plan.outcome.status,
    stoppedBy: plan.outcome.stoppedBy,
  };
}

/** The problem with every site outside `sites` forbidden; required ones stay required. Few sites have few pairs, which are listed. */
function onlySites(problem: CoveringProblem, sites: readonly number[]): CoveringProblem {
  const siteStatus = problem.siteStatus.map((status) =>
    status === SITE_REQUIRED ? SITE_REQUIRED : SITE_FORBIDDEN,
  );
  for (const site of sites) if (siteStatus[site] !== SITE_REQUIRED) siteStatus[site] = SITE_CANDIDATE;
  const { coverage } = problem;
  if (!(coverage instanceof TiledCoverage)) return { ...problem, siteStatus };
  return { ...problem, siteStatus, coverage: coverage.rowsOf([...sites, ...requiredSites(problem)]) };
}

function requireSites(problem: CoveringProblem, sites: readonly number[]): CoveringProblem {
  const siteStatus = problem.siteStatus.slice();
  for (const site of sites) siteStatus[site] = SITE_REQUIRED;
  return { ...problem, siteStatus };
}

/** Reports each phase against its targets as they were asked for. */
export async function describePhases(
  context: SolveContext,
  problem: CoveringProblem,
  plans: readonly PhasePlan[],
  missed: SolveStatus | null,
): Promise<PhaseOutcome[]> {
  const outcomes: PhaseOutcome[] = [];
  // For backup alone everybody who is covered is served: there is nothing to assign.
  const isAssigned =
    problem.capacity !== undefined &&
    needsAssignment(problem, targetsUpTo(problem, problem.phases.length - 1));
  const mip = context.options.mip ?? highsSolver;
  let assignment: Assignment | null = null;
  for (const [phase, plan] of plans.entries()) {
    const cost = costOf(problem, plan.sites);
    const lowerBound = Math.min(cost, plan.own.lowerBound);
    const nestedLowerBound = Math.min(cost, plan.nested.lowerBound);
    const asked = targetsUpTo(problem, phase);
    if (isAssigned) assignment = await assignPlan(problem, asked, plan.sites, mip, assignment);
    const targets = recountTargets(problem, asked, plan.sites, assignment);
    const met = missed === null && targets.every((target) => target.met);
    const status = met ? statusOf(plan, cost, lowerBound) : (missed ?? 'unknown');
    outcomes.push({
      name: problem.phases[phase]!.name,
      status,
      sites: plan.sites,
      cost,
      lowerBound,
      gap: gapOf(cost, lowerBound),
      nestedLowerBound,
      nestedGap: gapOf(cost, nestedLowerBound),
      targets,
      ...(assignment !== null && { assignment }),
    });
  }
  return outcomes;
}

/** `optimal` speaks of the phase's own targets on all candidates: the own bound has to meet the cost. */
function statusOf(plan: PhasePlan, cost: number, lowerBound: number): SolveStatus {
  if (plan.status !== 'optimal') return plan.status;
  return lowerBound >= cost * (1 - 1e-12) ? 'optimal' : 'feasible';
}
