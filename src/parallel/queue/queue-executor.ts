import { randomUUID } from 'node:crypto';
import type { Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import { EnvironmentError } from '../../errors.ts';
import type { Executor, Kernel, MapOptions } from '../../executor.ts';
import { mapInLanes } from '../lanes.ts';
import { errorFromData, type TaskReply } from '../messages.ts';
import { connect } from './connect.ts';
import { encode, hashOf, jobOf, queueNameOf, softwareText, type JobData, type Software } from './jobs.ts';
import type { JobStore } from './job-store.ts';
import { PendingJobs, readReply } from './pending-jobs.ts';
import { Presence, TOLD_EVERY_MS, workersLine } from './presence.ts';
import type { QueueAddress } from './queue-address.ts';
import { SharedInputs } from './shared-inputs.ts';

export interface QueueOptions {
  readonly address: QueueAddress;
  readonly store: JobStore;
  /** Name of the run: letters, digits, hyphens. Two coordinators of one name share jobs and results. */
  readonly run: string;
  readonly software: Software;
  /** Runs what is not worth a job, and what is left when a run is interrupted. */
  readonly local: Executor;
  /** Called every two seconds while the run waits for workers. */
  readonly onTick?: (() => void) | undefined;
  /** How long the queue may be away before the run ends, seconds; default 300. */
  readonly longestLossS?: number | undefined;
}

export type QueueExecutor = Executor & {
  /** The workers in one line. */
  describe(): string;
  /** Leaves the queue and clears the run's files from the store. */
  close(): Promise<void>;
};

/** Jobs of one map call that stand in the queue at once. */
const IN_FLIGHT = 256;
/** How long an interrupted run waits for what its workers have so far. */
const GRACE_MS = 3_000;
/** A worker that fails by its own surroundings is not the end of a job: another may do better. */
const JOB_OPTIONS = {
  attempts: 3,
  backoff: { type: 'fixed', delay: 500 },
  removeOnComplete: true,
  removeOnFail: { age: 3_600, count: 1_000 },
  stackTraceLimit: 0,
};
const AUDIT_EVERY_MS = 1_000;

/**
 * An executor over BullMQ: tasks become jobs that `mastplan worker` takes, on any number of machines. Same kernels, same
 * tasks, results in task order: the bytes of `inProcessExecutor`. The store is what counts: a job is done when its
 * result stands there, whatever the queue says; so jobs may be lost, run twice, or finish late.
 */
export async function openQueueExecutor(options: QueueOptions): Promise<QueueExecutor> {
  const { address, software, store, run } = options;
  const client = await connect(address);
  await store.openRun(run);
  const bull = await import('bullmq');
  const name = queueNameOf(software);
  const settings = { connection: client, prefix: address.prefix };
  return new QueuedExecutor(options, {
    client,
    queue: new bull.Queue<JobData>(name, settings),
    events: new bull.QueueEvents(name, settings),
  });
}

interface Links {
  readonly client: Redis;
  readonly queue: Queue<JobData>;
  readonly events: QueueEvents;
}

/** One map call. */
interface Call {
  readonly id: string;
  readonly kernel: Kernel<unknown, unknown, unknown>;
  readonly shared: unknown;
  readonly sharedHash: string;
  readonly signal: AbortSignal | undefined;
  stopping: boolean;
  /** Resolves a grace after the call was told to stop. */
  readonly late: Promise<void>;
  readonly endGrace: () => void;
  stop(): void;
}

class QueuedExecutor implements QueueExecutor {
  readonly threads: number;
  readonly #options: QueueOptions;
  readonly #links: Links;
  readonly #presence: Presence;
  readonly #inputs: SharedInputs;
  readonly #jobs: PendingJobs;
  readonly #timers: NodeJS.Timeout[];
  #line = '';
  #done = 0;

  constructor(options: QueueOptions, links: Links) {
    this.threads = options.local.threads;
    this.#options = options;
    this.#links = links;
    const { client, queue, events } = links;
    const { address, store, run } = options;
    this.#presence = new Presence(client, address.prefix);
    this.#inputs = new SharedInputs(store, run);
    this.#jobs = new PendingJobs({
      store,
      shown: address.shown,
      longestLossS: options.longestLossS,
      isConnected: () => client.status === 'ready',
      add: async (jobId, data) => {
        await queue.add('task', data, { ...JOB_OPTIONS, jobId });
      },
      stateOf: (jobId) => queue.getJobState(jobId),
      reasonOf: async (jobId) => (await queue.getJob(jobId))?.failedReason,
      forget: async (jobId) => void (await queue.remove(jobId)),
    });
    // What fails here is tried again by the driver; whether it lasts too long, the audit decides.
    queue.on('error', ignore);
    events.on('error', ignore);
    events.on('completed', ({ jobId }) => void this.#jobs.collect(jobId));
    events.on('failed', ({ jobId, failedReason }) => void this.#jobs.failed(jobId, failedReason));
    this.#timers = [
      setInterval(() => void this.#jobs.audit(), AUDIT_EVERY_MS),
      setInterval(() => void this.#tell().catch(ignore), TOLD_EVERY_MS),
    ];
    void this.#tell().catch(ignore);
  }

  async map<Shared, Task, Result>(
    kernel: Kernel<Shared, Task, Result>,
    shared: Shared,
    tasks: readonly Task[],
    options: MapOptions = {},
  ): Promise<Result[]> {
    if (kernel.cheap === true || tasks.length === 0 || options.signal?.aborted === true) {
      return this.#options.local.map(kernel, shared, tasks, options);
    }
    const sharedHash = await this.#inputs.take(shared);
    const call = this.#callOf(
      kernel as Kernel<unknown, unknown, unknown>,
      shared,
      sharedHash,
      options.signal,
    );
    try {
      return await mapInLanes<Task, Result>(tasks, Math.min(IN_FLIGHT, tasks.length), options, {
        run: async (task) => (await this.#runTask(call, task)) as Result,
        stop: () => call.stop(),
      });
    } finally {
      call.endGrace();
      await this.#inputs.giveBack(sharedHash);
    }
  }

  describe(): string {
    const lost = this.#jobs.lostForS();
    if (lost > 2) return `the queue has been away for ${Math.round(lost)} s`;
    return this.#line;
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    const { client, queue, events } = this.#links;
    const leaving = async (): Promise<void> => {
      if (client.status === 'ready') await this.#presence.leave('run', this.#options.run);
      await events.close();
      await queue.close();
    };
    await Promise.race([leaving().catch(ignore), pause(2_000)]);
    client.disconnect();
    await this.#options.store.removeRun(this.#options.run);
  }

  #callOf(kernel: Call['kernel'], shared: unknown, sharedHash: string, signal: Call['signal']): Call {
    const id = randomUUID();
    let endGrace = (): void => undefined;
    let beLate = (): void => undefined;
    const late = new Promise<void>((resolve) => (beLate = resolve));
    const call: Call = {
      ...{ id, kernel, shared, sharedHash, signal, late },
      stopping: false,
      endGrace: () => endGrace(),
      stop: () => {
        if (call.stopping) return;
        call.stopping = true;
        const timer = setTimeout(beLate, GRACE_MS);
        endGrace = () => clearTimeout(timer);
        if (this.#links.client.status === 'ready') void this.#presence.stop(id).catch(ignore);
      },
    };
    return call;
  }

  async #runTask(call: Call, task: unknown): Promise<unknown> {
    if (call.stopping) return this.#runHere(call, task);
    const { store, run } = this.#options;
    const body = encode(task);
    const { id, data } = jobOf(run, call.id, call.kernel.name, call.sharedHash, hashOf(body));
    let reply = await readReply(store, data.result);
    if (reply === null) {
      const arrives = this.#jobs.wait(id, { data, body, isStopping: () => call.stopping });
      reply = await Promise.race([arrives, call.late.then(() => null)]);
      if (reply === null) {
        this.#jobs.drop(id);
        return this.#runHere(call, task);
      }
    }
    this.#done++;
    // The task first: whoever finds no result any more may write it again.
    await store.remove(data.task);
    await Promise.all([data.result, data.cut].map((name) => store.remove(name)));
    return valueOf(reply);
  }

  /** What is left of a call that was told to stop: its kernels see the signal and end soon. */
  async #runHere({ kernel, shared, signal }: Call, task: unknown): Promise<unknown> {
    // After a failure nobody looks at results.
    if (signal?.aborted !== true) return undefined;
    const [result] = await this.#options.local.map(kernel, shared, [task], { signal });
    return result;
  }

  async #tell(): Promise<void> {
    if (this.#jobs.size === 0 && this.#line !== '') return;
    this.#options.onTick?.();
    if (this.#links.client.status !== 'ready') return;
    const { run, software } = this.#options;
    const state = { run, stage: this.#jobs.kernel ?? '', done: this.#done, waiting: this.#jobs.size };
    await this.#presence.tell('run', run, state);
    this.#line = workersLine(await this.#presence.workers(), softwareText(software));
  }
}

function valueOf(reply: TaskReply): unknown {
  if (reply.kind === 'error') throw errorFromData(reply.error);
  if (reply.kind === 'missing')
    throw new EnvironmentError('A worker answered that it lacks inputs.', { code: 'queue-reply' });
  return reply.value;
}

function ignore(): void {
  // Told by what does not arrive.
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
