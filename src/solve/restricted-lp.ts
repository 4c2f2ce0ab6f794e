import { splitPrices } from './core.ts';
import type { CoveringModel } from './covering-model.ts';
import { allocateDualValue, evaluateDual, type Prices } from './lagrangian.ts';
import { pricesOfDuals, writeLinearModel, type MipSolver } from './mip.ts';
import { improvePrices } from './prices.ts';
import { KEEP, restrictModel } from './restrict.ts';

/** One round of column generation on the linear relaxation. */
export interface RelaxationTask {
  /** Multipliers to start from, valid for the model. */
  readonly prices: Prices;
  /** [siteCount] 1 = column in the restricted LP. */
  readonly columns: Uint8Array;
  /** Cost of a known plan, grid units. */
  readonly upperBound: number;
  /** Entries x simplex iterations. */
  readonly solverWork: number;
  /** Subgradient passes on the whole model after the LP. */
  readonly polishPasses: number;
}

export interface RelaxationResult {
  readonly prices: Prices;
  /** Bound of `prices` on the model, before the allowance. */
  readonly bound: number;
  /** Columns with those priced in. */
  readonly columns: Uint8Array;
  /** True when no column prices in: the bound is that of the linear relaxation. */
  readonly converged: boolean;
  readonly work: number;
}

/** LPs in one task, at most. */
const TURNS = 4;
/** Polyak factor of the passes after the LPs. */
const POLISH_STEP = 0.2;
/** Share of the missing columns priced in at once, at least; all of clearly negative reduced cost come in. */
const PRICED_IN_AT_LEAST = 40;

/**
 * Restricted LP with re-merging: the relaxation on a few columns, where classes merge again; the price of a merged
 * class is split over its members by what their users are worth (any split is valid), all sites are priced, those of
 * negative reduced cost join. Ends in the optimum of the relaxation; every round gives a valid bound by one evaluation
 * of the Lagrangian on the whole model, whatever the LP solver's tolerances.
 */
export async function solveRestrictedLp(
  model: CoveringModel,
  task: RelaxationTask,
  mip: MipSolver,
): Promise<RelaxationResult> {
  let { prices } = task;
  const value = allocateDualValue(model);
  evaluateDual(model, prices, value);
  let bound = value.bound;
  const columns = task.columns.slice();
  let work = 0;
  let converged = false;
  for (let turn = 0; turn < TURNS && !converged && work < task.solverWork; turn++) {
    const lp = await priceByLp(model, columns, prices, task.solverWork, mip);
    work += lp.work;
    evaluateDual(model, lp.prices, value);
    const reduced = model.cost.map((cost, site) => cost - value.worth[site]!);
    if (value.bound > bound) {
      bound = value.bound;
      prices = lp.prices;
    }
    converged = lp.finished && priceIn(columns, reduced, model.cost) === 0;
    if (!lp.finished) break;
  }
  if (!converged && task.polishPasses > 0) {
    const polished = improvePrices(model, prices, task.upperBound, task.polishPasses, POLISH_STEP);
    work += polished.work;
    if (polished.bound > bound) ({ prices, bound } = polished);
  }
  return { prices, bound, columns, converged, work };
}

/** Multipliers of the LP on some columns, split over the classes of the whole model. */
async function priceByLp(
  model: CoveringModel,
  columns: Uint8Array,
  old: Prices,
  solverWork: number,
  mip: MipSolver,
): Promise<{ readonly prices: Prices; readonly finished: boolean; readonly work: number }> {
  const restriction = restrictModel(
    model,
    columns.map((column) => (column === 1 ? KEEP : 0)),
  );
  const written = writeLinearModel(restriction.model);
  const entries = Math.max(1, written.linear.rowOfEntry.length);
  const method = model.targetCount > 1 ? 'interior' : 'simplex';
  const answer = await mip.solveLp(written.linear, method, Math.ceil(solverWork / entries));
  const lp = pricesOfDuals(restriction.model, written, answer.rowDual);
  const perUser = old.perUser.map(() => 0);
  restriction.parentTarget.forEach((target, index) => (perUser[target] = lp.perUser[index]!));
  const perClass = splitPrices(model, restriction, lp.perClass, perUser, old.perClass);
  const prices: Prices = { perUser, perClass };
  capPrices(model, prices);
  return { prices, finished: answer.status === 'optimal', work: entries * answer.iterations };
}

/** @returns how many columns joined. */
function priceIn(columns: Uint8Array, reduced: Float64Array, cost: Float64Array): number {
  const candidates: number[] = [];
  for (let site = 0; site < columns.length; site++) {
    if (columns[site] === 0 && reduced[site]! < -1e-7 * cost[site]!) candidates.push(site);
  }
  candidates.sort((a, b) => reduced[a]! / cost[a]! - reduced[b]! / cost[b]! || a - b);
  const joining = candidates.slice(0, Math.max(PRICED_IN_AT_LEAST, Math.ceil(candidates.length / 2)));
  for (const site of joining) columns[site] = 1;
  return joining.length;
}

/** A class that may stay uncovered is worth at most its users: more would only weaken the bound. */
function capPrices(model: CoveringModel, prices: Prices): void {
  for (let own = 0; own < model.classCount; own++) {
    if (model.mandatory[own] === 1) continue;
    let worth = 0;
    for (let w = model.weightStart[own]!; w < model.weightStart[own + 1]!; w++) {
      worth += prices.perUser[model.weightTarget[w]!]! * model.weightUsers[w]!;
    }
    if (prices.perClass[own]! > worth) prices.perClass[own] = worth;
  }
}
