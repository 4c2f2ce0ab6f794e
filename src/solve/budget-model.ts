import { buildModel, coveredBy, usersServed } from './build-model.ts';
import { toUnits, type CostGrid } from './cost-grid.ts';
import type { CoveringModel } from './covering-model.ts';
import { findDominated } from './dominate.ts';
import type { Budget, CoveringProblem, Target } from './problem.ts';
import { KEEP, restrictModel } from './restrict.ts';

/** A maximal covering problem (MCLP) over merged classes, one weight per period; nothing is mandatory in it. */
export interface BudgetModel {
  readonly model: CoveringModel;
  readonly objective: Budget['objective'];
  /** Sites and grid units that may still be spent, Infinity where not limited. */
  readonly siteLimit: number;
  readonly costLimit: number;
  /** [model.targetCount] users of the period, and those served before any model site stands. */
  readonly totalUsers: Float64Array;
  readonly servedUsers: Float64Array;
  /** Users of periods in which nothing is left to win; for `mean` they count, for `worst` their share does. */
  readonly settledUsers: number;
  readonly settledShare: number;
}

/** One target per period that asks for everybody: the weights of an MCLP. */
export function everybody(problem: CoveringProblem): Target[] {
  return problem.users.map((users, period) => {
    let totalUsers = 0;
    for (const own of users) totalUsers += own;
    const share = { numerator: 1, denominator: 1 };
    return { period, region: null, members: null, share, needUsers: totalUsers, totalUsers };
  });
}

/** Null when the required sites alone exceed the budget. */
export function buildBudgetModel(
  problem: CoveringProblem,
  budget: Budget,
  grid: CostGrid,
): BudgetModel | null {
  const targets = everybody(problem);
  const built = buildModel(problem, targets, problem.siteCost, grid);
  const free = withoutMandatory(built.model);
  const { dominatedBy } = findDominated(free);
  const rest = restrictModel(
    free,
    Uint8Array.from(dominatedBy, (by) => (by === -1 ? KEEP : 0)),
  );
  const model = withoutMandatory(rest.model);
  const siteLimit = budget.sites === null ? Infinity : budget.sites - model.fixedSites.length;
  const costLimit = budget.cost === null ? Infinity : unitsWithin(grid, budget.cost) - model.fixedCost;
  if (siteLimit < 0 || costLimit < 0) return null;
  const kept = Array.from(rest.parentTarget, (target) => targets[built.targetOf[target]!]!);
  const covered = coveredBy(problem, model.fixedSites);
  const settled = targets.filter((target) => !kept.includes(target) && target.totalUsers > 0);
  const shares = settled.map((target) => usersServed(problem, target, covered) / target.totalUsers);
  return {
    model,
    objective: budget.objective,
    siteLimit,
    costLimit,
    totalUsers: Float64Array.from(kept, (target) => target.totalUsers),
    servedUsers: Float64Array.from(kept, (target) => usersServed(problem, target, covered)),
    settledUsers: settled.reduce((sum, target) => sum + usersServed(problem, target, covered), 0),
    settledShare: Math.min(1, ...shares),
  };
}

/** Classes of an MCLP may all be left out; the needs of the period targets only keep the weights apart. */
function withoutMandatory(model: CoveringModel): CoveringModel {
  return { ...model, mandatory: new Uint8Array(model.classCount) };
}

/** Largest number of whole units that a cost allows; costs read from decimal text stand 1e-9 from the grid at most. */
function unitsWithin(grid: CostGrid, cost: number): number {
  if (!grid.exact) return cost;
  const nearest = toUnits(grid, cost);
  const exact = (cost * grid.denominator) / grid.numerator;
  return nearest <= exact * (1 + 1e-9) ? nearest : nearest - 1;
}

/** What a plan is worth: users served over all periods (`mean`), or the smallest share of a period (`worst`). */
export function coverageOf(budget: BudgetModel, served: Float64Array): number {
  const { totalUsers, servedUsers } = budget;
  if (budget.objective === 'mean') {
    return served.reduce((sum, users, period) => sum + users + servedUsers[period]!, budget.settledUsers);
  }
  return served.reduce(
    (least, users, period) => Math.min(least, (users + servedUsers[period]!) / totalUsers[period]!),
    budget.settledShare,
  );
}

/** The most that any plan could be worth if every class were covered. */
export function coverageOfAll(budget: BudgetModel): number {
  return coverageOf(budget, budget.model.reachable);
}

/** The largest smallest share that whole users allow below a bound: shares are users / users of a period. */
export function roundShareDown(budget: BudgetModel, bound: number): number {
  let largest = 0;
  for (const users of budget.totalUsers) {
    const share = Math.floor(Math.min(1, bound) * users) / users;
    if (share > largest) largest = share;
  }
  return bound >= budget.settledShare ? budget.settledShare : largest;
}
