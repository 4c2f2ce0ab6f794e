import type { CoverState } from './cover-state.ts';
import { ValueHeap } from './value-heap.ts';

/**
 * The greedy of `addGreedily` where there is one target and every class counts towards it: the same sites in the same order. What a
 * class would still win is a number of its own, 0 once it is covered, so that a gain is a sum without a branch.
 * The loop of `ValueHeap.takeBest` is written out: a closure and a call per look take some 0.01 of 0.15 ms on planar B.
 */
export function addForOneTarget(state: CoverState): void {
  const { model, chosen, blocked } = state;
  const { siteCount, siteStart, classOfSite, cost } = model;
  const need = model.need[0]!;
  const open = openUsers(state);
  const heap = new ValueHeap(siteCount);
  let residual = need - state.served[0]!;
  let work = 0;
  for (let site = 0; site < siteCount; site++) {
    if (chosen[site] === 1) continue;
    const start = siteStart[site]!;
    const end = siteStart[site + 1]!;
    work += end - start;
    const value = Math.min(sumOver(open, classOfSite, start, end), residual) / need / cost[site]!;
    if (value > 0) heap.push(site, value);
  }
  while (heap.size > 0 && residual > 0) {
    const site = heap.top();
    if (blocked[site]! > 0) {
      heap.pop();
      continue;
    }
    const start = siteStart[site]!;
    const end = siteStart[site + 1]!;
    work += end - start;
    const value = Math.min(sumOver(open, classOfSite, start, end), residual) / need / cost[site]!;
    if (value <= 0) {
      heap.pop();
      continue;
    }
    heap.updateTop(value);
    if (heap.top() !== site) continue;
    heap.pop();
    state.addClosing(site, open);
    residual = need - state.served[0]!;
  }
  state.work += work;
}

/** [classCount] users of the class, 0 where it is covered. */
function openUsers({ model, chosen, timesCovered }: CoverState): Float64Array {
  const open = model.weightUsers.slice();
  if (!chosen.includes(1)) return open;
  for (let own = 0; own < model.classCount; own++) if (timesCovered[own] !== 0) open[own] = 0;
  return open;
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
