import type { AssignmentState } from './assignment-state.ts';
import { EVERYBODY, expand, isAsked, push, reach, spareUsers, stillMissing } from './hand-on.ts';

/**
 * Assigns users until every target on service is met or no exchange of users between standing sites helps, and then
 * everybody else who fits: directly where a covering site has room, else along augmenting paths (Ford & Fulkerson 1956): a
 * full site hands users of another class on to a further site until room, or a user whom no target needs, is reached.
 * Exact where every user makes the same load and the regions of a period nest or partition (a flow with lower bounds); else
 * a good attempt, which `assignByLp` completes.
 *
 * @returns true when all targets are met.
 */
export function fillTargets(state: AssignmentState): boolean {
  let met = true;
  for (let period = 0; period < state.targetsOf.length; period++) met = fillPeriod(state, period) && met;
  fillAll(state);
  state.touched.clear();
  return met && state.isMet();
}

/** The targets of one period; false when one stays unmet. */
function fillPeriod(state: AssignmentState, period: number): boolean {
  for (const target of state.targetsOf[period]!) {
    if (state.missing(target) > 0) fillDirectly(state, period, target, state.order[period]!);
    if (state.missing(target) > 0) augmentAll(state, period, target, state.order[period]!);
    if (!state.canSpare(target)) continue;
    while (state.missing(target) > 0 && takeSpare(state, period, target, state.order[period]!)) state.work++;
  }
  // A later target of the period may have taken users that an earlier one can spare, never ones it needs.
  return isPeriodMet(state, period);
}

function isPeriodMet(state: AssignmentState, period: number): boolean {
  return state.targetsOf[period]!.every((target) => state.missing(target) === 0);
}

/**
 * The same, given up as soon as one period's targets stay unmet: to try whether sites can go. The period that failed last is
 * asked first.
 *
 * @returns true when all targets are met; after false the state has to be taken back.
 */
export function tryTargets(state: AssignmentState): boolean {
  for (const period of [...state.hardestFirst]) {
    if (fillPeriod(state, period)) continue;
    state.failed(period);
    return false;
  }
  fillAll(state);
  state.touched.clear();
  return state.isMet();
}

/** Assigns everybody who fits, targets or not: nobody loses service. */
export function fillAll(state: AssignmentState): void {
  for (let period = 0; period < state.targetsOf.length; period++) {
    fillDirectly(state, period, EVERYBODY, state.order[period]!);
    augmentAll(state, period, EVERYBODY, state.order[period]!);
  }
}

/** Sites of one path search where only a neighbourhood changed: longer ways of handing on hardly ever pay. */
const NEAR_SITES = 24;

/**
 * The same after a few sites came or went in a state that was filled before: looks at users near them alone, so it may miss an
 * exchange that `fillTargets` finds.
 *
 * @returns true when all targets are met.
 */
export function fillNear(state: AssignmentState): boolean {
  const near = classesNear(state);
  state.touched.clear();
  for (let period = 0; period < state.targetsOf.length; period++) fillPeriodNear(state, period, near);
  return state.isMet();
}

/** `fillNear` as `tryTargets` does it: given up as soon as one period's targets stay unmet. */
export function tryNear(state: AssignmentState): boolean {
  const near = classesNear(state);
  for (const period of [...state.hardestFirst]) {
    fillPeriodNear(state, period, near);
    if (isPeriodMet(state, period)) continue;
    state.failed(period);
    return false;
  }
  state.touched.clear();
  return state.isMet();
}

function fillPeriodNear(state: AssignmentState, period: number, near: readonly number[]): void {
  const left = state.left[period]!;
  const open = near.filter((own) => left[own]! > 0);
  if (open.length === 0) return;
  const { rate } = state.model;
  if (!state.model.isUniform) open.sort((a, b) => rate[period]![a]! - rate[period]![b]! || a - b);
  fillDirectly(state, period, EVERYBODY, open);
  augmentAll(state, period, EVERYBODY, open, NEAR_SITES);
  for (const target of state.targetsOf[period]!) {
    if (!state.canSpare(target)) continue;
    while (state.missing(target) > 0 && takeSpare(state, period, target, open, NEAR_SITES)) state.work++;
  }
}

/** Classes of the sites that came or went, and of standing sites that share classes with them; ascending. */
function classesNear(state: AssignmentState): number[] {
  const { siteStart, classOfSite, classStart, siteOfClass } = state.model;
  const near = new Set<number>();
  const sites = new Set<number>(state.touched);
  for (const site of state.touched) {
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
      const own = classOfSite[pair]!;
      near.add(own);
      for (let entry = classStart[own]!; entry < classStart[own + 1]!; entry++) {
        if (state.chosen[siteOfClass[entry]!] === 1) sites.add(siteOfClass[entry]!);
      }
      state.work += classStart[own + 1]! - classStart[own]!;
    }
  }
  for (const site of sites) {
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) near.add(classOfSite[pair]!);
    state.work += siteStart[site + 1]! - siteStart[site]!;
  }
  return [...near].sort((a, b) => a - b);
}

/** Where a covering site has room: the one with the largest share of its room free first. */
function fillDirectly(
  state: AssignmentState,
  period: number,
  target: number,
  classes: ArrayLike<number>,
): void {
  const left = state.left[period]!;
  for (let at = 0; at < classes.length; at++) {
    const own = classes[at]!;
    if (left[own] === 0 || state.timesCovered[own] === 0 || !isAsked(state, target, own)) continue;
    while (left[own]! > 0) {
      const wanted = Math.min(left[own]!, stillMissing(state, target));
      if (wanted <= 0) return;
      const best = roomiestPair(state, period, own);
      if (best === -1) break;
      const site = state.model.siteOfClass[best]!;
      const amount = Math.min(wanted, state.unitsLeft(period, site, own));
      state.put(period, site, state.model.pairOfClass[best]!, amount);
    }
  }
}

/** Entry of the class's list whose standing site has room for a unit, by the largest free share; -1 = none. */
function roomiestPair(state: AssignmentState, period: number, own: number): number {
  const { classStart, siteOfClass, room } = state.model;
  let best = -1;
  let bestFree = 0;
  for (let entry = classStart[own]!; entry < classStart[own + 1]!; entry++) {
    const site = siteOfClass[entry]!;
    if (state.chosen[site] === 0 || state.unitsLeft(period, site, own) < 1) continue;
    const free = room[period]![site] === Infinity ? 2 : state.roomLeft(period, site) / room[period]![site]!;
    if (free > bestFree || best === -1) {
      best = entry;
      bestFree = free;
    }
  }
  state.work += classStart[own + 1]! - classStart[own]!;
  return best;
}

/**
 * Augmenting paths from one class after the other. Sites that a search without success has seen lead nowhere for the
 * searches after it either, and are not entered again.
 */
function augmentAll(
  state: AssignmentState,
  period: number,
  target: number,
  classes: ArrayLike<number>,
  mostSites = Infinity,
): void {
  const { search } = state;
  const left = state.left[period]!;
  const dead = search.newMark();
  for (let at = 0; at < classes.length; at++) {
    const own = classes[at]!;
    if (state.timesCovered[own] === 0 || !isAsked(state, target, own)) continue;
    while (left[own]! > 0) {
      if (stillMissing(state, target) === 0) return;
      if (!augmentFrom(state, period, target, own, dead, mostSites)) {
        for (const site of search.order) search.siteDead[site] = dead;
        break;
      }
      state.work++;
    }
  }
}

/** One augmenting path that begins at a class; false when there is none. */
function augmentFrom(
  state: AssignmentState,
  period: number,
  target: number,
  own: number,
  dead: number,
  mostSites: number,
): boolean {
  const { search } = state;
  search.begin(dead);
  reach(state, own, -1, own);
  for (let at = 0; at < search.order.length && at < mostSites; at++) {
    const site = search.order[at]!;
    if (
      state.unitsLeft(period, site, search.via[site]!) >= 1 &&
      push(state, search, period, target, site, null)
    )
      return true;
    if (search.order.length < mostSites) expand(state, search, period, site);
  }
  return false;
}

/** A path from any class to users whom no target would miss; false when there is none. */
function takeSpare(
  state: AssignmentState,
  period: number,
  target: number,
  classes: ArrayLike<number>,
  mostSites = Infinity,
): boolean {
  const { search } = state;
  const left = state.left[period]!;
  search.begin(search.newMark());
  for (let at = 0; at < classes.length; at++) {
    const own = classes[at]!;
    if (left[own] === 0 || state.timesCovered[own] === 0 || !isAsked(state, target, own)) continue;
    reach(state, own, -1, own);
  }
  const roots = search.order.length;
  for (let at = 0; at < search.order.length && at < roots + mostSites; at++) {
    expand(state, search, period, search.order[at]!);
  }
  for (const site of search.order) {
    const spare = spareUsers(state, search, period, target, site);
    if (spare !== null && push(state, search, period, target, site, spare)) return true;
  }
  return false;
}
