import type { CoverState } from './cover-state.ts';
import { addForOneTarget } from './one-target-greedy.ts';
import { ValueHeap } from './value-heap.ts';

/**
 * Wolsey's greedy for several covering targets (Wolsey 1982): always the site of largest value per cost, where the
 * value is sum_k min(gain_k, residual_k) / need_k. The value is monotone and submodular, so a stale value is an
 * upper bound and sites are looked at lazily (Minoux 1978). Ties go to the smaller index. Ends when all targets are
 * met or no site that conflicts with none adds anything; continues from whatever stands already.
 */
export function addGreedily(state: CoverState): void {
  const { targetCount, weightUsers, classCount } = state.model;
  if (targetCount === 1 && weightUsers.length === classCount) addForOneTarget(state);
  else addForTargets(state);
}

function addForTargets(state: CoverState): void {
  const { model } = state;
  const residual = Float64Array.from(model.need, (need, target) => need - state.served[target]!);
  const heap = new ValueHeap(model.siteCount);
  for (let site = 0; site < model.siteCount; site++) {
    if (state.chosen[site] === 1) continue;
    const value = valuePerCost(state, residual, site);
    if (value > 0) heap.push(site, value);
  }
  const valueOf = (site: number): number =>
    state.blocked[site]! > 0 ? 0 : valuePerCost(state, residual, site);
  while (residual.some((users) => users > 0)) {
    const site = heap.takeBest(valueOf);
    if (site === -1) break;
    state.add(site);
    model.need.forEach((need, target) => (residual[target] = need - state.served[target]!));
  }
}

const scratch = { gain: new Float64Array(0) };

function valuePerCost(state: CoverState, residual: Float64Array, site: number): number {
  const { model, timesCovered } = state;
  const { siteStart, classOfSite, weightStart, weightTarget, weightUsers, need } = model;
  state.work += siteStart[site + 1]! - siteStart[site]!;
  if (scratch.gain.length < need.length) scratch.gain = new Float64Array(need.length);
  const gain = scratch.gain.fill(0);
  for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
    const own = classOfSite[pair]!;
    if (timesCovered[own] !== 0) continue;
    for (let w = weightStart[own]!; w < weightStart[own + 1]!; w++)
      gain[weightTarget[w]!]! += weightUsers[w]!;
  }
  let value = 0;
  for (let target = 0; target < need.length; target++) {
    if (residual[target]! > 0) value += Math.min(gain[target]!, residual[target]!) / need[target]!;
  }
  return value / model.cost[site]!;
}
