import { sharedFloat64, sharedUint32 } from '../geo/shared-array.ts';
import { restrictConflicts } from './conflicts.ts';
import type { CoveringModel, CoveringRows } from './covering-model.ts';
import { findMandatory } from './mandatory.ts';
import { listClasses, mergeEqualCoverSets, transpose } from './merge.ts';

export const DROP = 0;
export const KEEP = 1;
export const BUILD = 2;

/** A smaller model and how it hangs together with its parent. */
export interface Restriction {
  readonly model: CoveringModel;
  /** [model.siteCount] index of the site in the parent. */
  readonly parentSite: Uint32Array;
  /** [parent.classCount] class in the smaller model, -1 = built sites cover it, or no kept site does. */
  readonly classOf: Int32Array;
  /** [model.targetCount] index of the target in the parent. */
  readonly parentTarget: Uint32Array;
}

/**
 * The model that is left when some sites are built (BUILD) and some given up (DROP): classes the built ones cover
 * are won, targets met fall out, what conflicts with a built site is dropped, and classes that the kept sites no
 * longer tell apart are merged again. With nothing built and nothing given up that matters, the optimum is the same.
 *
 * @param choice [siteCount] DROP, KEEP or BUILD.
 * @param targetKept [targetCount] 0 = leave the target out; null = all stay.
 */
export function restrictModel(
  parent: CoveringRows,
  choice: Uint8Array,
  targetKept: Uint8Array | null = null,
): Restriction {
  const built: number[] = [];
  choice.forEach((own, site) => {
    if (own === BUILD) built.push(site);
  });
  const open = Uint8Array.from(choice, (own) => (own === KEEP ? 1 : 0));
  for (const site of built) {
    for (let i = parent.conflictStart[site]!; i < parent.conflictStart[site + 1]!; i++) {
      open[parent.conflictSite[i]!] = 0;
    }
  }
  const won = classesOf(parent, built);
  const need = needLeft(parent, won, targetKept);
  const parentTarget = Uint32Array.from(Array.from(need.keys()).filter((target) => need[target]! > 0));
  const active = openClasses(parent, won, need);
  const merging = mergeEqualCoverSets(
    {
      siteCount: parent.siteCount,
      itemCount: parent.classCount,
      siteStart: parent.siteStart,
      itemOfSite: parent.classOfSite,
    },
    open,
    active,
  );
  const weights = mergeWeights(parent, merging.classOfItem, merging.classCount, parentTarget);
  const rows = keptRows(parent, merging, open);
  const columns = transpose(rows.siteStart, rows.classOfSite, merging.classCount);
  const siteCount = rows.parentSite.length;
  const keptOf = new Int32Array(parent.siteCount).fill(-1);
  rows.parentSite.forEach((site, index) => (keptOf[site] = index));
  const needKept = sharedFloat64(parentTarget.length);
  parentTarget.forEach((target, index) => (needKept[index] = need[target]!));
  const cost = sharedFloat64(siteCount);
  const siteOf = sharedUint32(siteCount);
  const group = sharedUint32(siteCount);
  const groups = new Map<number, number>();
  rows.parentSite.forEach((site, index) => {
    cost[index] = parent.cost[site]!;
    siteOf[index] = parent.siteOf[site]!;
    const own = groups.get(parent.group[site]!) ?? groups.size;
    groups.set(parent.group[site]!, own);
    group[index] = own;
  });
  const model: CoveringModel = {
    siteCount,
    classCount: merging.classCount,
    targetCount: parentTarget.length,
    siteStart: rows.siteStart,
    classOfSite: rows.classOfSite,
    classStart: columns.start,
    siteOfClass: columns.rows,
    ...weights,
    need: needKept,
    mandatory: findMandatory({ ...weights, need: needKept, classCount: merging.classCount }),
    cost,
    fixedCost: built.reduce((sum, site) => sum + parent.cost[site]!, parent.fixedCost),
    fixedSites: Uint32Array.from([...parent.fixedSites, ...built.map((site) => parent.siteOf[site]!)]),
    ...restrictConflicts(parent, keptOf, siteCount),
    group,
    hasGroups: groups.size < siteCount,
    siteOf,
  };
  return { model, parentSite: rows.parentSite, classOf: merging.classOfItem, parentTarget };
}

/** [classCount] 1 where one of the sites covers the class. */
export function classesOf(model: CoveringRows, sites: Iterable<number>): Uint8Array {
  const covered = new Uint8Array(model.classCount);
  for (const site of sites) {
    for (let pair = model.siteStart[site]!; pair < model.siteStart[site + 1]!; pair++) {
      covered[model.classOfSite[pair]!] = 1;
    }
  }
  return covered;
}

function needLeft(parent: CoveringRows, won: Uint8Array, targetKept: Uint8Array | null): Float64Array {
  const need = Float64Array.from(parent.need, (users, target) =>
    targetKept === null || targetKept[target] === 1 ? users : 0,
  );
  for (let own = 0; own < parent.classCount; own++) {
    if (won[own] === 0) continue;
    for (let w = parent.weightStart[own]!; w < parent.weightStart[own + 1]!; w++) {
      need[parent.weightTarget[w]!]! -= parent.weightUsers[w]!;
    }
  }
  return need;
}

/** Classes not won that carry users of a target still open. */
function openClasses(parent: CoveringRows, won: Uint8Array, need: Float64Array): Uint8Array {
  const active = new Uint8Array(parent.classCount);
  for (let own = 0; own < parent.classCount; own++) {
    if (won[own] === 1) continue;
    for (let w = parent.weightStart[own]!; w < parent.weightStart[own + 1]!; w++) {
      if (need[parent.weightTarget[w]!]! > 0) active[own] = 1;
    }
  }
  return active;
}

type Weights = Pick<CoveringModel, 'weightStart' | 'weightTarget' | 'weightUsers' | 'reachable'>;

/** Weights of parent classes added up over the classes they merged into. */
function mergeWeights(
  parent: CoveringRows,
  classOf: Int32Array,
  classCount: number,
  parentTarget: Uint32Array,
): Weights {
  const targetOf = new Int32Array(parent.targetCount).fill(-1);
  parentTarget.forEach((target, index) => (targetOf[target] = index));
  const members = membersOf(classOf, classCount);
  const sums = new Float64Array(parentTarget.length);
  const reachable = sharedFloat64(parentTarget.length);
  const weightStart = sharedUint32(classCount + 1);
  const targets: number[] = [];
  const users: number[] = [];
  for (let own = 0; own < classCount; own++) {
    const first = targets.length;
    for (let m = members.start[own]!; m < members.start[own + 1]!; m++) {
      const member = members.rows[m]!;
      for (let w = parent.weightStart[member]!; w < parent.weightStart[member + 1]!; w++) {
        const target = targetOf[parent.weightTarget[w]!]!;
        if (target === -1) continue;
        if (sums[target] === 0) targets.push(target);
        sums[target]! += parent.weightUsers[w]!;
      }
    }
    for (let index = first; index < targets.length; index++) {
      const target = targets[index]!;
      users.push(sums[target]!);
      reachable[target]! += sums[target]!;
      sums[target] = 0;
    }
    weightStart[own + 1] = targets.length;
  }
  const weightTarget = sharedUint32(targets.length);
  weightTarget.set(targets);
  const weightUsers = sharedFloat64(users.length);
  weightUsers.set(users);
  return { weightStart, weightTarget, weightUsers, reachable };
}

function membersOf(classOf: Int32Array, classCount: number): { start: Uint32Array; rows: Uint32Array } {
  const start = new Uint32Array(classCount + 1);
  let total = 0;
  for (const own of classOf) {
    if (own === -1) continue;
    start[own + 1]!++;
    total++;
  }
  for (let own = 0; own < classCount; own++) start[own + 1]! += start[own]!;
  const rows = new Uint32Array(total);
  const write = start.slice();
  classOf.forEach((own, member) => {
    if (own !== -1) rows[write[own]!++] = member;
  });
  return { start, rows };
}

/** Cover lists of the open sites that still win a class. */
function keptRows(
  parent: CoveringRows,
  merging: { readonly classCount: number; readonly classOfItem: Int32Array },
  open: Uint8Array,
): { readonly siteStart: Uint32Array; readonly classOfSite: Uint32Array; readonly parentSite: Uint32Array } {
  const sites: number[] = [];
  for (let site = 0; site < parent.siteCount; site++) if (open[site] === 1) sites.push(site);
  const lists = listClasses(
    {
      siteCount: parent.siteCount,
      itemCount: parent.classCount,
      siteStart: parent.siteStart,
      itemOfSite: parent.classOfSite,
    },
    merging,
    Uint32Array.from(sites),
  );
  const kept = sites.filter((_, row) => lists.siteStart[row + 1]! > lists.siteStart[row]!);
  const siteStart = sharedUint32(kept.length + 1);
  let write = 0;
  sites.forEach((_, row) => {
    if (lists.siteStart[row + 1]! > lists.siteStart[row]!) siteStart[++write] = lists.siteStart[row + 1]!;
  });
  const parentSite = sharedUint32(kept.length);
  parentSite.set(kept);
  return { siteStart, classOfSite: lists.classOfSite, parentSite };
}
