import { CoverState } from '../cover-state.ts';
import type { CoveringModel } from '../covering-model.ts';
import { addGreedily } from '../greedy.ts';

/** What a tile sells: its greedy sequence with what every step costs and serves. */
export interface SupplyCurve {
  /** [steps] cost of the step per value won, never falling; value = sum_k users / need over the whole's targets. */
  readonly price: Float64Array;
  /** [steps x targets] users served after the step. */
  readonly served: Float64Array;
  readonly work: number;
}

/** Notes who is added, in order, and what is served after it. */
class Recorder extends CoverState {
  readonly order: number[] = [];
  readonly servedAfter: number[] = [];

  override add(site: number): void {
    super.add(site);
    this.order.push(site);
    this.servedAfter.push(...this.served);
  }
}

/**
 * Greedy on one tile to its last user. Values fall along the sequence (submodular), so the sequences of all tiles
 * merged by price are the greedy plan of the whole, up to the sites that straddle seams.
 *
 * @param cost [siteCount] this tile's shares of the costs.
 * @param need [targets] what the whole needs: the scale of a target.
 */
export function supplyOf(tile: CoveringModel, cost: Float64Array, need: Float64Array): SupplyCurve {
  const state = new Recorder({ ...tile, cost, need: need.map((users) => Math.max(users, Number.MIN_VALUE)) });
  addGreedily(state);
  const targets = tile.targetCount;
  const served = Float64Array.from(state.servedAfter);
  let last = 0;
  const price = Float64Array.from(state.order, (site, step) => {
    let value = 0;
    for (let target = 0; target < targets; target++) {
      const before = step === 0 ? 0 : served[(step - 1) * targets + target]!;
      value += (served[step * targets + target]! - before) / need[target]!;
    }
    last = Math.max(last, cost[site]! / value);
    return last;
  });
  return { price, served, work: state.work };
}

/** Users of every target that the sites with `built` > 0 serve, partly built ones in part. */
export function serviceOf(tile: CoveringModel, built: Float64Array): Float64Array {
  const served = new Float64Array(tile.targetCount);
  for (let own = 0; own < tile.classCount; own++) {
    let sum = 0;
    for (let i = tile.classStart[own]!; i < tile.classStart[own + 1]! && sum < 1; i++)
      sum += built[tile.siteOfClass[i]!]!;
    if (sum <= 0) continue;
    const share = Math.min(1, sum);
    for (let w = tile.weightStart[own]!; w < tile.weightStart[own + 1]!; w++)
      served[tile.weightTarget[w]!]! += share * tile.weightUsers[w]!;
  }
  return served;
}
