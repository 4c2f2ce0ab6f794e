import { LOAD_USERS } from '../problem.ts';
import type { CapacityModel } from './capacity-model.ts';

/** Multipliers of the model: any non-negative values give a valid bound. */
export interface CapacityPrices {
  /** [targets] worth of one user of a target, grid units. */
  readonly perTarget: Float64Array;
  /** Per period [classCount] worth of assigning one user of the class. */
  readonly perUser: readonly Float64Array[];
  /** Per target with backup [classCount] worth of one more site that covers the class; empty for the others. */
  readonly perCover: readonly Float64Array[];
  /** Per period [siteCount] worth of one unit of room. */
  readonly perRoom: readonly Float64Array[];
}

export interface CapacityDual {
  /** Lower bound on the cost of every plan, before the floating-point allowance. */
  bound: number;
  /** [siteCount] the most the site can be worth. */
  readonly worth: Float64Array;
  /** [siteCount, by group] largest positive worth - cost among the sites of a location that may be built. */
  readonly groupSurplus: Float64Array;
  /** Per period [classCount] sum of the prices of the targets the class belongs to. */
  readonly targetWorth: readonly Float64Array[];
}

export function allocateDual(model: CapacityModel): CapacityDual {
  return {
    bound: 0,
    worth: new Float64Array(model.siteCount),
    groupSurplus: new Float64Array(model.siteCount),
    targetWorth: model.users.map(() => new Float64Array(model.classCount)),
  };
}

/**
 * Value of the dual that prices targets (m), the users of a class (q), backup covers (p) and room (h):
 *
 *     L = fixedCost + sum_k m[k] need[k] - sum_{c,t} users[c,t] max(0, sum_{k with c, t} m[k] - q[c,t])
 *         - sum_{c,k with backup} (max(0, m[k] weight[c] - backup[k] p[c,k]) + p[c,k] today[c])
 *         - sum_{fixed j} worth[j] - sum_groups max(0, max_j worth[j] - cost[j])
 *     worth[j] = sum_t min_h ( h room[j,t] + sum_{c of j} users[c,t] max(0, q[c,t] - h rate[c,t]) ) + sum_{c,k} p[c,k]
 *
 * The minimum over h is the fractional knapsack of the site (Dantzig 1957: users may be split, so it is exact); any
 * h >= 0 gives at least as much, so the bound stays valid with a rough h. At most one site of a location counts; spacing
 * conflicts are dropped. Without limits h = 0 and this is the dual of the covering model.
 */
export function evaluateCapacityDual(model: CapacityModel, prices: CapacityPrices, dual: CapacityDual): void {
  let bound = model.fixedCost;
  for (const worth of dual.targetWorth) worth.fill(0);
  model.targets.forEach(({ need, member, period, backup, weight, today }, k) => {
    const price = prices.perTarget[k]!;
    bound += price * need;
    if (backup > 1)
      bound -= backupWorth(model, price, backup, { weight, today, member }, prices.perCover[k]!);
    else addTo(dual.targetWorth[period]!, member, price);
  });
  for (let period = 0; period < model.periodCount; period++) {
    const worth = dual.targetWorth[period]!;
    const q = prices.perUser[period]!;
    const users = model.users[period]!;
    for (let own = 0; own < model.classCount; own++) {
      const kept = worth[own]! - q[own]!;
      if (kept > 0) bound -= users[own]! * kept;
    }
  }
  dual.worth.fill(0);
  addKnapsacks(model, prices, dual.worth);
  addCovers(model, prices, dual.worth);
  dual.bound = bound - surplus(model, dual);
}

function backupWorth(
  model: CapacityModel,
  price: number,
  backup: number,
  { weight, today, member }: { weight: Float64Array; today: Uint8Array; member: Uint8Array },
  cover: Float64Array,
): number {
  let sum = 0;
  for (let own = 0; own < model.classCount; own++) {
    if (member[own] === 0) continue;
    sum += Math.max(0, price * weight[own]! - backup * cover[own]!) + cover[own]! * today[own]!;
  }
  return sum;
}

function addTo(worth: Float64Array, member: Uint8Array, price: number): void {
  if (price === 0) return;
  for (let own = 0; own < worth.length; own++) if (member[own] === 1) worth[own]! += price;
}

/** Steps of the search for the price of room; each halves the interval around the last one. */
const ROOM_STEPS = 4;

/**
 * Adds the worth of every site in all periods. The price of room found last is tried first; it is looked for more closely only
 * where the site then still is worth more than it costs: elsewhere the bound does not depend on it.
 */
function addKnapsacks(model: CapacityModel, prices: CapacityPrices, worth: Float64Array): void {
  const scans = model.users.map((_, period) => knapsackScan(model, prices, period));
  const rough = new Float64Array(model.periodCount);
  for (let site = 0; site < model.siteCount; site++) {
    let sum = 0;
    for (let period = 0; period < model.periodCount; period++) {
      const scan = scans[period]!;
      const price = prices.perRoom[period]![site]!;
      scan(site, price);
      const value = (price > 0 ? price * model.room[period]![site]! : 0) + scan.value;
      rough[period] = value;
      sum += value;
    }
    if (sum <= model.cost[site]! && model.fixed[site] === 0) {
      worth[site] = sum;
      continue;
    }
    for (let period = 0; period < model.periodCount; period++) {
      worth[site]! += bestKnapsack(model, prices, period, site, scans[period]!, rough[period]!);
    }
  }
}

/** Least value over prices of room, at most `rough` (the value at the price stored); the price goes into `prices`. */
function bestKnapsack(
  model: CapacityModel,
  prices: CapacityPrices,
  period: number,
  site: number,
  scan: KnapsackScan,
  rough: number,
): number {
  const space = model.room[period]![site]!;
  const roomPrice = prices.perRoom[period]!;
  const stored = roomPrice[site]!;
  let best = rough;
  let bestPrice = stored;
  let low = 0;
  let high = Infinity;
  scan(site, stored);
  if (stored > 0) {
    if (scan.load > space) low = stored;
    else high = stored;
  } else if (scan.load <= space) return rough;
  let price = stored === 0 ? scan.value / scan.load : low > 0 ? 1.2 * stored : 0.8 * stored;
  for (let step = 0; step < ROOM_STEPS; step++) {
    scan(site, price);
    const value = price * space + scan.value;
    if (value < best) {
      best = value;
      bestPrice = price;
    }
    if (scan.load > space) low = price;
    else high = price;
    price = high === Infinity ? 1.5 * low : 0.5 * (low + high);
  }
  roomPrice[site] = bestPrice < 1e-12 * (1 + scan.value) ? 0 : bestPrice;
  return best;
}

interface KnapsackScan {
  (site: number, price: number): void;
  /** Worth of the users above the price of their load, less that price. */
  value: number;
  /** Their load. */
  load: number;
}

function knapsackScan(model: CapacityModel, prices: CapacityPrices, period: number): KnapsackScan {
  const { siteStart, classOfSite, counts } = model;
  const users = model.users[period]!;
  const rate = model.rate[period]!;
  const q = prices.perUser[period]!;
  const scan: KnapsackScan = Object.assign(
    (site: number, price: number): void => {
      const countsUsers = counts[site] === LOAD_USERS;
      let value = 0;
      let load = 0;
      for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
        const own = classOfSite[pair]!;
        const unit = countsUsers ? 1 : rate[own]!;
        const over = q[own]! - price * unit;
        if (over <= 0) continue;
        value += users[own]! * over;
        load += users[own]! * unit;
      }
      scan.value = value;
      scan.load = load;
    },
    { value: 0, load: 0 },
  );
  return scan;
}

function addCovers(model: CapacityModel, prices: CapacityPrices, worth: Float64Array): void {
  const { siteStart, classOfSite } = model;
  for (const cover of prices.perCover) {
    if (cover.length === 0) continue;
    for (let site = 0; site < model.siteCount; site++) {
      if (model.isToday[site] === 1) continue;
      for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++)
        worth[site]! += cover[classOfSite[pair]!]!;
    }
  }
}

function surplus(model: CapacityModel, { worth, groupSurplus }: CapacityDual): number {
  groupSurplus.fill(0);
  let total = 0;
  for (let site = 0; site < model.siteCount; site++) {
    if (model.fixed[site] === 1) {
      total += worth[site]!;
      continue;
    }
    const over = worth[site]! - model.cost[site]!;
    const own = model.group[site]!;
    if (over <= groupSurplus[own]!) continue;
    total += over - groupSurplus[own]!;
    groupSurplus[own] = over;
  }
  return total;
}

/** How far the bound rises when a site must stand, from the multipliers of `dual` and no others; 0 where fixed. */
export function capacityReducedCosts(model: CapacityModel, dual: CapacityDual): Float64Array {
  return Float64Array.from(model.cost, (cost, site) =>
    model.fixed[site] === 1 ? 0 : cost - dual.worth[site]! + dual.groupSurplus[model.group[site]!]!,
  );
}
