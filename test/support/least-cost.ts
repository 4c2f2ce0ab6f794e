import { CoverState } from '../../src/solve/cover-state.ts';
import type { CoveringModel } from '../../src/solve/covering-model.ts';

/** Least cost of a model over all subsets of its sites, with and without some; Infinity when there is none; by trying them all. */
export function leastCost(
  model: CoveringModel,
  without: ReadonlySet<number> = new Set(),
  including: Iterable<number> = [],
): number {
  const built = [...including];
  let least = Infinity;
  for (let subset = 0; subset < 2 ** model.siteCount; subset++) {
    const sites = Array.from({ length: model.siteCount }, (_, site) => site).filter(
      (site) => (subset >> site) & 1,
    );
    if (sites.some((site) => without.has(site)) || built.some((site) => !sites.includes(site))) continue;
    const state = new CoverState(model, sites);
    if (state.isFeasible()) least = Math.min(least, state.cost);
  }
  return least;
}
