import type { PlaceChange, SignalState } from './signal-state.ts';

/** Who counts as served, and what must not be lost. Users are whole thousandths, so every sum is exact. */
export interface ServiceQuestion {
  /** Per period [places] */
  readonly usersMilli: readonly Float64Array[];
  /** [periods] set of loads that holds in the period. */
  readonly setOfPeriod: Uint8Array;
  /** Per period [places] 1 where users are served whatever these cells do; null = nowhere. */
  readonly servedAnyway: readonly Uint8Array[] | null;
  /** Least SINR at the best server, linear. */
  readonly leastSinr: number;
  readonly targets: readonly ServiceTarget[];
}

/** Users that must be served in one period. */
export interface ServiceTarget {
  readonly period: number;
  /** [places] 1 = counts; null = every place. */
  readonly members: Uint8Array | null;
  /** `signal`: covered; `sinr`: covered and at or above the least SINR. */
  readonly by: 'signal' | 'sinr';
  /** Users needed, thousandths. */
  readonly needMilli: number;
}

/** What a state gives: of each period and each target, users in thousandths. */
export interface ServiceCount {
  readonly signalMilli: Float64Array;
  readonly sinrMilli: Float64Array;
  readonly targetMilli: Float64Array;
}

const COVERED = 1;
const CLEAR = 2;

/** Users covered by a cell and, of these, users whose best server reaches the least SINR. */
export function countService(state: SignalState, question: ServiceQuestion): ServiceCount {
  const { usersMilli, targets } = question;
  const count: ServiceCount = {
    signalMilli: new Float64Array(usersMilli.length),
    sinrMilli: new Float64Array(usersMilli.length),
    targetMilli: new Float64Array(targets.length),
  };
  for (let place = 0; place < state.best.length; place++) {
    addPlace(question, count, place, 1, (period) => serviceAt(state, question, place, period));
  }
  return count;
}

/** Served how, at a place in a period: 0, COVERED, or COVERED and CLEAR. */
export function serviceAt(
  state: SignalState,
  { setOfPeriod, servedAnyway, leastSinr }: ServiceQuestion,
  place: number,
  period: number,
): number {
  const isCovered = state.covering[place]! > 0;
  const isClear = isCovered && state.sinr[setOfPeriod[period]!]![place]! >= leastSinr;
  return (isCovered || servedAnyway?.[period]![place] === 1 ? COVERED : 0) + (isClear ? CLEAR : 0);
}

/** The same after a change that was only asked about. */
export function serviceAfter(
  change: PlaceChange,
  { setOfPeriod, servedAnyway, leastSinr }: ServiceQuestion,
  place: number,
  period: number,
): number {
  const isCovered = change.covering > 0;
  const isClear = isCovered && change.sinr[setOfPeriod[period]!]! >= leastSinr;
  return (isCovered || servedAnyway?.[period]![place] === 1 ? COVERED : 0) + (isClear ? CLEAR : 0);
}

/** Adds (or, with -1, takes away) what a place counts for. */
export function addPlace(
  { usersMilli, targets }: ServiceQuestion,
  count: ServiceCount,
  place: number,
  sign: 1 | -1,
  served: (period: number) => number,
): void {
  for (let period = 0; period < usersMilli.length; period++) {
    const users = sign * usersMilli[period]![place]!;
    if (users === 0) continue;
    const how = served(period);
    if ((how & COVERED) !== 0) count.signalMilli[period]! += users;
    if ((how & CLEAR) !== 0) count.sinrMilli[period]! += users;
    for (let k = 0; k < targets.length; k++) {
      const { period: own, members, by } = targets[k]!;
      if (own !== period || (members !== null && members[place] === 0)) continue;
      if ((how & (by === 'signal' ? COVERED : CLEAR)) !== 0) count.targetMilli[k]! += users;
    }
  }
}
