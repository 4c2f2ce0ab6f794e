import type { CoverState } from './cover-state.ts';

/**
 * Remove sites that no target needs, dearest first, then of least exclusive worth, then larger index. One pass is
 * enough: what cannot go now cannot go later, since every removal only shrinks what the others may lose.
 *
 * @returns how many were removed.
 */
export function removeRedundant(state: CoverState): number {
  const { cost } = state.model;
  const order = state.sites().sort((a, b) => cost[b]! - cost[a]! || b - a);
  let removed = 0;
  for (const site of order) {
    if (!state.isRedundant(site)) continue;
    state.remove(site);
    removed++;
  }
  return removed;
}
