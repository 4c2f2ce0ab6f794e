import { flagsAt } from './build-model.ts';
import { proveOpenModel } from './certificate.ts';
import type { CoveringModel } from './covering-model.ts';
import type { MipSolver } from './mip.ts';
import { localPlan } from './open-model.ts';
import { restrictModel } from './restrict.ts';
import type { SearchResult } from './ruin-recreate.ts';

/** One logical task of taking the best from several plans. */
export interface MergingTask {
  readonly seed: number;
  /** Sites that any of the plans builds, and perhaps a few more; ascending. */
  readonly sites: Uint32Array;
  /** The cheapest of the plans: its sites are among `sites`. */
  readonly start: Uint32Array;
  /** Entries x simplex iterations to spend. */
  readonly solverWork: number;
}

export interface MergingResult extends SearchResult {
  /** True when no plan on these sites is cheaper. */
  readonly finished: boolean;
}

const NODES = 1_000_000;

/**
 * The cheapest plan on the sites of several plans, by branch and cut (construct, merge, solve and adapt: Blum, Pinacho,
 * Lopez-Ibanez & Lozano, Comput. Oper. Res. 68, 2016). Good plans share most of their sites: on what they build together few classes
 * are told apart, and the model that is left is small. Planar E: 6 plans of 5070 to 5209 merge into one of 5026.
 */
export async function mergePlans(
  model: CoveringModel,
  task: MergingTask,
  mip: MipSolver,
  shouldStop: () => boolean = () => false,
): Promise<MergingResult> {
  const rest = restrictModel(model, flagsAt(model.siteCount, task.sites));
  const { solverWork } = task;
  const seed = task.seed % 2 ** 31;
  const start = localPlan(rest.parentSite, task.start);
  const proof = await proveOpenModel(rest.model, { start, seed, nodes: NODES, solverWork }, mip, shouldStop);
  const { finished, work } = proof;
  const local = proof.sites ?? start ?? new Uint32Array(0);
  const sites = local.map((site) => rest.parentSite[site]!);
  const cost = sites.reduce((sum, site) => sum + model.cost[site]!, model.fixedCost);
  return { sites, cost, work, finished };
}
