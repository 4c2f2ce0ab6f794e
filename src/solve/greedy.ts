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
  const open = model.targetCount === 1 ? openUsers(state) : null;
  const heap = new ValueHeap(model.siteCount);
  for (let site = 0; site < model.siteCount; site++) {
    if (state.chosen[site] === 1) continue;
    const value = valuePerCost(state, residual, open, site);
    if (value > 0) heap.push(site, value);
  }
  let isMet = residual.every((users) => users <= 0);
  while (heap.size > 0 && !isMet) {
    const site = heap.top();
    const value = state.blocked[site]! > 0 ? 0 : valuePerCost(state, residual, open, site);
    if (value <= 0) {
      heap.pop();
      continue;
    }
    heap.updateTop(value);
    if (heap.top() !== site) continue;
    heap.pop();
    state.add(site);
    if (open !== null) closeClasses(open, model, site);
    model.need.forEach((need, target) => (residual[target] = need - state.served[target]!));
    isMet = residual.every((users) => users <= 0);
  }
}

/** With one target [classCount] users of the class, 0 once it is covered: gains are then sums without a branch. */
function openUsers({ model, timesCovered }: CoverState): Float64Array {
  const open = model.weightUsers.slice();
  for (let own = 0; own < model.classCount; own++) if (timesCovered[own] !== 0) open[own] = 0;
  return open;
}

function closeClasses(open: Float64Array, { siteStart, classOfSite }: CoveringModel, site: number): void {
  const end = siteStart[site + 1]!;
  for (let pair = siteStart[site]!; pair < end; pair++) open[classOfSite[pair]!] = 0;
}

function valuePerCost(
  state: CoverState,
  residual: Float64Array,
  open: Float64Array | null,
  site: number,
): number {
  const { model } = state;
  const start = model.siteStart[site]!;
  const end = model.siteStart[site + 1]!;
  state.work += end - start;
  const value =
    open === null
      ? vectorValue(state, residual, site)
      : Math.min(sumOver(open, model.classOfSite, start, end), residual[0]!) / model.need[0]!;
  return value / model.cost[site]!;
}

/** Four sums side by side, as an addition waits for the one before, eight pairs a step. Users are whole numbers: exact in any order. */
function sumOver(users: Float64Array, classOfSite: Uint32Array, start: number, end: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let pair = start;
  for (const last = end - 7; pair < last; pair += 8) {
    a += users[classOfSite[pair]!]!;
    b += users[classOfSite[pair + 1]!]!;
    c += users[classOfSite[pair + 2]!]!;
    d += users[classOfSite[pair + 3]!]!;
    a += users[classOfSite[pair + 4]!]!;
    b += users[classOfSite[pair + 5]!]!;
    c += users[classOfSite[pair + 6]!]!;
    d += users[classOfSite[pair + 7]!]!;
  }
  for (; pair < end; pair++) a += users[classOfSite[pair]!]!;
  return a + b + c + d;
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
export class ValueHeap {
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
