import type { Executor } from '../executor.ts';
import type { ProgressListener } from '../progress.ts';
import type { Assignment } from './capacity/assign-plan.ts';
import type { MipSolver } from './mip.ts';

export type SolveStatus = 'optimal' | 'feasible' | 'infeasible' | 'unknown' | 'interrupted';

/** `work`: the effort was used up; `gap`: the goal (proof) was reached. */
export type StopReason = 'gap' | 'work' | 'time' | 'interrupt' | 'infeasible';

/** One line of the trace: a new incumbent or a better bound. Counted in rounds and work, never in time. */
export interface TraceEntry {
  readonly phase: string;
  readonly round: number;
  /** Covered pairs touched so far, a deterministic measure of effort. */
  readonly work: number;
  /** Cost; with a budget what is covered. */
  readonly incumbent: number | null;
  /** With a budget the upper bound on what can be covered. */
  readonly lowerBound: number;
  readonly gap: number | null;
  /** `greedy`, `redundancy`, `annealing, task 3`, `lagrangian`, `core MIP`, ... */
  readonly foundBy: string;
}

export interface TargetOutcome {
  readonly period: number;
  readonly region: string | null;
  /** As the target: users of one service alone. */
  readonly service?: string | undefined;
  readonly needUsers: number;
  readonly totalUsers: number;
  /** Exact recount over the chosen sites and today's service, in the unit of `problem.users`. */
  readonly servedUsers: number;
  readonly met: boolean;
  /** Users no allowed candidate reaches and today's network does not serve. */
  readonly unreachableUsers: number;
  /** As the target: users count when this many sites cover them. */
  readonly backup?: number | undefined;
}

export interface PhaseOutcome {
  readonly name: string;
  readonly status: SolveStatus;
  /** Site indices that stand at the end of the phase, in building order (each adds most per cost). */
  readonly sites: readonly number[];
  readonly cost: number;
  readonly lowerBound: number;
  readonly gap: number;
  /** Given the later phase's sites; equal to the above for the last phase and `as-built`. */
  readonly nestedLowerBound: number;
  readonly nestedGap: number;
  /** The targets of this phase and of all before it. */
  readonly targets: readonly TargetOutcome[];
  /** Where capacities act: who is served where. */
  readonly assignment?: Assignment | undefined;
}

export interface BudgetOutcome {
  /** `mean`: users served summed over periods, in the unit of `problem.users`; `worst`: smallest share of a period, 0..1. */
  readonly covered: number;
  /** Proven, in the same unit. */
  readonly upperBound: number;
  /** (upperBound - covered) / upperBound. */
  readonly gap: number;
}

export interface Solution {
  readonly status: SolveStatus;
  readonly stoppedBy: StopReason;
  /** True when the plan written meets every target (also for an interrupted run). */
  readonly feasible: boolean;
  /** The last phase's sites in building order over all phases: those of phase 1 first. */
  readonly sites: readonly number[];
  /** Per entry of `sites`: index of the phase that builds it. */
  readonly phaseOfSite: readonly number[];
  readonly cost: number;
  /** Of the last phase; with a budget 0 (see `budget`). */
  readonly lowerBound: number;
  readonly gap: number;
  readonly phases: readonly PhaseOutcome[];
  readonly budget: BudgetOutcome | null;
  /** Rounds and first stretches of the first-order method over all phases; `replayRounds` repeats exactly these. */
  readonly rounds: number;
  /** Tasks of the last of them that ended before a time limit cut it; absent = all. `replayTasks` repeats these. */
  readonly cutRound?: readonly number[] | undefined;
  readonly trace: readonly TraceEntry[];
  /** One sentence per proof or reduction: what was merged, dominated, fixed, proved infeasible and why. */
  readonly notes: readonly string[];
}

export type Effort = 'quick' | 'normal' | 'thorough';

/** A number of tiles, `auto`: tiles where a model is very large, `off`: one search over the whole. */
export type TileChoice = number | 'auto' | 'off';

export interface SolveOptions {
  readonly seed: number;
  readonly effort: Effort;
  /** Ends rounds and, with threads, running tasks; null = none. */
  readonly timeLimitS: number | null;
  /** Stop when gap <= this; 0 = proof. */
  readonly gapGoal: number;
  readonly executor: Executor;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
  /** Called at once for every entry of the trace: whoever wants times stamps them outside. */
  readonly onTrace?: ((entry: TraceEntry) => void) | undefined;
  /** Seconds on any monotonic clock; injected so that solve/ needs no Node and tests can drive time. */
  readonly nowS?: (() => number) | undefined;
  /** Sites of an earlier plan to start from; what breaks a rule is left out, what is missing is added. */
  readonly start?: readonly number[] | undefined;
  /** Stop after as many rounds as a time-limited run recorded (`Solution.rounds`): the same plan comes out. */
  readonly replayRounds?: number | undefined;
  /** Of the last of these rounds only these tasks count (`Solution.cutRound`); absent = all. */
  readonly replayTasks?: readonly number[] | undefined;
  /** How the problem is cut into tiles (`tiles/`); default `off`. */
  readonly tiles?: TileChoice | undefined;
  /** Default: HiGHS, run where the executor runs kernels. Another one runs in this thread. */
  readonly mip?: MipSolver | undefined;
}
