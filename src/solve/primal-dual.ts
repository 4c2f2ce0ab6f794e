import type { CoveringModel } from './covering-model.ts';
import { allocateDualValue, evaluateDual, type Prices } from './lagrangian.ts';
import { scaleRelaxation, type ScaledRelaxation } from './scaled-relaxation.ts';

/** One stretch of the first-order method on the linear relaxation: where it starts and how far it goes. */
export interface AscentTask {
  readonly prices: Prices;
  /** [siteCount] shares of sites to start from, 0..1. */
  readonly build: Float64Array;
  /** Weight of the primal side in the step sizes; see {@link FIRST_BALANCE}. */
  readonly balance: number;
  readonly passes: number;
  /** A bound from here on proves the best known plan: no need to go on. */
  readonly upperBound: number;
}

export interface AscentResult {
  /** The multipliers of the best bound met, the start included. */
  readonly prices: Prices;
  /** Bound of `prices`, before the allowance. */
  readonly bound: number;
  readonly build: Float64Array;
  readonly balance: number;
  /** True when the bound has all but stopped to rise. */
  readonly converged: boolean;
  /** Pairs touched. */
  readonly work: number;
}

/**
 * Ratio of dual to primal step to start with, in units of the mean cost. Planar D, E, F and Helsinki H2, H4 ended
 * between 0.006 and 0.4; from 0.06 E reaches 4853 after 200 passes, from 1 after 700 (relaxation 4947.75).
 */
export const FIRST_BALANCE = 0.06;
/** Passes between two evaluations of the bound. */
const PASSES_PER_BOUND = 25;
/** Rise of the bound over one stretch, as a share of it, below which the relaxation counts as solved. */
export const NEGLIGIBLE_RISE = 2e-5;
export const FEWEST_PASSES_TO_CONVERGE = 150;
/** Restart when the distance to the next point has fallen by the first factor, or by the second and grows again. */
export const SUFFICIENT_DECREASE = 0.2;
export const NECESSARY_DECREASE = 0.8;
/** Restart at the latest after this share of all passes so far. */
export const LONGEST_STRETCH = 0.36;
export const SHORTEST_STRETCH = 10;

/**
 * Primal-dual hybrid gradient on the linear relaxation (Chambolle & Pock 2011; diagonal steps: Pock & Chambolle 2011), with
 * reflected Halpern anchoring, restarts and a balance of both sides that follows how far each moved (Lu & Yang 2024):
 *
 *     min cost x   s.t.   y[c] + sum_{j covers c} x[j] >= 1 (price per class),   sum users y <= reachable - need (per user)
 *
 * Two passes over the pairs a step and four vectors of memory: the way to the bound of models too large for a simplex or
 * interior-point solver. Its multipliers are valid whenever it stops, since the bound is an evaluation of the Lagrangian.
 * Measured, CPU seconds: planar D 11933.0 after 8 (relaxation 11933.68), F 7530 after 40 (subgradient: 6686 after 14).
 */
export function ascendPrimalDual(
  model: CoveringModel,
  task: AscentTask,
  shouldStop: () => boolean = () => false,
): AscentResult {
  return new Ascent(model, task).run(shouldStop);
}

/** Prices of a better bound by one stretch from others; a bound of `upperBound` ends it. */
export function liftPrices(model: CoveringModel, prices: Prices, upperBound: number, passes: number): Prices {
  const build = new Float64Array(model.siteCount);
  return ascendPrimalDual(model, { prices, build, balance: FIRST_BALANCE, passes, upperBound }).prices;
}

/** Point of both sides: shares of sites and of classes given up, prices of classes and targets, all scaled. */
interface Point {
  readonly site: Float64Array;
  readonly givenUp: Float64Array;
  readonly perClass: Float64Array;
  readonly perUser: Float64Array;
}

class Ascent {
  readonly #model: CoveringModel;
  readonly #task: AscentTask;
  readonly #scaled: ScaledRelaxation;
  readonly #at: Point;
  readonly #next: Point;
  readonly #anchor: Point;
  /** 2 x next - at of the primal side. */
  readonly #aheadSite: Float64Array;
  readonly #aheadGivenUp: Float64Array;
  readonly #best: Prices;
  #bestBound = -Infinity;
  #balance: number;
  /** Squared lengths of the last step, in the norm of the step sizes. */
  #primalStep = 0;
  #dualStep = 0;

  constructor(model: CoveringModel, task: AscentTask) {
    this.#model = model;
    this.#task = task;
    this.#balance = task.balance;
    this.#scaled = scaleRelaxation(model);
    this.#at = this.#startPoint();
    this.#next = copyOf(this.#at);
    this.#anchor = copyOf(this.#at);
    this.#aheadSite = new Float64Array(model.siteCount);
    this.#aheadGivenUp = new Float64Array(model.classCount);
    this.#best = { perUser: task.prices.perUser.slice(), perClass: task.prices.perClass.slice() };
    const value = allocateDualValue(model);
    evaluateDual(model, task.prices, value);
    this.#bestBound = value.bound;
  }

  run(shouldStop: () => boolean): AscentResult {
    const { passes, upperBound } = this.#task;
    const firstBound = this.#bestBound;
    let pass = 0;
    let sinceRestart = 0;
    let firstLength = Infinity;
    let lastLength = Infinity;
    while (pass < passes && this.#bestBound < upperBound && !shouldStop()) {
      this.#stepPrimal();
      this.#stepDual();
      pass++;
      const length = Math.sqrt(this.#balance * this.#primalStep + this.#dualStep / this.#balance);
      if (sinceRestart === 0) firstLength = length;
      const restarts =
        sinceRestart > 0 &&
        (length <= SUFFICIENT_DECREASE * firstLength ||
          (length <= NECESSARY_DECREASE * firstLength && length > lastLength) ||
          sinceRestart >= LONGEST_STRETCH * pass + SHORTEST_STRETCH);
      lastLength = length;
      if (pass % PASSES_PER_BOUND === 0 || pass === passes) this.#keepBound();
      if (restarts) this.#restart();
      else this.#advance(sinceRestart);
      sinceRestart = restarts ? 0 : sinceRestart + 1;
    }
    return {
      prices: this.#best,
      bound: this.#bestBound,
      build: this.#next.site,
      balance: this.#balance,
      converged:
        pass >= FEWEST_PASSES_TO_CONVERGE && this.#bestBound - firstBound < NEGLIGIBLE_RISE * this.#bestBound,
      work: 2 * pass * this.#model.classOfSite.length,
    };
  }

  #startPoint(): Point {
    const { prices, build } = this.#task;
    const { costScale, userScale } = this.#scaled;
    const { classCount, classStart, siteOfClass, mandatory } = this.#model;
    const givenUp = new Float64Array(classCount);
    for (let own = 0; own < classCount; own++) {
      if (mandatory[own] === 1) continue;
      let covered = 0;
      for (let i = classStart[own]!; i < classStart[own + 1]!; i++) covered += build[siteOfClass[i]!]!;
      givenUp[own] = Math.max(0, 1 - covered);
    }
    return {
      site: build.slice(),
      givenUp,
      perClass: prices.perClass.map((price) => price * costScale),
      perUser: prices.perUser.map((price, target) => (price * costScale) / userScale[target]!),
    };
  }

  #stepPrimal(): void {
    const { siteCount, classCount, siteStart, classOfSite, weightStart, weightTarget, mandatory } =
      this.#model;
    const { cost, users, stepSite, stepGivenUp } = this.#scaled;
    const { site, givenUp, perClass, perUser } = this.#at;
    const next = this.#next;
    const faster = 1 / this.#balance;
    let moved = 0;
    for (let own = 0; own < siteCount; own++) {
      let worth = 0;
      const end = siteStart[own + 1]!;
      for (let pair = siteStart[own]!; pair < end; pair++) worth += perClass[classOfSite[pair]!]!;
      const step = stepSite[own]!;
      const share = clampToUnit(site[own]! - step * faster * (cost[own]! - worth));
      const change = share - site[own]!;
      moved += (change * change) / step;
      next.site[own] = share;
      this.#aheadSite[own] = share + change;
    }
    for (let own = 0; own < classCount; own++) {
      if (mandatory[own] === 1) continue;
      let slope = -perClass[own]!;
      const end = weightStart[own + 1]!;
      for (let w = weightStart[own]!; w < end; w++) slope += users[w]! * perUser[weightTarget[w]!]!;
      const step = stepGivenUp[own]!;
      const share = clampToUnit(givenUp[own]! - step * faster * slope);
      const change = share - givenUp[own]!;
      moved += (change * change) / step;
      next.givenUp[own] = share;
      this.#aheadGivenUp[own] = share + change;
    }
    this.#primalStep = moved;
  }

  #stepDual(): void {
    const { classCount, targetCount, classStart, siteOfClass, weightStart, weightTarget, mandatory } =
      this.#model;
    const { users, mayGiveUp, stepPerClass, stepPerUser } = this.#scaled;
    const { perClass, perUser } = this.#at;
    const aheadSite = this.#aheadSite;
    const aheadGivenUp = this.#aheadGivenUp;
    const next = this.#next;
    const balance = this.#balance;
    const excess = Float64Array.from(mayGiveUp, (most) => -most);
    let moved = 0;
    for (let own = 0; own < classCount; own++) {
      const given = mandatory[own] === 1 ? 0 : aheadGivenUp[own]!;
      let missing = 1 - given;
      const end = classStart[own + 1]!;
      for (let i = classStart[own]!; i < end; i++) missing -= aheadSite[siteOfClass[i]!]!;
      const step = stepPerClass[own]!;
      const price = Math.max(0, perClass[own]! + balance * step * missing);
      const change = price - perClass[own]!;
      moved += (change * change) / step;
      next.perClass[own] = price;
      if (given === 0) continue;
      const last = weightStart[own + 1]!;
      for (let w = weightStart[own]!; w < last; w++) excess[weightTarget[w]!]! += users[w]! * given;
    }
    for (let target = 0; target < targetCount; target++) {
      const step = stepPerUser[target]!;
      if (step === 0) continue;
      const price = Math.max(0, perUser[target]! + balance * step * excess[target]!);
      moved += (price - perUser[target]!) ** 2 / step;
      next.perUser[target] = price;
    }
    this.#dualStep = moved;
  }

  /** Halpern: the reflected point, drawn towards the anchor less and less. */
  #advance(sinceRestart: number): void {
    const share = (sinceRestart + 1) / (sinceRestart + 2);
    for (const side of SIDES) {
      const at = this.#at[side];
      const next = this.#next[side];
      const anchor = this.#anchor[side];
      for (let i = 0; i < at.length; i++) {
        at[i] = share * (2 * next[i]! - at[i]!) + (1 - share) * anchor[i]!;
      }
    }
  }

  /** Begin anew from the point reached; the side that had moved further gets the longer steps. */
  #restart(): void {
    const { stepSite, stepGivenUp, stepPerClass, stepPerUser } = this.#scaled;
    const primal =
      distance(this.#next.site, this.#anchor.site, stepSite) +
      distance(this.#next.givenUp, this.#anchor.givenUp, stepGivenUp);
    const dual =
      distance(this.#next.perClass, this.#anchor.perClass, stepPerClass) +
      distance(this.#next.perUser, this.#anchor.perUser, stepPerUser);
    if (primal > 0 && dual > 0) {
      this.#balance = Math.sqrt(Math.sqrt(dual / primal) * this.#balance);
    }
    for (const side of SIDES) {
      this.#at[side].set(this.#next[side]);
      this.#anchor[side].set(this.#next[side]);
    }
  }

  #keepBound(): void {
    const { costScale, userScale } = this.#scaled;
    const prices: Prices = {
      perClass: this.#next.perClass.map((price) => price / costScale),
      perUser: this.#next.perUser.map((price, target) => (price * userScale[target]!) / costScale),
    };
    const value = allocateDualValue(this.#model);
    evaluateDual(this.#model, prices, value);
    if (value.bound <= this.#bestBound) return;
    this.#bestBound = value.bound;
    this.#best.perClass.set(prices.perClass);
    this.#best.perUser.set(prices.perUser);
  }
}

const SIDES = ['site', 'givenUp', 'perClass', 'perUser'] as const;

function copyOf(point: Point): Point {
  return {
    site: point.site.slice(),
    givenUp: point.givenUp.slice(),
    perClass: point.perClass.slice(),
    perUser: point.perUser.slice(),
  };
}

function clampToUnit(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

/** Squared distance in the norm of the step sizes; coordinates without a step never move. */
function distance(a: Float64Array, b: Float64Array, step: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) if (step[i]! > 0) sum += (a[i]! - b[i]!) ** 2 / step[i]!;
  return sum;
}
