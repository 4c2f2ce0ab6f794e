import type { Executor, Kernel } from '../executor.ts';

export interface MappedUntil<Result> {
  /** Null for tasks that were cut. */
  readonly results: (Result | null)[];
  /** Indices of the tasks that ended of themselves, ascending. */
  readonly ended: readonly number[];
}

/** A timer is no longer than a signed 32-bit number of milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs tasks until the time is over: running ones are then told to end, and what they return is left out, since it depends on
 * the speed of the machine. What ended before is whole. Without threads the time is looked at between tasks.
 * After an interrupt by `signal` every result counts.
 *
 * @param leftS seconds left on the caller's clock.
 */
export async function mapUntil<Shared, Task, Result>(
  leftS: () => number,
  executor: Executor,
  kernel: Kernel<Shared, Task, Result>,
  shared: Shared,
  tasks: readonly Task[],
  signal: AbortSignal | undefined,
): Promise<MappedUntil<Result>> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  const ended = new Set<number>();
  const onResult = (task: number): void => {
    if (!stop.signal.aborted) ended.add(task);
    if (leftS() <= 0) end();
  };
  if (signal?.aborted === true) end();
  signal?.addEventListener('abort', end);
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const running = executor.map(kernel, shared, tasks, { signal: stop.signal, onResult });
    // Set only now: results that stand from an earlier run have put the clock forward to when they were computed.
    timer = setTimeout(end, Math.min(LONGEST_TIMER_MS, Math.max(0, 1000 * leftS())));
    const results = await running;
    if (signal?.aborted === true) return { results, ended: [...tasks.keys()] };
    const whole = results.map((result, task) => (ended.has(task) ? result : null));
    return { results: whole, ended: [...ended].sort((a, b) => a - b) };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}
