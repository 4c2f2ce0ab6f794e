import type { CoveringModel } from './covering-model.ts';
import { allocateDualValue, evaluateDual, type Prices } from './lagrangian.ts';
import { pricesOfDuals, writeLinearModel, type LpLimits, type MipSolver } from './mip.ts';

/** The linear relaxation of a model, solved whole. */
export interface RelaxationTask {
  /** Multipliers to fall back on, valid for the model. */
  readonly prices: Prices;
  /** Entries x simplex iterations. */
  readonly solverWork: number;
}

export interface RelaxationResult {
  readonly prices: Prices;
  /** Bound of `prices` on the model, before the allowance. */
  readonly bound: number;
  /** True when the LP solver ended: the bound is that of the linear relaxation. */
  readonly converged: boolean;
  /** True when the multipliers are a corner of the optimal ones, not near their middle. */
  readonly isCorner: boolean;
  readonly work: number;
}

/**
 * Prices from an LP solver. The bound is one evaluation of the Lagrangian under its multipliers, so it is valid
 * whatever the solver's tolerances.
 */
export async function solveRelaxation(
  model: CoveringModel,
  task: RelaxationTask,
  mip: MipSolver,
  shouldStop: () => boolean = () => false,
): Promise<RelaxationResult> {
  const written = writeLinearModel(model);
  const entries = Math.max(1, written.linear.rowOfEntry.length);
  const iterations = Math.ceil(task.solverWork / entries);
  let method: LpLimits['method'] = model.targetCount > 1 ? 'interior' : 'simplex';
  let answer = await mip.solveLp(written.linear, { method, iterations, shouldStop });
  if (method === 'interior' && answer.status !== 'optimal' && !shouldStop()) {
    // Without crossover HiGHS returns no multipliers where its presolve leaves nothing to do.
    method = 'simplex';
    answer = await mip.solveLp(written.linear, { method, iterations, shouldStop });
  }
  const prices = pricesOfDuals(model, written, answer.rowDual);
  capPrices(model, prices);
  const value = allocateDualValue(model);
  evaluateDual(model, task.prices, value);
  const before = value.bound;
  evaluateDual(model, prices, value);
  const better = value.bound > before;
  return {
    prices: better ? prices : task.prices,
    bound: better ? value.bound : before,
    converged: answer.status === 'optimal',
    isCorner: method === 'simplex',
    work: entries * answer.iterations,
  };
}

/** A class that may stay uncovered is worth at most its users: more would only weaken the bound. */
function capPrices(model: CoveringModel, prices: Prices): void {
  for (let own = 0; own < model.classCount; own++) {
    if (model.mandatory[own] === 1) continue;
    let worth = 0;
    for (let w = model.weightStart[own]!; w < model.weightStart[own + 1]!; w++) {
      worth += prices.perUser[model.weightTarget[w]!]! * model.weightUsers[w]!;
    }
    if (prices.perClass[own]! > worth) prices.perClass[own] = worth;
  }
}
