import { coverageOf, roundShareDown, type BudgetModel } from './budget-model.ts';
import { CoverState } from './cover-state.ts';
import {
  pointOfSites,
  sitesOfPoint,
  writeLinearModel,
  type LinearModel,
  type MipSolver,
  type WrittenModel,
} from './mip.ts';

/** One exact attempt on a maximal covering problem. */
export interface BudgetProofTask {
  readonly start: Uint32Array;
  readonly seed: number;
  /** Entries x simplex iterations. */
  readonly solverWork: number;
}

export interface BudgetProof {
  /** A plan within the budget, recounted; null when none was found. */
  readonly sites: Uint32Array | null;
  readonly covered: number;
  /** In the unit of `coverageOf`, after the allowance. */
  readonly upperBound: number;
  readonly work: number;
}

const NODES = 1_000_000;
/** Shares, or users over all users, that the solver's tolerances may be wrong by. */
const ALLOWANCE = 1e-7;

/**
 * Branch and cut on min (share of users given up) within the budget. For `mean` the objective is the users given up
 * over all users of all periods, for `worst` the largest share given up in a period.
 */
export async function proveBudget(
  budget: BudgetModel,
  task: BudgetProofTask,
  mip: MipSolver,
  shouldStop: () => boolean = () => false,
): Promise<BudgetProof> {
  const { model } = budget;
  const written = writeLinearModel(model);
  const linear = withObjective(budget, withBudgetRows(budget, written.linear), written);
  const entries = Math.max(1, linear.rowOfEntry.length);
  const start = new Float64Array(linear.columnCount);
  start.set(pointOfSites(written, model, task.start));
  const state = new CoverState(model, task.start);
  if (budget.objective === 'worst')
    start[linear.columnCount - 1] = 1 - coverageWithoutSettled(budget, state.served);
  const answer = await mip.solveMip(
    linear,
    { nodes: NODES, iterations: Math.ceil(task.solverWork / entries), seed: task.seed, shouldStop },
    start,
  );
  const found = answer.values === null ? null : withinBudget(budget, sitesOfPoint(model, answer.values));
  return {
    sites: found,
    covered: found === null ? -Infinity : coverageOf(budget, new CoverState(model, found).served),
    upperBound: upperBoundOf(budget, answer.bound),
    work: answer.iterations * entries,
  };
}

/** All users of the periods in the model: what objective values of `mean` are shares of. */
function usersOfModel(budget: BudgetModel): number {
  return Math.max(
    1,
    budget.totalUsers.reduce((sum, users) => sum + users, 0),
  );
}

function coverageWithoutSettled(budget: BudgetModel, served: Float64Array): number {
  return coverageOf({ ...budget, settledShare: 1 }, served);
}

/** From a bound on the share given up to one on what is covered; whole users are rounded down. */
function upperBoundOf(budget: BudgetModel, bound: number): number {
  if (!Number.isFinite(bound)) return Infinity;
  const share = 1 - (bound - ALLOWANCE);
  if (budget.objective === 'worst') return roundShareDown(budget, share);
  return Math.floor(share * usersOfModel(budget)) + budget.settledUsers;
}

function withinBudget(budget: BudgetModel, sites: readonly number[]): Uint32Array | null {
  const state = new CoverState(budget.model, sites);
  const within = sites.length <= budget.siteLimit && state.cost - budget.model.fixedCost <= budget.costLimit;
  const compatible = sites.every((site) => state.blocked[site] === 0);
  return within && compatible ? Uint32Array.from(sites) : null;
}

/** Rows that limit the number and the cost of the sites, put after the others. */
function withBudgetRows(budget: BudgetModel, linear: LinearModel): LinearModel {
  const { siteCount, cost } = budget.model;
  const limits: { readonly limit: number; readonly value: (site: number) => number }[] = [];
  if (Number.isFinite(budget.siteLimit)) limits.push({ limit: budget.siteLimit, value: () => 1 });
  if (Number.isFinite(budget.costLimit))
    limits.push({ limit: budget.costLimit, value: (site) => cost[site]! });
  const rows: number[] = [];
  const values: number[] = [];
  const columnStart = new Int32Array(linear.columnCount + 1);
  for (let column = 0; column < linear.columnCount; column++) {
    for (let entry = linear.columnStart[column]!; entry < linear.columnStart[column + 1]!; entry++) {
      rows.push(linear.rowOfEntry[entry]!);
      values.push(linear.valueOfEntry[entry]!);
    }
    if (column < siteCount) {
      limits.forEach(({ value }, index) => {
        rows.push(linear.rowCount + index);
        values.push(value(column));
      });
    }
    columnStart[column + 1] = rows.length;
  }
  return {
    ...linear,
    rowCount: linear.rowCount + limits.length,
    rowLower: Float64Array.from([...linear.rowLower, ...limits.map(() => -Infinity)]),
    rowUpper: Float64Array.from([...linear.rowUpper, ...limits.map(({ limit }) => limit)]),
    columnStart,
    rowOfEntry: Int32Array.from(rows),
    valueOfEntry: Float64Array.from(values),
  };
}

/**
 * The period rows hold users given up: for `worst` each gets a common column (the largest share given up), for `mean`
 * their sum becomes the objective. A constant column carries what nobody reaches.
 */
function withObjective(budget: BudgetModel, linear: LinearModel, written: WrittenModel): LinearModel {
  const { model, totalUsers, servedUsers } = budget;
  const { rowOfTarget, scaleOfTarget } = written;
  const rowUpper = linear.rowUpper.slice();
  const given = (target: number): number =>
    totalUsers[target]! - servedUsers[target]! - model.reachable[target]!;
  if (budget.objective === 'worst') {
    const rows: number[] = [];
    const values: number[] = [];
    rowOfTarget.forEach((row, target) => {
      if (row === -1) return;
      // sum of users y - total t <= -(users nobody reaches); the written side is (reachable - need) less single classes.
      rowUpper[row]! +=
        (model.need[target]! - model.reachable[target]! - given(target)) * scaleOfTarget[target]!;
      rows.push(row);
      values.push(-totalUsers[target]! * scaleOfTarget[target]!);
    });
    return {
      ...linear,
      columnCount: linear.columnCount + 1,
      cost: Float64Array.from([...new Float64Array(linear.columnCount), 1]),
      rowUpper,
      columnStart: Int32Array.from([...linear.columnStart, linear.rowOfEntry.length + rows.length]),
      rowOfEntry: Int32Array.from([...linear.rowOfEntry, ...rows]),
      valueOfEntry: Float64Array.from([...linear.valueOfEntry, ...values]),
    };
  }
  const all = usersOfModel(budget);
  const cost = new Float64Array(linear.columnCount);
  const targetOfRow = new Map(Array.from(rowOfTarget, (row, target) => [row, target]));
  for (let column = 0; column < linear.columnCount; column++) {
    for (let entry = linear.columnStart[column]!; entry < linear.columnStart[column + 1]!; entry++) {
      const target = targetOfRow.get(linear.rowOfEntry[entry]!);
      if (target !== undefined) cost[column]! += linear.valueOfEntry[entry]! / scaleOfTarget[target]! / all;
    }
  }
  for (const row of rowOfTarget) if (row !== -1) rowUpper[row] = Infinity;
  return { ...linear, cost, rowUpper, offset: offsetOfMean(budget, written, linear) / all };
}

/** Users given up when every y and x is 0: nobody reaches them, or a single site decides them. */
function offsetOfMean(
  budget: BudgetModel,
  { rowOfTarget, scaleOfTarget }: WrittenModel,
  linear: LinearModel,
): number {
  const { model, totalUsers, servedUsers } = budget;
  let users = 0;
  rowOfTarget.forEach((row, target) => {
    const unreachable = totalUsers[target]! - servedUsers[target]! - model.reachable[target]!;
    const slack = model.reachable[target]! - model.need[target]!;
    users += unreachable + (row === -1 ? 0 : slack - linear.rowUpper[row]! / scaleOfTarget[target]!);
  });
  return users;
}
