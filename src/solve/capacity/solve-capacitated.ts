import { inProcessExecutor } from '../../executor.ts';
import type { SolveContext } from '../context.ts';
import { meetsOnGrid, roundBoundUp, roundSolverBoundUp, type CostGrid } from '../cost-grid.ts';
import { highsSolver } from '../highs.ts';
import type { SearchOutcome, SearchSettings } from '../search-outcome.ts';
import type { StopReason } from '../solution.ts';
import { AssignmentState } from './assignment-state.ts';
import { capacityKernel, createCapacityKernel, type CapacityTask } from './capacity-kernel.ts';
import { assignByLp, writtenSize } from './capacity-mip.ts';
import type { CapacityModel } from './capacity-model.ts';
import { capacityReducedCosts, type CapacityPrices } from './capacity-prices.ts';
import { addUntilMet, dearestFirst, prune } from './construct.ts';
import { fillTargets } from './fill.ts';
import { findCapacityPrices, type CapacityPriceSearch } from './find-capacity-prices.ts';
import { pricesOfBusiestPeriod } from './one-period.ts';
import { restrictCapacityModel } from './restrict-capacity-model.ts';
import { startFromCovering } from './start-prices.ts';

/** Models of at most this many entries go to branch and cut: HiGHS in WebAssembly ends on these in seconds. */
const PROOF_ENTRIES = 40_000;
const PROOF_NODES = 20_000;
/** Work of a round's walk, as a multiple of that in the covering search: Helsinki with 8 periods takes 2 to 3 CPU s a round and task. */
const WALK_SHARE = 3;
/** At most so much per pair and period: beyond, a walk on a small model only repeats itself. */
const WALK_PAIRS = 3000;
/** Sites of the core per site of the plan; about three to eight per needed site held every good plan (core.ts). */
const CORE_PER_SITE = 6;
const CORE_LEAST = 60;
/** How much the greedy plans after the prices listen to them. */
const PRICE_WEIGHTS = [2, 6, 15];
/** Passes on the dual per round, as a share of those before the first. */
const ROUND_PASSES = 0.5;
/** Rise of the bound in a round, as a share of it, below which the prices count as found. */
const LEAST_RISE = 1e-4;

/** Cheapest plan whose sites carry their users, and a proof of how far it can be from the best. */
export async function searchCapacitated(
  context: SolveContext,
  model: CapacityModel,
  settings: SearchSettings,
): Promise<SearchOutcome> {
  return new CapacitySearch(context, model, settings).run();
}

/** Owns incumbent, bound and prices; rounds hand out walks on the core and branch and cut, merged in task order. */
class CapacitySearch {
  readonly #context: SolveContext;
  readonly #model: CapacityModel;
  readonly #settings: SearchSettings;
  readonly #grid: CostGrid;
  #best: readonly number[] | null = null;
  #cost = Infinity;
  #bound: number;
  #prices: CapacityPriceSearch | null = null;
  /** False once a round's passes have hardly raised the bound. */
  #pricesRise = true;

  constructor(context: SolveContext, model: CapacityModel, settings: SearchSettings) {
    this.#context = context;
    this.#model = model;
    this.#settings = settings;
    this.#grid = settings.grid;
    this.#bound = model.fixedCost;
  }

  async run(): Promise<SearchOutcome> {
    await this.#construct();
    let stoppedBy = this.#finished();
    if (stoppedBy === null) {
      this.#improvePrices(this.#context.effort.pricePasses);
      for (const weight of PRICE_WEIGHTS) this.#constructByPrices(weight);
      stoppedBy = this.#finished();
    }
    for (let round = 0; stoppedBy === null; round++) {
      stoppedBy = this.#context.stopReason() ?? (round >= this.#settings.rounds ? 'work' : null);
      if (stoppedBy !== null) break;
      this.#context.beginRound();
      const useful = await this.#round(round);
      this.#context.endRound();
      stoppedBy = this.#finished() ?? (useful ? null : 'work');
    }
    return this.#outcome(stoppedBy);
  }

  /** First plans: from the start sites and from nothing, both completed greedily and pruned. */
  async #construct(): Promise<void> {
    const { start } = this.#settings;
    if (start.length > 0) await this.#complete(start, 'start plan');
    await this.#complete([], 'greedy');
  }

  async #complete(start: readonly number[], foundBy: string): Promise<void> {
    const state = new AssignmentState(this.#model);
    for (const site of start) if (state.chosen[site] === 0 && state.blocked[site] === 0) state.add(site);
    const met = addUntilMet(state, null, Infinity);
    if (met) prune(state, dearestFirst(state));
    this.#context.work += state.work;
    if (met) this.#take(state, foundBy);
    else await this.#offer(state.sites(), foundBy);
  }

  /**
   * A plan of sites that the prices think well of: a site whose reduced cost is its whole cost is preferred exp(weight) times less
   * than one of reduced cost 0.
   */
  #constructByPrices(weight: number): void {
    const model = this.#model;
    const reduced = capacityReducedCosts(model, this.#prices!.dual);
    const state = new AssignmentState(model);
    const preference = (site: number): number => Math.exp((-weight * reduced[site]!) / model.cost[site]!);
    if (addUntilMet(state, null, Infinity, preference)) prune(state, worstFirst(state, reduced));
    this.#context.work += state.work;
    this.#take(state, 'prices, then greedy');
  }

  /** Recounts a plan with users assigned anew, prunes it, and keeps it when it meets every target and is cheaper. */
  async #offer(sites: readonly number[], foundBy: string): Promise<void> {
    const { mip } = this.#context.options;
    const state = await assignByLp(this.#model, sites, mip ?? highsSolver);
    if (state === null) return;
    if (fillTargets(state)) prune(state, dearestFirst(state));
    this.#context.work += state.work;
    this.#take(state, foundBy);
  }

  #take(state: AssignmentState, foundBy: string): void {
    if (!state.isMet() || !state.isAllowed() || state.cost >= this.#cost) return;
    this.#best = state.sites();
    this.#cost = state.cost;
    this.#record(foundBy);
  }

  #improvePrices(passes: number): void {
    const upper =
      this.#best === null ? this.#model.cost.reduce((a, b) => a + b, this.#model.fixedCost) : this.#cost;
    const before = this.#prices;
    const start = before?.prices ?? this.#firstPrices(upper);
    let found = findCapacityPrices(this.#model, start, upper, passes, before === null ? 'far' : 'near');
    this.#context.work += found.work;
    if (before === null) found = this.#orBusiestPeriod(found, upper, passes);
    else this.#pricesRise = found.dual.bound > before.dual.bound + LEAST_RISE * Math.abs(before.dual.bound);
    this.#prices = found;
    this.#raiseBound(roundBoundUp(this.#grid, found.dual.bound), 'prices');
  }

  #orBusiestPeriod(together: CapacityPriceSearch, upper: number, passes: number): CapacityPriceSearch {
    if (together.dual.bound >= upper) return together;
    const alone = pricesOfBusiestPeriod(this.#model, upper, passes);
    if (alone === null) return together;
    this.#context.work += alone.work;
    return alone.dual.bound > together.dual.bound ? alone : together;
  }

  #firstPrices(upper: number): CapacityPrices {
    const { prices, work } = startFromCovering(this.#model, upper, this.#context.effort.pricePasses);
    this.#context.work += work;
    return prices;
  }

  /** Branch and cut first where the model is small, else walks on the core; false when there is nothing to do. */
  async #round(round: number): Promise<boolean> {
    if (round === 0 && writtenSize(this.#model) <= PROOF_ENTRIES) {
      await this.#prove();
      return true;
    }
    if (this.#best === null) return false;
    if (this.#settings.improvePlan) await this.#walk(this.#core(), round);
    if (this.#pricesRise) this.#improvePrices(Math.ceil(ROUND_PASSES * this.#context.effort.pricePasses));
    return true;
  }

  async #prove(): Promise<void> {
    const { effort, options } = this.#context;
    const iterations = Math.ceil((10 * effort.solverWork) / writtenSize(this.#model));
    const limits = { nodes: PROOF_NODES, iterations, seed: options.seed % 2 ** 31 };
    const task: CapacityTask = { kind: 'proof', task: { limits, sites: this.#best } };
    const [answer] = await this.#run(this.#model, [task]);
    if (answer?.kind !== 'proof') return;
    const { result } = answer;
    this.#context.work += result.work;
    if (result.sites !== null) await this.#offer(result.sites, 'branch and cut');
    const bound = result.bound === Infinity ? Infinity : roundSolverBoundUp(this.#grid, result.bound);
    this.#context.provedInfeasible ||= bound === Infinity && this.#best === null;
    if (bound !== Infinity || this.#best === null) this.#raiseBound(bound, 'branch and cut');
  }

  async #walk(
    core: { readonly model: CapacityModel; readonly siteOf: Uint32Array },
    round: number,
  ): Promise<void> {
    const { effort, options } = this.#context;
    const placeOf = new Map(Array.from(core.siteOf, (site, index) => [site, index]));
    const sites = this.#best!.map((site) => placeOf.get(site)!);
    const pairs = core.model.classOfSite.length * Math.max(1, core.model.periodCount);
    const work = Math.min(WALK_SHARE * effort.walkWork, WALK_PAIRS * pairs);
    const tasks = [0, 1].map((stream): CapacityTask => {
      return { kind: 'walk', task: { sites, seed: options.seed, stream: 2 * round + stream, work } };
    });
    const results = await this.#run(core.model, tasks);
    for (const [index, answer] of results.entries()) {
      if (answer.kind !== 'walk') continue;
      this.#context.work += answer.result.work;
      if (answer.result.cost >= this.#cost) continue;
      const found = answer.result.sites.map((site) => core.siteOf[site]!);
      await this.#offer(found, `ruin and recreate, task ${index}`);
    }
  }

  async #run(model: CapacityModel, tasks: readonly CapacityTask[]) {
    const { options } = this.#context;
    const own = options.mip === undefined;
    const kernel = own ? capacityKernel : createCapacityKernel(options.mip!);
    const executor = own ? options.executor : inProcessExecutor;
    return executor.map(kernel, model, tasks, { signal: options.signal });
  }

  /** Sites of the plan and those of least reduced cost. */
  #core(): { readonly model: CapacityModel; readonly siteOf: Uint32Array } {
    const model = this.#model;
    const keep = new Uint8Array(model.siteCount);
    for (const site of this.#best!) keep[site] = 1;
    const reduced = capacityReducedCosts(model, this.#prices!.dual);
    const room = Math.max(CORE_LEAST, CORE_PER_SITE * this.#best!.length);
    const order = [...model.cost.keys()].sort((a, b) => reduced[a]! - reduced[b]! || a - b);
    for (const site of order.slice(0, room)) keep[site] = 1;
    return restrictCapacityModel(model, keep);
  }

  #raiseBound(bound: number, foundBy: string): void {
    const capped = Math.min(bound, this.#cost);
    if (capped <= this.#bound) return;
    this.#bound = capped;
    this.#record(foundBy);
  }

  #record(foundBy: string): void {
    if (this.#bound === Infinity) return;
    const incumbent = this.#best === null ? null : this.#cost;
    this.#context.record(this.#settings.phase, this.#grid, incumbent, this.#bound, foundBy);
  }

  #finished(): StopReason | null {
    if (this.#best === null) return this.#bound === Infinity ? 'infeasible' : null;
    if (meetsOnGrid(this.#grid, this.#cost, this.#bound)) return 'gap';
    return (this.#cost - this.#bound) / this.#cost <= this.#context.options.gapGoal ? 'gap' : null;
  }

  #outcome(stoppedBy: StopReason): SearchOutcome {
    const common = { stoppedBy, bound: this.#bound, open: null };
    if (this.#best === null) {
      const status =
        this.#bound === Infinity ? 'infeasible' : stoppedBy === 'interrupt' ? 'interrupted' : 'unknown';
      return { ...common, status, sites: null, cost: Infinity };
    }
    const optimal = meetsOnGrid(this.#grid, this.#cost, this.#bound);
    const status = optimal ? 'optimal' : stoppedBy === 'interrupt' ? 'interrupted' : 'feasible';
    return { ...common, status, sites: this.#best, cost: this.#cost };
  }
}

/** Standing sites that were chosen, largest reduced cost first. */
function worstFirst(state: AssignmentState, reduced: Float64Array): number[] {
  return state.sites().sort((a, b) => reduced[b]! - reduced[a]! || b - a);
}
