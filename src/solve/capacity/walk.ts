import { createRandom, type Random } from '../../random.ts';
import { AssignmentState } from './assignment-state.ts';
import type { CapacityModel } from './capacity-model.ts';
import { addUntilMet, dearestFirst, prune } from './construct.ts';
import { fillTargets } from './fill.ts';

/** Ruin and recreate with capacities: part of a round. */
export interface WalkTask {
  /** Sites of the plan to start from. */
  readonly sites: readonly number[];
  readonly seed: number;
  readonly stream: number;
  /** Pairs to touch. */
  readonly work: number;
}

export interface WalkResult {
  readonly sites: readonly number[];
  /** Grid units. */
  readonly cost: number;
  readonly work: number;
}

/** Most neighbouring sites taken down at once. */
const LARGEST_RUIN = 5;
/** Scores differ by up to this factor, so that the same hole is filled in different ways. */
const NOISE = 0.6;
/** Share of the cost by which a plan may get dearer at the start of a walk; falls to 0 at its end. */
const WARMTH = 0.004;

/**
 * Takes down a few neighbouring sites, meets the targets again within reach of the hole, takes down what became
 * superfluous, and keeps the outcome when it is not dearer (a little dearer early on). Every plan passed through meets
 * every target within capacity.
 */
export function walk(model: CapacityModel, task: WalkTask, shouldStop = (): boolean => false): WalkResult {
  const random = createRandom(task.seed, task.stream);
  const state = new AssignmentState(model, task.sites);
  if (!fillTargets(state)) return { sites: [], cost: Infinity, work: state.work };
  prune(state, dearestFirst(state));
  let best = state.sites();
  let bestCost = state.cost;
  while (state.work < task.work && !shouldStop()) {
    state.forget();
    const before = state.cost;
    const progress = state.work / task.work;
    const limit = before + WARMTH * bestCost * (1 - progress) * -Math.log(1 - random.next());
    if (step(state, random, limit) && state.cost < bestCost) {
      best = state.sites();
      bestCost = state.cost;
    }
  }
  return { sites: best, cost: bestCost, work: state.work };
}

/** One ruin and recreate; false (and everything as before) when it costs more than the limit. */
function step(state: AssignmentState, random: Random, limit: number): boolean {
  const standing = state.sites();
  if (standing.length === 0) return false;
  const centre = standing[random.below(standing.length)]!;
  const around = neighbours(state, centre);
  const size = 1 + random.below(LARGEST_RUIN);
  const gone = [centre, ...pickFrom(around.standing, size - 1, random)];
  const mark = state.mark();
  for (const site of gone) state.remove(site);
  const noise = new Map(around.open.map((site) => [site, 1 - NOISE * random.next()]));
  const met = addUntilMet(state, [...around.open, ...gone], Infinity, (site) => noise.get(site) ?? 1);
  if (met) {
    const order = shuffled(around.open.concat(around.standing, gone), random);
    prune(
      state,
      order.sort((a, b) => state.model.cost[b]! - state.model.cost[a]!),
    );
  }
  if (met && state.cost <= limit) return true;
  state.undoToFilled(mark);
  return false;
}

/** Sites that share users with one: those that stand, nearest (most shared classes) first, and those that could. */
function neighbours(
  state: AssignmentState,
  centre: number,
): { readonly standing: number[]; readonly open: number[] } {
  const { siteStart, classOfSite, classStart, siteOfClass, fixed } = state.model;
  const shared = new Map<number, number>();
  for (let pair = siteStart[centre]!; pair < siteStart[centre + 1]!; pair++) {
    const own = classOfSite[pair]!;
    for (let entry = classStart[own]!; entry < classStart[own + 1]!; entry++) {
      const site = siteOfClass[entry]!;
      if (site !== centre && fixed[site] === 0) shared.set(site, (shared.get(site) ?? 0) + 1);
    }
    state.work += classStart[own + 1]! - classStart[own]!;
  }
  const sites = [...shared.keys()].sort((a, b) => shared.get(b)! - shared.get(a)! || a - b);
  return {
    standing: sites.filter((site) => state.chosen[site] === 1),
    open: sites.filter((site) => state.chosen[site] === 0),
  };
}

/** Some of a list, near the front more often. */
function pickFrom(list: readonly number[], count: number, random: Random): number[] {
  const picked = new Set<number>();
  const reach = Math.min(list.length, 2 * count + 2);
  for (let tries = 0; tries < 3 * count && picked.size < Math.min(count, reach); tries++) {
    picked.add(list[random.below(reach)]!);
  }
  return [...picked];
}

function shuffled(list: number[], random: Random): number[] {
  for (let at = list.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    [list[at], list[other]] = [list[other]!, list[at]!];
  }
  return list;
}
