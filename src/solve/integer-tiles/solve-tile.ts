import { solverAllowance } from '../cost-grid.ts';
import type { LinearModel, MipSolver } from '../mip.ts';

/** One tile to be solved with sites built or not: see `tile-attempt.ts`. Plain data, small enough to travel with the task. */
export interface IntegerTileTask {
  /** The tile's value plus `worth`. */
  readonly linear: LinearModel;
  /** What the classes of the tile are worth together, grid units. */
  readonly worth: number;
  /** Value of the tile's linear relaxation under the prices: holds whatever becomes of the solver. */
  readonly floor: number;
  readonly seed: number;
  /** Entries x simplex iterations. */
  readonly solverWork: number;
}

export interface IntegerTileResult {
  /** Lower bound on the tile's value, after the solver's allowance; at least the floor. */
  readonly value: number;
  readonly finished: boolean;
  readonly work: number;
}

const NODES = 1_000_000;

/** Branch and cut on one tile. What it has proved when its work is used up counts as well. */
export async function solveIntegerTile(
  task: IntegerTileTask,
  mip: MipSolver,
  shouldStop: () => boolean = () => false,
): Promise<IntegerTileResult> {
  const { linear, worth, floor, seed } = task;
  const entries = Math.max(1, linear.rowOfEntry.length);
  const iterations = Math.ceil(task.solverWork / entries);
  const answer = await mip.solveMip(linear, { nodes: NODES, iterations, seed, shouldStop }, null);
  const safe = answer.bound - solverAllowance(answer.bound) - worth;
  // All sites together are always a point, so another word of the solver is not believed.
  const value = answer.status !== 'infeasible' && safe > floor ? safe : floor;
  return { value, finished: answer.status === 'optimal', work: entries * answer.iterations };
}
