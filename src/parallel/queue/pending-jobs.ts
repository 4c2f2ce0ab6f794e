import { EnvironmentError } from '../../errors.ts';
import type { TaskReply } from '../messages.ts';
import { decode, type JobData } from './jobs.ts';
import { unsealed, writeInputs, type JobStore } from './job-store.ts';

/** What pending jobs need of the queue. */
export interface JobQueue {
  readonly store: JobStore;
  readonly shown: string;
  isConnected(): boolean;
  /** Adds the job; one of the same id that stands in the queue stays. */
  add(jobId: string, data: JobData): Promise<void>;
  stateOf(jobId: string): Promise<string>;
  reasonOf(jobId: string): Promise<string | undefined>;
  forget(jobId: string): Promise<void>;
  /** A queue that has been away so long ends the run; default 300 s. */
  readonly longestLossS?: number | undefined;
}

/** A job to be done: what it names, and what workers are to read of it. */
export interface WantedJob {
  readonly data: JobData;
  /** The task as it stands in the store. */
  readonly body: Uint8Array;
  readonly isStopping: () => boolean;
}

interface Pending extends WantedJob {
  readonly arrives: Promise<TaskReply>;
  readonly settle: (reply: TaskReply) => void;
  readonly fail: (error: Error) => void;
  isAdded: boolean;
  isCollecting: boolean;
  /** How often the queue was done with it and no result stood in the store. */
  vain: number;
}

/** A restart, or a minute's cut, is no reason to end a run. */
const LONGEST_LOSS_S = 300;
/** Times a job is put into the queue again because it went without a result. */
const MOST_VAIN = 5;

/**
 * Jobs whose results are awaited. Events of the queue are hints; once a second an audit asks for every job and puts those
 * that are gone (a queue that has lost its memory, a cut result) into the queue again.
 */
export class PendingJobs {
  readonly #queue: JobQueue;
  readonly #pending = new Map<string, Pending>();
  #lostSinceMs: number | null = null;
  #isAuditing = false;

  constructor(queue: JobQueue) {
    this.#queue = queue;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Name of the kernel that is at work. */
  get kernel(): string | undefined {
    return this.#pending.values().next().value?.data.kernel;
  }

  lostForS(): number {
    return this.#lostSinceMs === null ? 0 : (performance.now() - this.#lostSinceMs) / 1000;
  }

  /** Puts a job into the queue; the reply that will stand in the store. */
  wait(id: string, job: WantedJob): Promise<TaskReply> {
    const standing = this.#pending.get(id);
    if (standing !== undefined) return standing.arrives;
    let settle: Pending['settle'] = () => undefined;
    let fail: Pending['fail'] = () => undefined;
    const arrives = new Promise<TaskReply>((resolve, reject) => {
      settle = resolve;
      fail = reject;
    });
    // Whoever waits hears of a failure; a job that was dropped has nobody who does.
    arrives.catch(() => undefined);
    const pending = { ...job, arrives, settle, fail };
    this.#pending.set(id, { ...pending, isAdded: false, isCollecting: false, vain: 0 });
    void this.#add(id);
    return arrives;
  }

  /** No longer awaited: a job that has not begun leaves the queue. */
  drop(id: string): void {
    this.#pending.delete(id);
    if (this.#queue.isConnected()) this.#queue.forget(id).catch(() => undefined);
  }

  /** The queue says that the job is done. */
  async collect(id: string): Promise<void> {
    const pending = this.#pending.get(id);
    if (pending === undefined || pending.isCollecting) return;
    pending.isCollecting = true;
    try {
      const { store } = this.#queue;
      let reply = await readReply(store, pending.data.result);
      if (reply === null && pending.isStopping()) reply = await readReply(store, pending.data.cut);
      if (reply !== null) {
        this.#pending.delete(id);
        pending.settle(reply);
      } else if (++pending.vain > MOST_VAIN) this.#end(id, this.#invisible());
      else await this.#add(id);
    } catch (error) {
      this.#end(id, error as Error);
    } finally {
      pending.isCollecting = false;
    }
  }

  /** Workers have given the job up: for good, unless a fellow coordinator had cleared away what they were to read. */
  async failed(id: string, reason: string | undefined): Promise<void> {
    const pending = this.#pending.get(id);
    if (pending === undefined || pending.isCollecting) return;
    pending.isCollecting = true;
    await this.#queue.forget(id).catch(() => undefined);
    const isCleared = await this.#isCleared(pending.data.task);
    pending.isCollecting = false;
    if (isCleared && ++pending.vain <= MOST_VAIN) {
      await this.#add(id);
      return;
    }
    const stalled = /stalled more than/.test(reason ?? '');
    this.#end(
      id,
      new EnvironmentError(
        stalled
          ? 'Workers ended again and again on the same piece of work.'
          : `A worker failed: ${reason ?? 'no reason given'}`,
        {
          code: stalled ? 'worker-ended' : 'worker-failed',
          hint: 'Its own messages say more; with --resume what was finished is kept.',
        },
      ),
    );
  }

  async #isCleared(name: string): Promise<boolean> {
    try {
      return (await this.#queue.store.read(name)) === null;
    } catch {
      return false;
    }
  }

  async audit(): Promise<void> {
    if (this.#isAuditing || !this.#isThere()) return;
    this.#isAuditing = true;
    try {
      const ids = [...this.#pending].filter(([, { isAdded }]) => isAdded).map(([id]) => id);
      await Promise.all(ids.map((id) => this.#auditJob(id)));
    } catch {
      // The queue went away meanwhile: the next audit sees to it.
    } finally {
      this.#isAuditing = false;
    }
  }

  async #auditJob(id: string): Promise<void> {
    const state = await this.#queue.stateOf(id);
    if (state === 'failed') await this.failed(id, await this.#queue.reasonOf(id));
    else if (state === 'unknown' || state === 'completed') await this.collect(id);
  }

  #isThere(): boolean {
    if (this.#queue.isConnected()) {
      this.#lostSinceMs = null;
      return true;
    }
    this.#lostSinceMs ??= performance.now();
    const longestS = this.#queue.longestLossS ?? LONGEST_LOSS_S;
    if (this.lostForS() > longestS) {
      const error = new EnvironmentError(
        `The queue ${this.#queue.shown} has been unreachable for ${longestS} s.`,
        { code: 'queue-unreachable', hint: 'Run again; with --resume what was finished is kept.' },
      );
      for (const id of [...this.#pending.keys()]) this.#end(id, error);
    }
    return false;
  }

  /** Into the queue, its task into the store before: a fellow coordinator that had the result first has cleared it. */
  async #add(id: string): Promise<void> {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    pending.isAdded = false;
    try {
      await writeInputs(this.#queue.store, pending.data.task, pending.body);
      await this.#queue.add(id, pending.data);
      pending.isAdded = true;
    } catch (error) {
      this.#end(id, error as Error);
    }
  }

  #end(id: string, error: Error): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.fail(error);
  }

  #invisible(): EnvironmentError {
    return new EnvironmentError(
      `Workers say that a piece of work is done, but no result stands in ${this.#queue.store.shown}.`,
      { code: 'queue-store', hint: 'Every worker must see the same store under --queue-store.' },
    );
  }
}

/** The reply in the store; null where none stands. A damaged one is removed: the work is done again. */
export async function readReply(store: JobStore, name: string): Promise<TaskReply | null> {
  const file = await store.read(name);
  if (file === null) return null;
  const body = unsealed(file);
  if (body !== null) return decode(body) as TaskReply;
  await store.remove(name);
  return null;
}
