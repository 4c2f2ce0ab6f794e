import { proveOpenModel } from './certificate.ts';
import type { CoveringModel } from './covering-model.ts';
import type { MipSolver } from './mip.ts';
import { localPart } from './open-model.ts';
import { BUILD, KEEP, restrictModel } from './restrict.ts';
import type { SearchResult } from './ruin-recreate.ts';

/** One logical task of taking the best from several plans. */
export interface MergingTask {
  readonly seed: number;
  /** The cheapest of the plans. */
  readonly start: Uint32Array;
  /** Sites of it that every plan builds: they stay. */
  readonly kept: Uint32Array;
  /** Sites that it does not build, the likeliest to help first. */
  readonly others: Uint32Array;
  /** How many of the others join at first. */
  readonly joining: number;
  /** Entries x simplex iterations to spend. */
  readonly solverWork: number;
}

export interface MergingResult extends SearchResult {
  /** How many others had joined at last. */
  readonly joined: number;
  /** True when no plan on these sites that builds the kept ones is cheaper. */
  readonly finished: boolean;
  /** How many should join the next merging. */
  readonly joining: number;
}

const NODES = 1_000_000;
/** How many other sites join the cheapest plan at first, per site of it: about what nine plans of planar D or E build besides (0.5, 0.6). */
const JOINING_SHARE = 0.6;
/** How many times as many join while that leaves most of the work; the next merging takes as many fewer after one that ran out of it. */
const JOINING_GROWTH = 1.5;
const EASY_SHARE = 0.4;

/** How many other sites join the first merging, for a plan of so many sites. */
export function firstJoining(planSites: number): number {
  return Math.ceil(JOINING_SHARE * planSites);
}

/**
 * The cheapest plan on the sites of the best plan and the likeliest others, by branch and cut. What all plans build stays; sites that some
 * build come first (construct, merge, solve and adapt: Blum, Pinacho, Lopez-Ibanez & Lozano, Comput. Oper. Res. 68, 2016), others follow by
 * reduced cost; while it is easy, more join at once (kernel search: Angelelli, Mansini & Speranza, Comput. Oper. Res. 37, 2010). On few
 * sites few classes are told apart: the model that is left is small.
 */
export async function mergePlans(
  model: CoveringModel,
  task: MergingTask,
  mip: MipSolver,
  shouldStop: () => boolean = () => false,
): Promise<MergingResult> {
  const { kept, others, solverWork } = task;
  const seed = task.seed % 2 ** 31;
  let sites = task.start;
  let work = 0;
  let joined = Math.min(task.joining, others.length);
  for (;;) {
    const choice = new Uint8Array(model.siteCount);
    for (const site of task.start) choice[site] = KEEP;
    for (const site of others.subarray(0, joined)) choice[site] = KEEP;
    for (const site of kept) choice[site] = BUILD;
    const rest = restrictModel(model, choice);
    if (rest.model.targetCount === 0) {
      const { fixedCost } = rest.model;
      return { sites: kept, cost: fixedCost, work, joined, finished: true, joining: joined };
    }
    const start = Uint32Array.from(localPart(rest.parentSite, sites));
    const limits = { start, seed, nodes: NODES, solverWork: solverWork - work };
    const proof = await proveOpenModel(rest.model, limits, mip, shouldStop);
    const found = proof.sites?.map((site) => rest.parentSite[site]!);
    if (found !== undefined) sites = Uint32Array.from([...kept, ...found]);
    work += proof.work;
    const { finished } = proof;
    const more = Math.min(others.length, Math.ceil(JOINING_GROWTH * Math.max(1, joined)));
    if (finished && work <= EASY_SHARE * solverWork && more > joined && !shouldStop()) {
      joined = more;
      continue;
    }
    const cost = sites.reduce((sum, site) => sum + model.cost[site]!, model.fixedCost);
    const joining = finished ? joined : Math.floor(joined / JOINING_GROWTH);
    return { sites, cost, work, joined, finished, joining };
  }
}
