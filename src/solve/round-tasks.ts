import type { SolveContext } from './context.ts';
import { carryPrices, takeCore } from './core.ts';
import type { CoveringModel } from './covering-model.ts';
import type { RoundTask } from './kernels.ts';
import type { Prices } from './lagrangian.ts';
import type { SearchTask } from './ruin-recreate.ts';
import { localPart, localPlan, type OpenModel } from './open-model.ts';

/** Relaxations of at most this many pairs end in an LP solver, larger ones in the first-order method. */
const LP_PAIRS = 260_000;
/** Open models of at most this many pairs go straight to branch and cut, which solves the relaxation itself. */
const PROVE_AT_ONCE_PAIRS = 25_000;
/** Branch and cut is tried on open models of at most this many pairs. */
const PROOF_PAIRS = 400_000;
const PROOF_NODES = 1_000_000;
/** Share of the pairs that must be left for a proof in vain to be tried again at once. */
const SHRUNK = 0.8;
/** Candidates kept in the core, per site of the plan. */
const CORE_PER_SITE = 6;
const SMALLEST_CORE = 150;
/** Pairs a walk touches in the first round; every round doubles it up to the effort's, so a short limit is kept. */
const FIRST_ROUND_WORK = 2.5e7;
/** What a missing user costs an annealing at first, as a multiple of the target's multiplier. */
const MISSING_OVER_PRICE = 1.5;
/** Temperatures in mean site costs; of five pairs from 0.5 to 0.05 the best on Helsinki's 32 targets (1 site). */
const ANNEALING_HOT = 0.12;
const ANNEALING_COLD = 0.03;
/** Candidates left free at a time when small areas are planned anew. */
const AREA_CANDIDATES = 110;

/** What the tasks of a round are made from. Plans are in root indices. */
export interface RoundState {
  readonly open: OpenModel;
  readonly best: readonly number[] | null;
  readonly cost: number;
  /** Last plans of the two walks. */
  readonly chains: readonly (readonly number[] | null)[];
  /** Entries x iterations of the next proof. */
  readonly solverWork: number;
  /** Open pairs a proof was last tried on in vain; it is tried again when clearly fewer are left, or after a rest. */
  readonly provedInVain: { readonly pairs: number; readonly rest: number } | null;
}

/** The core of a round with its sites in root numbering and its share of the prices. */
export interface RoundCore {
  readonly model: CoveringModel;
  readonly rootSite: Uint32Array;
  readonly prices: Prices;
}

/** The bound's task: the relaxation until it has converged, then branch and cut while the model is small enough. */
export function boundTask(context: SolveContext, state: RoundState): RoundTask | null {
  const { open, best, cost } = state;
  if (open.model.targetCount === 0) return null;
  const upperBound = best === null ? open.model.cost.reduce((sum, own) => sum + own, 0) : cost;
  const pairs = open.model.classOfSite.length;
  if (!open.converged && !isSmall(open)) {
    if (pairs > LP_PAIRS) return ascentTask(context, open, upperBound);
    return { kind: 'relaxation', task: { prices: open.prices, solverWork: context.effort.relaxationWork } };
  }
  if (pairs > PROOF_PAIRS) return null;
  const { provedInVain } = state;
  if (provedInVain !== null && provedInVain.rest > 0 && pairs > SHRUNK * provedInVain.pairs) return null;
  return {
    kind: 'proof',
    task: {
      start: best === null ? null : localPlan(open.rootSite, best),
      seed: context.options.seed % 2 ** 31,
      nodes: PROOF_NODES,
      solverWork: state.solverWork,
    },
  };
}

/** A stretch of the first-order method from where it stands. */
export function ascentTask(context: SolveContext, open: OpenModel, upperBound: number): RoundTask {
  const { ascentWork, pricePasses } = context.effort;
  const passes = Math.ceil(ascentWork / (2 * open.model.classOfSite.length));
  return {
    kind: 'ascent',
    task: {
      prices: open.prices,
      build: open.build,
      balance: open.balance,
      passes: Math.min(passes, pricePasses),
      upperBound,
    },
  };
}

/** True when branch and cut may well end the matter at once. */
export function isSmall(open: OpenModel): boolean {
  return open.model.classOfSite.length <= PROVE_AT_ONCE_PAIRS;
}

export function roundCore(state: RoundState): RoundCore {
  const { open, best, chains } = state;
  const plans = [best, ...chains].map((plan) => localPart(open.rootSite, plan ?? []));
  const size = Math.max(SMALLEST_CORE, CORE_PER_SITE * (best?.length ?? 0));
  const core = takeCore(open.model, open.reducedCost, plans, size);
  return {
    model: core.model,
    rootSite: core.parentSite.map((site) => open.rootSite[site]!),
    prices: {
      perUser: Float64Array.from(core.parentTarget, (target) => open.prices.perUser[target]!),
      perClass: carryPrices(open.prices.perClass, core),
    },
  };
}

/** Two walks, the first from the best plan, and exact re-planning of small areas of the best plan. */
export function planTasks(
  context: SolveContext,
  state: RoundState,
  core: RoundCore,
  round: number,
): RoundTask[] {
  const { effort, options } = context;
  const walkWork = Math.min(effort.walkWork, FIRST_ROUND_WORK * 2 ** round);
  const areaWork = (effort.areaWork * walkWork) / effort.walkWork;
  const stream = 1000 * context.rounds;
  const best = localPlan(core.rootSite, state.best ?? []);
  const tasks: RoundTask[] = [];
  for (const index of state.chains.keys()) {
    const task = walkTask(context, state, core, index, walkWork);
    if (task !== null) tasks.push({ kind: 'walk', task });
  }
  if (best !== null) {
    tasks.push({
      kind: 'anneal',
      task: {
        seed: options.seed,
        stream: stream + 200,
        work: walkWork,
        start: best,
        missingCost: core.prices.perUser.map((price) => MISSING_OVER_PRICE * price),
        hot: ANNEALING_HOT,
        cold: ANNEALING_COLD,
      },
    });
  }
  if (best !== null && round > 0) {
    tasks.push({
      kind: 'areas',
      task: {
        seed: options.seed,
        stream: stream + 100,
        start: best,
        size: AREA_CANDIDATES,
        solverWork: areaWork,
      },
    });
  }
  return tasks;
}

/** Walk number `index`, from its own last plan or the best one. */
export function walkTask(
  context: SolveContext,
  state: RoundState,
  core: RoundCore,
  index: number,
  work: number,
): SearchTask | null {
  const chain = state.chains[index] ?? null;
  const start =
    (chain === null ? null : localPlan(core.rootSite, chain)) ?? localPlan(core.rootSite, state.best ?? []);
  if (start === null) return null;
  return {
    seed: context.options.seed,
    stream: 1000 * context.rounds + index,
    work,
    start,
    scores: mixScores(core, index === 0 ? 0.5 : 0.9),
    slackWorth: core.prices.perUser,
    hot: context.rounds <= 1 ? 0.3 : 0.12,
    cold: 0.01,
  };
}

/** Scores of classes: between what their users are worth and what the multipliers pay for covering them. */
export function mixScores(
  { model, prices }: Pick<RoundCore, 'model' | 'prices'>,
  shareOfPrice: number,
): Float64Array {
  const scores = new Float64Array(model.classCount);
  let total = 0;
  for (let own = 0; own < model.classCount; own++) {
    let worth = 0;
    for (let w = model.weightStart[own]!; w < model.weightStart[own + 1]!; w++) {
      worth += prices.perUser[model.weightTarget[w]!]! * model.weightUsers[w]!;
    }
    scores[own] = shareOfPrice * prices.perClass[own]! + (1 - shareOfPrice) * worth;
    total += scores[own]!;
  }
  const floor = (0.02 * total) / Math.max(1, model.classCount);
  return scores.map((score, own) => score + (model.mandatory[own] === 1 ? floor : 0.01 * floor));
}
