import { buildModel, usersServed, coveredBy } from './build-model.ts';
import type { SolveContext } from './context.ts';
import { solverAllowance, type CostGrid } from './cost-grid.ts';
import { CoverState } from './cover-state.ts';
import type { CoveringModel } from './covering-model.ts';
import { addGreedily } from './greedy.ts';
import { highsSolver } from './highs.ts';
import { pointOfSites, sitesOfPoint, writeLinearModel, type LinearModel, type WrittenModel } from './mip.ts';
import { targetsUpTo } from './phases.ts';
import type { CoveringProblem } from './problem.ts';

/** Targets that conflicts between sites keep from being met together, lowered to what a plan of least shortfall serves. */
export interface ShortfallPlan {
  readonly problem: CoveringProblem;
  /** Original site indices of a plan that meets the lowered targets. */
  readonly sites: readonly number[];
  /** True when a positive shortfall is proved for every plan. */
  readonly proved: boolean;
  readonly note: string;
}

const NODES = 100_000;

/**
 * Least sum over targets of shortfall / need where sites exclude each other: one linear model with a shortfall share
 * per target. The lowered targets then ask for what that plan serves, so a search on them keeps the sum and lowers
 * the cost.
 */
export async function planLeastShortfall(
  context: SolveContext,
  grid: CostGrid,
  problem: CoveringProblem,
): Promise<ShortfallPlan> {
  const targets = targetsUpTo(problem, problem.phases.length - 1);
  const built = buildModel(problem, targets, problem.siteCost, grid);
  // Nothing is mandatory when targets may be missed.
  const model: CoveringModel = { ...built.model, mandatory: new Uint8Array(built.model.classCount) };
  const state = new CoverState(model);
  addGreedily(state);
  const written = writeLinearModel(model);
  const linear = withShortfallColumns(model, written);
  const start = new Float64Array(linear.columnCount);
  start.set(pointOfSites(written, model, state.sites()));
  state.served.forEach((users, target) => {
    start[written.linear.columnCount + target] = Math.max(0, 1 - users / model.need[target]!);
  });
  const mip = context.options.mip ?? highsSolver;
  const iterations = Math.ceil((10 * context.effort.solverWork) / Math.max(1, linear.rowOfEntry.length));
  const answer = await mip.solveMip(
    linear,
    { nodes: NODES, iterations, seed: context.options.seed % 2 ** 31 },
    start,
  );
  context.work += answer.iterations * linear.rowOfEntry.length;
  const local = bestOf(
    model,
    state.sites(),
    answer.values === null ? [] : sitesOfPoint(model, answer.values),
  );
  const sites = [...model.fixedSites, ...local.map((site) => model.siteOf[site]!)].sort((a, b) => a - b);
  const proved = answer.bound > solverAllowance(model.targetCount);
  const note = proved
    ? `No plan meets all targets: sites exclude each other, and the sum over targets of shortfall / need is at least ${answer.bound.toPrecision(4)}.`
    : 'No plan that meets all targets was found; that none exists is not proved.';
  return { problem: loweredTo(problem, sites), sites, proved, note };
}

/** One column per target, 0..1: the share of its need that is missed, at cost 1; sites cost nothing here. */
function withShortfallColumns(
  model: CoveringModel,
  { linear, rowOfTarget, scaleOfTarget }: WrittenModel,
): LinearModel {
  const rows = [...linear.rowOfEntry];
  const values = [...linear.valueOfEntry];
  const starts = [...linear.columnStart];
  model.need.forEach((need, target) => {
    if (rowOfTarget[target] !== -1) {
      rows.push(rowOfTarget[target]!);
      values.push(-need * scaleOfTarget[target]!);
    }
    starts.push(rows.length);
  });
  const cost = new Float64Array(linear.columnCount + model.targetCount).fill(1, linear.columnCount);
  return {
    ...linear,
    columnCount: cost.length,
    cost,
    columnStart: Int32Array.from(starts),
    rowOfEntry: Int32Array.from(rows),
    valueOfEntry: Float64Array.from(values),
  };
}

function bestOf(model: CoveringModel, a: readonly number[], b: readonly number[]): readonly number[] {
  return shortfall(model, b) < shortfall(model, a) ? b : a;
}

function shortfall(model: CoveringModel, sites: readonly number[]): number {
  const state = new CoverState(model, sites);
  if (sites.some((site) => state.blocked[site]! > 0)) return Infinity;
  let sum = 0;
  model.need.forEach((need, target) => (sum += Math.max(0, need - state.served[target]!) / need));
  return sum;
}

function loweredTo(problem: CoveringProblem, sites: readonly number[]): CoveringProblem {
  const covered = coveredBy(problem, sites);
  const phases = problem.phases.map((phase) => ({
    ...phase,
    targets: phase.targets.map((target) => ({
      ...target,
      needUsers: Math.min(target.needUsers, usersServed(problem, target, covered)),
    })),
  }));
  return { ...problem, phases };
}
