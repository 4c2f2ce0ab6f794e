import { roundShareDown, type BudgetModel } from './budget-model.ts';
import type { CoveringModel } from './covering-model.ts';
import { allocateDualValue, evaluateDual, reducedCosts, type Prices } from './lagrangian.ts';
import { improvePrices, startPrices } from './prices.ts';
import { liftPrices } from './primal-dual.ts';

/** An upper bound on the coverage of every plan within the budget, and which sites no better plan builds. */
export interface CoverageBound {
  /** In the unit of `coverageOf`. */
  readonly upperBound: number;
  /** The same before rounding down. */
  readonly exact: number;
  /** [siteCount] how much `exact` falls when the site must stand: from the same multipliers. */
  readonly fall: Float64Array;
}

/** The covering problem behind the bound asks for at least this share of what can be reached. */
const SMALLEST_SHARE = 1e-3;
/** Relative allowance for sums of rounded products, as for lower bounds. */
const ALLOWANCE = 1e-9;

/**
 * Upper bound from the prices of the covering problem "at least cost, as many users as `covered`": for any prices every
 * plan x has cost(x) >= perUser D(x) - R, with R what the Lagrangian takes off, so a plan within cost B covers at most
 * (B + R) / perUser. With a limit on the number of sites every cost is 1 and B that number.
 *
 * @param covered users won by the best plan known (weighted by period for `worst`).
 */
export function boundCoverage(budget: BudgetModel, covered: number, passes: number): CoverageBound {
  const weights = periodWeights(budget);
  const bounds: CoverageBound[] = [];
  if (Number.isFinite(budget.siteLimit)) {
    const cost = new Float64Array(budget.model.siteCount).fill(1);
    bounds.push(boundWithin(budget, weights, cost, budget.siteLimit, covered, passes));
  }
  if (Number.isFinite(budget.costLimit)) {
    bounds.push(boundWithin(budget, weights, budget.model.cost, budget.costLimit, covered, passes));
  }
  return bounds.reduce((best, other) => (other.upperBound < best.upperBound ? other : best));
}

/** Users of all periods count alike for `mean`; for `worst` a period weighs 1 / (its users x periods): a mean share. */
function periodWeights(budget: BudgetModel): Float64Array {
  if (budget.objective === 'mean') return budget.totalUsers.map(() => 1);
  return budget.totalUsers.map((users) => 1 / (users * budget.totalUsers.length));
}

function boundWithin(
  budget: BudgetModel,
  weights: Float64Array,
  cost: Float64Array,
  limit: number,
  covered: number,
  passes: number,
): CoverageBound {
  const single = addPeriods(budget.model, weights, cost, covered);
  const upper = Math.max(limit, SMALLEST_SHARE * (cost[0] ?? 1));
  const found = improvePrices(single, startPrices(single, upper), upper, passes);
  const prices = liftPrices(single, found.prices, upper, passes);
  const { coverage, fall } = coverageAt(single, prices, limit);
  const before = budget.servedUsers.reduce((sum, users, period) => sum + users * weights[period]!, 0);
  const settled = budget.objective === 'mean' ? budget.settledUsers : 0;
  const exact = coverage * (1 + ALLOWANCE) + before + settled;
  const upperBound = budget.objective === 'mean' ? Math.floor(exact) : roundShareDown(budget, exact);
  return { upperBound, exact, fall };
}

/** One weight per class: periods added up by `weights`. */
function addPeriods(
  model: CoveringModel,
  weights: Float64Array,
  cost: Float64Array,
  need: number,
): CoveringModel {
  const weightUsers = new Float64Array(model.classCount);
  let reachable = 0;
  for (let own = 0; own < model.classCount; own++) {
    for (let w = model.weightStart[own]!; w < model.weightStart[own + 1]!; w++) {
      weightUsers[own]! += model.weightUsers[w]! * weights[model.weightTarget[w]!]!;
    }
    reachable += weightUsers[own]!;
  }
  return {
    ...model,
    cost,
    fixedCost: 0,
    targetCount: 1,
    weightStart: Uint32Array.from({ length: model.classCount + 1 }, (_, own) => own),
    weightTarget: new Uint32Array(model.classCount),
    weightUsers,
    need: Float64Array.of(Math.min(reachable, Math.max(need, SMALLEST_SHARE * reachable))),
    reachable: Float64Array.of(reachable),
  };
}

/** (limit + R) / price per user, never more than everybody. */
function coverageAt(
  single: CoveringModel,
  prices: Prices,
  limit: number,
): { readonly coverage: number; readonly fall: Float64Array } {
  const value = allocateDualValue(single);
  evaluateDual(single, prices, value);
  const price = prices.perUser[0]!;
  if (!(price > 0) || single.reachable[0] === 0)
    return { coverage: single.reachable[0]!, fall: new Float64Array(single.siteCount) };
  const takenOff = price * single.need[0]! - value.bound;
  const fall = reducedCosts(single, value).map((extra) => extra / price);
  return { coverage: Math.min(single.reachable[0]!, (limit + takenOff) / price), fall };
}
