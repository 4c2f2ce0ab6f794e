import type { AssignmentState } from './assignment-state.ts';
import { loadOfUnit, type CapacityTarget } from './capacity-model.ts';
import { fillNear, fillTargets, tryNear, tryTargets } from './fill.ts';

/** Users that a new site takes off crowded ones count this much of users it serves itself: handing on may fail. */
const RELIEF_WORTH = 0.5;
/** Exchanges of a standing site for one it excludes that are tried in full. */
const SWAPS_TRIED = 24;

/**
 * Adds sites until every target is met: largest sum over targets of min(users won, users missing) / need per cost,
 * where a site wins at most what fits its room; a site beside crowded ones also counts what it can take off them. Where
 * nothing is left to add, a standing site makes way for one it excludes.
 *
 * @param among sites to choose from; null = all.
 * @param mostCost the state is given up when it would cost this much or more.
 * @param preference factor on the score of a site.
 * @returns false when the targets stay unmet.
 */
export function addUntilMet(
  state: AssignmentState,
  among: readonly number[] | null,
  mostCost: number,
  preference: (site: number) => number = () => 1,
): boolean {
  const candidates = among ?? [...state.model.cost.keys()];
  const additions = new Additions(state, candidates, mostCost, preference);
  let met = among === null ? fillTargets(state) : refill(state);
  while (!met) {
    const best = additions.best();
    if (best !== -1) state.add(best);
    else if (among !== null || !swap(state, candidates)) return fillTargets(state) && state.cost < mostCost;
    if (best !== -1) additions.forgetNear(best);
    else additions.forgetAll();
    met = refill(state);
  }
  return state.cost < mostCost;
}

/** Up to so many pairs times periods every exchange is looked for after every change; beyond, near the change alone. */
const EXACT_PAIRS = 5_000;

/** Assigns users anew after sites came or went in a state that was filled before. */
function refill(state: AssignmentState): boolean {
  return isExact(state) ? fillTargets(state) : fillNear(state);
}

/** The same, given up at the first period whose targets stay unmet. */
function tryRefill(state: AssignmentState): boolean {
  return isExact(state) ? tryTargets(state) : tryNear(state);
}

function isExact({ model }: AssignmentState): boolean {
  return model.classOfSite.length * model.periodCount <= EXACT_PAIRS;
}

/**
 * The best site to add next. Scores are kept: those near a site that was added are worked out anew, others only fall, and
 * only when one comes first is it looked at again (Minoux 1978).
 */
class Additions {
  readonly #state: AssignmentState;
  readonly #candidates: readonly number[];
  readonly #mostCost: number;
  readonly #preference: (site: number) => number;
  /** [siteCount] NaN = to be worked out. */
  readonly #score: Float64Array;

  constructor(
    state: AssignmentState,
    candidates: readonly number[],
    mostCost: number,
    preference: (site: number) => number,
  ) {
    this.#state = state;
    this.#candidates = candidates;
    this.#mostCost = mostCost;
    this.#preference = preference;
    this.#score = new Float64Array(state.model.siteCount).fill(NaN);
  }

  forgetAll(): void {
    this.#score.fill(NaN);
  }

  forgetNear(site: number): void {
    const { siteStart, classOfSite, classStart, siteOfClass } = this.#state.model;
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
      const own = classOfSite[pair]!;
      for (let entry = classStart[own]!; entry < classStart[own + 1]!; entry++)
        this.#score[siteOfClass[entry]!] = NaN;
      this.#state.work += classStart[own + 1]! - classStart[own]!;
    }
  }

  /** -1 where no site that may stand brings a target nearer. */
  best(): number {
    const wanted = openWishes(this.#state);
    const score = this.#score;
    const open = this.#candidates.filter((site) => this.#mayStand(site));
    for (const site of open) if (Number.isNaN(score[site]!)) score[site] = this.#scoreOf(wanted, site);
    for (;;) {
      let best = -1;
      let second = 0;
      for (const site of open) {
        if (score[site]! > (best === -1 ? 0 : score[best]!)) {
          second = best === -1 ? 0 : score[best]!;
          best = site;
        } else if (score[site]! > second) second = score[site]!;
      }
      if (best === -1) return -1;
      score[best] = this.#scoreOf(wanted, best);
      if (score[best]! > 0 && score[best]! >= second) return best;
    }
  }

  #mayStand(site: number): boolean {
    const { chosen, blocked, cost, model } = this.#state;
    return chosen[site] === 0 && blocked[site] === 0 && cost + model.cost[site]! < this.#mostCost;
  }

  #scoreOf(wanted: Wishes, site: number): number {
    return (gainOf(this.#state, wanted, site) * this.#preference(site)) / this.#state.model.cost[site]!;
  }
}

/** What unmet targets still wish for, and which users crowded sites hold. */
interface Wishes {
  readonly periods: readonly PeriodWishes[];
  readonly backups: readonly { readonly target: CapacityTarget; readonly missing: number }[];
}

interface PeriodWishes {
  readonly period: number;
  readonly targets: readonly { readonly target: CapacityTarget; readonly missing: number }[];
  /** [classCount] users that full sites hold while others at these sites are left without. */
  readonly crowded: Float64Array;
}

function openWishes(state: AssignmentState): Wishes {
  const { targets } = state.model;
  const unmet = (k: number): boolean => state.missing(k) > 0;
  const wish = (k: number): { target: CapacityTarget; missing: number } => ({
    target: targets[k]!,
    missing: state.missing(k),
  });
  const periods = state.targetsOf.flatMap((own, period) => {
    const open = own.filter(unmet).map(wish);
    return open.length === 0 ? [] : [{ period, targets: open, crowded: crowdedUsers(state, period, open) }];
  });
  const backups = [...targets.keys()].filter((k) => targets[k]!.backup > 1 && unmet(k)).map(wish);
  return { periods, backups };
}

function crowdedUsers(state: AssignmentState, period: number, open: PeriodWishes['targets']): Float64Array {
  const { classStart, siteOfClass, siteStart, classOfSite, classCount } = state.model;
  const left = state.left[period]!;
  const isCrowded = new Uint8Array(state.model.siteCount);
  for (let own = 0; own < classCount; own++) {
    if (left[own] === 0 || !open.some(({ target }) => target.member[own] === 1)) continue;
    for (let entry = classStart[own]!; entry < classStart[own + 1]!; entry++) {
      isCrowded[siteOfClass[entry]!] = state.chosen[siteOfClass[entry]!]!;
    }
  }
  const crowded = new Float64Array(classCount);
  isCrowded.forEach((flag, site) => {
    if (flag === 0) return;
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
      crowded[classOfSite[pair]!]! += state.assigned[period]![pair]!;
    }
    state.work += siteStart[site + 1]! - siteStart[site]!;
  });
  return crowded;
}

/** Sum over targets of the part of the need that a site brings nearer. */
function gainOf(state: AssignmentState, wanted: Wishes, site: number): number {
  let gain = 0;
  for (const wishes of wanted.periods) gain += gainInPeriod(state, wishes, site);
  for (const { target, missing } of wanted.backups) {
    gain += Math.min(missing, backupGain(state, target, site)) / target.need;
  }
  return gain;
}

function gainInPeriod(
  state: AssignmentState,
  { period, targets, crowded }: PeriodWishes,
  site: number,
): number {
  const { siteStart, classOfSite, room } = state.model;
  const left = state.left[period]!;
  const won = targets.map(() => 0);
  let directLoad = 0;
  let reliefLoad = 0;
  let reliefUsers = 0;
  for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
    const own = classOfSite[pair]!;
    if (left[own] === 0 && crowded[own] === 0) continue;
    const load = loadOfUnit(state.model, period, site, own);
    reliefLoad += crowded[own]! * load;
    reliefUsers += crowded[own]!;
    let isWanted = false;
    for (let k = 0; k < targets.length; k++) {
      if (targets[k]!.target.member[own] === 0) continue;
      won[k]! += left[own]!;
      isWanted = true;
    }
    if (isWanted) directLoad += left[own]! * load;
  }
  state.work += siteStart[site + 1]! - siteStart[site]!;
  const space = room[period]![site]!;
  const fits = directLoad <= space ? 1 : space / directLoad;
  const over = Math.max(0, space - directLoad);
  const relieved = reliefLoad <= over ? reliefUsers : (reliefUsers * over) / reliefLoad;
  let gain = 0;
  for (const [k, { target, missing }] of targets.entries()) {
    gain += Math.min(missing, won[k]! * fits + RELIEF_WORTH * relieved) / target.need;
  }
  return gain;
}

/** Users who come nearer to enough sites: one that still needs two counts half. */
function backupGain(
  state: AssignmentState,
  { member, weight, backup, today }: CapacityTarget,
  site: number,
): number {
  const { siteStart, classOfSite } = state.model;
  let gain = 0;
  for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
    const own = classOfSite[pair]!;
    const lacking = backup - today[own]! - state.timesBacked[own]!;
    if (member[own] === 1 && lacking > 0) gain += weight[own]! / lacking;
  }
  return gain;
}

/** Sum over targets of what is missing / need. */
function shortfall(state: AssignmentState): number {
  return state.model.targets.reduce((sum, { need }, target) => sum + state.missing(target) / need, 0);
}

/** A standing site makes way for one it excludes, where that brings the targets nearer for its cost; false when none does. */
function swap(state: AssignmentState, candidates: readonly number[]): boolean {
  const before = shortfall(state);
  const wanted = openWishes(state);
  const ranked = candidates
    .flatMap((site) => {
      const other = onlyBlocker(state, site);
      return other === -1 ? [] : [{ site, other, gain: gainOf(state, wanted, site) }];
    })
    .filter(({ gain }) => gain > 0)
    .sort((a, b) => b.gain - a.gain || a.site - b.site)
    .slice(0, SWAPS_TRIED);
  let best: { site: number; other: number } | null = null;
  let bestScore = 0;
  for (const { site, other } of ranked) {
    const mark = state.mark();
    const cost = state.cost;
    state.remove(other);
    state.add(site);
    refill(state);
    const won = before - shortfall(state);
    const score = won / Math.max(state.cost - cost, 0.01 * state.model.cost[site]!);
    if (won > 1e-9 && score > bestScore) {
      bestScore = score;
      best = { site, other };
    }
    state.undo(mark);
  }
  if (best === null) return false;
  state.remove(best.other);
  state.add(best.site);
  return true;
}

/** The one chosen site that excludes this one; -1 when there is none, several, or it may not go. */
export function onlyBlocker(state: AssignmentState, site: number): number {
  if (state.chosen[site] === 1 || state.blocked[site] !== 1) return -1;
  const { conflictStart, conflictSite, fixed } = state.model;
  for (let i = conflictStart[site]!; i < conflictStart[site + 1]!; i++) {
    const other = conflictSite[i]!;
    if (state.chosen[other] === 1) return fixed[other] === 1 ? -1 : other;
  }
  return -1;
}

/** Takes down sites that no target needs, in the order given, in a state that was filled before; returns how many went. */
export function prune(state: AssignmentState, order: readonly number[]): number {
  let removed = 0;
  for (const site of order) {
    if (state.chosen[site] === 0 || state.model.fixed[site] === 1) continue;
    const mark = state.mark();
    state.remove(site);
    if (tryRefill(state)) removed++;
    else state.undoToFilled(mark);
  }
  return removed;
}

/** Standing sites, dearest first. */
export function dearestFirst(state: AssignmentState): number[] {
  const { cost } = state.model;
  return state.sites().sort((a, b) => cost[b]! - cost[a]! || b - a);
}
