import { createHash } from 'node:crypto';
import { serialize } from 'node:v8';
import type { Executor, Kernel, MapOptions } from '../executor.ts';

/** Which task of a run a result belongs to. */
export interface TaskKey {
  readonly scope: string;
  /** Number of the map call within its scope. */
  readonly call: number;
  readonly task: number;
  /** Of kernel and task: a result is never handed to a task it was not computed for. */
  readonly hash: string;
}

/** Where results stand. */
export interface ResultStore {
  find(key: TaskKey): { readonly value: unknown } | null;
  keep(key: TaskKey, value: unknown): void;
}

/** An executor that records results and computes only what is not recorded; cheap kernels always run. */
export function recordingExecutor(scope: string, inner: Executor, store: ResultStore): Executor {
  let calls = 0;
  return {
    threads: inner.threads,
    leavable: inner.leavable,
    map: async (kernel, shared, tasks, options = {}) => {
      const call = calls++;
      if (kernel.cheap === true) return inner.map(kernel, shared, tasks, options);
      const keys = tasks.map((task, index) => ({ scope, call, task: index, hash: hashOf(kernel, task) }));
      return mapMissing(inner, store, { kernel, shared, tasks, keys, options });
    },
  };
}

interface Call<Shared, Task, Result> {
  readonly kernel: Kernel<Shared, Task, Result>;
  readonly shared: Shared;
  readonly tasks: readonly Task[];
  readonly keys: readonly TaskKey[];
  readonly options: MapOptions;
}

async function mapMissing<Shared, Task, Result>(
  inner: Executor,
  store: ResultStore,
  { kernel, shared, tasks, keys, options }: Call<Shared, Task, Result>,
): Promise<Result[]> {
  const found = keys.map((key) => store.find(key));
  const missing = [...tasks.keys()].filter((index) => found[index] === null);
  const standing = tasks.length - missing.length;
  // Who waits for results until a time limit must hear of these too: it leaves out what it never heard of.
  found.forEach((entry, index) => {
    if (entry !== null) options.onResult?.(index, entry.value);
  });
  if (standing > 0) options.onTaskDone?.(standing, tasks.length);
  const computed =
    missing.length === 0
      ? []
      : await inner.map(
          kernel,
          shared,
          missing.map((index) => tasks[index]!),
          {
            signal: options.signal,
            onTaskDone: (done) => options.onTaskDone?.(standing + done, tasks.length),
            onResult: (place, result) => {
              options.onResult?.(missing[place]!, result);
              // A task that was told to stop returns what it had by then: true of this run alone.
              if (options.signal?.aborted !== true) store.keep(keys[missing[place]!]!, result);
            },
          },
        );
  const results = found.map((entry) => entry?.value as Result);
  missing.forEach((index, place) => (results[index] = computed[place]!));
  return results;
}

function hashOf(kernel: { readonly name: string }, task: unknown): string {
  return createHash('sha256')
    .update(kernel.name)
    .update('\0')
    .update(serialize(task))
    .digest('hex')
    .slice(0, 32);
}
