import type { Executor, Kernel } from '../executor.ts';

export interface MappedUntil<Result> {
  /** Null for tasks that were cut. */
  readonly results: (Result | null)[];
  /** Indices of the tasks that ended of themselves, ascending. */
  readonly ended: readonly number[];
}

/** What running tasks may take to end after the time is over. HiGHS hears of it between two of its steps, up to seconds apart. */
const GRACE_MS = 300;
/** A timer is no longer than a signed 32-bit number of milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs tasks until the time is over: running ones are then told to end, and what they return is left out, since it depends on
 * the speed of the machine. What ended before is whole. Tasks that do not hear it soon are left behind where the executor can be
 * left; without threads the time is looked at between tasks.
 * After an interrupt by `signal` every result counts.
 *
 * @param leftS seconds left on the caller's clock.
 * @param onEnded told of each result that counts, as it comes.
 */
export async function mapUntil<Shared, Task, Result>(
  leftS: () => number,
  executor: Executor,
  kernel: Kernel<Shared, Task, Result>,
  shared: Shared,
  tasks: readonly Task[],
  signal: AbortSignal | undefined,
  onEnded?: (task: number, result: Result) => void,
): Promise<MappedUntil<Result>> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  const results = tasks.map((): Result | null => null);
  const ended = new Set<number>();
  const onResult = (task: number, result: unknown): void => {
    if (!stop.signal.aborted) {
      ended.add(task);
      results[task] = result as Result;
      onEnded?.(task, result as Result);
    }
    if (leftS() <= 0) end();
  };
  if (signal?.aborted === true) end();
  signal?.addEventListener('abort', end);
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const running = executor.map(kernel, shared, tasks, { signal: stop.signal, onResult });
    // Set only now: results that stand from an earlier run have put the clock forward to when they were computed.
    timer = setTimeout(end, Math.min(LONGEST_TIMER_MS, Math.max(0, 1000 * leftS())));
    const all = await (executor.leavable === true ? orLeft(running, stop.signal, signal) : running);
    if (all !== null && signal?.aborted === true) return { results: all, ended: [...tasks.keys()] };
    return { results, ended: [...ended].sort((a, b) => a - b) };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

/** The results, or null once {@link GRACE_MS} have passed since the time was over. Who interrupts waits for every result. */
async function orLeft<Result>(
  running: Promise<Result[]>,
  timeOver: AbortSignal,
  interrupt: AbortSignal | undefined,
): Promise<Result[] | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const left = new Promise<null>((resolve) => {
    const wait = (): void => {
      if (interrupt?.aborted !== true) timer = setTimeout(() => resolve(null), GRACE_MS);
    };
    if (timeOver.aborted) wait();
    else timeOver.addEventListener('abort', wait, { once: true });
  });
  try {
    return await Promise.race([running, left]);
  } finally {
    clearTimeout(timer);
    // What is left behind fails when the executor is closed.
    running.catch(() => undefined);
  }
}
