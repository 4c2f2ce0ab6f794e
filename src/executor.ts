/**
 * A plain function that a worker can run by name. `shared` holds read-only inputs on SharedArrayBuffers (they
 * reach every thread by reference); `task` and the result are small or transferable structured-clone data.
 */
export interface Kernel<Shared, Task, Result> {
  readonly name: string;
  run(shared: Shared, task: Task): Result | Promise<Result>;
}

/**
 * Runs kernels; knows nothing of their meaning. Results come back in task order, whatever the number of threads,
 * so that everything reduced from them is byte-identical for 1, 2 or N threads.
 */
export interface Executor {
  /** How many tasks run at once. */
  readonly threads: number;
  map<Shared, Task, Result>(
    kernel: Kernel<Shared, Task, Result>,
    shared: Shared,
    tasks: readonly Task[],
  ): Promise<Result[]>;
}

/** The default executor: one task after the other, in this thread. Works in a browser. */
export const inProcessExecutor: Executor = {
  threads: 1,
  async map(kernel, shared, tasks) {
    const results = [];
    for (const task of tasks) results.push(await kernel.run(shared, task));
    return results;
  },
};
