import { createRandom, type Random } from '../random.ts';
import type { CoveringModel } from './covering-model.ts';
import { PricedState } from './priced-state.ts';
import { Surroundings } from './surroundings.ts';

/** One logical search task: everything that decides its outcome. */
export interface SearchTask {
  readonly seed: number;
  readonly stream: number;
  /** Pairs it may touch: a deterministic measure of effort. */
  readonly work: number;
  /** Sites of a feasible plan to start from. */
  readonly start: Uint32Array;
  /** [classCount] what covering a class is worth when sites are ranked, > 0. */
  readonly scores: Float64Array;
  /** [targetCount] grid units that one user of slack is worth. */
  readonly slackWorth: Float64Array;
  /** Threshold of acceptance at the start and at the end, as a share of the mean site cost. */
  readonly hot: number;
  readonly cold: number;
  /**
   * True: what was removed is made up for by sites that share a class with it, and only these are looked at. A turn then takes the
   * same time whatever the size of the model.
   */
  readonly local?: boolean;
}

export interface SearchResult {
  readonly sites: Uint32Array;
  readonly cost: number;
  readonly work: number;
}

/** Turns between two looks at the stop flag. */
const STOP_CHECK = 256;
/** Most sites removed at once. */
const LARGEST_RUIN = 9;
/** Candidates looked at exactly per addition, on each of two lists. */
const SHORTLIST = 6;
/** Share of candidates passed over in one recreation, so that the same plan is not rebuilt. */
const BLINK = 0.08;
/** Share of the worth of slack that counts: a plan with more slack is nearer to losing a site. */
const SLACK_SHARE = 0.15;

/**
 * Ruin and recreate with annealed acceptance (Schrimpf et al. 2000): a few neighbouring sites are removed, the
 * targets are met again greedily by score per cost, superfluous sites go, and the plan is kept when its cost, less
 * part of what its slack is worth, is at most a falling random threshold above the present one.
 * Every plan it passes through is feasible; the cheapest is returned.
 */
export function ruinAndRecreate(
  model: CoveringModel,
  task: SearchTask,
  shouldStop: () => boolean = () => false,
): SearchResult {
  const random = createRandom(task.seed, task.stream);
  const state = new PricedState(model, task.scores);
  for (const site of task.start) state.add(site);
  const meanCost = meanOf(model.cost);
  const surroundings = task.local === true ? Surroundings.of(model) : null;
  const best = state.chosen.slice();
  let bestCost = state.cost;
  let energy = energyOf(state, task.slackWorth);
  const added: number[] = [];
  const removed: number[] = [];
  for (let turn = 1; state.work < task.work; turn++) {
    if (turn % STOP_CHECK === 0 && shouldStop()) break;
    const progress = state.work / task.work;
    const temperature = meanCost * task.hot * (task.cold / task.hot) ** progress;
    added.length = 0;
    removed.length = 0;
    ruin(state, random, removed);
    surroundings?.clear();
    if (surroundings !== null) for (const site of removed) state.work += surroundings.enter(site) >> 2;
    const complete = recreate(state, random, removed, added, surroundings);
    if (complete) prune(state, added, removed, surroundings);
    const next = complete ? energyOf(state, task.slackWorth) : Infinity;
    if (next <= energy - temperature * Math.log(1 - random.next())) {
      energy = next;
      if (state.cost < bestCost) {
        bestCost = state.cost;
        best.set(state.chosen);
      }
    } else {
      undo(state, added, removed);
    }
  }
  return { sites: sitesAt(best), cost: bestCost, work: state.work };
}

function sitesAt(chosen: Uint8Array): Uint32Array {
  return Uint32Array.from(chosen.keys()).filter((site) => chosen[site] === 1);
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / Math.max(1, values.length);
}

/** Cost less what part of the slack is worth: on a plateau of equal cost it points towards losing a site. */
function energyOf(state: PricedState, slackWorth: Float64Array): number {
  const { need } = state.model;
  let worth = 0;
  for (let target = 0; target < need.length; target++)
    worth += slackWorth[target]! * (state.served[target]! - need[target]!);
  return state.cost - SLACK_SHARE * worth;
}

/** Remove a few sites that share classes, found by a random walk from class to coverer to class. */
function ruin(state: PricedState, random: Random, removed: number[]): void {
  const { model, standing } = state;
  if (standing.size === 0) return;
  const size = 1 + random.below(Math.min(LARGEST_RUIN, standing.size));
  let at = standing.at(random.below(standing.size));
  state.remove(at);
  removed.push(at);
  for (let tries = 0; removed.length < size && tries < 12 * size; tries++) {
    const via = randomCoverer(model, randomClass(model, at, random), random);
    const next = standingNear(state, via, random);
    if (next === -1) continue;
    state.remove(next);
    removed.push(next);
    if (random.below(2) === 0) at = next;
  }
}

function randomClass(model: CoveringModel, site: number, random: Random): number {
  const first = model.siteStart[site]!;
  return model.classOfSite[first + random.below(model.siteStart[site + 1]! - first)]!;
}

function randomCoverer(model: CoveringModel, own: number, random: Random): number {
  const first = model.classStart[own]!;
  return model.siteOfClass[first + random.below(model.classStart[own + 1]! - first)]!;
}

/** A standing site that covers some random class of `via`, or -1. */
function standingNear(state: PricedState, via: number, random: Random): number {
  if (state.chosen[via] === 1) return via;
  const { model } = state;
  const own = randomClass(model, via, random);
  if (state.timesCovered[own] === 0) return -1;
  if (state.timesCovered[own] === 1) return state.covererXor[own]!;
  for (let tries = 0; tries < 6; tries++) {
    const site = randomCoverer(model, own, random);
    if (state.chosen[site] === 1) return site;
  }
  return -1;
}

/** Meet every target again. @returns false when no site that may stand adds anything. */
function recreate(
  state: PricedState,
  random: Random,
  removed: readonly number[],
  added: number[],
  among: Surroundings | null,
): boolean {
  const taboo = removed.length > 1 && random.below(3) > 0 ? removed[random.below(removed.length)]! : -1;
  while (!state.meetsTargets()) {
    const site = bestAddition(state, random, taboo, among);
    if (site === -1) return false;
    state.add(site);
    added.push(site);
    if (added.length > 4 * removed.length + 8) break;
  }
  return state.meetsTargets();
}

/**
 * The site to add next: of those that look best by score per cost, whole and cut off at what is still wanted, the one
 * that wins most of the missing users per cost. The scores see beyond the next step, the users see what is missing.
 */
function bestAddition(state: PricedState, random: Random, taboo: number, among: Surroundings | null): number {
  const { model, gain, chosen, blocked } = state;
  const { cost } = model;
  const count = among === null ? model.siteCount : among.size;
  const wanted = state.scoreWanted();
  const blink = random.next() < 0.5 ? BLINK : 0;
  const whole = new Shortlist();
  const cutOff = new Shortlist();
  for (let place = 0; place < count; place++) {
    const site = among === null ? place : among.at(place);
    const raw = gain[site]!;
    if (raw <= 0 || chosen[site] === 1 || blocked[site]! > 0 || site === taboo) continue;
    const value = raw / cost[site]!;
    const useful = raw <= wanted ? value : wanted / cost[site]!;
    if (value <= whole.least && useful <= cutOff.least) continue;
    if (blink > 0 && random.next() < blink) continue;
    whole.offer(site, value);
    cutOff.offer(site, useful);
  }
  state.work += count >> 2;
  let best = -1;
  let bestValue = 0;
  for (const list of [whole, cutOff]) {
    for (let place = 0; place < list.size; place++) {
      const site = list.sites[place]!;
      const value = (state.usefulGain(site) * list.values[place]!) / cost[site]!;
      if (value <= bestValue) continue;
      best = site;
      bestValue = value;
    }
  }
  if (best === -1 && taboo !== -1 && state.addsSomething(taboo) && state.usefulGain(taboo) > 0) return taboo;
  return best;
}

/** The few sites of largest value, largest first. */
class Shortlist {
  size = 0;
  /** Smallest value on a full list, 0 before. */
  least = 0;
  readonly sites = new Uint32Array(SHORTLIST);
  readonly values = new Float64Array(SHORTLIST);

  offer(site: number, value: number): void {
    if (value <= this.least) return;
    let place = this.size < SHORTLIST ? this.size++ : SHORTLIST - 1;
    while (place > 0 && this.values[place - 1]! < value) {
      this.sites[place] = this.sites[place - 1]!;
      this.values[place] = this.values[place - 1]!;
      place--;
    }
    this.sites[place] = site;
    this.values[place] = value;
    if (this.size === SHORTLIST) this.least = this.values[SHORTLIST - 1]!;
  }
}

/** Drop superfluous sites, of least score per cost first. */
function prune(state: PricedState, added: number[], removed: number[], among: Surroundings | null): void {
  for (;;) {
    const site = state.leastMissed(among ?? state.standing);
    if (site === -1) return;
    state.remove(site);
    const index = added.indexOf(site);
    if (index === -1) removed.push(site);
    else added.splice(index, 1);
  }
}

function undo(state: PricedState, added: readonly number[], removed: readonly number[]): void {
  for (const site of added) state.remove(site);
  for (const site of removed) state.add(site);
}
