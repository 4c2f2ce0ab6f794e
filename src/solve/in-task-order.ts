/** Where results of tasks are taken up. */
export interface TaskOrder<Result> {
  /** A result has come, in no promised order. */
  arrived(task: number, result: Result): void;
  /** All have come that will; null for tasks that were cut. */
  finish(results: readonly (Result | null)[]): void;
}

/** Takes each result once, in task order, as soon as those of all tasks before it are there: what is found late holds up nothing found early. */
export function inTaskOrder<Result>(take: (result: Result, task: number) => void): TaskOrder<Result> {
  const waiting = new Map<number, Result>();
  let next = 0;
  const takeWaiting = (): void => {
    for (let result = waiting.get(next); result !== undefined; result = waiting.get(next)) {
      waiting.delete(next);
      take(result, next++);
    }
  };
  return {
    arrived: (task, result) => {
      waiting.set(task, result);
      takeWaiting();
    },
    finish: (results) => {
      for (; next < results.length; next++) {
        const result = results[next]!;
        if (result !== null) take(result, next);
      }
    },
  };
}
