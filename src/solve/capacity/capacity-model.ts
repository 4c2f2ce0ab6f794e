import type { Conflicts } from '../conflicts.ts';
import { LOAD_USERS } from '../problem.ts';

/**
 * What the algorithms with capacities see: classes of demand points that the same sites cover at the same rate, sites
 * with room, targets. Plain data, immutable.
 *
 *     min  sum_j cost[j] x[j]
 *     s.t. sum_j f[c, j, t] <= users[c, t]                        users are split between sites
 *          sum_c rate[c, t] f[c, j, t] <= room[j, t] x[j]         load of a site
 *          sum_{c in k} sum_j f[c, j, t(k)] >= need[k]            targets on service
 *          sum_{c in k} weight[c] z[c, k] >= need[k]              targets on backup:
 *          backup[k] z[c, k] <= today[c, k] + sum_{j covers c} x[j]
 *          x, z in {0,1}, f >= 0,  x[i] + x[j] <= 1 for conflicts and sites of one location
 */
export interface CapacityModel extends Conflicts {
  readonly siteCount: number;
  readonly classCount: number;
  readonly periodCount: number;
  /** [siteCount + 1] pairs of site `s` are `siteStart[s] .. siteStart[s + 1]`; pair `p` covers `classOfSite[p]`, ascending. */
  readonly siteStart: Uint32Array;
  readonly classOfSite: Uint32Array;
  /** [classCount + 1] class `c` is covered by `siteOfClass[q]`, pair `pairOfClass[q]`, q in its range. */
  readonly classStart: Uint32Array;
  readonly siteOfClass: Uint32Array;
  readonly pairOfClass: Uint32Array;
  /** Per period [classCount] users to be assigned, whole units. */
  readonly users: readonly Float64Array[];
  /** Per period [classCount] traffic of one unit of users. */
  readonly rate: readonly Float64Array[];
  /** Per period [siteCount] most load; Infinity = none. */
  readonly room: readonly Float64Array[];
  /** [siteCount] LOAD_TRAFFIC or LOAD_USERS. */
  readonly counts: Uint8Array;
  /** [siteCount] 1 = stands already: required, or one of today's sites. */
  readonly fixed: Uint8Array;
  /** [siteCount] 1 = one of today's sites: for backup today's network counts once, through `today` of the targets. */
  readonly isToday: Uint8Array;
  /** [siteCount] grid units; 0 where fixed. */
  readonly cost: Float64Array;
  /** Grid units of required sites. */
  readonly fixedCost: number;
  /** [siteCount] sites of equal group share a location. */
  readonly group: Uint32Array;
  readonly targets: readonly CapacityTarget[];
  /** [siteCount] index in the problem; today's sites follow after its sites. */
  readonly siteOf: Uint32Array;
  /** [demandCount] class of the demand point; -1 = nobody to assign, or nobody covers it. */
  readonly classOfDemand: Int32Array;
  /** True when in every period all users make the same load at every site: flows are then whole and augmentation exact. */
  readonly isUniform: boolean;
}

export interface CapacityTarget {
  /** Index into the targets the model was built for. */
  readonly index: number;
  /** Period of the model. */
  readonly period: number;
  readonly need: number;
  /** 1: users must be assigned; more: that many sites must cover them. */
  readonly backup: number;
  /** [classCount] 1 = the class belongs to it. */
  readonly member: Uint8Array;
  /** Only with backup, [classCount] users of the class. */
  readonly weight: Float64Array;
  /** Only with backup, [classCount] 1 = today's network covers it. */
  readonly today: Uint8Array;
}

/** Load that one unit of users of a class puts on a site. */
export function loadOfUnit(model: CapacityModel, period: number, site: number, own: number): number {
  return model.counts[site] === LOAD_USERS ? 1 : model.rate[period]![own]!;
}

/** Most whole units of users that fit into room at a load each. */
export function unitsWithin(room: number, load: number): number {
  if (load === 0) return Infinity;
  return room <= 0 ? 0 : Math.floor(room / load);
}

/** Pair of a site and a class it covers: classes of a site ascend. */
export function pairOf({ siteStart, classOfSite }: CapacityModel, site: number, own: number): number {
  let low = siteStart[site]!;
  let high = siteStart[site + 1]!;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (classOfSite[middle]! < own) low = middle + 1;
    else high = middle;
  }
  return low;
}
