import type { Kernel } from '../executor.ts';
import { anneal, type AnnealingTask } from './annealing.ts';
import { aspire, type AspirationResult, type AspirationTask } from './aspiration.ts';
import type { BudgetModel } from './budget-model.ts';
import { proveBudget, type BudgetProof, type BudgetProofTask } from './budget-mip.ts';
import { searchWithinBudget, type BudgetResult, type BudgetTask } from './budget-search.ts';
import { capacityKernel } from './capacity/capacity-kernel.ts';
import type { CoveringModel } from './covering-model.ts';
import { proveOpenModel, type ProofResult, type ProofTask } from './certificate.ts';
import { highsSolver } from './highs.ts';
import {
  solveIntegerTile,
  type IntegerTileResult,
  type IntegerTileTask,
} from './integer-tiles/solve-tile.ts';
import { mergePlans, type MergingResult, type MergingTask } from './merge-plans.ts';
import type { MipSolver } from './mip.ts';
import { ascendPrimalDual, type AscentResult, type AscentTask } from './primal-dual.ts';
import { solveRelaxation, type RelaxationResult, type RelaxationTask } from './relaxation.ts';
import { searchByWeights, type WeighingTask } from './row-weighting.ts';
import { ruinAndRecreate, type SearchResult, type SearchTask } from './ruin-recreate.ts';
import { streamedKernel } from './streamed/streamed-kernel.ts';
import { tileKernel } from './tiles/kernel.ts';

/** What the tasks of a round read: the core for most plans, the open model for bounds and full covers. */
export interface RoundModels {
  readonly core: CoveringModel;
  readonly open: CoveringModel;
}

export type RoundTask =
  | { readonly kind: 'walk'; readonly task: SearchTask }
  | { readonly kind: 'anneal'; readonly task: AnnealingTask }
  | { readonly kind: 'weigh'; readonly task: WeighingTask }
  | { readonly kind: 'merging'; readonly task: MergingTask }
  | { readonly kind: 'window'; readonly task: MergingTask }
  | { readonly kind: 'ascent'; readonly task: AscentTask }
  | { readonly kind: 'relaxation'; readonly task: RelaxationTask }
  | { readonly kind: 'aspiration'; readonly task: AspirationTask }
  | { readonly kind: 'tile'; readonly task: IntegerTileTask }
  | { readonly kind: 'proof'; readonly task: ProofTask };

export type RoundResult =
  | { readonly kind: 'plan'; readonly result: SearchResult }
  | { readonly kind: 'merging'; readonly result: MergingResult }
  | { readonly kind: 'window'; readonly result: MergingResult }
  | { readonly kind: 'ascent'; readonly result: AscentResult }
  | { readonly kind: 'relaxation'; readonly result: RelaxationResult }
  | { readonly kind: 'aspiration'; readonly result: AspirationResult }
  | { readonly kind: 'tile'; readonly result: IntegerTileResult }
  | { readonly kind: 'proof'; readonly result: ProofResult };

export type RoundKernel = Kernel<RoundModels, RoundTask, RoundResult>;

/** The one kernel of a search: every task of a round, told apart by `kind`. */
export function createRoundKernel(mip: MipSolver): RoundKernel {
  return {
    name: 'solve-round',
    async run({ core, open }, { kind, task }, context): Promise<RoundResult> {
      const shouldStop = (): boolean => context.shouldStop();
      switch (kind) {
        case 'walk':
          return { kind: 'plan', result: ruinAndRecreate(core, task, shouldStop) };
        case 'anneal':
          return { kind: 'plan', result: anneal(core, task, shouldStop) };
        case 'weigh':
          return { kind: 'plan', result: searchByWeights(open, task, shouldStop) };
        case 'merging':
        case 'window':
          return { kind, result: await mergePlans(open, task, mip, shouldStop) };
        case 'ascent':
          return { kind: 'ascent', result: ascendPrimalDual(open, task, shouldStop) };
        case 'relaxation':
          return { kind: 'relaxation', result: await solveRelaxation(open, task, mip, shouldStop) };
        case 'aspiration':
          return { kind: 'aspiration', result: await aspire(open, task, mip, shouldStop) };
        case 'tile':
          return { kind: 'tile', result: await solveIntegerTile(task, mip, shouldStop) };
        case 'proof':
          return { kind: 'proof', result: await proveOpenModel(open, task, mip, shouldStop) };
      }
    },
  };
}

export const roundKernel: RoundKernel = createRoundKernel(highsSolver);

export type BudgetRoundTask =
  | { readonly kind: 'walk'; readonly task: BudgetTask }
  | { readonly kind: 'proof'; readonly task: BudgetProofTask };

export type BudgetRoundResult =
  | { readonly kind: 'walk'; readonly result: BudgetResult }
  | { readonly kind: 'proof'; readonly result: BudgetProof };

export type BudgetKernel = Kernel<BudgetModel, BudgetRoundTask, BudgetRoundResult>;

/** The tasks of a round within a budget. */
export function createBudgetKernel(mip: MipSolver): BudgetKernel {
  return {
    name: 'solve-budget-round',
    async run(budget, { kind, task }, context): Promise<BudgetRoundResult> {
      if (kind === 'proof')
        return { kind, result: await proveBudget(budget, task, mip, () => context.shouldStop()) };
      return { kind, result: searchWithinBudget(budget, task, () => context.shouldStop()) };
    },
  };
}

export const budgetKernel: BudgetKernel = createBudgetKernel(highsSolver);

/** Kernels for src/parallel to register by name. */
export const solveKernels = [roundKernel, budgetKernel, capacityKernel, tileKernel, streamedKernel] as const;
