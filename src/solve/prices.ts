import type { CoveringModel } from './covering-model.ts';
import { allocateDualValue, evaluateDual, type DualValue, type Prices } from './lagrangian.ts';

export interface PriceSearch {
  readonly prices: Prices;
  /** Best bound found, grid units, before the allowance. */
  readonly bound: number;
  /** Pairs touched. */
  readonly work: number;
}

/** Step factor at the start, and the one that ends the search. */
const FIRST_STEP = 1;
const LAST_STEP = 0.002;
/** Passes without a better bound after which the step is halved. */
const PATIENCE = 20;
/** Share of the previous direction kept (Camerini, Fratta & Maffioli 1975: deflection against zigzag). */
const DEFLECTION = 0.7;

/** Prices to start from: what greedy pays per user, spread evenly over who covers a class. */
export function startPrices(model: CoveringModel, upperBound: number): Prices {
  const { need, targetCount } = model;
  const perUser = Float64Array.from(need, (users) => (upperBound - model.fixedCost) / (users * targetCount));
  const perClass = new Float64Array(model.classCount);
  const prices = { perUser, perClass };
  forEachUserWorth(model, perUser, (own, worth) => (perClass[own] = 0.5 * worth));
  return prices;
}

function forEachUserWorth(
  model: CoveringModel,
  perUser: Float64Array,
  visit: (own: number, worth: number) => void,
): void {
  for (let own = 0; own < model.classCount; own++) {
    let worth = 0;
    for (let w = model.weightStart[own]!; w < model.weightStart[own + 1]!; w++) {
      worth += perUser[model.weightTarget[w]!]! * model.weightUsers[w]!;
    }
    visit(own, worth);
  }
}

/**
 * Prices by subgradient ascent. Several targets are first added up into one (weights / need), whose price per user is
 * optimised exactly; that is a relaxation, so its prices are valid, and the prices of the single targets part from there.
 *
 * @param passes at most about this many evaluations.
 */
export function findPrices(model: CoveringModel, upperBound: number, passes: number): PriceSearch {
  if (model.targetCount === 1)
    return improvePrices(model, startPrices(model, upperBound), upperBound, passes);
  const single = sumOfTargets(model);
  const first = improvePrices(single, startPrices(single, upperBound), upperBound, Math.ceil(passes / 2));
  const perUser = Float64Array.from(model.need, (need) => first.prices.perUser[0]! / need);
  const start = { perUser, perClass: first.prices.perClass };
  const second = improvePrices(model, start, upperBound, Math.ceil(passes / 2), 0.3);
  return { ...second, work: first.work + second.work };
}

/** The model with one target: the sum over targets of users / need, needed targetCount times. */
function sumOfTargets(model: CoveringModel): CoveringModel {
  const weightUsers = new Float64Array(model.classCount);
  let reachable = 0;
  for (let own = 0; own < model.classCount; own++) {
    for (let w = model.weightStart[own]!; w < model.weightStart[own + 1]!; w++) {
      weightUsers[own]! += model.weightUsers[w]! / model.need[model.weightTarget[w]!]!;
    }
    reachable += weightUsers[own]!;
  }
  return {
    ...model,
    targetCount: 1,
    weightStart: Uint32Array.from({ length: model.classCount + 1 }, (_, own) => own),
    weightTarget: new Uint32Array(model.classCount),
    weightUsers,
    need: Float64Array.of(model.targetCount),
    reachable: Float64Array.of(reachable),
  };
}

/**
 * Subgradient ascent on the Lagrangian dual with deflected directions and Polyak steps towards `upperBound`
 * (Held, Wolfe & Crowder 1974). Every class moves in proportion to what it can be worth: on clustered countries
 * (instance E, 600 passes) that gives a bound of 4780 where equal or squared weights give 3840 and 4045. One target: the price per user is optimised exactly for given class prices.
 *
 * @param passes at most this many evaluations.
 * @param firstStep Polyak factor to start with; small when the prices are near the best already.
 */
export function improvePrices(
  model: CoveringModel,
  start: Prices,
  upperBound: number,
  passes: number,
  firstStep = FIRST_STEP,
): PriceSearch {
  const { classCount, targetCount, classStart, siteOfClass, mandatory, need } = model;
  const perUser = start.perUser.slice();
  const perClass = start.perClass.slice();
  const current: Prices = { perUser, perClass };
  const best = { perUser: start.perUser.slice(), perClass: start.perClass.slice() };
  const value = allocateDualValue(model);
  const direction = new Float64Array(classCount);
  const classScale = new Float64Array(classCount);
  const userDirection = new Float64Array(targetCount);
  const userGradient = new Float64Array(targetCount);
  const inPlan = new Uint8Array(model.siteCount);
  let bestBound = -Infinity;
  let step = firstStep;
  let stale = 0;
  let pass = 0;
  const floorWorth = (0.1 * (upperBound - model.fixedCost)) / Math.max(1, classCount);
  for (; pass < passes && step > LAST_STEP; pass++) {
    if (targetCount === 1) optimiseUserPrice(model, current);
    evaluateDual(model, current, value);
    if (value.bound > bestBound) {
      if (value.bound > bestBound + 1e-4 * Math.max(1e-6, upperBound - value.bound)) stale = 0;
      bestBound = value.bound;
      best.perUser.set(perUser);
      best.perClass.set(perClass);
    }
    if (++stale > PATIENCE) {
      step /= 2;
      stale = 0;
      perUser.set(best.perUser);
      perClass.set(best.perClass);
      direction.fill(0);
      userDirection.fill(0);
      continue;
    }
    if (upperBound - bestBound <= 1e-9 * upperBound) break;
    markPlan(model, value, inPlan);
    userGradient.set(need);
    let norm = 0;
    for (let own = 0; own < classCount; own++) {
      const worth = value.userWorth[own]!;
      const covered = mandatory[own] === 1 || worth > perClass[own]!;
      let gradient = covered ? 1 : 0;
      for (let i = classStart[own]!; i < classStart[own + 1]!; i++) gradient -= inPlan[siteOfClass[i]!]!;
      if (covered && targetCount > 1) {
        for (let w = model.weightStart[own]!; w < model.weightStart[own + 1]!; w++) {
          userGradient[model.weightTarget[w]!]! -= model.weightUsers[w]!;
        }
      }
      const scale = Math.sqrt(Math.max(worth, floorWorth, perClass[own]!));
      classScale[own] = scale;
      if (gradient < 0 && perClass[own] === 0) gradient = 0;
      const move = gradient * scale + DEFLECTION * direction[own]!;
      direction[own] = move;
      norm += gradient * scale * move;
    }
    if (targetCount > 1) norm += moveUserDirection(perUser, userGradient, need, userDirection, upperBound);
    if (norm <= 0) {
      direction.fill(0);
      userDirection.fill(0);
      continue;
    }
    const length = (step * (upperBound - value.bound)) / norm;
    for (let own = 0; own < classCount; own++) {
      perClass[own] = Math.max(0, perClass[own]! + length * classScale[own]! * direction[own]!);
    }
    if (targetCount > 1) moveUserPrices(perUser, userDirection, need, length, upperBound);
    if (targetCount > 1) capPrices(model, current);
  }
  return { prices: best, bound: bestBound, work: pass * 2 * model.classOfSite.length };
}

/** Sites that a minimiser of the Lagrangian builds: positive surplus, the best of each location. */
function markPlan(model: CoveringModel, value: DualValue, inPlan: Uint8Array): void {
  const { cost, group } = model;
  const { worth, groupSurplus } = value;
  for (let site = 0; site < model.siteCount; site++) {
    const surplus = worth[site]! - cost[site]!;
    inPlan[site] = surplus > 0 && surplus >= groupSurplus[group[site]!]! ? 1 : 0;
  }
}

/** Scale of a target's price: an equal part of the cost over the users it needs. */
function userScale(need: Float64Array, target: number, upperBound: number): number {
  return (0.3 * upperBound) / (need[target]! * Math.sqrt(need.length));
}

function moveUserDirection(
  perUser: Float64Array,
  gradient: Float64Array,
  need: Float64Array,
  direction: Float64Array,
  upperBound: number,
): number {
  let norm = 0;
  for (let target = 0; target < need.length; target++) {
    const scale = userScale(need, target, upperBound);
    let slope = gradient[target]! * scale;
    if (slope < 0 && perUser[target] === 0) slope = 0;
    const move = slope + DEFLECTION * direction[target]!;
    direction[target] = move;
    norm += slope * move;
  }
  return norm;
}

function moveUserPrices(
  perUser: Float64Array,
  direction: Float64Array,
  need: Float64Array,
  length: number,
  upperBound: number,
): void {
  for (let target = 0; target < need.length; target++) {
    const scale = userScale(need, target, upperBound);
    perUser[target] = Math.max(0, perUser[target]! + length * scale * direction[target]!);
  }
}

/** A class that may stay uncovered is never worth more than its users. */
function capPrices(model: CoveringModel, prices: Prices): void {
  forEachUserWorth(model, prices.perUser, (own, worth) => {
    if (model.mandatory[own] === 0 && prices.perClass[own]! > worth) prices.perClass[own] = worth;
  });
}

/**
 * For one target and given class prices the dual is concave and piecewise linear in the price per user: its slope is
 * need - users of the classes cheaper than the price, found by bisection. Any value is valid.
 */
function optimiseUserPrice(model: CoveringModel, prices: Prices): void {
  const { classCount, weightUsers, mandatory } = model;
  const { perClass, perUser } = prices;
  let mandatoryUsers = 0;
  let highest = 0;
  for (let own = 0; own < classCount; own++) {
    if (mandatory[own] === 1) mandatoryUsers += weightUsers[own]!;
    else highest = Math.max(highest, perClass[own]! / weightUsers[own]!);
  }
  const needed = model.need[0]! - mandatoryUsers;
  if (needed <= 0) {
    perUser[0] = 0;
    return;
  }
  const usersBelow = (price: number): number => {
    let users = 0;
    for (let own = 0; own < classCount; own++) {
      if (mandatory[own] === 0 && perClass[own]! < price * weightUsers[own]!) users += weightUsers[own]!;
    }
    return users;
  };
  let low = 0;
  let high = highest * (1 + 1e-12) + Number.MIN_VALUE;
  const guess = perUser[0]!;
  if (guess > 0 && guess < high) {
    const narrowLow = guess * 0.98;
    const narrowHigh = Math.min(high, guess * 1.02);
    if (usersBelow(narrowLow) < needed) low = narrowLow;
    if (usersBelow(narrowHigh) >= needed) high = narrowHigh;
  }
  // Where the answer is 0 halving would never end: stop once the price is nothing beside the dearest class.
  const negligible = 1e-12 * highest + Number.MIN_VALUE;
  while (high - low > 1e-7 * high && high > negligible) {
    const middle = 0.5 * (low + high);
    if (usersBelow(middle) >= needed) high = middle;
    else low = middle;
  }
  perUser[0] = high;
}
