import { sharedFloat64, sharedUint32, sharedUint8 } from '../../geo/shared-array.ts';
import { indicesWhere, numberGroups } from '../build-model.ts';
import { restrictConflicts } from '../conflicts.ts';
import { listClasses, mergeEqualCoverSets, transpose } from '../merge.ts';
import { firstOfClass, pairsOfClasses, refined, sumByClass } from './build-capacity-model.ts';
import type { CapacityModel } from './capacity-model.ts';

/** A model on some of the sites of another, its classes merged again. */
export interface RestrictedModel {
  readonly model: CapacityModel;
  /** [model.siteCount] index in the model it came from. */
  readonly siteOf: Uint32Array;
}

/** The model with the marked sites and those that stand already; what it finds is valid for the whole. */
export function restrictCapacityModel(model: CapacityModel, keep: Uint8Array): RestrictedModel {
  const active = Uint8Array.from(keep, (flag, site) => flag | model.fixed[site]!);
  const siteOf = indicesWhere(active, 1);
  const { siteCount, siteStart, classOfSite } = model;
  const lists = { siteCount, itemCount: model.classCount, siteStart, itemOfSite: classOfSite };
  const keys = [
    ...model.targets.flatMap(({ member, today }) => (today.length > 0 ? [member, today] : [member])),
    ...model.rate.filter((rate) => rate.some((value) => value !== rate[0])),
  ];
  const merging = mergeEqualCoverSets(lists, active, null);
  const { classOfItem, classCount } = refined(merging.classOfItem, keys);
  const rows = listClasses(lists, { classOfItem, classCount }, siteOf);
  const columns = transpose(rows.siteStart, rows.classOfSite, classCount);
  const keptOf = new Int32Array(siteCount).fill(-1);
  siteOf.forEach((site, index) => (keptOf[site] = index));
  const numbers = (values: Float64Array): Float64Array => {
    const kept = sharedFloat64(siteOf.length);
    siteOf.forEach((site, index) => (kept[index] = values[site]!));
    return kept;
  };
  const flags = (values: Uint8Array): Uint8Array => {
    const kept = sharedUint8(siteOf.length);
    siteOf.forEach((site, index) => (kept[index] = values[site]!));
    return kept;
  };
  const indices = (values: Uint32Array): Uint32Array => {
    const kept = sharedUint32(siteOf.length);
    siteOf.forEach((site, index) => (kept[index] = values[site]!));
    return kept;
  };
  const restricted: CapacityModel = {
    ...model,
    siteCount: siteOf.length,
    classCount,
    siteStart: rows.siteStart,
    classOfSite: rows.classOfSite,
    classStart: columns.start,
    siteOfClass: columns.rows,
    pairOfClass: pairsOfClasses(rows, columns.start, classCount),
    users: model.users.map((users) => sumByClass(users, classOfItem, classCount)),
    rate: model.rate.map((rate) => firstOfClass(rate, classOfItem, classCount)),
    room: model.room.map(numbers),
    counts: flags(model.counts),
    fixed: flags(model.fixed),
    isToday: flags(model.isToday),
    cost: numbers(model.cost),
    group: numberGroups(siteOf, model.group).group,
    siteOf: indices(model.siteOf),
    ...restrictConflicts(model, keptOf, siteOf.length),
    targets: model.targets.map((target) => ({
      ...target,
      member: firstFlags(target.member, classOfItem, classCount),
      ...(target.backup > 1 && {
        weight: sumByClass(target.weight, classOfItem, classCount),
        today: firstFlags(target.today, classOfItem, classCount),
      }),
    })),
    classOfDemand: model.classOfDemand.map((own) => (own === -1 ? -1 : classOfItem[own]!)),
  };
  return { model: restricted, siteOf };
}

function firstFlags(values: Uint8Array, classOfItem: Int32Array, classCount: number): Uint8Array {
  const first = sharedUint8(classCount);
  values.forEach((value, item) => {
    if (classOfItem[item]! !== -1) first[classOfItem[item]!] = value;
  });
  return first;
}
