import { buildModel } from './build-model.ts';
import type { CostGrid } from './cost-grid.ts';
import type { CoveringModel } from './covering-model.ts';
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
 * Demand with equal cover sets merged and dominated sites dropped. The merged model is as large as all the rest, so it lives no longer
 * than it must: its second direction ends with the search for dominated sites, its first when the smaller model stands.
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
): Omit<ReducedProblem, 'model'> & { readonly rows: CoveringModel; readonly kept: Uint8Array } {
  const built = buildModel(problem, targets, problem.siteCost, grid, (length) => new Uint32Array(length));
  const { dominatedBy, count } = findDominated(built.model);
  const nothing = new Uint32Array(0);
  return {
    // A restriction reads the lists of sites alone.
    rows: { ...built.model, classStart: nothing, siteOfClass: nothing },
    kept: Uint8Array.from(dominatedBy, (by) => (by === -1 ? KEEP : 0)),
    activeDemand: built.activeDemand,
    mergedClasses: built.model.classCount,
    mergedPairs: built.mergedPairs,
    mergedSites: built.model.siteCount,
    dominatedSites: count,
  };
}
