import { CoverState } from './cover-state.ts';
import type { CoveringModel } from './covering-model.ts';
import { pointOfSites, sitesOfPoint, writeLinearModel, type MipSolver } from './mip.ts';
import { isFullCover } from './row-weighting.ts';

/** An attempt to solve the open model: what bounds and reduced costs could not fix. */
export interface ProofTask {
  /** Sites of the best plan if it lies in the open model, else null. */
  readonly start: Uint32Array | null;
  readonly seed: number;
  readonly nodes: number;
  /** Entries x simplex iterations. */
  readonly solverWork: number;
  /** Plans that cost more are of no use; a bound is only asked for up to it. */
  readonly cutoff?: number;
}

export interface ProofResult {
  /** A plan of the open model, recounted; null when none was found. */
  readonly sites: Uint32Array | null;
  /**
   * Lower bound over the open model, before the allowance; Infinity when the solver proved that it holds no plan
   * (or none better than the one it was given, or none up to the cutoff). With a cutoff it may claim more than what holds
   * for dearer plans: the caller takes the lesser of the two.
   */
  readonly bound: number;
  readonly finished: boolean;
  readonly work: number;
}

/**
 * Branch and cut on the open model within limits. Full covers are not started anew after the root: bounds and reduced costs have fixed
 * what that would fix (OR-Library a2, a3 and c2 take half the time). Every plan it gives is recounted exactly; its bound speaks of the
 * open model alone and is joined with the plans fixed out by the caller.
 */
export async function proveOpenModel(
  model: CoveringModel,
  task: ProofTask,
  mip: MipSolver,
  shouldStop: () => boolean = () => false,
): Promise<ProofResult> {
  const written = writeLinearModel(model);
  const entries = Math.max(1, written.linear.rowOfEntry.length);
  const start = task.start === null ? null : pointOfSites(written, model, task.start);
  const iterations = Math.ceil(task.solverWork / entries);
  const limits = {
    nodes: task.nodes,
    iterations,
    seed: task.seed,
    restarts: !isFullCover(model),
    shouldStop,
    cutoff: task.cutoff === undefined ? undefined : task.cutoff - model.fixedCost,
  };
  const answer = await mip.solveMip(written.linear, limits, start);
  const work = entries * answer.iterations;
  const sites = answer.values === null ? null : feasibleSites(model, answer.values);
  if (answer.status === 'infeasible') return { sites, bound: Infinity, finished: true, work };
  return { sites, bound: answer.bound + model.fixedCost, finished: answer.status === 'optimal', work };
}

function feasibleSites(model: CoveringModel, values: Float64Array): Uint32Array | null {
  const sites = sitesOfPoint(model, values);
  return new CoverState(model, sites).isFeasible() ? Uint32Array.from(sites) : null;
}

/**
 * Sites that every plan cheaper than `upperBound` does without: those whose reduced cost lifts the bound of the
 * same multipliers to it. @returns [siteCount] 1 = fixed out.
 *
 * @param rounded moves a bound up to the cost grid after the allowance.
 */
export function fixOut(
  bound: number,
  reducedCost: Float64Array,
  upperBound: number,
  rounded: (bound: number) => number,
): Uint8Array {
  return Uint8Array.from(reducedCost, (extra) => (rounded(bound + extra) >= upperBound ? 1 : 0));
}
