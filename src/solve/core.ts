import type { CoveringModel } from './covering-model.ts';
import { KEEP, restrictModel, type Restriction } from './restrict.ts';

/**
 * The core problem (Caprara, Fischetti & Toth 1999): sites of small reduced cost and those of known plans, with
 * classes merged again, since fewer sites tell fewer classes apart. A heuristic restriction: its plans are plans of
 * the full model, its bounds are not.
 *
 * @param size about how many sites to keep by reduced cost.
 */
export function takeCore(
  model: CoveringModel,
  reducedCost: Float64Array,
  plans: readonly Iterable<number>[],
  size: number,
): Restriction {
  const sorted = reducedCost.slice().sort();
  const limit = sorted[Math.min(size, sorted.length) - 1] ?? 0;
  const choice = new Uint8Array(model.siteCount);
  let kept = 0;
  for (let site = 0; site < model.siteCount && kept < 2 * size; site++) {
    if (reducedCost[site]! <= limit) {
      choice[site] = KEEP;
      kept++;
    }
  }
  for (const plan of plans) for (const site of plan) choice[site] = KEEP;
  keepCoverers(model, reducedCost, choice);
  return restrictModel(model, choice);
}

/** A mandatory class that lost all its coverers gets the cheapest one back. */
function keepCoverers(model: CoveringModel, reducedCost: Float64Array, choice: Uint8Array): void {
  const { classStart, siteOfClass } = model;
  for (let own = 0; own < model.classCount; own++) {
    if (model.mandatory[own] === 0) continue;
    let cheapest = -1;
    let covered = false;
    for (let i = classStart[own]!; i < classStart[own + 1]! && !covered; i++) {
      const site = siteOfClass[i]!;
      if (choice[site] === KEEP) covered = true;
      if (cheapest === -1 || reducedCost[site]! < reducedCost[cheapest]!) cheapest = site;
    }
    if (!covered && cheapest !== -1) choice[cheapest] = KEEP;
  }
}

/** Class prices of a parent carried to a restriction: merged classes add up. */
export function carryPrices(perClass: Float64Array, restriction: Restriction): Float64Array {
  const carried = new Float64Array(restriction.model.classCount);
  restriction.classOf.forEach((own, parent) => {
    if (own !== -1) carried[own]! += perClass[parent]!;
  });
  return carried;
}

/**
 * The other way: the price of a merged class split over its members in proportion to what their users are worth
 * (any split is a valid price vector; members that the restriction dropped keep their old price).
 */
export function splitPrices(
  parent: CoveringModel,
  restriction: Restriction,
  perClass: Float64Array,
  perUser: Float64Array,
  old: Float64Array,
): Float64Array {
  const worth = memberWorth(parent, restriction, perUser);
  const total = new Float64Array(restriction.model.classCount);
  restriction.classOf.forEach((own, member) => {
    if (own !== -1) total[own]! += worth[member]!;
  });
  return old.map((price, member) => {
    const own = restriction.classOf[member]!;
    return own === -1 ? price : (perClass[own]! * worth[member]!) / total[own]!;
  });
}

/** What the users of a parent class are worth; never 0, so that a split is always defined. */
function memberWorth(parent: CoveringModel, restriction: Restriction, perUser: Float64Array): Float64Array {
  const targetOf = new Int32Array(parent.targetCount).fill(-1);
  restriction.parentTarget.forEach((target, index) => (targetOf[target] = index));
  const worth = new Float64Array(parent.classCount);
  for (let own = 0; own < parent.classCount; own++) {
    let sum = 0;
    for (let w = parent.weightStart[own]!; w < parent.weightStart[own + 1]!; w++) {
      const target = targetOf[parent.weightTarget[w]!]!;
      if (target !== -1)
        sum += (perUser[target]! + 1e-9 / parent.need[parent.weightTarget[w]!]!) * parent.weightUsers[w]!;
    }
    worth[own] = sum + Number.MIN_VALUE;
  }
  return worth;
}
