import { buildBudgetModel, coverageOf, coverageOfAll, everybody, type BudgetModel } from './budget-model.ts';
import { boundCoverage, type CoverageBound } from './budget-bound.ts';
import { orderForBuilding } from './building-order.ts';
import type { SolveContext } from './context.ts';
import { findCostGrid } from './cost-grid.ts';
import { CoverState } from './cover-state.ts';
import type { BudgetRoundResult, BudgetRoundTask } from './kernels.ts';
import type { Budget, CoveringProblem } from './problem.ts';
import { brokenRules, costOf, requiredSites } from './recount.ts';
import { DROP, KEEP, restrictModel } from './restrict.ts';
import type { Solution, SolveStatus, StopReason } from './solution.ts';

/** Length of the walks of the first round: pairs touched per pair of the model; it grows with the rounds. */
const FIRST_WALK_PAIRS = 300;
/** Models of at most this many pairs are given to branch and cut. */
const PROOF_PAIRS = 400_000;

/** Most coverage within a budget (MCLP) and a proven upper bound on it. */
export async function solveWithinBudget(
  context: SolveContext,
  problem: CoveringProblem,
  budget: Budget,
): Promise<Solution> {
  const grid = findCostGrid(problem.siteCost);
  const excluded = brokenRules(problem, requiredSites(problem));
  if (excluded.length > 0) return impossible(context, problem, `No plan exists: ${excluded.join('; ')}.`);
  const model = buildBudgetModel(problem, budget, grid);
  if (model === null) return impossible(context, problem, overspent(problem, budget));
  context.notes.push(
    `Budget: ${model.model.classCount} classes of equal cover sets, ${model.model.siteCount} sites that none dominates.`,
  );
  const search = new BudgetSearch(context, model);
  const stoppedBy = await search.run(context.options.start ?? []);
  const sites = [...model.model.fixedSites, ...search.sites.map((site) => model.model.siteOf[site]!)];
  const gap =
    search.upperBound <= 0 ? 0 : Math.max(0, (search.upperBound - search.covered) / search.upperBound);
  const proved = search.covered >= search.upperBound;
  const status = proved ? 'optimal' : stoppedBy === 'interrupt' ? 'interrupted' : 'feasible';
  return solutionOf(context, problem, sites, {
    status,
    stoppedBy: proved ? 'gap' : stoppedBy,
    covered: search.covered,
    upperBound: search.upperBound,
    gap,
  });
}

interface BudgetAnswer {
  readonly status: SolveStatus;
  readonly stoppedBy: StopReason;
  readonly covered: number;
  readonly upperBound: number;
  readonly gap: number;
}

function solutionOf(
  context: SolveContext,
  problem: CoveringProblem,
  sites: readonly number[],
  answer: BudgetAnswer,
): Solution {
  const order = orderForBuilding(problem, [sites], [everybody(problem)]);
  const { covered, upperBound, gap } = answer;
  return {
    status: answer.status,
    stoppedBy: answer.stoppedBy,
    feasible: answer.status !== 'infeasible',
    sites: order.sites,
    phaseOfSite: order.phaseOfSite,
    cost: costOf(problem, sites),
    lowerBound: 0,
    gap,
    phases: [],
    budget: { covered, upperBound, gap },
    rounds: context.rounds,
    trace: context.trace,
    notes: context.notes,
  };
}

/** Required sites that exclude each other or exceed the budget: no plan exists; they are what is written. */
function impossible(context: SolveContext, problem: CoveringProblem, why: string): Solution {
  context.notes.push(why);
  return solutionOf(context, problem, requiredSites(problem), {
    status: 'infeasible',
    stoppedBy: 'infeasible',
    covered: 0,
    upperBound: 0,
    gap: 0,
  });
}

function overspent(problem: CoveringProblem, budget: Budget): string {
  const required = requiredSites(problem);
  const limits = [
    budget.sites === null ? [] : [`${budget.sites} sites`],
    budget.cost === null ? [] : [`cost ${budget.cost}`],
  ].flat();
  return (
    `No plan exists: the ${required.length} required sites cost ${costOf(problem, required)}, ` +
    `the budget is ${limits.join(' and ')}.`
  );
}

/** Owns the best plan and the bound; rounds of two walks and one proof on the sites not fixed out. */
class BudgetSearch {
  sites: number[] = [];
  covered: number;
  upperBound: number;
  readonly #context: SolveContext;
  readonly #budget: BudgetModel;
  #prices: CoverageBound;
  #proofBound: number;
  #solverWork: number;

  constructor(context: SolveContext, budget: BudgetModel) {
    this.#context = context;
    this.#budget = budget;
    this.covered = coverageOf(budget, new Float64Array(budget.model.targetCount));
    this.upperBound = coverageOfAll(budget);
    this.#proofBound = Infinity;
    const fall = new Float64Array(budget.model.siteCount);
    this.#prices = { upperBound: this.upperBound, exact: Infinity, fall };
    this.#solverWork = context.effort.solverWork;
  }

  async run(start: readonly number[]): Promise<StopReason> {
    const place = new Map(Array.from(this.#budget.model.siteOf, (site, index) => [site, index]));
    this.#offer(this.#fitting(start.flatMap((site) => place.get(site) ?? [])), 'start plan');
    for (let round = 0; ; round++) {
      if (this.covered >= this.upperBound) return 'gap';
      const stop = this.#context.stopReason() ?? (round >= this.#context.effort.rounds ? 'work' : null);
      if (stop !== null) return stop;
      this.#context.beginRound();
      await this.#round(round);
      this.#context.endRound();
      if ((this.upperBound - this.covered) / this.upperBound <= this.#context.options.gapGoal) return 'gap';
    }
  }

  /** As many of the sites, in order, as the budget allows. */
  #fitting(sites: readonly number[]): number[] {
    const { model, siteLimit, costLimit } = this.#budget;
    const state = new CoverState(model);
    const kept: number[] = [];
    for (const site of sites) {
      const cost = state.cost - model.fixedCost + model.cost[site]!;
      if (
        kept.length >= siteLimit ||
        cost > costLimit ||
        state.blocked[site]! > 0 ||
        state.chosen[site] === 1
      )
        continue;
      state.add(site);
      kept.push(site);
    }
    return kept;
  }

  async #round(round: number): Promise<void> {
    const { options, effort, kernelOfBudget, executor } = this.#context;
    const open = this.#openModel();
    const local = new Map(Array.from(open.rootSite, (site, index) => [site, index]));
    const start = Uint32Array.from(this.sites.flatMap((site) => local.get(site) ?? []));
    const stream = 1000 * this.#context.rounds;
    const walks = [0, 1].map((index): BudgetRoundTask => ({
      kind: 'walk',
      task: {
        seed: options.seed,
        stream: stream + index,
        work: Math.min(
          effort.walkWork / 4,
          FIRST_WALK_PAIRS * (round + 1) * open.budget.model.classOfSite.length,
        ),
        start: index === 0 || round === 0 ? start : new Uint32Array(0),
      },
    }));
    const whole = start.length === this.sites.length;
    const small = open.budget.model.classOfSite.length <= PROOF_PAIRS && whole && (round > 0 || open.small);
    const proof: BudgetRoundTask[] = small
      ? [{ kind: 'proof', task: { start, seed: options.seed % 2 ** 31, solverWork: this.#solverWork } }]
      : [];
    const results = await executor.map(kernelOfBudget, open.budget, [...proof, ...walks], {
      signal: options.signal,
    });
    for (const result of results) this.#take(result, open.rootSite);
    this.#lowerByPrices();
    if (small) this.#solverWork *= effort.solverGrowth;
  }

  #take(result: BudgetRoundResult, rootSite: Uint32Array): void {
    const { sites, work } = result.result;
    this.#context.work += work;
    if (sites !== null) {
      this.#offer(
        Array.from(sites, (site) => rootSite[site]!),
        result.kind === 'walk' ? 'ruin and recreate' : 'branch and cut',
      );
    }
    // The open model holds every better plan: its bound, or what is covered already, bounds the whole.
    if (result.kind === 'proof') this.#proofBound = Math.min(this.#proofBound, result.result.upperBound);
    if (result.kind === 'proof') this.#lower(Math.max(this.#proofBound, this.covered), 'branch and cut');
  }

  #offer(sites: readonly number[], foundBy: string): void {
    const covered = coverageOf(this.#budget, new CoverState(this.#budget.model, sites).served);
    if (covered <= this.covered && this.sites.length > 0) return;
    this.covered = covered;
    this.sites = [...sites].sort((a, b) => a - b);
    this.#record(foundBy);
  }

  #lowerByPrices(): void {
    const bound = boundCoverage(this.#budget, this.#wonUsers(), this.#context.effort.pricePasses);
    if (bound.exact < this.#prices.exact) this.#prices = bound;
    this.#context.work += 3 * this.#context.effort.pricePasses * this.#budget.model.classOfSite.length;
    this.#lower(bound.upperBound, 'prices');
  }

  /** What the best plan adds to today's service, on the scale of the bound's single target. */
  #wonUsers(): number {
    const { model, objective, totalUsers } = this.#budget;
    const { served } = new CoverState(model, this.sites);
    if (objective === 'mean') return served.reduce((sum, users) => sum + users, 0);
    return (
      served.reduce((sum, users, period) => sum + users / totalUsers[period]!, 0) / Math.max(1, served.length)
    );
  }

  #lower(bound: number, foundBy: string): void {
    const capped = Math.max(bound, this.covered);
    if (capped >= this.upperBound) return;
    this.upperBound = capped;
    this.#record(foundBy);
  }

  #record(foundBy: string): void {
    this.#context.recordCoverage(this.covered, this.upperBound, foundBy);
  }

  /** Sites that may be part of a better plan: those whose presence leaves the price bound above what is covered. */
  #openModel(): { readonly budget: BudgetModel; readonly rootSite: Uint32Array; readonly small: boolean } {
    const { model } = this.#budget;
    const { exact, fall } = this.#prices;
    const choice = Uint8Array.from(fall, (own) => (exact - own <= this.covered ? DROP : KEEP));
    for (const site of this.sites) choice[site] = KEEP;
    const rest = restrictModel(model, choice);
    return {
      budget: {
        ...this.#budget,
        model: { ...rest.model, mandatory: new Uint8Array(rest.model.classCount) },
        totalUsers: Float64Array.from(rest.parentTarget, (target) => this.#budget.totalUsers[target]!),
        servedUsers: Float64Array.from(rest.parentTarget, (target) => this.#budget.servedUsers[target]!),
      },
      rootSite: rest.parentSite,
      small: rest.model.classOfSite.length < 30_000,
    };
  }
}
