import type { AssignmentState } from './assignment-state.ts';
import { loadOfUnit, pairOf, unitsWithin } from './capacity-model.ts';
import type { PathSearch } from './path-search.ts';

/** Stands for a target that everybody belongs to and that is never met. */
export const EVERYBODY = -1;

export function isAsked(state: AssignmentState, target: number, own: number): boolean {
  return target === EVERYBODY || state.model.targets[target]!.member[own] === 1;
}

export function stillMissing(state: AssignmentState, target: number): number {
  return target === EVERYBODY ? Infinity : state.missing(target);
}

/** Every standing site that covers the class can be reached by handing it on. */
export function reach(state: AssignmentState, own: number, from: number, root: number): void {
  const { search } = state;
  if (!search.enterClass(own)) return;
  const { classStart, siteOfClass } = state.model;
  for (let entry = classStart[own]!; entry < classStart[own + 1]!; entry++) {
    const site = siteOfClass[entry]!;
    if (state.chosen[site] === 1) search.enterSite(site, own, from, root);
  }
  state.work += classStart[own + 1]! - classStart[own]!;
}

export function expand(state: AssignmentState, search: PathSearch, period: number, site: number): void {
  const { siteStart, classOfSite } = state.model;
  const assigned = state.assigned[period]!;
  const room = state.roomLeft(period, site);
  const arriving = loadOfUnit(state.model, period, site, search.via[site]!);
  for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
    if (assigned[pair] === 0) continue;
    // Handing on so few that not one newcomer fits in their place leads nowhere.
    const freed = assigned[pair]! * loadOfUnit(state.model, period, site, classOfSite[pair]!);
    if (room + freed >= arriving) reach(state, classOfSite[pair]!, site, search.root[site]!);
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
export function spareUsers(
  state: AssignmentState,
  search: PathSearch,
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
export function push(
  state: AssignmentState,
  search: PathSearch,
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
  search: PathSearch,
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
