import { sharedFloat64, sharedUint32, sharedUint8 } from '../../geo/shared-array.ts';
import { numberGroups } from '../build-model.ts';
import { restrictConflicts } from '../conflicts.ts';
import type { CoveringModel } from '../covering-model.ts';
import { transpose } from '../merge.ts';

/** The part of a model that lies in some of its classes (ascending): see `openTile`. */
export function openModelTile(whole: CoveringModel, classes: Uint32Array): CoveringModel {
  const sites = sitesReaching(whole, classes);
  const localOf = new Int32Array(whole.siteCount).fill(-1);
  sites.forEach((site, index) => (localOf[site] = index));
  const classStart = sharedUint32(classes.length + 1);
  const weightStart = sharedUint32(classes.length + 1);
  classes.forEach((own, index) => {
    classStart[index + 1] = classStart[index]! + whole.classStart[own + 1]! - whole.classStart[own]!;
    weightStart[index + 1] = weightStart[index]! + whole.weightStart[own + 1]! - whole.weightStart[own]!;
  });
  const siteOfClass = sharedUint32(classStart[classes.length]!);
  const weightTarget = sharedUint32(weightStart[classes.length]!);
  const weightUsers = sharedFloat64(weightStart[classes.length]!);
  const reachable = sharedFloat64(whole.targetCount);
  const mandatory = sharedUint8(classes.length);
  classes.forEach((own, index) => {
    mandatory[index] = whole.mandatory[own]!;
    let write = classStart[index]!;
    for (let i = whole.classStart[own]!; i < whole.classStart[own + 1]!; i++)
      siteOfClass[write++] = localOf[whole.siteOfClass[i]!]!;
    write = weightStart[index]!;
    for (let w = whole.weightStart[own]!; w < whole.weightStart[own + 1]!; w++) {
      weightTarget[write] = whole.weightTarget[w]!;
      weightUsers[write++] = whole.weightUsers[w]!;
      reachable[whole.weightTarget[w]!]! += whole.weightUsers[w]!;
    }
  });
  const rows = transpose(classStart, siteOfClass, sites.length);
  const cost = sharedFloat64(sites.length);
  sites.forEach((site, index) => (cost[index] = whole.cost[site]!));
  return {
    siteCount: sites.length,
    classCount: classes.length,
    targetCount: whole.targetCount,
    siteStart: rows.start,
    classOfSite: rows.rows,
    classStart,
    siteOfClass,
    weightStart,
    weightTarget,
    weightUsers,
    need: sharedFloat64(whole.targetCount),
    reachable,
    mandatory,
    cost,
    fixedCost: 0,
    fixedSites: new Uint32Array(0),
    ...restrictConflicts(whole, localOf, sites.length),
    ...numberGroups(sites, whole.group),
    siteOf: sites,
  };
}

function sitesReaching(whole: CoveringModel, classes: Uint32Array): Uint32Array {
  const reaches = new Uint8Array(whole.siteCount);
  let count = 0;
  for (const own of classes) {
    for (let i = whole.classStart[own]!; i < whole.classStart[own + 1]!; i++) {
      const site = whole.siteOfClass[i]!;
      if (reaches[site] === 1) continue;
      reaches[site] = 1;
      count++;
    }
  }
  const sites = sharedUint32(count);
  let write = 0;
  for (let site = 0; site < whole.siteCount; site++) if (reaches[site] === 1) sites[write++] = site;
  return sites;
}
