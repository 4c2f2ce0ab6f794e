import { markCovered } from '../coverage/span-coverage.ts';
import { sharedFloat64, sharedUint8, sharedUint32, type Allocate } from '../geo/shared-array.ts';
import { buildConflicts } from './conflicts.ts';
import { toUnits, type CostGrid } from './cost-grid.ts';
import type { CoveringModel, CoveringRows } from './covering-model.ts';
import { findImpliedTargets } from './implied-targets.ts';
import { findMandatory } from './mandatory.ts';
import { listClasses, mergeEqualCoverSets, rowsOf, transpose } from './merge.ts';
import { SITE_CANDIDATE, SITE_REQUIRED, type CoveringProblem, type Target } from './problem.ts';

/** A model of a problem as lists of sites alone, the targets it kept and what merging did. */
export interface BuiltRows {
  readonly model: CoveringRows;
  /** [model.targetCount] index into the targets handed in: met, implied and weaker ones are left out. */
  readonly targetOf: readonly number[];
  readonly mergedPairs: number;
  readonly activeDemand: number;
  /** [demandCount] class of the demand point, -1 = nothing to win there or nobody reaches it. */
  readonly classOfDemand: Int32Array;
}

export interface BuiltModel extends BuiltRows {
  readonly model: CoveringModel;
}

/** {@link buildRows} in both directions, on shared memory. */
export function buildModel(
  problem: CoveringProblem,
  targets: readonly Target[],
  cost: Float64Array,
  grid: CostGrid,
): BuiltModel {
  const built = buildRows(problem, targets, cost, grid);
  const { siteStart, classOfSite, classCount } = built.model;
  const columns = transpose(siteStart, classOfSite, classCount);
  return { ...built, model: { ...built.model, classStart: columns.start, siteOfClass: columns.rows } };
}

/**
 * Targets, required and forbidden sites of a problem as a covering model: required sites are built (their demand
 * is served, their cost counts, what conflicts with them falls out), demand nobody asks for is dropped, demand with
 * equal cover sets is merged.
 *
 * @param cost [siteCount] costs to minimise, on `grid`.
 * @param allocate where the lists of covered classes are put.
 */
export function buildRows(
  problem: CoveringProblem,
  targets: readonly Target[],
  cost: Float64Array,
  grid: CostGrid,
  allocate: Allocate = sharedUint32,
): BuiltRows {
  const { coverage } = problem;
  const required = indicesWhere(problem.siteStatus, SITE_REQUIRED);
  const servedByRequired = coveredBy(problem, required);
  const kept = strongestTargets(problem, targets, servedByRequired);
  const activeSite = openSites(problem, required);
  const activeDemand = demandWithUsers(problem, kept, servedByRequired);
  const covers = rowsOf(coverage);
  const merging = mergeEqualCoverSets(covers, activeSite, activeDemand);
  const open = indicesWhere(activeSite, 1);
  const rows = listClasses(covers, merging, open, allocate);
  const sites = withoutEmptyRows(open, rows.siteStart);
  const siteStart = sites.start;
  const weights = sumWeights(problem, kept, servedByRequired, merging.classOfItem, merging.classCount);
  const need = sharedFloat64(kept.length);
  kept.forEach((entry, index) => (need[index] = entry.need));
  const siteOf = sites.siteOf;
  const { group, hasGroups } = numberGroups(siteOf, problem.siteLocation);
  const conflicts = buildConflicts(problem.conflicts, siteOf, group, coverage.siteCount);
  const units = sharedFloat64(siteOf.length);
  siteOf.forEach((site, index) => (units[index] = toUnits(grid, cost[site]!)));
  const model: CoveringRows = {
    siteCount: siteOf.length,
    classCount: merging.classCount,
    targetCount: kept.length,
    siteStart,
    classOfSite: rows.classOfSite,
    ...weights,
    need,
    mandatory: findMandatory({ ...weights, need, classCount: merging.classCount }),
    cost: units,
    fixedCost: required.reduce((sum, site) => sum + toUnits(grid, cost[site]!), 0),
    fixedSites: required,
    ...conflicts,
    group,
    hasGroups,
    siteOf,
  };
  return {
    model,
    targetOf: kept.map((entry) => entry.index),
    mergedPairs: rows.classOfSite.length,
    activeDemand: countOnes(activeDemand),
    classOfDemand: merging.classOfItem,
  };
}

/** A target that is not met yet. */
export interface KeptTarget {
  readonly index: number;
  readonly target: Target;
  /** Users still to be won, > 0. */
  readonly need: number;
}

/** Targets not met already and not implied by others; of several for the same users only the one that needs most. */
export function strongestTargets(
  problem: CoveringProblem,
  targets: readonly Target[],
  servedByRequired: Uint8Array,
): KeptTarget[] {
  const kept: KeptTarget[] = [];
  targets.forEach((target, index) => {
    const need = target.needUsers - usersServed(problem, target, servedByRequired);
    if (need <= 0) return;
    const twin = kept.findIndex((other) => sameUsers(other.target, target));
    if (twin === -1) kept.push({ index, target, need });
    else if (kept[twin]!.need < need) kept[twin] = { index, target, need };
  });
  const implied = findImpliedTargets(kept, problem.coverage.demandCount);
  return kept.filter((_, place) => implied[place] === false);
}

export function sameUsers(a: Target, b: Target): boolean {
  if (a.period !== b.period) return false;
  if (a.members === b.members) return true;
  if (a.members === null || b.members === null || a.members.length !== b.members.length) return false;
  const other = b.members;
  return a.members.every((demand, index) => demand === other[index]);
}

/** Users of a target that today's network or the sites marked in `covered` serve. */
export function usersServed(problem: CoveringProblem, target: Target, covered: Uint8Array): number {
  const users = problem.users[target.period]!;
  const today = problem.servedToday[target.period]!;
  let served = 0;
  if (target.members === null) {
    for (let demand = 0; demand < users.length; demand++) {
      if ((today[demand]! | covered[demand]!) !== 0) served += users[demand]!;
    }
  } else {
    for (const demand of target.members) {
      if ((today[demand]! | covered[demand]!) !== 0) served += users[demand]!;
    }
  }
  return served;
}

/** [demandCount] 1 where one of the sites covers the demand point. */
export function coveredBy(problem: CoveringProblem, sites: Iterable<number>): Uint8Array {
  const covered = new Uint8Array(problem.coverage.demandCount);
  for (const site of sites) markCovered(problem.coverage, site, covered);
  return covered;
}

/** [siteCount] 1 for candidates that no required site rules out. */
export function openSites(problem: CoveringProblem, required: Uint32Array): Uint8Array {
  const open = Uint8Array.from(problem.siteStatus, (status) => (status === SITE_CANDIDATE ? 1 : 0));
  if (required.length === 0) return open;
  const isRequired = new Uint8Array(open.length);
  const takenLocations = new Set<number>();
  for (const site of required) {
    isRequired[site] = 1;
    takenLocations.add(problem.siteLocation[site]!);
  }
  problem.siteLocation.forEach((location, site) => {
    if (takenLocations.has(location)) open[site] = 0;
  });
  for (let pair = 0; pair < problem.conflicts.length; pair += 2) {
    const a = problem.conflicts[pair]!;
    const b = problem.conflicts[pair + 1]!;
    if (isRequired[a] === 1) open[b] = 0;
    if (isRequired[b] === 1) open[a] = 0;
  }
  return open;
}

function demandWithUsers(
  problem: CoveringProblem,
  kept: readonly KeptTarget[],
  servedByRequired: Uint8Array,
): Uint8Array {
  const active = new Uint8Array(problem.coverage.demandCount);
  for (const { target } of kept) {
    forEachOpenUser(problem, target, servedByRequired, (demand) => (active[demand] = 1));
  }
  return active;
}

/** Visits demand whose users count for a target and are served neither today nor by required sites. */
export function forEachOpenUser(
  problem: CoveringProblem,
  target: Target,
  servedByRequired: Uint8Array,
  visit: (demand: number, users: number) => void,
): void {
  const users = problem.users[target.period]!;
  const today = problem.servedToday[target.period]!;
  const count = target.members === null ? users.length : target.members.length;
  for (let index = 0; index < count; index++) {
    const demand = target.members === null ? index : target.members[index]!;
    if ((today[demand]! | servedByRequired[demand]!) === 0 && users[demand]! > 0)
      visit(demand, users[demand]!);
  }
}

type Weights = Pick<CoveringModel, 'weightStart' | 'weightTarget' | 'weightUsers' | 'reachable'>;

/** Users per class and target, class by class in compressed form. Sums of whole numbers: exact. */
function sumWeights(
  problem: CoveringProblem,
  kept: readonly KeptTarget[],
  servedByRequired: Uint8Array,
  classOfDemand: Int32Array,
  classCount: number,
): Weights {
  const reachable = sharedFloat64(kept.length);
  const dense = kept.map(({ target }, index) => {
    const sums = new Float64Array(classCount);
    forEachOpenUser(problem, target, servedByRequired, (demand, users) => {
      const own = classOfDemand[demand]!;
      if (own === -1) return;
      sums[own]! += users;
      reachable[index]! += users;
    });
    return sums;
  });
  const weightStart = sharedUint32(classCount + 1);
  for (let own = 0; own < classCount; own++) {
    let count = 0;
    for (const sums of dense) if (sums[own]! > 0) count++;
    weightStart[own + 1] = weightStart[own]! + count;
  }
  const weightTarget = sharedUint32(weightStart[classCount]!);
  const weightUsers = sharedFloat64(weightStart[classCount]!);
  let write = 0;
  for (let own = 0; own < classCount; own++) {
    dense.forEach((sums, target) => {
      if (sums[own]! === 0) return;
      weightTarget[write] = target;
      weightUsers[write++] = sums[own]!;
    });
  }
  return { weightStart, weightTarget, weightUsers, reachable };
}

/** Sites that win somebody; the lists of the others are empty, so their pairs stay in place. */
function withoutEmptyRows(
  sites: Uint32Array,
  start: Uint32Array,
): { readonly siteOf: Uint32Array; readonly start: Uint32Array } {
  let count = 0;
  for (let row = 0; row < sites.length; row++) if (start[row + 1]! > start[row]!) count++;
  const siteOf = sharedUint32(count);
  const keptStart = sharedUint32(count + 1);
  let write = 0;
  for (let row = 0; row < sites.length; row++) {
    if (start[row + 1] === start[row]) continue;
    siteOf[write++] = sites[row]!;
    keptStart[write] = start[row + 1]!;
  }
  return { siteOf, start: keptStart };
}

/** Locations renumbered by first site among those kept. */
export function numberGroups(
  siteOf: Uint32Array,
  location: Uint32Array,
): { readonly group: Uint32Array; readonly hasGroups: boolean } {
  const numberOf = new Map<number, number>();
  const group = sharedUint32(siteOf.length);
  siteOf.forEach((site, index) => {
    const own = location[site]!;
    const known = numberOf.get(own) ?? numberOf.size;
    numberOf.set(own, known);
    group[index] = known;
  });
  return { group, hasGroups: numberOf.size < siteOf.length };
}

export function indicesWhere(flags: Uint8Array, value: number): Uint32Array {
  let count = 0;
  for (const flag of flags) if (flag === value) count++;
  const indices = sharedUint32(count);
  let write = 0;
  for (let index = 0; index < flags.length; index++) if (flags[index] === value) indices[write++] = index;
  return indices;
}

function countOnes(flags: Uint8Array): number {
  let count = 0;
  for (const flag of flags) count += flag;
  return count;
}

/** [length] 1 at the given indices. */
export function flagsAt(length: number, indices: Iterable<number>): Uint8Array {
  const flags = sharedUint8(length);
  for (const index of indices) flags[index] = 1;
  return flags;
}
