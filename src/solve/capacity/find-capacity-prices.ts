import { LOAD_USERS } from '../problem.ts';
import type { CapacityModel } from './capacity-model.ts';
import {
  allocateDual,
  evaluateCapacityDual,
  type CapacityDual,
  type CapacityPrices,
} from './capacity-prices.ts';

export interface CapacityPriceSearch {
  readonly prices: CapacityPrices;
  /** Evaluated at `prices`; its bound is the best found, before the allowance. */
  readonly dual: CapacityDual;
  readonly work: number;
}

/**
 * Polyak steps with deflection towards a goal this share above the best bound. The goal comes nearer, and the search goes on
 * from the best prices, after a while without a better bound.
 */
const FIRST_GOAL = { far: 0.2, near: 0.05 } as const;
const LAST_GOAL = { far: 0.0005, near: 1e-5 } as const;
const PATIENCE = { far: 12, near: 20 } as const;
const NEARER = 0.7;
const DEFLECTION = 0.7;

/** One vector of multipliers with its gradient, direction and the scale its entries move by. */
interface Block {
  readonly price: Float64Array;
  readonly gradient: Float64Array;
  readonly direction: Float64Array;
  readonly scale: Float64Array;
}

function blockOf(price: Float64Array): Block {
  const zeros = (): Float64Array => new Float64Array(price.length);
  return { price, gradient: zeros(), direction: zeros(), scale: zeros() };
}

/**
 * Subgradient ascent on the dual with deflected directions and Polyak steps towards `upperBound` (Held, Wolfe &
 * Crowder 1974), every entry moving in proportion to what it can be worth.
 *
 * @param passes at most this many evaluations.
 * @param distance of the prices to start with from good ones: when near, steps are smaller and the search ends later.
 */
export function findCapacityPrices(
  model: CapacityModel,
  start: CapacityPrices,
  upperBound: number,
  passes: number,
  distance: 'far' | 'near' = 'far',
): CapacityPriceSearch {
  const current = copyOf(start);
  let best = copyOf(start);
  const dual = allocateDual(model);
  const targets = blockOf(current.perTarget);
  const users = current.perUser.map(blockOf);
  const covers = current.perCover.map(blockOf);
  const blocks = [targets, ...users, ...covers];
  let bestBound = -Infinity;
  let goal: number = FIRST_GOAL[distance];
  let stale = 0;
  let pass = 0;
  for (; pass < passes && goal > LAST_GOAL[distance]; pass++) {
    evaluateCapacityDual(model, current, dual);
    if (dual.bound > bestBound) {
      if (dual.bound > bestBound + 1e-4 * Math.abs(bestBound)) stale = 0;
      bestBound = dual.bound;
      best = copyOf(current);
    }
    if (++stale > PATIENCE[distance]) {
      goal *= NEARER;
      stale = 0;
      copyInto(current, best);
      for (const block of blocks) block.direction.fill(0);
      evaluateCapacityDual(model, current, dual);
    }
    if (bestBound >= upperBound) break;
    findGradient(model, current, dual, { targets, users, covers });
    setScales(model, dual, { targets, users, covers }, upperBound);
    const norm = blocks.reduce((sum, block) => sum + deflect(block), 0);
    if (norm <= 0) {
      for (const block of blocks) block.direction.fill(0);
      continue;
    }
    const aim = Math.min(upperBound, bestBound + goal * Math.max(Math.abs(bestBound), 0.01 * upperBound));
    const length = Math.max(0, aim - dual.bound) / norm;
    for (const { price, direction, scale } of blocks) {
      for (let at = 0; at < price.length; at++) {
        price[at] = Math.max(0, price[at]! + length * scale[at]! * direction[at]!);
      }
    }
    capUsers(model, current);
  }
  evaluateCapacityDual(model, best, dual);
  return {
    prices: best,
    dual,
    work: (pass + 1) * 3 * model.classOfSite.length * Math.max(1, model.periodCount),
  };
}

function copyOf(prices: CapacityPrices): CapacityPrices {
  const copies = (list: readonly Float64Array[]): Float64Array[] => list.map((values) => values.slice());
  return {
    perTarget: prices.perTarget.slice(),
    perUser: copies(prices.perUser),
    perCover: copies(prices.perCover),
    perRoom: copies(prices.perRoom),
  };
}

function copyInto(to: CapacityPrices, from: CapacityPrices): void {
  to.perTarget.set(from.perTarget);
  to.perUser.forEach((values, period) => values.set(from.perUser[period]!));
  to.perCover.forEach((values, k) => values.set(from.perCover[k]!));
  to.perRoom.forEach((values, period) => values.set(from.perRoom[period]!));
}

interface Blocks {
  readonly targets: Block;
  readonly users: readonly Block[];
  readonly covers: readonly Block[];
}

/** need - served of the targets, users asked for - assigned of the classes, covers asked for - given, at the dual's minimiser. */
function findGradient(
  model: CapacityModel,
  prices: CapacityPrices,
  dual: CapacityDual,
  blocks: Blocks,
): void {
  model.targets.forEach(({ need }, k) => (blocks.targets.gradient[k] = need));
  model.users.forEach((users, period) => {
    const { gradient, price } = blocks.users[period]!;
    const worth = dual.targetWorth[period]!;
    gradient.fill(0);
    for (let own = 0; own < users.length; own++) if (worth[own]! > price[own]!) gradient[own] = users[own]!;
  });
  model.targets.forEach(({ member, period, backup, weight, today }, k) => {
    const price = prices.perTarget[k]!;
    for (let own = 0; own < model.classCount; own++) {
      if (member[own] === 0) continue;
      if (backup === 1) {
        if (dual.targetWorth[period]![own]! > prices.perUser[period]![own]!) {
          blocks.targets.gradient[k]! -= model.users[period]![own]!;
        }
        continue;
      }
      const taken = price * weight[own]! > backup * prices.perCover[k]![own]!;
      blocks.covers[k]!.gradient[own] = (taken ? backup : 0) - today[own]!;
      if (taken) blocks.targets.gradient[k]! -= weight[own]!;
    }
  });
  for (let site = 0; site < model.siteCount; site++) {
    if (isBuilt(model, dual, site)) takeService(model, prices, blocks, site);
  }
}

/** A minimiser of the dual builds what is worth more than it costs, the best of each location. */
function isBuilt(model: CapacityModel, { worth, groupSurplus }: CapacityDual, site: number): boolean {
  if (model.fixed[site] === 1) return true;
  const over = worth[site]! - model.cost[site]!;
  return over > 0 && over >= groupSurplus[model.group[site]!]!;
}

function takeService(model: CapacityModel, prices: CapacityPrices, blocks: Blocks, site: number): void {
  const { siteStart, classOfSite, counts } = model;
  const countsUsers = counts[site] === LOAD_USERS;
  for (let period = 0; period < model.periodCount; period++) {
    const q = prices.perUser[period]!;
    const users = model.users[period]!;
    const rate = model.rate[period]!;
    const price = prices.perRoom[period]![site]!;
    const { gradient } = blocks.users[period]!;
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
      const own = classOfSite[pair]!;
      if (q[own]! > price * (countsUsers ? 1 : rate[own]!)) gradient[own]! -= users[own]!;
    }
  }
  blocks.covers.forEach(({ gradient }) => {
    if (gradient.length === 0 || model.isToday[site] === 1) return;
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) gradient[classOfSite[pair]!]! -= 1;
  });
}

/** A user of a class can be worth its targets; users move together with those of their class. */
function setScales(model: CapacityModel, dual: CapacityDual, blocks: Blocks, upperBound: number): void {
  const count = Math.max(1, model.targets.length);
  model.targets.forEach(({ need }, k) => {
    blocks.targets.scale[k] = (0.3 * upperBound) / (need * Math.sqrt(count));
  });
  model.users.forEach((users, period) => {
    const { scale, price } = blocks.users[period]!;
    const worth = dual.targetWorth[period]!;
    for (let own = 0; own < users.length; own++) {
      const most = users[own]! * Math.max(worth[own]!, price[own]!);
      scale[own] = users[own] === 0 ? 0 : Math.sqrt(most) / users[own]!;
    }
  });
  model.targets.forEach(({ weight, backup }, k) => {
    if (backup === 1) return;
    const price = blocks.targets.price[k]!;
    weight.forEach((users, own) => (blocks.covers[k]!.scale[own] = Math.sqrt(price * users)));
  });
}

/** New direction of a block from its gradient; returns its part of the squared length in scaled units. */
function deflect({ price, gradient, direction, scale }: Block): number {
  let norm = 0;
  for (let at = 0; at < price.length; at++) {
    let slope = gradient[at]! * scale[at]!;
    if (slope < 0 && price[at] === 0) slope = 0;
    const move = slope + DEFLECTION * direction[at]!;
    direction[at] = move;
    norm += slope * move;
  }
  return norm;
}

/** Serving a user is never worth more than the targets it belongs to. */
function capUsers(model: CapacityModel, prices: CapacityPrices): void {
  const worth = model.users.map(() => new Float64Array(model.classCount));
  model.targets.forEach(({ member, period, backup }, k) => {
    if (backup > 1) return;
    const price = prices.perTarget[k]!;
    const sum = worth[period]!;
    for (let own = 0; own < sum.length; own++) if (member[own] === 1) sum[own]! += price;
  });
  prices.perUser.forEach((price, period) => {
    for (let own = 0; own < price.length; own++) price[own] = Math.min(price[own]!, worth[period]![own]!);
  });
}
