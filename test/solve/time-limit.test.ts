import { describe, expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';
import { inProcessExecutor, type Executor, type Kernel } from '../../src/executor.ts';
import { readInstance } from '../../src/input/instance/read-instance.ts';
import { mapUntil } from '../../src/solve/map-until.ts';
import { solve } from '../../src/solve/solve.ts';

const doubling: Kernel<null, number, number> = { name: 'double', run: (_, task) => 2 * task };

describe('a time limit inside a round', () => {
  it('leaves out the tasks it cut and keeps those that had ended', async () => {
    const left = [100, 2, 0, 0];
    const leftS = (): number => left.shift() ?? 0;
    const { results, ended } = await mapUntil(leftS, inProcessExecutor, doubling, null, [1, 2, 3], undefined);
    expect(results).toEqual([2, 4, null]);
    expect(ended).toEqual([0, 1]);
  });

  it('leaves tasks behind that do not hear the end, where the executor can be left', async () => {
    const deaf: Executor = {
      threads: 2,
      leavable: true,
      map: (_kernel, _shared, _tasks, options) => {
        options?.onResult?.(1, 4);
        return new Promise(() => undefined);
      },
    };
    const { results, ended } = await mapUntil(() => 0.05, deaf, doubling, null, [1, 2, 3], undefined);
    expect(results).toEqual([null, 4, null]);
    expect(ended).toEqual([1]);
  });

  it('waits for every result after an interrupt, however late the time', async () => {
    const user = new AbortController();
    const slow: Executor = {
      threads: 2,
      leavable: true,
      map: async (_kernel, _shared, tasks) => {
        user.abort();
        await new Promise((resolve) => setTimeout(resolve, 500));
        return tasks.map((task) => 2 * Number(task)) as never;
      },
    };
    const { results } = await mapUntil(() => 0.05, slow, doubling, null, [1, 2, 3], user.signal);
    expect(results).toEqual([2, 4, 6]);
  });

  it('keeps every result after an interrupt: a plan cut short is a plan', async () => {
    const user = new AbortController();
    user.abort();
    const { results } = await mapUntil(() => 100, inProcessExecutor, doubling, null, [1, 2, 3], user.signal);
    expect(results).toEqual([2, 4, 6]);
  });

  it('is replayed to the same plan from the tasks that had ended', async () => {
    const instance = fileURLToPath(new URL('../../data/instances/H1-unit-1500m.json.gz', import.meta.url));
    const problem = await readInstance(instance, {});
    // A clock of tasks: it stands still but for one second per task that ends, so that the cut falls on the same task everywhere.
    let tasksEnded = 0;
    const counting: Executor = {
      threads: 1,
      map: (kernel, shared, tasks, options) =>
        inProcessExecutor.map(kernel, shared, tasks, {
          ...options,
          onResult: (task, result) => {
            tasksEnded++;
            options?.onResult?.(task, result);
          },
        }),
    };
    const quick = { seed: 5, effort: 'quick', gapGoal: 0 } as const;
    const limits = { ...quick, timeLimitS: 1000, nowS: () => 250 * tasksEnded, executor: counting };
    const cut = await solve(problem, limits);
    // The stretch before the first round, then the relaxation and two walks of it.
    expect(cut).toMatchObject({ stoppedBy: 'time', cutRound: [0, 1, 2] });
    const replay = await solve(problem, {
      ...{ ...quick, timeLimitS: null, executor: inProcessExecutor },
      ...{ replayRounds: cut.rounds, replayTasks: cut.cutRound },
    });
    expect({ ...replay, cutRound: cut.cutRound }).toEqual(cut);
  });
});
