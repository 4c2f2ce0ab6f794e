import type { SolveContext } from './context.ts';
import { CoverState } from './cover-state.ts';
import type { CoveringModel } from './covering-model.ts';
import { addGreedily } from './greedy.ts';

/** The sites given, as far as conflicts let them stand together, and what greedy adds to meet the targets. */
export function completePlan(
  context: SolveContext,
  model: CoveringModel,
  start: readonly number[],
): readonly number[] {
  const state = new CoverState(model);
  for (const site of start) if (state.blocked[site] === 0 && state.chosen[site] === 0) state.add(site);
  addGreedily(state);
  context.work += state.work;
  return state.sites();
}
