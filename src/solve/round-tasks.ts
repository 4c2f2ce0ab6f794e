import type { SolveContext } from './context.ts';
import { carryPrices, takeCore } from './core.ts';
import type { CostGrid } from './cost-grid.ts';
import type { CoveringModel } from './covering-model.ts';
import { aspiredByTiles, choiceOf, type TilingState } from './integer-tiles/next-attempt.ts';
import { attemptBelow, type TileAttempt } from './integer-tiles/tile-attempt.ts';
import type { RoundTask } from './kernels.ts';
import type { Prices } from './lagrangian.ts';
import { localPart, localPlan, type OpenModel } from './open-model.ts';

/** Relaxations of at most this many pairs end in an LP solver, larger ones in the first-order method. */
const LP_PAIRS = 300_000;
/** Open models of at most this many pairs go straight to branch and cut, which solves the relaxation itself. */
const PROVE_AT_ONCE_PAIRS = 25_000;
/** Branch and cut is tried on open models of at most this many pairs. */
const PROOF_PAIRS = 400_000;
const PROOF_NODES = 1_000_000;
/** Share of the gap that is aspired to at first. */
const FIRST_LIFT = 0.125;
/** Share of the pairs that must be left for a proof in vain to be tried again at once. */
const SHRUNK = 0.8;
/**
 * The core holds the candidates of at most this reduced cost, as a share of the mean cost: all but one or two sites of plans near the best
 * known of planar D and E, Helsinki H2 and H4 cost less. That is 2.4 (D), 3 (E) and 5 (H2, H4) candidates per site of the plan.
 */
const CORE_REDUCED_COST = 0.1;
/** Fewest and most candidates in the core, per site of the plan: for prices that say little yet, and where nearly all cost nothing. */
const LEAST_CORE_PER_SITE = 2;
const MOST_CORE_PER_SITE = 6;
const SMALLEST_CORE = 150;
/** What the tasks of a round are made from. Plans are in root indices. */
export interface RoundState {
  readonly open: OpenModel;
  readonly best: readonly number[] | null;
  readonly cost: number;
  /** False: only the bound is worked on. */
  readonly improvesPlan: boolean;
  /** Last plans of the two walks. */
  readonly chains: readonly (readonly number[] | null)[];
  /** A plain plan that restarts begin from, as far as the core reaches. */
  readonly first: readonly number[] | null;
  /** Plans of the last round, to be merged. */
  readonly pool: readonly (readonly number[])[];
  /** Sites of least reduced cost that join those of the pool. */
  readonly joining: number;
  /** How many times as long as usual walks are: see `SearchSettings`. */
  readonly walkLength: number;
  /** Entries x iterations of the next proof, as a multiple of the effort's first. */
  readonly proofGrowth: number;
  /** What is proved, grid units, and how far above the bound of the prices is aspired to next; null = nothing was yet. */
  readonly bound: number;
  readonly lift: number | null;
  /** Where bounds by tiles stand, when it is their turn; null = that of aspirations. */
  readonly tiling: TilingState | null;
  readonly grid: CostGrid;
  /** Open pairs a proof was last tried on in vain; it is tried again when clearly fewer are left, or after a rest. */
  readonly provedInVain: { readonly pairs: number; readonly rest: number } | null;
}

/** The core of a round with its sites in root numbering and its share of the prices. */
export interface RoundCore {
  readonly model: CoveringModel;
  readonly rootSite: Uint32Array;
  readonly prices: Prices;
}

/** What works on the bound in one round. */
export interface BoundWork {
  readonly tasks: readonly RoundTask[];
  /** What the tasks are the tiles of; null = they are none. */
  readonly attempt: TileAttempt | null;
}

/** The bound's work: tiles where it is their turn and there is hope, else a single task. */
export function boundWork(context: SolveContext, state: RoundState): BoundWork {
  const task = boundTask(context, state);
  if (task === null) return { tasks: [], attempt: null };
  if (task.kind === 'aspiration' && state.tiling !== null) {
    const { open, tiling, grid, bound: proved, cost } = state;
    const aspired = aspiredByTiles(tiling, grid, open.bound, proved, cost);
    if (aspired !== null) {
      const attempt = attemptBelow(
        open,
        aspired,
        grid,
        choiceOf(tiling, context.effort.tileWork, task.task.seed),
      );
      return { tasks: attempt.tasks.map((tile) => ({ kind: 'tile', task: tile })), attempt };
    }
  }
  return { tasks: [task], attempt: null };
}

/** A single task: the relaxation until it has converged, then branch and cut while the model is small enough. */
function boundTask(context: SolveContext, state: RoundState): RoundTask | null {
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
  const seed = context.options.seed % 2 ** 31;
  if (best !== null && !isSmall(open)) {
    const { grid, bound: proved, proofGrowth } = state;
    const lift = state.lift ?? FIRST_LIFT * (cost - open.bound);
    const solverWork = proofGrowth * context.effort.aspirationWork;
    return {
      kind: 'aspiration',
      task: { prices: open.prices, grid, proved, upperBound, lift, seed, solverWork },
    };
  }
  const start = best === null ? null : localPlan(open.rootSite, best);
  const solverWork = state.proofGrowth * context.effort.solverWork;
  return { kind: 'proof', task: { start, seed, nodes: PROOF_NODES, solverWork } };
}

/** A stretch of the first-order method from where it stands, of at most `mostWork` pairs. */
export function ascentTask(
  context: SolveContext,
  open: OpenModel,
  upperBound: number,
  mostWork = Infinity,
): RoundTask {
  const { pricePasses } = context.effort;
  const ascentWork = Math.min(context.effort.ascentWork, mostWork);
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

/** How many candidates the core keeps by reduced cost. */
function coreSize({ model, guide }: OpenModel, planSites: number): number {
  const meanCost = model.cost.reduce((sum, cost) => sum + cost, 0) / Math.max(1, model.siteCount);
  let near = 0;
  for (const reduced of guide.reducedCost) if (reduced <= CORE_REDUCED_COST * meanCost) near++;
  const within = Math.min(MOST_CORE_PER_SITE * planSites, Math.max(LEAST_CORE_PER_SITE * planSites, near));
  return Math.max(SMALLEST_CORE, within);
}

export function roundCore(state: RoundState): RoundCore {
  const { open, best, chains } = state;
  const { guide } = open;
  const plans = [best, ...chains].map((plan) => localPart(open.rootSite, plan ?? []));
  const size = coreSize(open, best?.length ?? 0);
  const core = takeCore(open.model, guide.reducedCost, plans, size);
  return {
    model: core.model,
    rootSite: core.parentSite.map((site) => open.rootSite[site]!),
    prices: {
      perUser: Float64Array.from(core.parentTarget, (target) => guide.prices.perUser[target]!),
      perClass: carryPrices(guide.prices.perClass, core),
    },
  };
}
