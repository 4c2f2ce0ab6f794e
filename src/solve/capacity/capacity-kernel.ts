import type { Kernel } from '../../executor.ts';
import { highsSolver } from '../highs.ts';
import type { MipLimits, MipSolver } from '../mip.ts';
import { assignByLp, pointOfState, sitesOfShares, writeCapacityModel } from './capacity-mip.ts';
import type { CapacityModel } from './capacity-model.ts';
import { walk, type WalkResult, type WalkTask } from './walk.ts';

/** Branch and cut on the whole model handed over. */
export interface CapacityProofTask {
  readonly limits: MipLimits;
  /** A plan that meets every target, to start from; null = none known. */
  readonly sites: readonly number[] | null;
}

export interface CapacityProof {
  /** Lower bound on the cost of every plan, grid units: Infinity when there is none. */
  readonly bound: number;
  /** The best plan found, users assigned and counted; null = none. */
  readonly sites: readonly number[] | null;
  readonly finished: boolean;
  readonly work: number;
}

export type CapacityTask =
  | { readonly kind: 'walk'; readonly task: WalkTask }
  | { readonly kind: 'proof'; readonly task: CapacityProofTask };

export type CapacityResult =
  | { readonly kind: 'walk'; readonly result: WalkResult }
  | { readonly kind: 'proof'; readonly result: CapacityProof };

export type CapacityKernel = Kernel<CapacityModel, CapacityTask, CapacityResult>;

/** The tasks of a round with capacities. */
export function createCapacityKernel(mip: MipSolver): CapacityKernel {
  return {
    name: 'solve-capacity-round',
    async run(model, { kind, task }, context): Promise<CapacityResult> {
      if (kind === 'walk') return { kind, result: walk(model, task, () => context.shouldStop()) };
      return { kind, result: await prove(model, task, mip) };
    },
  };
}

export const capacityKernel: CapacityKernel = createCapacityKernel(highsSolver);

async function prove(model: CapacityModel, task: CapacityProofTask, mip: MipSolver): Promise<CapacityProof> {
  const written = writeCapacityModel(model);
  const known = task.sites === null ? null : await assignByLp(model, task.sites, mip);
  const start = known === null ? null : pointOfState(written, known);
  const answer = await mip.solveMip(written.linear, task.limits, start);
  const work = answer.iterations * written.linear.rowOfEntry.length;
  if (answer.status === 'infeasible') return { bound: Infinity, sites: null, finished: true, work };
  const sites = answer.values === null ? null : sitesOfShares(written, answer.values);
  const state = sites === null ? null : await assignByLp(model, sites, mip);
  return { bound: answer.bound, sites: state?.sites() ?? null, finished: answer.status === 'optimal', work };
}
