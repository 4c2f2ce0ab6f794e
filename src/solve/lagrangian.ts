import type { CoveringModel } from './covering-model.ts';

/** Multipliers of a covering model: any non-negative values give a valid bound. */
export interface Prices {
  /** [targetCount] worth of one user of a target, grid units. */
  readonly perUser: Float64Array;
  /** [classCount] worth of covering the class, grid units. */
  readonly perClass: Float64Array;
}

/** One evaluation of the Lagrangian dual and what its minimisers look like. */
export interface DualValue {
  /** Lower bound on the cost of every plan of the model, before the floating-point allowance. */
  bound: number;
  /** [siteCount] sum of the prices of a site's classes. */
  readonly worth: Float64Array;
  /** [classCount] sum_k perUser[k] users[c, k]: the most the class can be worth while it may stay uncovered. */
  readonly userWorth: Float64Array;
  /** [group count] largest positive worth - cost among the sites of a location, else 0. */
  readonly groupSurplus: Float64Array;
}

export function allocateDualValue(model: CoveringModel): DualValue {
  return {
    bound: 0,
    worth: new Float64Array(model.siteCount),
    userWorth: new Float64Array(model.classCount),
    groupSurplus: new Float64Array(model.siteCount),
  };
}

/**
 * Value of the dual that relaxes z[c] <= sum_j x[j] (price per class) and the targets (price per user):
 *
 *     L = fixedCost + sum_k perUser[k] need[k] - sum_c max(0, userWorth[c] - perClass[c])
 *         - sum_groups max(0, max_j worth[j] - cost[j])
 *
 * where mandatory classes have z = 1 (their term is userWorth - perClass without the max) and at most one site of a
 * location counts; spacing conflicts are dropped. All of these are relaxations, so L never exceeds the optimum,
 * wherever the prices come from (Caprara, Toth & Fischetti 2000 for covering, with the target row added).
 */
export function evaluateDual(model: CoveringModel, prices: Prices, value: DualValue): void {
  const { perUser, perClass } = prices;
  const { weightStart, weightTarget, weightUsers, mandatory, need } = model;
  const { userWorth } = value;
  let bound = model.fixedCost;
  for (let target = 0; target < need.length; target++) bound += perUser[target]! * need[target]!;
  for (let own = 0; own < model.classCount; own++) {
    let worth = 0;
    for (let w = weightStart[own]!; w < weightStart[own + 1]!; w++)
      worth += perUser[weightTarget[w]!]! * weightUsers[w]!;
    userWorth[own] = worth;
    const uncovered = worth - perClass[own]!;
    if (uncovered > 0 || mandatory[own] === 1) bound -= uncovered;
  }
  value.bound = bound - surplusOfSites(model, perClass, value);
}

function surplusOfSites(model: CoveringModel, perClass: Float64Array, value: DualValue): number {
  const { siteCount, siteStart, classOfSite, cost, group } = model;
  const { worth, groupSurplus } = value;
  groupSurplus.fill(0);
  let total = 0;
  for (let site = 0; site < siteCount; site++) {
    let sum = 0;
    const end = siteStart[site + 1]!;
    for (let pair = siteStart[site]!; pair < end; pair++) sum += perClass[classOfSite[pair]!]!;
    worth[site] = sum;
    const own = group[site]!;
    const surplus = sum - cost[site]!;
    if (surplus > groupSurplus[own]!) {
      total += surplus - groupSurplus[own]!;
      groupSurplus[own] = surplus;
    }
  }
  return total;
}

/**
 * How far the bound rises when a site must stand: cost - worth + what its location contributes already. From the
 * multipliers that gave `value` and no others: bound and reduced costs of different multipliers prove nothing.
 */
export function reducedCosts(model: CoveringModel, value: DualValue): Float64Array {
  return Float64Array.from(
    model.cost,
    (cost, site) => cost - value.worth[site]! + value.groupSurplus[model.group[site]!]!,
  );
}
