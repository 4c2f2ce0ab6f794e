import type { AspirationResult } from './aspiration.ts';
import type { SolveContext } from './context.ts';
import { meetsOnGrid, roundBoundUp, roundSolverBoundUp } from './cost-grid.ts';
import { CoverState } from './cover-state.ts';
import { findShortages, type CoveringModel } from './covering-model.ts';
import type { ProofResult } from './certificate.ts';
import { completePlan } from './first-plan.ts';
import type { IntegerTileResult } from './integer-tiles/solve-tile.ts';
import type { TileAttempt } from './integer-tiles/tile-attempt.ts';
import { TileTurns } from './integer-tiles/tile-turns.ts';
import type { RoundResult, RoundTask } from './kernels.ts';
import { narrow, openWhole, withPrices, type OpenModel } from './open-model.ts';
import type { Prices } from './lagrangian.ts';
import { firstWalk, firstWeighing, planTasks } from './plan-tasks.ts';
import type { AscentResult } from './primal-dual.ts';
import { firstJoining, type MergingResult } from './merge-plans.ts';
import { findPrices, startPrices } from './prices.ts';
import { removeRedundant } from './redundancy.ts';
import type { RelaxationResult } from './relaxation.ts';
import { ascentTask, boundWork, isSmall, roundCore, type RoundCore, type RoundState } from './round-tasks.ts';
import { isFullCover, searchByWeights } from './row-weighting.ts';
import { ruinAndRecreate } from './ruin-recreate.ts';
import { outcomeOf, type SearchOutcome, type SearchSettings } from './search-outcome.ts';
import type { StopReason } from './solution.ts';
import { joinWindows } from './window-tasks.ts';

/** Length of the first walk: pairs touched per pair of the core. */
const FIRST_WALK_PAIRS = 300;
/** Pairs of the model x subgradient passes before the first-order method: 35 passes on planar F, at most 1 s. */
const FIRST_PASSES_PAIRS = 2e8;
/** Pairs the first stretch of that touches, before there is anything to do beside it: 3 s on planar D and F. */
const FIRST_ASCENT_PAIRS = 1.2e9;
/** Rounds that pass after a proof that raised nothing, and how many times as many after the next such one. */
const FIRST_REST = 1;
const REST_GROWTH = 3;

/** Cheapest plan of one model and a proof of how far it can be from the best. */
export async function searchModel(
  context: SolveContext,
  model: CoveringModel,
  settings: SearchSettings,
): Promise<SearchOutcome> {
  if (model.targetCount === 0) {
    const cost = model.fixedCost;
    return { status: 'optimal', stoppedBy: 'gap', sites: [], cost, bound: cost, open: null };
  }
  return new Search(context, model, settings).run();
}

/** Owns incumbent, bound and what is still open; every round hands out tasks and merges them in task order. */
class Search {
  readonly #context: SolveContext;
  readonly #model: CoveringModel;
  readonly #settings: SearchSettings;
  #best: number[] | null = null;
  #cost = Infinity;
  #bound: number;
  #open: OpenModel;
  #proofGrowth = 1;
  #lift: number | null = null;
  readonly #tiles: TileTurns;
  #provedInVain: RoundState['provedInVain'] = null;
  #rest = FIRST_REST;
  readonly #chains: (readonly number[] | null)[] = [null, null];
  #first: readonly number[] | null = null;
  #pool: readonly number[][] = [];
  #joining = 0;
  /** True when it is proved that a part holds no cheaper plan. */
  #exhausted = false;

  constructor(context: SolveContext, model: CoveringModel, settings: SearchSettings) {
    this.#context = context;
    this.#model = model;
    this.#settings = settings;
    this.#bound = Math.max(model.fixedCost, settings.earlier?.bound ?? 0);
    this.#open = openWhole(model, startPrices(model, 0));
    this.#tiles = new TileTurns(context.effort, settings.rounds);
  }

  async run(): Promise<SearchOutcome> {
    this.#construct();
    await this.#findPrices();
    this.#walkFirst();
    let stoppedBy = this.#finished();
    for (let round = 0; stoppedBy === null; round++) {
      const isDone = round >= this.#settings.rounds || this.#exhausted;
      stoppedBy = this.#context.stopReason() ?? (isDone ? 'work' : null);
      if (stoppedBy !== null) break;
      this.#context.beginRound();
      await this.#round(round);
      stoppedBy = this.#finished();
    }
    const found = { stoppedBy, bound: this.#bound, open: this.#open };
    return outcomeOf(this.#settings.grid, this.#best, this.#cost, found);
  }

  /** First plans: from the start sites and from nothing, both completed greedily and pruned. */
  #construct(): void {
    const { start } = this.#settings;
    if (start.length > 0) this.#offer(completePlan(this.#context, this.#model, start), 'start plan');
    this.#offer(completePlan(this.#context, this.#model, []), 'greedy');
    this.#first = this.#best;
    this.#joining = firstJoining(this.#best?.length ?? 0);
  }

  /** A few subgradient passes in this thread, then a stretch of the first-order method in a worker. */
  async #findPrices(): Promise<void> {
    const upper = this.#upperBound();
    const prices = this.#settings.earlier?.prices ?? this.#firstPrices(upper);
    this.#open = openWhole(this.#model, prices, this.#best ?? []);
    this.#raiseBound(roundBoundUp(this.#settings.grid, this.#open.bound), 'prices');
    if (isSmall(this.#open) || this.#settings.isPart === true) return;
    if (this.#finished() !== null || this.#context.stopReason() !== null) return;
    this.#context.steps++;
    const shared = { core: this.#model, open: this.#model };
    const task = ascentTask(this.#context, this.#open, upper, FIRST_ASCENT_PAIRS);
    await this.#context.runTasks(shared, [task], (answer) => {
      if (answer.kind !== 'ascent') return;
      this.#context.work += answer.result.work;
      this.#takeAscent(answer.result);
    });
  }

  #firstPrices(upperBound: number): Prices {
    const pairs = this.#model.classOfSite.length;
    const passes = Math.min(this.#context.effort.pricePasses, Math.ceil(FIRST_PASSES_PAIRS / pairs));
    const { prices, work } = findPrices(this.#model, upperBound, passes);
    this.#context.work += work;
    return prices;
  }

  /** A short walk in this thread: most of what greedy leaves on the table, before anything is fixed or solved. */
  #walkFirst(): void {
    if (this.#best === null || this.#finished() !== null) return;
    if (isFullCover(this.#model)) return this.#weighFirst(this.#best);
    const core = roundCore(this.#roundState());
    const pairs = core.model.classOfSite.length;
    const work = Math.min(this.#context.effort.walkWork / 8, FIRST_WALK_PAIRS * pairs);
    const task = firstWalk(this.#context, this.#roundState(), core, work);
    if (task === null) return;
    const result = ruinAndRecreate(core.model, task);
    this.#context.work += result.work;
    this.#offer(
      Array.from(result.sites, (site) => core.rootSite[site]!),
      'first walk',
    );
  }

  /** The same where every class has to be covered: nearly all of what a search by weights finds comes at once. */
  #weighFirst(best: readonly number[]): void {
    const task = firstWeighing(this.#context, this.#model, best);
    const result = searchByWeights(this.#model, task);
    this.#context.work += result.work;
    this.#offer(result.sites, 'weights of classes');
  }

  #roundState(round = 0): RoundState {
    return {
      open: this.#open,
      best: this.#best,
      cost: this.#cost,
      improvesPlan: this.#settings.improvePlan,
      chains: this.#chains,
      first: this.#first,
      pool: this.#pool,
      joining: this.#joining,
      walkLength: this.#settings.walkLength ?? 1,
      proofGrowth: this.#proofGrowth,
      bound: this.#bound,
      lift: this.#lift,
      tiling: this.#tiles.next(round, this.#open, this.#best?.length ?? null, this.#cost),
      grid: this.#settings.grid,
      provedInVain: this.#provedInVain,
    };
  }

  #upperBound(): number {
    return this.#best === null
      ? this.#model.cost.reduce((sum, cost) => sum + cost, this.#model.fixedCost)
      : this.#cost;
  }

  #raiseBound(bound: number, foundBy: string): void {
    if (this.#settings.isPart === true) return;
    const capped = Math.min(bound, this.#cost);
    if (capped <= this.#bound) return;
    this.#bound = capped;
    this.#record(foundBy);
  }

  #record(foundBy: string): void {
    if (this.#bound === Infinity) return;
    const incumbent = this.#best === null ? null : this.#cost;
    this.#context.record(this.#settings.phase, this.#settings.grid, incumbent, this.#bound, foundBy);
  }

  /** Recounts a plan, prunes it, and keeps it when it is feasible and cheaper. */
  #offer(sites: Iterable<number>, foundBy: string): void {
    const state = new CoverState(this.#model, sites);
    if (!state.isFeasible()) return;
    removeRedundant(state);
    this.#context.work += state.work;
    if (state.cost >= this.#cost) return;
    this.#best = state.sites();
    this.#cost = state.cost;
    this.#record(foundBy);
  }

  #finished(): StopReason | null {
    if (this.#best === null) return this.#bound === Infinity ? 'infeasible' : null;
    if (meetsOnGrid(this.#settings.grid, this.#cost, this.#bound)) return 'gap';
    return (this.#cost - this.#bound) / this.#cost <= this.#context.options.gapGoal ? 'gap' : null;
  }

  async #round(round: number): Promise<void> {
    if (this.#best !== null) this.#open = narrow(this.#open, this.#cost, this.#settings.grid);
    if (this.#best !== null && findShortages(this.#open.model).length > 0) {
      // No plan is left that could be cheaper.
      this.#raiseBound(this.#cost, 'fixing');
      this.#exhausted = true;
      return;
    }
    const state = this.#roundState(round);
    const isWorkedOn = this.#settings.isPart !== true || isSmall(this.#open);
    const bound = isWorkedOn ? boundWork(this.#context, state) : { tasks: [], attempt: null };
    const isBoundResting = bound.tasks.length === 0 && bound.attempt === null;
    const tasks: RoundTask[] = [...bound.tasks];
    if (isBoundResting && this.#provedInVain !== null) {
      this.#provedInVain = { ...this.#provedInVain, rest: this.#provedInVain.rest - 1 };
    }
    let core: RoundCore | null = null;
    const proofAlone = round === 0 && isSmall(this.#open) && !isBoundResting;
    if (this.#settings.improvePlan && this.#best !== null && !proofAlone) {
      core = roundCore(state);
      tasks.push(...planTasks(this.#context, state, core, round));
    }
    // A proof that rests, and no plan is asked for.
    if (tasks.length === 0 && isBoundResting) return;
    const shared = { core: core?.model ?? this.#open.model, open: this.#open.model };
    let walk = 0;
    this.#pool = [];
    const windows: Uint32Array[] = [];
    const tiles: (IntegerTileResult | null)[] = bound.tasks.map(() => null);
    await this.#context.runTasks(shared, tasks, (result, index) => {
      this.#context.work += result.result.work;
      if (result.kind === 'plan') this.#takePlan(result, tasks[index]!, core!, walk++);
      else if (result.kind === 'merging') this.#takeMerging(result.result);
      else if (result.kind === 'window') windows.push(result.result.sites);
      else if (result.kind === 'ascent') this.#takeAscent(result.result);
      else if (result.kind === 'relaxation') this.#takeRelaxation(result.result);
      else if (result.kind === 'tile') tiles[index] = result.result;
      else if (result.kind === 'aspiration') this.#takeAspiration(result.result);
      else this.#takeProof(result.result);
    });
    if (bound.attempt !== null) this.#takeTiles(bound.attempt, tiles);
    const [first] = tasks;
    if (first?.kind === 'window') this.#takeWindows(first.task.start, windows);
  }

  #takePlan(answer: RoundResult & { kind: 'plan' }, asked: RoundTask, core: RoundCore, walk: number): void {
    const { rootSite } = asked.kind === 'weigh' ? this.#open : core;
    const sites = [...answer.result.sites].map((site) => rootSite[site]!);
    this.#pool = [...this.#pool, sites];
    if (asked.kind === 'walk') {
      this.#offer(sites, `ruin and recreate, task ${walk}`);
      // The second walk goes on from its own plan, the first from the best one.
      if (walk === 1) this.#chains[1] = sites;
    } else {
      this.#offer(sites, asked.kind === 'weigh' ? 'weights of classes' : 'annealing');
    }
  }

  #takeMerging(result: MergingResult): void {
    this.#offer(
      Array.from(result.sites, (site) => this.#open.rootSite[site]!),
      'merging of plans',
    );
    this.#joining = result.joining;
  }

  #takeWindows(start: Uint32Array, windows: readonly Uint32Array[]): void {
    const { model, rootSite } = this.#open;
    const sites = joinWindows(model, start, windows);
    this.#offer(
      Array.from(sites, (site) => rootSite[site]!),
      'windows of the plan',
    );
  }

  /** The open model holds every cheaper plan, so its bound or the present cost, whichever is less, bounds the root. */
  #takeAscent({ prices, build, balance, converged }: AscentResult): void {
    this.#open = withPrices({ ...this.#open, build, balance, converged }, prices);
    this.#raiseBound(roundBoundUp(this.#settings.grid, this.#open.bound), 'first-order method');
  }

  #takeRelaxation({ prices, converged, isCorner }: RelaxationResult): void {
    const guide = isCorner ? this.#open.guide.prices : prices;
    this.#open = withPrices({ ...this.#open, converged }, prices, guide);
    this.#raiseBound(roundBoundUp(this.#settings.grid, this.#open.bound), 'linear relaxation');
  }

  #takeProof(result: ProofResult): void {
    if (result.sites !== null) {
      this.#offer(
        [...result.sites].map((site) => this.#open.rootSite[site]!),
        'branch and cut',
      );
    }
    const { grid } = this.#settings;
    const before = this.#bound;
    const bound = result.bound === Infinity ? Infinity : roundSolverBoundUp(grid, result.bound);
    this.#raiseBound(bound, 'branch and cut');
    if (result.finished) this.#exhausted = this.#settings.isPart === true;
    else this.#restAfterProof(before);
  }

  #takeAspiration({ sites, bound, lift, finished }: AspirationResult): void {
    if (sites !== null) {
      const plan = [...sites].map((site) => this.#open.rootSite[site]!);
      this.#offer(plan, 'branch and cut');
    }
    const before = this.#bound;
    this.#raiseBound(bound, 'branch and cut');
    this.#lift = lift;
    this.#tiles.afterAspiration(this.#bound > before);
    if (!finished) this.#restAfterProof(before);
  }

  #takeTiles(attempt: TileAttempt, results: readonly (IntegerTileResult | null)[]): void {
    const before = this.#bound;
    this.#raiseBound(this.#tiles.take(attempt, results, this.#open, this.#settings.grid), 'integer tiles');
    this.#tiles.afterTiles(this.#bound > before);
  }

  /** More work for the next proof; where the last one raised nothing, not before the model has shrunk or rounds have gone by. */
  #restAfterProof(boundBefore: number): void {
    this.#proofGrowth *= this.#context.effort.solverGrowth;
    const inVain = this.#bound === boundBefore;
    this.#provedInVain = inVain ? { pairs: this.#open.model.classOfSite.length, rest: this.#rest } : null;
    this.#rest = inVain ? REST_GROWTH * this.#rest : FIRST_REST;
  }
}
