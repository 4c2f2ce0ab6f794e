import type { Executor } from '../executor.ts';

/**
 * What an interrupted run leaves for its continuation (design section 2). Everything a run computes follows from its
 * inputs and from the results of its tasks, so these are what is kept: a resumed run takes the same way and is handed
 * the results that stand, until it is past the point where the earlier run ended.
 */
export interface Checkpoint {
  /** Runs tasks as `executor` does, except those whose results stand; `scope` names the stage they belong to. */
  executor(scope: string, executor: Executor): Executor;
  /** The result of a stage that the earlier run finished, else that of `work`; cut short by `signal` it is not kept. */
  result<Result>(
    stage: string,
    work: () => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result>;
  /** Seconds spent, those of the earlier runs included: a time limit counts them too. */
  nowS(): number;
}

/** Keeps nothing. */
export const noCheckpoint: Checkpoint = {
  executor: (_scope, executor) => executor,
  result: (_stage, work) => work(),
  nowS: () => performance.now() / 1000,
};
