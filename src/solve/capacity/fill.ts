import type { AssignmentState } from './assignment-state.ts';
import { loadOfUnit, pairOf, unitsWithin } from './capacity-model.ts';

/**
 * Assigns users until every target on service is met or no exchange of users between standing sites helps: directly
 * where a covering site has room, else along augmenting paths (Ford & Fulkerson 1956): a full site hands users of another
 * class on to a further site until room, or a user whom no target needs, is reached. Exact where every user makes the
 * same load and the regions of a period nest or partition (a flow with lower bounds); else a good attempt, which
 * `assignByLp` completes.
 *
 * @returns true when all targets are met.
 */
export function fillTargets(state: AssignmentState): boolean {
  let met = true;
  for (let period = 0; period < state.targetsOf.length; period++) {
    for (const target of state.targetsOf[period]!) {
      if (state.missing(target) > 0) fillDirectly(state, period, target);
      while (state.missing(target) > 0 && augment(state, period, target)) state.work++;
    }
    // A later target of the period may have taken users that an earlier one can spare, never ones it needs.
    met &&= state.targetsOf[period]!.every((target) => state.missing(target) === 0);
  }
  return met && state.isMet();
}

/** Assigns everybody who fits, targets or not. Call it when the targets are met: nobody loses service. */
export function fillAll(state: AssignmentState): void {
  for (let period = 0; period < state.targetsOf.length; period++) {
    fillDirectly(state, period, EVERYBODY);
    while (augment(state, period, EVERYBODY)) state.work++;
  }
}

const EVERYBODY = -1;

function isAsked(state: AssignmentState, target: number, own: number): boolean {
  return target === EVERYBODY || state.model.targets[target]!.member[own] === 1;
}

function stillMissing(state: AssignmentState, target: number): number {
  return target === EVERYBODY ? Infinity : state.missing(target);
}

/** Where a covering site has room: the one with the largest share of its room free first. */
function fillDirectly(state: AssignmentState, period: number, target: number): void {
  const left = state.left[period]!;
  for (const own of state.order[period]!) {
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

/** A path of handing on: class `via[site]` moves from `from[site]` (-1: has no service yet) to the site. */
interface Search {
  readonly via: Int32Array;
  readonly from: Int32Array;
  readonly root: Int32Array;
  readonly order: number[];
  readonly classSeen: Uint8Array;
}

/** One augmenting path; false when there is none. */
function augment(state: AssignmentState, period: number, target: number): boolean {
  const search = openSearch(state);
  startSearch(state, search, period, target);
  for (let at = 0; at < search.order.length; at++) {
    const site = search.order[at]!;
    if (
      state.unitsLeft(period, site, search.via[site]!) >= 1 &&
      push(state, search, period, target, site, null)
    ) {
      return true;
    }
    expand(state, search, period, site);
  }
  if (target === EVERYBODY) return false;
  for (const site of search.order) {
    const spare = spareUsers(state, search, period, target, site);
    if (spare !== null && push(state, search, period, target, site, spare)) return true;
  }
  return false;
}

function openSearch(state: AssignmentState): Search {
  const { siteCount, classCount } = state.model;
  return {
    via: new Int32Array(siteCount).fill(-1),
    from: new Int32Array(siteCount).fill(-1),
    root: new Int32Array(siteCount).fill(-1),
    order: [],
    classSeen: new Uint8Array(classCount),
  };
}

function startSearch(state: AssignmentState, search: Search, period: number, target: number): void {
  const left = state.left[period]!;
  for (const own of state.order[period]!) {
    if (left[own] === 0 || state.timesCovered[own] === 0 || !isAsked(state, target, own)) continue;
    reach(state, search, own, -1, own);
  }
}

/** Every standing site that covers the class can be reached by handing it on. */
function reach(state: AssignmentState, search: Search, own: number, from: number, root: number): void {
  if (search.classSeen[own] === 1) return;
  search.classSeen[own] = 1;
  const { classStart, siteOfClass } = state.model;
  for (let entry = classStart[own]!; entry < classStart[own + 1]!; entry++) {
    const site = siteOfClass[entry]!;
    if (state.chosen[site] === 0 || search.via[site] !== -1) continue;
    search.via[site] = own;
    search.from[site] = from;
    search.root[site] = root;
    search.order.push(site);
  }
  state.work += classStart[own + 1]! - classStart[own]!;
}

function expand(state: AssignmentState, search: Search, period: number, site: number): void {
  const { siteStart, classOfSite } = state.model;
  const assigned = state.assigned[period]!;
  const room = state.roomLeft(period, site);
  const arriving = loadOfUnit(state.model, period, site, search.via[site]!);
  for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
    if (assigned[pair] === 0) continue;
    // Handing on so few that not one newcomer fits in their place leads nowhere.
    const freed = assigned[pair]! * loadOfUnit(state.model, period, site, classOfSite[pair]!);
    if (room + freed >= arriving) reach(state, search, classOfSite[pair]!, site, search.root[site]!);
  }
  state.work += siteStart[site + 1]! - siteStart[site]!;
}

/** Users at the end of a path who may lose service so that others gain it. */
interface Spare {
  readonly pair: number;
  readonly amount: number;
}

/**
 * Users of a site whom no target would miss, or who make more load than the ones to be served: of every target that
 * holds them and not the newcomer more must be served than it needs.
 */
function spareUsers(
  state: AssignmentState,
  search: Search,
  period: number,
  target: number,
  site: number,
): Spare | null {
  const { siteStart, classOfSite, targets, isUniform } = state.model;
  const assigned = state.assigned[period]!;
  const root = search.root[site]!;
  const arriving = loadOfUnit(state.model, period, site, search.via[site]!);
  for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
    if (assigned[pair] === 0) continue;
    const own = classOfSite[pair]!;
    let slack = assigned[pair]!;
    for (const other of state.targetsOf[period]!) {
      const { member, need } = targets[other]!;
      if (member[own] === 1 && member[root] === 0) slack = Math.min(slack, state.served[other]! - need);
    }
    const gains =
      targets[target]!.member[own] === 0 ||
      (!isUniform && loadOfUnit(state.model, period, site, own) > arriving);
    if (slack > 0 && gains) return { pair, amount: slack };
  }
  return null;
}

/** Moves as many users along the path to `site` as every step allows; false when that is nobody. */
function push(
  state: AssignmentState,
  search: Search,
  period: number,
  target: number,
  end: number,
  spare: Spare | null,
): boolean {
  const { model } = state;
  const path: number[] = [];
  for (let site = end; site !== -1; site = search.from[site]!) path.unshift(site);
  const pairOn = (site: number, own: number): number => pairOf(model, site, own);
  // Backwards: how many users each step can take in when all that follow do their most.
  let freed =
    spare === null ? 0 : spare.amount * loadOfUnit(model, period, end, model.classOfSite[spare.pair]!);
  let amount = 0;
  for (let step = path.length - 1; step >= 0; step--) {
    const site = path[step]!;
    const own = search.via[site]!;
    const held =
      step === 0 ? state.left[period]![own]! : state.assigned[period]![pairOn(path[step - 1]!, own)]!;
    amount = Math.min(
      held,
      unitsWithin(state.roomLeft(period, site) + freed, loadOfUnit(model, period, site, own)),
    );
    if (amount < 1) return false;
    if (step > 0) freed = amount * loadOfUnit(model, period, path[step - 1]!, own);
  }
  amount = Math.min(amount, stillMissing(state, target));
  return moveAlong(state, search, { period, path, amount, spare, target });
}

interface Move {
  readonly period: number;
  readonly path: readonly number[];
  readonly amount: number;
  readonly spare: Spare | null;
  readonly target: number;
}

/** Forwards: each site takes the newcomers and hands on no more than it must. */
function moveAlong(
  state: AssignmentState,
  search: Search,
  { period, path, amount, spare, target }: Move,
): boolean {
  const { model } = state;
  const mark = state.mark();
  const before = target === EVERYBODY ? 0 : state.served[target]!;
  let coming = amount;
  for (const [step, site] of path.entries()) {
    const own = search.via[site]!;
    if (step > 0) state.put(period, path[step - 1]!, pairOf(model, path[step - 1]!, own), -coming);
    state.put(period, site, pairOf(model, site, own), coming);
    const over = -state.roomLeft(period, site);
    const next = path[step + 1];
    const nextClass =
      next === undefined ? (spare === null ? -1 : model.classOfSite[spare.pair]!) : search.via[next]!;
    if (over <= 0 || nextClass === -1) return true;
    coming = Math.ceil(over / loadOfUnit(model, period, site, nextClass));
  }
  if (spare !== null) state.put(period, path.at(-1)!, spare.pair, -coming);
  if (target === EVERYBODY || state.served[target]! > before) return true;
  state.undo(mark);
  return false;
}
