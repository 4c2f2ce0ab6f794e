import { meetsOnGrid, type CostGrid } from './cost-grid.ts';
import type { Prices } from './lagrangian.ts';
import type { OpenModel } from './open-model.ts';
import type { SolveStatus, StopReason } from './solution.ts';

/** Outcome of the search on one model. Costs and bounds in grid units, sites in the model's numbering. */
export interface SearchOutcome {
  readonly status: SolveStatus;
  readonly stoppedBy: StopReason;
  /** Ascending; null when no plan was found. */
  readonly sites: readonly number[] | null;
  readonly cost: number;
  /** Rounded up to the grid; never above the cost. Infinity when no plan exists. */
  readonly bound: number;
  /** The last state of the bound: multipliers and reduced costs for explanations. */
  readonly open: OpenModel | null;
}

export interface SearchSettings {
  readonly phase: string;
  readonly grid: CostGrid;
  readonly rounds: number;
  /** Sites of an earlier plan to start from. */
  readonly start: readonly number[];
  /** False: only the bound matters (a phase whose plan is chosen elsewhere). */
  readonly improvePlan: boolean;
  /** Multipliers and the proven bound (grid units, rounded up) of an earlier search of the same model. */
  readonly earlier?: { readonly prices: Prices; readonly bound: number } | undefined;
  /** True: the model is a part of a larger one, which the bound handed in speaks of: no other is looked for. */
  readonly isPart?: boolean | undefined;
  /**
   * Above 1 for plans too large to be merged by branch and cut: the work of a round goes into walks from the best plans, each so
   * many times as long.
   */
  readonly walkLength?: number | undefined;
}

/** What a search found, worded: proved, cut short, or nothing. */
export function outcomeOf(
  grid: CostGrid,
  best: readonly number[] | null,
  cost: number,
  found: Pick<SearchOutcome, 'stoppedBy' | 'bound' | 'open'>,
): SearchOutcome {
  const cutOff = found.stoppedBy === 'interrupt' ? 'interrupted' : null;
  if (best === null) {
    const status: SolveStatus = found.bound === Infinity ? 'infeasible' : (cutOff ?? 'unknown');
    return { ...found, status, sites: null, cost: Infinity };
  }
  const status = meetsOnGrid(grid, cost, found.bound) ? 'optimal' : (cutOff ?? 'feasible');
  return { ...found, status, sites: best, cost };
}
