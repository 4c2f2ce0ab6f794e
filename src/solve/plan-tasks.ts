import type { AnnealingTask } from './annealing.ts';
import type { SolveContext } from './context.ts';
import { flagsAt } from './build-model.ts';
import { CoverState } from './cover-state.ts';
import type { CoveringModel } from './covering-model.ts';
import { addGreedily } from './greedy.ts';
import type { RoundTask } from './kernels.ts';
import type { MergingTask } from './merge-plans.ts';
import { localPart, localPlan, type OpenModel } from './open-model.ts';
import { removeRedundant } from './redundancy.ts';
import type { RoundCore, RoundState } from './round-tasks.ts';
import { mixScores } from './scores.ts';
import { isFullCover, type WeighingTask } from './row-weighting.ts';
import type { SearchTask } from './ruin-recreate.ts';
import { windowTasks } from './window-tasks.ts';

/**
 * Pairs a walk touches in the first round; every round doubles it up to the effort's. Long enough for plans that merge quickly: planar
 * E's first merging ends at 4992 after 6 CPU seconds, after a quarter of this at 5037 after 6.4.
 */
const FIRST_ROUND_WORK = 1e8;
/**
 * Where less than this share of the cost is left between plan and bound, walks are a quarter as long: rounds wait for them while the
 * proof is what ends the search (planar C: 22 s to the proof with long walks, 17 with these; its best plan comes after 9).
 */
const NEARLY_PROVED_GAP = 0.001;
const NEARLY_PROVED_LENGTH = 0.25;
/**
 * Restarts of the first round and of later ones: short walks from a plain plan, so that the plans that are merged differ. Once plans have
 * been merged, fewer do: restarts of planar E end at 5020 to 5090 beside a best plan of 4991.
 */
const RESTARTS = 9;
const LATER_RESTARTS = 4;
/** Length of a restart beside that of the other walks: at 1 plans grow alike (planar E: 216 sites of 10 plans, at 0.5 251). */
const RESTART_SHARE = 0.5;
/**
 * Searches by weights of a round where every class has to be covered: one from the best plan, the others from a plain one. Pairs each
 * touches in the first round, and per pair of the model at most; every round takes four times as many, up to four times the length of a
 * walk. OR-Library rail516 comes to 184 after 2 x 10^8 pairs (0.7 to 0.9 CPU seconds); walks end at 192.
 */
const WEIGHINGS = 5;
const FIRST_WEIGHING_WORK = 2.5e7;
const FIRST_WEIGHING_PAIRS = 1000;
const WEIGHING_GROWTH = 4;
const WEIGHING_OVER_WALK = 4;
/**
 * The search by weights before the first round is so many times as long, and at most half a walk of the effort: from greedy's plan three
 * seeds come to the best known value of all 56 files scp4x to 6x, a to e, nr, clr and cyc within 1100 touches of a pair (cyc08: 3100).
 */
const OPENING_WEIGHING = 4;
const OPENING_OVER_WALK = 0.5;
/** What a missing user costs an annealing at first, as a multiple of the target's multiplier. */
const MISSING_OVER_PRICE = 1.5;
/** Temperatures in mean site costs; of five pairs from 0.5 to 0.05 the best on Helsinki's 32 targets (1 site). */
const ANNEALING_HOT = 0.12;
const ANNEALING_COLD = 0.03;
/** Threshold of acceptance of a walk at its end, and at its start: at first, or from a plain plan, and later. */
const WALK_COLD = 0.01;
const WALK_HOT_FIRST = 0.3;
const WALK_HOT = 0.12;
/** Share of the multipliers in the scores of a walk: of the one from the best plan and of the one on its own. */
const PRICE_SHARE = [0.5, 0.9] as const;

/** The plans a round starts from, in the numbering of the core. Null where conflicts leave no way to complete one. */
interface Starts {
  readonly best: Uint32Array | null;
  readonly chains: readonly (Uint32Array | null)[];
  readonly first: Uint32Array | null;
}

/** What improves the plan in one round: the plans of the last round merged, and plans that differ for the next merging. */
export function planTasks(
  context: SolveContext,
  state: RoundState,
  core: RoundCore,
  round: number,
): RoundTask[] {
  if (isFullCover(state.open.model))
    return [...mergingTasks(context, state), ...coverTasks(context, state, core, round)];
  if (state.walkLength > 1 && opensWindows(context, round)) {
    const windows = windowTasks(context, state);
    if (windows.length > 0) return windows;
  }
  return [...mergingTasks(context, state), ...walkTasks(context, state, core, round)];
}

/** Every other round of a plan too large to be merged, after its first walks. */
function opensWindows({ options }: SolveContext, round: number): boolean {
  return options.effort !== 'quick' && round % 2 === 1;
}

function mergingTasks({ effort, options }: SolveContext, state: RoundState): RoundTask[] {
  const { open, best, pool, joining, walkLength } = state;
  const start = best === null ? null : localPlan(open.rootSite, best);
  if (start === null || pool.length === 0 || walkLength > 1) return [];
  const task = { ...sortedSites(open, start, pool), joining, start };
  return [{ kind: 'merging', task: { ...task, seed: options.seed, solverWork: effort.mergeWork } }];
}

/** Where every class has to be covered: a walk on the core, and searches by weights on all that is open. */
function coverTasks(context: SolveContext, state: RoundState, core: RoundCore, round: number): RoundTask[] {
  const { walkWork } = context.effort;
  const firstWork = firstWeighingWork(state.open.model);
  const work = Math.min(WEIGHING_OVER_WALK * walkWork, firstWork * WEIGHING_GROWTH ** round);
  const tasks: RoundTask[] = [];
  const walk = walkTask(context, core, 0, startsOf(state, core), Math.min(work, walkWork));
  if (walk !== null) tasks.push({ kind: 'walk', task: walk });
  for (let index = 0; index < WEIGHINGS; index++) {
    const start = completedIn(state.open, (index === 0 ? state.best : state.first) ?? []);
    if (start === null) continue;
    const stream = 1000 * context.rounds + 400 + index;
    tasks.push({ kind: 'weigh', task: { seed: context.options.seed, stream, work, start } });
  }
  return tasks;
}

/**
 * Two long walks, an annealing, and, where plans are merged, restarts from a plain plan. Tasks that may take long stand first.
 */
function walkTasks(context: SolveContext, state: RoundState, core: RoundCore, round: number): RoundTask[] {
  const { effort, options } = context;
  const isNearlyProved = state.cost - state.open.bound <= NEARLY_PROVED_GAP * state.cost;
  const { walkLength } = state;
  const length = walkLength * (isNearlyProved ? NEARLY_PROVED_LENGTH : 1);
  const walkWork = length * Math.min(effort.walkWork, FIRST_ROUND_WORK * 2 ** round);
  const stream = 1000 * context.rounds;
  const { seed } = options;
  const starts = startsOf(state, core);
  const { best, first } = starts;
  const tasks: RoundTask[] = [];
  for (const index of state.chains.keys()) {
    const task = walkTask(context, core, index, starts, walkWork);
    if (task !== null) tasks.push({ kind: 'walk', task: { ...task, local: walkLength > 1 } });
  }
  if (best !== null) tasks.push({ kind: 'anneal', task: annealing(context, core, best, 200, walkWork) });
  if (first === null || walkLength > 1) return tasks;
  for (let restart = 0; restart < (round === 0 ? RESTARTS : LATER_RESTARTS); restart++) {
    const number = 300 + restart;
    const work = RESTART_SHARE * walkWork;
    if (restart % 3 === 2) {
      tasks.push({ kind: 'anneal', task: annealing(context, core, first, number, work) });
      continue;
    }
    const task = {
      seed,
      stream: stream + number,
      work,
      start: first,
      scores: mixScores(core, PRICE_SHARE[restart % 3 === 0 ? 1 : 0]),
      slackWorth: core.prices.perUser,
      hot: WALK_HOT_FIRST,
      cold: WALK_COLD,
    };
    tasks.push({ kind: 'walk', task });
  }
  return tasks;
}

/** A short walk from the best plan, before the first round. */
export function firstWalk(
  context: SolveContext,
  state: RoundState,
  core: RoundCore,
  work: number,
): SearchTask | null {
  return walkTask(context, core, 0, startsOf(state, core), work);
}

/** A search by weights from a plan of the model, before the first round. */
export function firstWeighing(
  { effort, options, rounds }: SolveContext,
  model: CoveringModel,
  plan: readonly number[],
): WeighingTask {
  const work = Math.min(OPENING_OVER_WALK * effort.walkWork, OPENING_WEIGHING * firstWeighingWork(model));
  return { seed: options.seed, stream: 1000 * rounds + 400 + WEIGHINGS, work, start: Uint32Array.from(plan) };
}

function firstWeighingWork(model: CoveringModel): number {
  return Math.min(FIRST_WEIGHING_WORK, FIRST_WEIGHING_PAIRS * model.classOfSite.length);
}

function startsOf(state: RoundState, core: RoundCore): Starts {
  const complete = (plan: readonly number[] | null): Uint32Array | null =>
    plan === null ? null : completedIn(core, plan);
  return { best: complete(state.best), chains: state.chains.map(complete), first: complete(state.first) };
}

/** A plan in the numbering of a part of the root; sites of it that are not in there are replaced greedily. */
function completedIn(
  { model, rootSite }: Pick<RoundCore, 'model' | 'rootSite'>,
  plan: readonly number[],
): Uint32Array | null {
  const part = localPart(rootSite, plan);
  const state = new CoverState(model, part);
  if (state.isFeasible()) return Uint32Array.from(part);
  addGreedily(state);
  removeRedundant(state);
  return state.isFeasible() ? Uint32Array.from(state.sites()) : null;
}

/** Walk number `index`, from its own last plan or the best one. */
function walkTask(
  context: SolveContext,
  core: RoundCore,
  index: number,
  { chains, best }: Starts,
  work: number,
): SearchTask | null {
  const start = chains[index] ?? best;
  if (start === null) return null;
  return {
    seed: context.options.seed,
    stream: 1000 * context.rounds + index,
    work,
    start,
    scores: mixScores(core, PRICE_SHARE[index === 0 ? 0 : 1]),
    slackWorth: core.prices.perUser,
    hot: context.rounds <= 1 ? WALK_HOT_FIRST : WALK_HOT,
    cold: WALK_COLD,
  };
}

function annealing(
  context: SolveContext,
  core: RoundCore,
  start: Uint32Array,
  number: number,
  work: number,
): AnnealingTask {
  return {
    seed: context.options.seed,
    stream: 1000 * context.rounds + number,
    work,
    start,
    missingCost: core.prices.perUser.map((price) => MISSING_OVER_PRICE * price),
    hot: ANNEALING_HOT,
    cold: ANNEALING_COLD,
  };
}

/** Sites that every plan builds, and those the best does not build: by the number of plans that do, then by reduced cost. */
function sortedSites(
  { model, rootSite, guide }: OpenModel,
  best: Uint32Array,
  pool: readonly (readonly number[])[],
): Pick<MergingTask, 'kept' | 'others'> {
  const plans = new Uint32Array(model.siteCount);
  for (const plan of pool) for (const site of localPart(rootSite, plan)) plans[site]!++;
  const isBuilt = flagsAt(model.siteCount, best);
  const others = [...plans.keys()].filter((site) => isBuilt[site] === 0);
  const { reducedCost } = guide;
  others.sort((a, b) => plans[b]! - plans[a]! || reducedCost[a]! - reducedCost[b]! || a - b);
  return { kept: best.filter((site) => plans[site] === pool.length), others: Uint32Array.from(others) };
}
