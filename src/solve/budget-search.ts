import { createRandom, type Random } from '../random.ts';
import { coverageOf, type BudgetModel } from './budget-model.ts';
import { PricedState } from './priced-state.ts';

/** One logical task of the local search within a budget. */
export interface BudgetTask {
  readonly seed: number;
  readonly stream: number;
  /** Pairs it may touch. */
  readonly work: number;
  readonly start: Uint32Array;
}

export interface BudgetResult {
  readonly sites: Uint32Array;
  readonly covered: number;
  readonly work: number;
}

const LARGEST_RUIN = 6;
const BLINK = 0.1;
const STOP_CHECK = 256;

/**
 * Ruin and recreate within a budget: a few sites are removed, the freed budget is spent greedily (per cost when cost is
 * limited), the plan is kept when it covers at least as much, less a falling random threshold. With no start sites the
 * first recreation is the greedy of Nemhauser, Wolsey & Fisher (1978).
 */
export function searchWithinBudget(
  budget: BudgetModel,
  task: BudgetTask,
  shouldStop: () => boolean = () => false,
): BudgetResult {
  const { model } = budget;
  const random = createRandom(task.seed, task.stream);
  const state = new PricedState(model, scoresOf(budget));
  for (const site of task.start) state.add(site);
  spend(budget, state, random, 0, []);
  let current = valueOf(budget, state);
  let covered = coverageOf(budget, state.served);
  let sites = Uint32Array.from(state.sites());
  const hot = 0.01 * current;
  const removed: number[] = [];
  for (let turn = 1; state.work < task.work && state.standing.size > 0; turn++) {
    if (turn % STOP_CHECK === 0 && shouldStop()) break;
    removed.length = 0;
    const size = 1 + random.below(Math.min(LARGEST_RUIN, state.standing.size));
    for (let index = 0; index < size; index++) {
      const site = state.standing.at(random.below(state.standing.size));
      state.remove(site);
      removed.push(site);
    }
    const added = spend(budget, state, random, BLINK, removed);
    const next = valueOf(budget, state);
    const threshold = hot * (1 - state.work / task.work) ** 2 * -Math.log(1 - random.next());
    if (next < current - threshold) {
      for (const site of added) state.remove(site);
      for (const site of removed) state.add(site);
      continue;
    }
    current = next;
    const now = coverageOf(budget, state.served);
    if (now > covered) {
      covered = now;
      sites = Uint32Array.from(state.sites());
    }
  }
  return { sites, covered, work: state.work };
}

/** Score of a class: its users, each period counted alike for `mean` and by its share for `worst`. */
function scoresOf(budget: BudgetModel): Float64Array {
  const { model, objective, totalUsers } = budget;
  const scores = new Float64Array(model.classCount);
  for (let own = 0; own < model.classCount; own++) {
    for (let w = model.weightStart[own]!; w < model.weightStart[own + 1]!; w++) {
      const users = model.weightUsers[w]!;
      scores[own]! += objective === 'mean' ? users : users / totalUsers[model.weightTarget[w]!]!;
    }
  }
  return scores;
}

/** What the search climbs: the objective, and for `worst` a little of the mean share, which breaks its plateaus. */
function valueOf(budget: BudgetModel, state: PricedState): number {
  const covered = coverageOf(budget, state.served);
  if (budget.objective === 'mean') return covered;
  let mean = 0;
  state.served.forEach((users, period) => (mean += users / budget.totalUsers[period]!));
  return covered + (0.05 * mean) / Math.max(1, state.served.length);
}

/** Add sites while the budget allows. @returns the sites added. */
function spend(
  budget: BudgetModel,
  state: PricedState,
  random: Random,
  blink: number,
  removed: readonly number[],
): number[] {
  const { model } = budget;
  const byCost = Number.isFinite(budget.costLimit);
  const taboo = removed.length > 0 && random.below(2) === 0 ? removed[random.below(removed.length)]! : -1;
  const added: number[] = [];
  while (state.standing.size < budget.siteLimit) {
    const left = budget.costLimit - (state.cost - model.fixedCost);
    let best = -1;
    let bestValue = 0;
    for (let site = 0; site < model.siteCount; site++) {
      const gain = state.gain[site]!;
      if (gain <= 0 || state.chosen[site] === 1 || state.blocked[site]! > 0 || site === taboo) continue;
      if (model.cost[site]! > left) continue;
      const value = byCost ? gain / model.cost[site]! : gain;
      if (value <= bestValue || (blink > 0 && random.next() < blink)) continue;
      best = site;
      bestValue = value;
    }
    state.work += model.siteCount >> 2;
    if (best === -1) break;
    state.add(best);
    added.push(best);
  }
  return added;
}
