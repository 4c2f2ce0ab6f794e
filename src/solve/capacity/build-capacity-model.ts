import { sharedFloat64, sharedUint32, sharedUint8 } from '../../geo/shared-array.ts';
import { indicesWhere, numberGroups, openSites } from '../build-model.ts';
import { buildConflicts } from '../conflicts.ts';
import { toUnits, type CostGrid } from '../cost-grid.ts';
import { listClasses, mergeEqualCoverSets, transpose, type CoverLists } from '../merge.ts';
import { LOAD_USERS, SITE_REQUIRED, type Capacity, type CoveringProblem, type Target } from '../problem.ts';
import type { CapacityModel, CapacityTarget } from './capacity-model.ts';
import { servedFreely, standingCoverage } from './standing.ts';

/** Which users a model assigns. */
export interface CapacityRequest {
  readonly problem: CoveringProblem;
  readonly targets: readonly Target[];
  readonly grid: CostGrid;
  /** True: everybody in every period, for the assignment that is written; false: only users that a target speaks of. */
  readonly everyone: boolean;
}

/** No limit anywhere: for targets on backup alone. */
function unlimited(problem: CoveringProblem): Capacity {
  const { demandCount, siteCount } = problem.coverage;
  return {
    rate: problem.periods.map(() => new Float64Array(demandCount)),
    counts: new Uint8Array(siteCount),
    room: problem.periods.map(() => new Float64Array(siteCount).fill(Infinity)),
    standing: null,
  };
}

/** A problem, some of its targets and capacities as classes, sites and targets; merging needs equal cover sets *and* rates. */
export function buildCapacityModel({ problem, targets, grid, everyone }: CapacityRequest): CapacityModel {
  const capacity = problem.capacity ?? unlimited(problem);
  const free = servedFreely(problem);
  const periods = usedPeriods(problem, targets, everyone);
  const required = indicesWhere(problem.siteStatus, SITE_REQUIRED);
  const open = openSites(problem, required);
  for (const site of required) open[site] = 1;
  const lists = withStanding(problem);
  const active = new Uint8Array(lists.siteCount).fill(1);
  active.set(open);
  const asked = periods.map((period) => usersAsked(problem, targets, period, free[period]!, everyone));
  const backups = targets.filter((target) => (target.backup ?? 1) > 1);
  const isActive = activeDemand(problem, asked, backups);
  const merging = mergeEqualCoverSets(lists, active, isActive);
  const keys = signatures(problem, targets, capacity, periods);
  const { classOfItem, classCount } = refined(merging.classOfItem, keys);
  const kept = indicesWhere(active, 1);
  const rows = listClasses(lists, { classOfItem, classCount }, kept);
  const columns = transpose(rows.siteStart, rows.classOfSite, classCount);
  const siteCount = kept.length;
  const isFixed = (site: number): boolean =>
    site >= problem.siteIds.length || problem.siteStatus[site] === SITE_REQUIRED;
  const fixed = sharedUint8(siteCount);
  const isToday = sharedUint8(siteCount);
  const cost = sharedFloat64(siteCount);
  const counts = sharedUint8(siteCount);
  kept.forEach((site, index) => {
    fixed[index] = isFixed(site) ? 1 : 0;
    isToday[index] = site < problem.siteIds.length ? 0 : 1;
    cost[index] = isFixed(site) ? 0 : toUnits(grid, problem.siteCost[site]!);
    counts[index] = countsOf(capacity, site, problem.siteIds.length);
  });
  const location = Uint32Array.from(
    kept,
    (site) => problem.siteLocation[site] ?? standingLocation(problem, site),
  );
  const { group } = numberGroups(Uint32Array.from(kept.keys()), location);
  const users = asked.map((values) => sumByClass(values, classOfItem, classCount));
  const rate = periods.map((period) => firstOfClass(capacity.rate[period]!, classOfItem, classCount));
  return {
    siteCount,
    classCount,
    periodCount: periods.length,
    siteStart: rows.siteStart,
    classOfSite: rows.classOfSite,
    classStart: columns.start,
    siteOfClass: columns.rows,
    pairOfClass: pairsOfClasses(rows, columns.start, classCount),
    users,
    rate,
    room: periods.map((period) => {
      const room = sharedFloat64(siteCount);
      kept.forEach((site, index) => (room[index] = roomOf(capacity, period, site, problem.siteIds.length)));
      return room;
    }),
    counts,
    fixed,
    isToday,
    cost,
    fixedCost: required.reduce((sum, site) => sum + toUnits(grid, problem.siteCost[site]!), 0),
    ...buildConflicts(problem.conflicts, kept, group, lists.siteCount),
    group,
    targets: modelTargets(problem, targets, free, { periods, classOfItem, classCount }),
    siteOf: kept,
    classOfDemand: classOfItem,
    isUniform: isUniform(users, rate, counts),
  };
}

function usedPeriods(problem: CoveringProblem, targets: readonly Target[], everyone: boolean): number[] {
  const all = problem.periods.map((_, period) => period);
  return everyone ? all : all.filter((period) => targets.some((target) => target.period === period));
}

/** Sites of the problem and, after them, today's sites of stated room. */
function withStanding(problem: CoveringProblem): CoverLists {
  const { siteCount, demandCount, siteStart, demandOfSite } = problem.coverage;
  const more = standingCoverage(problem);
  if (more === null) return { siteCount, itemCount: demandCount, siteStart, itemOfSite: demandOfSite };
  const start = sharedUint32(siteCount + more.siteCount + 1);
  start.set(siteStart);
  for (let site = 1; site <= more.siteCount; site++) {
    start[siteCount + site] = siteStart[siteCount]! + more.siteStart[site]!;
  }
  const itemOfSite = sharedUint32(demandOfSite.length + more.demandOfSite.length);
  itemOfSite.set(demandOfSite);
  itemOfSite.set(more.demandOfSite, demandOfSite.length);
  return { siteCount: siteCount + more.siteCount, itemCount: demandCount, siteStart: start, itemOfSite };
}

function standingLocation(problem: CoveringProblem, site: number): number {
  return 2 ** 32 - 1 - (site - problem.siteIds.length);
}

function countsOf({ counts, standing }: Capacity, site: number, siteCount: number): number {
  return site < siteCount ? counts[site]! : standing!.counts[site - siteCount]!;
}

function roomOf({ room, standing }: Capacity, period: number, site: number, siteCount: number): number {
  return site < siteCount ? room[period]![site]! : standing!.room[period]![site - siteCount]!;
}

/** [demandCount] users to be assigned in a period. */
function usersAsked(
  problem: CoveringProblem,
  targets: readonly Target[],
  period: number,
  free: Uint8Array,
  everyone: boolean,
): Float64Array {
  const users = problem.users[period]!;
  const asked = new Float64Array(users.length);
  const take = (demand: number): void => {
    if (free[demand] === 0) asked[demand] = users[demand]!;
  };
  const own = targets.filter((target) => target.period === period && (target.backup ?? 1) === 1);
  if (everyone || own.some(({ members }) => members === null)) {
    for (let demand = 0; demand < users.length; demand++) take(demand);
  } else for (const { members } of own) members?.forEach(take);
  return asked;
}

function activeDemand(
  problem: CoveringProblem,
  asked: readonly Float64Array[],
  backups: readonly Target[],
): Uint8Array {
  const active = new Uint8Array(problem.coverage.demandCount);
  for (const values of asked) values.forEach((users, demand) => users > 0 && (active[demand] = 1));
  for (const { period, members } of backups) {
    const users = problem.users[period]!;
    if (members === null) users.forEach((own, demand) => own > 0 && (active[demand] = 1));
    else for (const demand of members) if (users[demand]! > 0) active[demand] = 1;
  }
  return active;
}

/** Per demand point what members of one class must have in common besides the sites that cover them. */
function signatures(
  problem: CoveringProblem,
  targets: readonly Target[],
  capacity: Capacity,
  periods: readonly number[],
): ArrayLike<number>[] {
  const lists = [...new Set(targets.flatMap(({ members }) => members ?? []))];
  const keys: ArrayLike<number>[] = lists.length === 0 ? [] : memberKeys(problem, targets);
  for (const period of periods) {
    const rate = capacity.rate[period]!;
    if (rate.some((value) => value !== rate[0])) keys.push(rate);
  }
  const backed = new Set(targets.filter(({ backup = 1 }) => backup > 1).map(({ period }) => period));
  for (const period of backed) keys.push(problem.servedToday[period]!);
  return keys;
}

function memberKeys(problem: CoveringProblem, targets: readonly Target[]): Uint8Array[] {
  const distinct: Uint32Array[] = [];
  for (const { members } of targets) {
    if (members !== null && !distinct.some((other) => sameMembers(other, members))) distinct.push(members);
  }
  return distinct.map((members) => {
    const flags = new Uint8Array(problem.coverage.demandCount);
    for (const demand of members) flags[demand] = 1;
    return flags;
  });
}

function sameMembers(a: Uint32Array, b: Uint32Array): boolean {
  return a === b || (a.length === b.length && a.every((demand, index) => demand === b[index]));
}

/** Classes split until members agree in every key, numbered by first member. */
export function refined(
  classOfItem: Int32Array,
  keys: readonly ArrayLike<number>[],
): { readonly classOfItem: Int32Array; readonly classCount: number } {
  let current = classOfItem;
  let classCount = 0;
  for (const key of [new Uint8Array(classOfItem.length), ...keys]) {
    const numbers = new Map<number, Map<number, number>>();
    const next = new Int32Array(current.length).fill(-1);
    classCount = 0;
    for (let item = 0; item < current.length; item++) {
      if (current[item] === -1) continue;
      let byKey = numbers.get(current[item]!);
      if (byKey === undefined) numbers.set(current[item]!, (byKey = new Map<number, number>()));
      let own = byKey.get(key[item]!);
      if (own === undefined) byKey.set(key[item]!, (own = classCount++));
      next[item] = own;
    }
    current = next;
  }
  return { classOfItem: current, classCount };
}

export function sumByClass(values: Float64Array, classOfItem: Int32Array, classCount: number): Float64Array {
  const sums = sharedFloat64(classCount);
  values.forEach((value, item) => {
    if (classOfItem[item]! !== -1) sums[classOfItem[item]!]! += value;
  });
  return sums;
}

export function firstOfClass(
  values: Float64Array,
  classOfItem: Int32Array,
  classCount: number,
): Float64Array {
  const first = sharedFloat64(classCount);
  for (let item = values.length - 1; item >= 0; item--) {
    if (classOfItem[item] !== -1) first[classOfItem[item]!] = values[item]!;
  }
  return first;
}

/** Pair numbers in the order of the transposed lists. */
export function pairsOfClasses(
  rows: { readonly siteStart: Uint32Array; readonly classOfSite: Uint32Array },
  classStart: Uint32Array,
  classCount: number,
): Uint32Array {
  const pairs = sharedUint32(rows.classOfSite.length);
  const write = classStart.slice(0, classCount);
  rows.classOfSite.forEach((own, pair) => (pairs[write[own]!++] = pair));
  return pairs;
}

interface Numbering {
  readonly periods: readonly number[];
  readonly classOfItem: Int32Array;
  readonly classCount: number;
}

/** Targets not met by today's network alone. */
function modelTargets(
  problem: CoveringProblem,
  targets: readonly Target[],
  free: readonly Uint8Array[],
  { periods, classOfItem, classCount }: Numbering,
): CapacityTarget[] {
  return targets.flatMap((target, index) => {
    const { period, members, backup = 1 } = target;
    const users = problem.users[period]!;
    const today = problem.servedToday[period]!;
    const member = sharedUint8(classCount);
    const weight = sharedFloat64(backup > 1 ? classCount : 0);
    const covered = sharedUint8(backup > 1 ? classCount : 0);
    let need = target.needUsers;
    const size = members === null ? users.length : members.length;
    for (let at = 0; at < size; at++) {
      const demand = members === null ? at : members[at]!;
      const own = classOfItem[demand]!;
      if (backup === 1 && free[period]![demand] === 1) need -= users[demand]!;
      if (own === -1) continue;
      member[own] = 1;
      if (backup === 1) continue;
      weight[own]! += users[demand]!;
      covered[own] = today[demand]!;
    }
    if (need <= 0) return [];
    return [{ index, period: periods.indexOf(period), need, backup, member, weight, today: covered }];
  });
}

function isUniform(
  users: readonly Float64Array[],
  rate: readonly Float64Array[],
  counts: Uint8Array,
): boolean {
  const kinds = new Set(counts);
  return (
    users.every((values, period) => {
      const rates = new Set<number>();
      values.forEach((own, index) => own > 0 && rates.add(rate[period]![index]!));
      return rates.size <= 1 && (kinds.size <= 1 || rates.size === 0);
    }) ||
    (kinds.size === 1 && kinds.has(LOAD_USERS))
  );
}
