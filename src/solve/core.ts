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
