import type { CoveringModel } from '../covering-model.ts';

/** What the coordinator of a tiled search knows of the whole. */
export interface WholeProblem {
  readonly model: CoveringModel;
  readonly siteCount: number;
  /** [siteCount] grid units. */
  readonly cost: Float64Array;
  /** [siteCount] location, null where every site has its own. */
  readonly group: Uint32Array | null;
  /** [siteCount] 1 = a spacing conflict holds it back: tiles do not decide about it while polishing. */
  readonly contested: Uint8Array;
  /** [targets] users still to be won. */
  readonly need: Float64Array;
  readonly fixedCost: number;
}

export function wholeOfModel(model: CoveringModel): WholeProblem {
  const { siteCount, conflictStart, conflictSite, group } = model;
  const contested = new Uint8Array(siteCount);
  for (let site = 0; site < siteCount; site++) {
    const rivals = conflictSite.subarray(conflictStart[site], conflictStart[site + 1]);
    if (rivals.some((other) => group[other] !== group[site])) contested[site] = 1;
  }
  const { cost, need, fixedCost } = model;
  return { model, siteCount, cost, group: model.hasGroups ? group : null, contested, need, fixedCost };
}
