import { createRandom, type Random } from '../random.ts';
import { CoverState } from './cover-state.ts';
import type { CoveringModel } from './covering-model.ts';
import type { SearchResult } from './ruin-recreate.ts';

/** One logical annealing task: everything that decides its outcome. */
export interface AnnealingTask {
  readonly seed: number;
  readonly stream: number;
  /** Pairs it may touch: a deterministic measure of effort. */
  readonly work: number;
  /** Sites of a plan to start from. */
  readonly start: Uint32Array;
  /** [targetCount] grid units a missing user costs at first: the multipliers of the targets. */
  readonly missingCost: Float64Array;
  /** Temperature at the start and at the end, as a share of the mean site cost. */
  readonly hot: number;
  readonly cold: number;
}

/** Share of moves that add a site, or drop one; the rest swap neighbours. */
const ADD_SHARE = 0.08;
const DROP_SHARE = 0.12;
/** Moves between two looks at the missing users, per standing site. */
const MOVES_PER_REVIEW = 4;
/** A target found missing gets dearer, one found met cheaper; in balance about one look in eight finds it missing. */
const DEARER = 1.15;
const CHEAPER = 0.98;
/** Bounds of what a missing user costs, as multiples of the dearest multiplier (or the mean cost per user needed). */
const LEAST_COST = 0.1;
const MOST_COST = 30;
const STOP_CHECK = 1024;

/**
 * Simulated annealing by add, drop and swap through plans that may miss targets (Kirkpatrick et al. 1983; penalties that
 * follow how often a target is missed: strategic oscillation, Glover 1989). Where costs are alike, feasible plans of one
 * cost less are islands: the way to them leads through plans that miss a few users. Returns the cheapest plan met that
 * misses nobody; never worse than a feasible start.
 */
export function anneal(
  model: CoveringModel,
  task: AnnealingTask,
  shouldStop: () => boolean = () => false,
): SearchResult {
  const walk = new Annealing(model, task);
  walk.run(shouldStop);
  return { sites: walk.best, cost: walk.bestCost, work: walk.work };
}

class Annealing {
  best: Uint32Array;
  bestCost: number;
  readonly #task: AnnealingTask;
  readonly #state: CoverState;
  readonly #random: Random;
  /** Standing sites in no order, and the place of each. */
  readonly #standing: number[];
  readonly #place: Int32Array;
  readonly #missingCost: Float64Array;
  readonly #floor: Float64Array;
  readonly #change: Float64Array;
  readonly #meanCost: number;

  constructor(model: CoveringModel, task: AnnealingTask) {
    this.#task = task;
    this.#random = createRandom(task.seed, task.stream);
    this.#state = new CoverState(model, task.start);
    this.#standing = [...task.start];
    this.#place = new Int32Array(model.siteCount).fill(-1);
    this.#standing.forEach((site, place) => (this.#place[site] = place));
    this.best = Uint32Array.from(task.start);
    this.bestCost = this.#state.isFeasible() ? this.#state.cost : Infinity;
    const spent = Math.max(1, this.#state.cost - model.fixedCost);
    const dearest = task.missingCost.reduce((most, cost) => Math.max(most, cost), 0);
    this.#floor = Float64Array.from(model.need, (need) => LEAST_COST * Math.max(dearest, spent / need));
    this.#missingCost = Float64Array.from(task.missingCost, (cost, target) =>
      Math.max(cost, this.#floor[target]!),
    );
    this.#change = new Float64Array(model.targetCount);
    this.#meanCost = model.cost.reduce((sum, cost) => sum + cost, 0) / Math.max(1, model.siteCount);
  }

  get work(): number {
    return this.#state.work;
  }

  run(shouldStop: () => boolean): void {
    const { work, hot, cold } = this.#task;
    let review = 0;
    for (let move = 1; this.#state.work < work; move++) {
      if (move % STOP_CHECK === 0 && shouldStop()) return;
      this.#step(this.#meanCost * hot * (cold / hot) ** (this.#state.work / work));
      if (++review < MOVES_PER_REVIEW * this.#standing.length) continue;
      review = 0;
      this.#reviewCosts();
    }
  }

  #step(temperature: number): void {
    // A move that finds nothing to do counts as well, so that every walk ends.
    this.#state.work++;
    const kind = this.#random.next();
    // Rises above this are refused: the same test as comparing with exp(-rise / temperature).
    const limit = -temperature * Math.log(1 - this.#random.next());
    const moved =
      kind < ADD_SHARE
        ? this.#tryAdd(limit)
        : kind < ADD_SHARE + DROP_SHARE
          ? this.#tryDrop(limit)
          : this.#trySwap(limit);
    if (moved && this.#state.cost < this.bestCost && this.#missesNobody()) {
      this.bestCost = this.#state.cost;
      this.best = Uint32Array.from(this.#standing).sort();
    }
  }

  #tryAdd(limit: number): boolean {
    const site = this.#random.below(this.#state.model.siteCount);
    if (!this.#mayStand(site)) return false;
    if (this.#riseOfAdding(site) > limit) return false;
    this.#add(site);
    return true;
  }

  #tryDrop(limit: number): boolean {
    if (this.#standing.length === 0) return false;
    const site = this.#standing[this.#random.below(this.#standing.length)]!;
    if (this.#riseOfRemoving(site) > limit) return false;
    this.#remove(site);
    return true;
  }

  /** A standing site for another that shares a class with it, or now and then for any. */
  #trySwap(limit: number): boolean {
    if (this.#standing.length === 0) return false;
    const leaving = this.#standing[this.#random.below(this.#standing.length)]!;
    const { model } = this.#state;
    const first = model.siteStart[leaving]!;
    const pairs = model.siteStart[leaving + 1]! - first;
    if (pairs === 0) return false;
    const own = model.classOfSite[first + this.#random.below(pairs)]!;
    const from = model.classStart[own]!;
    const site = model.siteOfClass[from + this.#random.below(model.classStart[own + 1]! - from)]!;
    if (this.#state.chosen[site] === 1) return false;
    const lost = this.#riseOfRemoving(leaving);
    this.#remove(leaving);
    if (this.#mayStand(site) && lost + this.#riseOfAdding(site) <= limit) {
      this.#add(site);
      return true;
    }
    this.#add(leaving);
    return false;
  }

  #mayStand(site: number): boolean {
    return this.#state.chosen[site] === 0 && this.#state.blocked[site] === 0;
  }

  #riseOfAdding(site: number): number {
    this.#sumUsers(site, 0);
    const { model, served } = this.#state;
    const { need } = model;
    let rise = model.cost[site]!;
    for (let target = 0; target < need.length; target++) {
      const missing = need[target]! - served[target]!;
      if (missing > 0) rise -= this.#missingCost[target]! * Math.min(missing, this.#change[target]!);
    }
    return rise;
  }

  #riseOfRemoving(site: number): number {
    this.#sumUsers(site, 1);
    const { model, served } = this.#state;
    const { need } = model;
    let rise = -model.cost[site]!;
    for (let target = 0; target < need.length; target++) {
      const spare = served[target]! - need[target]!;
      const lost = this.#change[target]! - Math.max(0, spare);
      if (lost > 0) rise += this.#missingCost[target]! * lost;
    }
    return rise;
  }

  /** Users per target of the site's classes that are covered exactly `times` times. */
  #sumUsers(site: number, times: number): void {
    const { model, timesCovered } = this.#state;
    const { siteStart, classOfSite, weightStart, weightTarget, weightUsers } = model;
    const change = this.#change.fill(0);
    const end = siteStart[site + 1]!;
    for (let pair = siteStart[site]!; pair < end; pair++) {
      const own = classOfSite[pair]!;
      if (timesCovered[own] !== times) continue;
      const last = weightStart[own + 1]!;
      for (let w = weightStart[own]!; w < last; w++) change[weightTarget[w]!]! += weightUsers[w]!;
    }
    this.#state.work += end - siteStart[site]!;
  }

  #missesNobody(): boolean {
    const { model, served } = this.#state;
    for (let target = 0; target < model.need.length; target++) {
      if (served[target]! < model.need[target]!) return false;
    }
    return true;
  }

  #reviewCosts(): void {
    const { model, served } = this.#state;
    for (let target = 0; target < model.need.length; target++) {
      const floor = this.#floor[target]!;
      const factor = served[target]! < model.need[target]! ? DEARER : CHEAPER;
      const moved = this.#missingCost[target]! * factor;
      this.#missingCost[target] = Math.min(Math.max(moved, floor), (floor * MOST_COST) / LEAST_COST);
    }
  }

  #add(site: number): void {
    this.#state.add(site);
    this.#place[site] = this.#standing.length;
    this.#standing.push(site);
  }

  #remove(site: number): void {
    this.#state.remove(site);
    const last = this.#standing.pop()!;
    const place = this.#place[site]!;
    if (last !== site) {
      this.#standing[place] = last;
      this.#place[last] = place;
    }
    this.#place[site] = -1;
  }
}
