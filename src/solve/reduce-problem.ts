import { buildRows } from './build-model.ts';
import type { CostGrid } from './cost-grid.ts';
import type { CoveringModel, CoveringRows } from './covering-model.ts';
import { findDominated } from './dominate.ts';
import type { CoveringProblem, Target } from './problem.ts';
import { KEEP, restrictModel } from './restrict.ts';

/** What the search works on, and what was taken off on the way. */
export interface ReducedProblem {
  readonly model: CoveringModel;
  readonly activeDemand: number;
  readonly mergedClasses: number;
  readonly mergedPairs: number;
  readonly mergedSites: number;
  readonly dominatedSites: number;
}

/**
 * Demand with equal cover sets merged and dominated sites dropped. The merged model is as large as all the rest: it is never
 * turned into its second direction and ends when the smaller model stands.
 */
export function reduceProblem(
  problem: CoveringProblem,
  targets: readonly Target[],
  grid: CostGrid,
): ReducedProblem {
  const { rows, kept, ...counts } = mergeAndDominate(problem, targets, grid);
  return { model: restrictModel(rows, kept).model, ...counts };
}

function mergeAndDominate(
  problem: CoveringProblem,
  targets: readonly Target[],
  grid: CostGrid,
): Omit<ReducedProblem, 'model'> & { readonly rows: CoveringRows; readonly kept: Uint8Array } {
  const built = buildRows(problem, targets, problem.siteCost, grid, (length) => new Uint32Array(length));
  const { dominatedBy, count } = findDominated(built.model);
  return {
    rows: built.model,
    kept: Uint8Array.from(dominatedBy, (by) => (by === -1 ? KEEP : 0)),
    activeDemand: built.activeDemand,
    mergedClasses: built.model.classCount,
    mergedPairs: built.mergedPairs,
    mergedSites: built.model.siteCount,
    dominatedSites: count,
  };
}
