/**
 * What the algorithms see: one set of targets over classes of demand, no site that is required or forbidden, costs
 * in grid units. Plain data on shared arrays, so a worker reads it without a copy. Immutable.
 *
 *     min  sum_j cost[j] x[j]
 *     s.t. sum_c users[c, k] z[c] >= need[k]     for every target k
 *          z[c] <= sum_{j covers c} x[j],  x in {0,1}, 0 <= z <= 1,  x[i] + x[j] <= 1 for conflicts
 */
export interface CoveringModel {
  readonly siteCount: number;
  readonly classCount: number;
  readonly targetCount: number;
  /** [siteCount + 1] site `s` covers `classOfSite[siteStart[s] .. siteStart[s + 1])`, ascending. */
  readonly siteStart: Uint32Array;
  readonly classOfSite: Uint32Array;
  /** [classCount + 1] class `c` is covered by `siteOfClass[classStart[c] .. classStart[c + 1])`, ascending. */
  readonly classStart: Uint32Array;
  readonly siteOfClass: Uint32Array;
  /** [classCount + 1] class `c` carries `weightUsers[w]` users of target `weightTarget[w]`, w in its range. */
  readonly weightStart: Uint32Array;
  readonly weightTarget: Uint32Array;
  readonly weightUsers: Float64Array;
  /** [targetCount] users still to be won, > 0. */
  readonly need: Float64Array;
  /** [targetCount] users that any site of the model covers. */
  readonly reachable: Float64Array;
  /** [classCount] 1 where the target could not be met without this class: z = 1 in every feasible plan. */
  readonly mandatory: Uint8Array;
  /** [siteCount] in grid units, > 0. */
  readonly cost: Float64Array;
  /** Grid units spent already (required sites). */
  readonly fixedCost: number;
  /** Sites that stand already, as original indices. */
  readonly fixedSites: Uint32Array;
  /** [siteCount + 1] site `s` may not stand with `conflictSite[conflictStart[s] .. )`, ascending, both ways. */
  readonly conflictStart: Uint32Array;
  readonly conflictSite: Uint32Array;
  /** [siteCount] sites of equal group share a location: at most one of them. Groups are numbered by first site. */
  readonly group: Uint32Array;
  /** True when some group has two sites. */
  readonly hasGroups: boolean;
  /** [siteCount] index in the original problem. */
  readonly siteOf: Uint32Array;
}

/** Why no plan of the model can meet target `target`: what is needed, and what all sites together reach. */
export interface Shortage {
  readonly target: number;
  readonly need: number;
  readonly reachable: number;
}

/** Targets that even all sites together miss. Empty does not prove feasibility where sites conflict. */
export function findShortages(model: Pick<CoveringModel, 'need' | 'reachable'>): Shortage[] {
  const shortages: Shortage[] = [];
  model.need.forEach((need, target) => {
    const reachable = model.reachable[target] ?? 0;
    if (reachable < need) shortages.push({ target, need, reachable });
  });
  return shortages;
}

export function hasConflicts(model: CoveringModel): boolean {
  return model.conflictSite.length > 0;
}

/** Users of every target that the classes of one site carry together. */
export function usersOfSite(model: CoveringModel, site: number): Float64Array {
  const users = new Float64Array(model.targetCount);
  for (let pair = model.siteStart[site]!; pair < model.siteStart[site + 1]!; pair++) {
    const own = model.classOfSite[pair]!;
    for (let w = model.weightStart[own]!; w < model.weightStart[own + 1]!; w++) {
      users[model.weightTarget[w]!]! += model.weightUsers[w]!;
    }
  }
  return users;
}

/** Cost in grid units of model sites, required ones included. Exact on the grid. */
export function costOfSites(model: CoveringModel, sites: Iterable<number>): number {
  let cost = model.fixedCost;
  for (const site of sites) cost += model.cost[site]!;
  return cost;
}

/** A model without its second direction: all that domination and restriction read. */
export type CoveringRows = Omit<CoveringModel, 'classStart' | 'siteOfClass'>;
