import type { MapOptions } from '../executor.ts';

export interface Lane<Task, Result> {
  run(task: Task): Promise<Result>;
  /** Called once the caller's signal is aborted or a task has failed: what runs is to end soon. */
  stop(): unknown;
}

/**
 * Runs tasks, so many in flight at once; results come back in task order. When tasks fail, no further one is begun and
 * the error of the first of them in task order is thrown.
 */
export async function mapInLanes<Task, Result>(
  tasks: readonly Task[],
  inFlight: number,
  { signal, onTaskDone, onResult }: MapOptions,
  lane: Lane<Task, Result>,
): Promise<Result[]> {
  const results = new Array<Result>(tasks.length);
  const errors: { task: number; error: Error }[] = [];
  let next = 0;
  let done = 0;
  const askToStop = (): void => void lane.stop();
  const runLane = async (): Promise<void> => {
    while (next < tasks.length && errors.length === 0) {
      const task = next++;
      try {
        const result = await lane.run(tasks[task]!);
        // After a failure the others are told to stop: what they return then is not their whole result.
        if (errors.length > 0) break;
        onResult?.(task, result);
        results[task] = result;
        onTaskDone?.(++done, tasks.length);
      } catch (thrown) {
        errors.push({ task, error: thrown as Error });
        askToStop();
      }
    }
  };
  if (signal?.aborted === true) askToStop();
  signal?.addEventListener('abort', askToStop);
  try {
    await Promise.all(Array.from({ length: inFlight }, runLane));
  } finally {
    signal?.removeEventListener('abort', askToStop);
  }
  const first = errors.sort((a, b) => a.task - b.task)[0];
  if (first !== undefined) throw first.error;
  return results;
}
