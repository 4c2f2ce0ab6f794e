/** What a running kernel may ask of whoever runs it. */
export interface KernelContext {
  /** True once the caller's signal is aborted (or another task failed): end soon and return the best so far. */
  shouldStop(): boolean;
}

/**
 * A plain function that a worker can run by name. `shared` holds read-only inputs on SharedArrayBuffers (they
 * reach every thread by reference; the rest of it is copied once per thread, so it must not change while in use);
 * `task` and the result are small or transferable structured-clone data. A thread keeps seeing one and the same
 * `shared` object while the caller hands over the same one, so a kernel may hold derived data in a WeakMap on it.
 */
export interface Kernel<Shared, Task, Result> {
  readonly name: string;
  /** True when a result takes no longer to compute than to write down: checkpoints leave it out. */
  readonly cheap?: true;
  run(shared: Shared, task: Task, context: KernelContext): Result | Promise<Result>;
}

export interface MapOptions {
  /** Tells running kernels to end (`KernelContext.shouldStop`); results still come back for every task. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each finished task with the number finished so far, in no promised task order. */
  readonly onTaskDone?: ((done: number, total: number) => void) | undefined;
  /** Called with each result as it arrives, in no promised task order; no more once a task has failed. */
  readonly onResult?: ((task: number, result: unknown) => void) | undefined;
}

/**
 * Runs kernels; knows nothing of their meaning. Results come back in task order, whatever the number of threads,
 * so that everything reduced from them is byte-identical for 1, 2 or N threads. When tasks fail, the error of the
 * first of them in task order is thrown.
 */
export interface Executor {
  /** How many tasks run at once. */
  readonly threads: number;
  /**
   * True when a call may be left before it is over: tasks that are deaf to `signal` keep a thread of their own busy, nobody
   * waits for them, and closing the executor ends them.
   */
  readonly leavable?: true | undefined;
  map<Shared, Task, Result>(
    kernel: Kernel<Shared, Task, Result>,
    shared: Shared,
    tasks: readonly Task[],
    options?: MapOptions,
  ): Promise<Result[]>;
}

/** Between tasks the event loop gets a turn this often, so that signals and timers are seen. */
const YIELD_AFTER_MS = 50;

/** A pause to be awaited between steps of long work in one thread: lets the event loop run every 50 ms, at once else. */
export function breather(): () => Promise<void> {
  let lastYieldMs = performance.now();
  return async () => {
    if (performance.now() - lastYieldMs <= YIELD_AFTER_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    lastYieldMs = performance.now();
  };
}

/** The default executor: one task after the other, in this thread. Works in a browser. */
export const inProcessExecutor: Executor = {
  threads: 1,
  async map(kernel, shared, tasks, options = {}) {
    const { signal, onTaskDone, onResult } = options;
    const context: KernelContext = { shouldStop: () => signal?.aborted === true };
    const results = [];
    const breathe = breather();
    for (const task of tasks) {
      const result = await kernel.run(shared, task, context);
      onResult?.(results.length, result);
      results.push(result);
      onTaskDone?.(results.length, tasks.length);
      await breathe();
    }
    return results;
  },
};
