import { createRandom } from '../random.ts';
import type { SolveContext } from './context.ts';
import { CoverState } from './cover-state.ts';
import type { CoveringModel } from './covering-model.ts';
import type { RoundTask } from './kernels.ts';
import { localPlan } from './open-model.ts';
import type { RoundState } from './round-tasks.ts';
import { Surroundings } from './surroundings.ts';

/**
 * Sites of the plan in a window, and pairs of its candidates, at most. On the generated country windows of 60 sites with 50 to 60 more take
 * branch and cut 0.3 and 1.1 CPU seconds to their optimum.
 */
const WINDOW_SITES = 60;
const WINDOW_PAIRS = 6_000;
/** Fewer sites of the plan than this leave nothing to choose. */
const LEAST_SITES = 2;
/** Streams of the order in which windows are opened, apart from those of walks. */
const WINDOW_STREAM = 500;

/**
 * The plan cut into windows of neighbouring sites, each to be planned anew by branch and cut while the others stand (POPMUSIC: Taillard
 * & Voss, Essays and Surveys in Metaheuristics, 2002): what merging plans is to small models, where the whole is too large for that.
 */
export function windowTasks({ options, effort, rounds }: SolveContext, state: RoundState): RoundTask[] {
  const { open, best } = state;
  const { model } = open;
  const plan = best === null ? null : localPlan(open.rootSite, best);
  const surroundings = plan === null ? null : Surroundings.of(model);
  if (plan === null || surroundings === null) return [];
  const random = createRandom(options.seed, 1000 * rounds + WINDOW_STREAM);
  const inPlan = new Uint8Array(model.siteCount);
  for (const site of plan) inPlan[site] = 1;
  const taken = new Uint8Array(model.siteCount);
  const tasks: RoundTask[] = [];
  const seeds = plan.slice();
  for (let left = seeds.length; left > 0; left--) {
    const pick = random.below(left);
    const seed = seeds[pick]!;
    seeds[pick] = seeds[left - 1]!;
    if (taken[seed] === 1) continue;
    const sites = openWindow(model, surroundings, seed, inPlan, taken);
    if (sites.filter((site) => inPlan[site] === 1).length < LEAST_SITES) continue;
    const isHere = new Uint8Array(model.siteCount);
    for (const site of sites) isHere[site] = 1;
    const others = Uint32Array.from(sites.filter((site) => inPlan[site] === 0));
    const kept = plan.filter((site) => isHere[site] === 0);
    const task = { start: plan, kept, others, joining: others.length };
    tasks.push({ kind: 'window', task: { ...task, seed: options.seed, solverWork: effort.mergeWork } });
  }
  return tasks;
}

/** Sites around one, the nearest first, that no other window has taken. */
function openWindow(
  model: CoveringModel,
  surroundings: Surroundings,
  seed: number,
  inPlan: Uint8Array,
  taken: Uint8Array,
): number[] {
  const { siteStart } = model;
  const sites: number[] = [];
  let standing = 0;
  let pairs = 0;
  surroundings.clear();
  surroundings.enter(seed);
  for (let place = 0; place < surroundings.size; place++) {
    const site = surroundings.at(place);
    if (taken[site] === 1) continue;
    pairs += siteStart[site + 1]! - siteStart[site]!;
    if (pairs > WINDOW_PAIRS && standing >= LEAST_SITES) break;
    taken[site] = 1;
    sites.push(site);
    if (inPlan[site] === 1 && ++standing === WINDOW_SITES) break;
    surroundings.enter(site);
  }
  return sites;
}

/**
 * The plan with what its windows exchanged, one after the other. Windows next to each other may rely on the same sites: what would miss a
 * target then is left out.
 *
 * @param windows the plan as each window left it.
 */
export function joinWindows(
  model: CoveringModel,
  start: Uint32Array,
  windows: readonly Uint32Array[],
): readonly number[] {
  const before = new Set(start);
  let plan = new CoverState(model, start);
  for (const sites of windows) {
    const after = new Set(sites);
    const kept = plan.sites().filter((site) => after.has(site) || !before.has(site));
    const joined = sites.filter((site) => !before.has(site));
    if (kept.length === plan.sites().length && joined.length === 0) continue;
    const exchanged = new CoverState(model, [...kept, ...joined]);
    if (exchanged.cost < plan.cost && exchanged.isFeasible()) plan = exchanged;
  }
  return plan.sites();
}
