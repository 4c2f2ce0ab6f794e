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
  const restriction = restrictModel(
    model,
    Uint8Array.from(task.columns, (column) => (column === 1 ? KEEP : 0)),
  );
  const written = writeLinearModel(restriction.model);
  const entries = Math.max(1, written.linear.rowOfEntry.length);
  const answer = await mip.solveLp(
    written.linear,
    model.targetCount > 1 ? 'interior' : 'simplex',
    Math.ceil(task.solverWork / entries),
  );
  let work = entries * answer.iterations;
  const value = allocateDualValue(model);
  const lp = pricesOfDuals(restriction.model, written, answer.rowDual);
  const perUser = task.prices.perUser.map(() => 0);
  restriction.parentTarget.forEach((target, index) => (perUser[target] = lp.perUser[index]!));
  const perClass = splitPrices(model, restriction, lp.perClass, perUser, task.prices.perClass);
  const split: Prices = { perUser, perClass };
  capPrices(model, split);
  evaluateDual(model, split, value);
  const splitBound = value.bound;
  const whole = restriction.model.siteCount === model.siteCount;
  const reduced = Float64Array.from(model.cost, (cost, site) => cost - value.worth[site]!);
  const columns = task.columns.slice();
  const added = whole ? 0 : priceIn(columns, reduced, model.cost);
  evaluateDual(model, task.prices, value);
  let best = { prices: task.prices, bound: value.bound };
  if (splitBound > best.bound) best = { prices: split, bound: splitBound };
  if (task.polishPasses > 0 && !whole) {
    const polished = improvePrices(model, best.prices, task.upperBound, task.polishPasses, 0.2);
    work += polished.work;
    if (polished.bound > best.bound) best = { prices: polished.prices, bound: polished.bound };
  }
  return { ...best, columns, converged: answer.status === 'optimal' && added === 0, work };
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
