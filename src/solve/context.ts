import { formatGap } from '../format-gap.ts';
import type { Executor } from '../executor.ts';
import { fromUnits, type CostGrid } from './cost-grid.ts';
import { planOf, type EffortPlan } from './effort.ts';
import {
  budgetKernel,
  createBudgetKernel,
  createRoundKernel,
  roundKernel,
  type BudgetKernel,
  type RoundKernel,
  type RoundModels,
  type RoundResult,
  type RoundTask,
} from './kernels.ts';
import { inProcessExecutor } from '../executor.ts';
import { inTaskOrder } from './in-task-order.ts';
import { mapUntil } from './map-until.ts';
import type { SolveOptions, StopReason, TraceEntry } from './solution.ts';

/** What a whole run shares: limits, trace, notes, and where kernels run. */
export class SolveContext {
  readonly options: SolveOptions;
  readonly effort: EffortPlan;
  readonly executor: Executor;
  readonly kernel: RoundKernel;
  readonly kernelOfBudget: BudgetKernel;
  readonly trace: TraceEntry[] = [];
  readonly notes: string[] = [];
  /** Rounds over all phases. */
  rounds = 0;
  /** Rounds and whatever else a limit may end before it begins: what a replay counts. */
  steps = 0;
  work = 0;
  /** Tasks of the last step that ended before the time limit cut it; undefined = all did. */
  cutRound: readonly number[] | undefined;
  /** True when branch and cut has shown that no plan meets the targets of some phase. */
  provedInfeasible = false;
  readonly #startS: number;
  #lastRoundS = 0;
  #roundStartS = 0;

  constructor(options: SolveOptions) {
    this.options = options;
    this.effort = planOf(options.effort);
    this.kernel = options.mip === undefined ? roundKernel : createRoundKernel(options.mip);
    this.kernelOfBudget = options.mip === undefined ? budgetKernel : createBudgetKernel(options.mip);
    this.executor = options.mip === undefined ? options.executor : inProcessExecutor;
    this.#startS = this.nowS();
  }

  nowS(): number {
    return this.options.nowS === undefined ? performance.now() / 1000 : this.options.nowS();
  }

  /** Why no further step may begin, or null. */
  stopReason(): StopReason | null {
    if (this.options.signal?.aborted === true) return 'interrupt';
    const { replayRounds, timeLimitS } = this.options;
    if (replayRounds !== undefined) return this.steps >= replayRounds ? 'time' : null;
    if (timeLimitS === null) return null;
    // A round that would end well beyond the limit is not begun; one whose tasks are cut at the limit may always begin.
    return this.cutRound !== undefined || this.#leftS(timeLimitS) <= 0.5 * this.#lastRoundS ? 'time' : null;
  }

  beginRound(): void {
    this.rounds++;
    // What reading and reducing have left (30 MB of heap on planar F) would stay through the rounds.
    if (this.rounds === 1) globalThis.gc?.();
    this.steps++;
    this.#roundStartS = this.nowS();
  }

  /** For rounds that are not run by {@link runTasks}: their length says whether another one fits. */
  endRound(): void {
    this.#lastRoundS = this.nowS() - this.#roundStartS;
  }

  /**
   * Runs the tasks of a step and takes their results in task order, each as soon as it and those before it are there. What a time limit
   * cut is left out: what ended before counts, and a replay repeats just that. After an interrupt every task counts, with what it had found.
   */
  async runTasks(
    shared: RoundModels,
    tasks: readonly RoundTask[],
    take: (result: RoundResult, task: number) => void,
  ): Promise<void> {
    const { executor, kernel } = this;
    const { signal, timeLimitS, replayRounds, replayTasks } = this.options;
    const order = inTaskOrder(take);
    if (replayRounds === undefined && timeLimitS !== null) {
      const leftS = (): number => this.#leftS(timeLimitS);
      const { results, ended } = await mapUntil(
        leftS,
        executor,
        kernel,
        shared,
        tasks,
        signal,
        order.arrived,
      );
      if (ended.length < tasks.length) this.cutRound = ended;
      order.finish(results);
      return;
    }
    const isLast = this.steps === replayRounds && replayTasks !== undefined;
    const counted = [...tasks.keys()].filter((task) => !isLast || replayTasks.includes(task));
    const asked = counted.map((task) => tasks[task]!);
    const onResult = (place: number, result: unknown): void =>
      order.arrived(counted[place]!, result as RoundResult);
    const answers = await executor.map(kernel, shared, asked, { signal, onResult });
    const results = tasks.map((): RoundResult | null => null);
    counted.forEach((task, place) => (results[task] = answers[place]!));
    order.finish(results);
  }

  #leftS(timeLimitS: number): number {
    return timeLimitS - (this.nowS() - this.#startS);
  }

  /** A line of a budget run: `incumbent` is what is covered, `lowerBound` stands for the upper bound. */
  recordCoverage(covered: number, upperBound: number, foundBy: string): void {
    const gap = upperBound <= 0 ? 0 : (upperBound - covered) / upperBound;
    const { rounds: round, work } = this;
    this.trace.push({
      phase: 'budget',
      round,
      work,
      incumbent: covered,
      lowerBound: upperBound,
      gap,
      foundBy,
    });
    const message = `budget, round ${round}: covered ${round2(covered)}, at most ${round2(upperBound)}, gap ${(100 * gap).toFixed(2)} % (${foundBy})`;
    this.options.onProgress?.({ stage: 'solve', message });
  }

  record(phase: string, grid: CostGrid, incumbent: number | null, bound: number, foundBy: string): void {
    const cost = incumbent === null ? null : fromUnits(grid, incumbent);
    const lowerBound = fromUnits(grid, Math.max(0, bound));
    const gap = cost === null ? null : gapOf(cost, lowerBound);
    const entry: TraceEntry = {
      phase,
      round: this.rounds,
      work: this.work,
      incumbent: cost,
      lowerBound,
      gap,
      foundBy,
    };
    this.trace.push(entry);
    this.options.onTrace?.(entry);
    this.options.onProgress?.({
      stage: 'solve',
      message: traceLine(phase, this.rounds, cost, lowerBound, gap, foundBy),
    });
  }
}

/** (cost - bound) / cost, 0 when nothing needs building. Design section 6. */
export function gapOf(cost: number, bound: number): number {
  return cost <= 0 ? 0 : Math.max(0, (cost - bound) / cost);
}

function traceLine(
  phase: string,
  round: number,
  cost: number | null,
  bound: number,
  gap: number | null,
  foundBy: string,
): string {
  const plan = cost === null ? 'no plan yet' : `cost ${round2(cost)}`;
  const proof = bound > 0 || cost === 0 ? `bound ${round2(bound)}` : 'no bound yet';
  const rest = gap === null || gap === 1 ? '' : `, gap ${formatGap(gap)}`;
  return `${phase}, round ${round}: ${plan}, ${proof}${rest} (${foundBy})`;
}

function round2(value: number): string {
  return String(Math.round(100 * value) / 100);
}
