import type { CoverState } from './cover-state.ts';
import type { CoveringModel } from './covering-model.ts';

/**
 * Wolsey's greedy for several covering targets (Wolsey 1982): always the site of largest value per cost, where the
 * value is sum_k min(gain_k, residual_k) / need_k. The value is monotone and submodular, so a stale value is an
 * upper bound and sites are looked at lazily (Minoux 1978). Ties go to the smaller index. Ends when all targets are
 * met or no site that conflicts with none adds anything; continues from whatever stands already.
 */
export function addGreedily(state: CoverState): void {
  const { model } = state;
  const residual = Float64Array.from(model.need, (need, target) => need - state.served[target]!);
  const heap = new ValueHeap(model.siteCount);
  for (let site = 0; site < model.siteCount; site++) {
    if (state.chosen[site] === 1) continue;
    const value = valuePerCost(state, residual, site);
    if (value > 0) heap.push(site, value);
  }
  while (heap.size > 0 && residual.some((users) => users > 0)) {
    const site = heap.top();
    const value = state.blocked[site]! > 0 ? 0 : valuePerCost(state, residual, site);
    if (value <= 0) {
      heap.pop();
      continue;
    }
    heap.updateTop(value);
    if (heap.top() !== site) continue;
    heap.pop();
    state.add(site);
    model.need.forEach((need, target) => (residual[target] = need - state.served[target]!));
  }
}

function valuePerCost(state: CoverState, residual: Float64Array, site: number): number {
  const { model } = state;
  state.work += model.siteStart[site + 1]! - model.siteStart[site]!;
  const value =
    model.targetCount === 1 ? singleValue(state, residual, site) : vectorValue(state, residual, site);
  return value / model.cost[site]!;
}

function singleValue({ model, timesCovered }: CoverState, residual: Float64Array, site: number): number {
  const { siteStart, classOfSite, weightUsers } = model;
  let gain = 0;
  const end = siteStart[site + 1]!;
  for (let pair = siteStart[site]!; pair < end; pair++) {
    const own = classOfSite[pair]!;
    if (timesCovered[own] === 0) gain += weightUsers[own]!;
  }
  return Math.min(gain, residual[0]!) / model.need[0]!;
}

const scratch = { gain: new Float64Array(0) };

function vectorValue({ model, timesCovered }: CoverState, residual: Float64Array, site: number): number {
  const { siteStart, classOfSite, weightStart, weightTarget, weightUsers, need } = model;
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
  return value;
}

/** Binary heap of sites, largest value first, ties by smaller index. */
class ValueHeap {
  size = 0;
  readonly #site: Uint32Array;
  readonly #value: Float64Array;

  constructor(capacity: number) {
    this.#site = new Uint32Array(capacity);
    this.#value = new Float64Array(capacity);
  }

  top(): number {
    return this.#site[0]!;
  }

  push(site: number, value: number): void {
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(site, value, parent)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#site[at] = site;
    this.#value[at] = value;
  }

  pop(): void {
    this.size--;
    if (this.size > 0) this.#sink(this.#site[this.size]!, this.#value[this.size]!);
  }

  /** The top keeps its site and gets a smaller value. */
  updateTop(value: number): void {
    this.#sink(this.#site[0]!, value);
  }

  #sink(site: number, value: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && this.#before(this.#site[child + 1]!, this.#value[child + 1]!, child))
        child++;
      if (this.#before(site, value, child)) break;
      this.#move(child, at);
      at = child;
    }
    this.#site[at] = site;
    this.#value[at] = value;
  }

  #before(site: number, value: number, at: number): boolean {
    const other = this.#value[at]!;
    return value > other || (value === other && site < this.#site[at]!);
  }

  #move(from: number, to: number): void {
    this.#site[to] = this.#site[from]!;
    this.#value[to] = this.#value[from]!;
  }
}

/** A plan of the model by greedy alone; the caller asks `isFeasible`. */
export function constructGreedily(model: CoveringModel, state: CoverState): CoverState {
  if (model.targetCount > 0) addGreedily(state);
  return state;
}
