import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { EnvironmentError } from '../../errors.ts';
import type { Kernel } from '../../executor.ts';
import { errorToData, type TaskReply } from '../messages.ts';
import { createPool, type Pool } from '../pool.ts';
import { connect } from './connect.ts';
import {
  checkedJob,
  decode,
  encode,
  hashInName,
  onSharedMemory,
  queueNameOf,
  softwareText,
  type JobData,
  type Software,
} from './jobs.ts';
import { sealed, unsealed, type JobStore } from './job-store.ts';
import { Presence, TOLD_EVERY_MS, type WorkerState } from './presence.ts';
import type { QueueAddress } from './queue-address.ts';

export interface QueueWorkerOptions {
  readonly address: QueueAddress;
  readonly store: JobStore;
  readonly software: Software;
  /** Tasks at once, each in a thread of its own. */
  readonly threads: number;
  readonly heapMbPerThread?: number | undefined;
  /** URLs of modules whose export `kernels` joins the built-in ones. */
  readonly kernelModules?: readonly string[] | undefined;
  readonly onNotice?: ((sentence: string) => void) | undefined;
  /** How long a job stays with a worker that is not heard of; default 3 s. */
  readonly lockMs?: number | undefined;
}

export interface QueueWorker {
  readonly id: string;
  state(): WorkerState;
  /** Takes no further work; ends when what runs is done. */
  close(): Promise<void>;
}

/**
 * A dead worker's job goes to another when its lock runs out and the next look at stalled jobs finds it: 3 s + 1 s at
 * most. The lock is renewed by this process's event loop, which never computes.
 */
const LOCK_MS = 3_000;
/** Looks at stalled jobs in the time of a lock. */
const LOOKS_PER_LOCK = 3;
/** Workers may come and go; a task that has ended so many of them is given up. */
const MOST_STALLS = 5;
/** How often calls are asked whether they were told to stop. */
const STOP_EVERY_MS = 500;
/** Inputs kept in memory, the least recently used go first: as many as a thread keeps. */
const INPUTS_KEPT = 4;

/** Takes jobs until it is closed. @throws EnvironmentError when the queue cannot be reached. */
export async function startQueueWorker(options: QueueWorkerOptions): Promise<QueueWorker> {
  const { address, software, threads, heapMbPerThread, kernelModules, lockMs = LOCK_MS } = options;
  const client = await connect(address);
  const pool = await createPool({ threads, aside: true, heapMbPerThread, kernelModules });
  const running = new RunningWorker(options, client, pool);
  const { Worker: BullWorker } = await import('bullmq');
  const worker = new BullWorker<JobData>(queueNameOf(software), (job) => running.run(job), {
    connection: client,
    prefix: address.prefix,
    concurrency: threads,
    lockDuration: lockMs,
    stalledInterval: lockMs / LOOKS_PER_LOCK,
    maxStalledCount: MOST_STALLS,
    runRetryDelay: 500,
    drainDelay: 1,
  });
  running.begin(worker);
  return running;
}

class RunningWorker implements QueueWorker {
  readonly id = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`.replace(/[^\w.-]/g, '_');
  readonly #options: QueueWorkerOptions;
  readonly #client: Redis;
  readonly #pool: Pool;
  readonly #presence: Presence;
  readonly #inputs = new Map<string, Promise<unknown>>();
  /** Calls whose tasks run here: how many, and the signal that ends them. */
  readonly #calls = new Map<string, { tasks: number; readonly stop: AbortController }>();
  #timers: NodeJS.Timeout[] = [];
  #worker: Worker<JobData> | null = null;
  #busy = 0;
  #done = 0;

  constructor(options: QueueWorkerOptions, client: Redis, pool: Pool) {
    this.#options = options;
    this.#client = client;
    this.#pool = pool;
    this.#presence = new Presence(client, options.address.prefix);
  }

  begin(worker: Worker<JobData>): void {
    this.#worker = worker;
    worker.on('error', (error) => this.#notice(error));
    const tell = (): void => {
      if (this.#client.status === 'ready')
        void this.#presence.tell('worker', this.id, this.state()).catch(ignore);
    };
    tell();
    this.#timers = [
      setInterval(tell, TOLD_EVERY_MS),
      setInterval(() => void this.#stopCalls().catch(ignore), STOP_EVERY_MS),
    ];
  }

  state(): WorkerState {
    const { software, threads } = this.#options;
    return { id: this.id, software: softwareText(software), threads, busy: this.#busy, done: this.#done };
  }

  async close(): Promise<void> {
    await this.#worker?.close();
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#client.status === 'ready') await this.#presence.leave('worker', this.id).catch(ignore);
    this.#client.disconnect();
    await this.#pool.close();
  }

  /** One job: inputs and task from the store, the kernel in a thread, the reply into the store. */
  async run({ data }: Job<JobData>): Promise<void> {
    const job = checkedJob(data);
    if (job === null)
      throw new EnvironmentError('the job names no inputs of mastplan.', { code: 'queue-job' });
    const { store } = this.#options;
    const call = this.#enter(job.call);
    this.#busy++;
    try {
      const [shared, task] = await Promise.all([this.#sharedOf(job.shared), this.#valueOf(job.task)]);
      const reply = await this.#answer(job.kernel, shared, task, call.stop.signal);
      const name = call.stop.signal.aborted ? job.cut : job.result;
      await store.write(name, sealed(encode(reply)));
      this.#done++;
    } finally {
      this.#busy--;
      if (--call.tasks === 0) this.#calls.delete(job.call);
    }
  }

  /** Errors of kernels are replies; a thread that ran out of memory or ended is this machine's trouble. */
  async #answer(name: string, shared: unknown, task: unknown, signal: AbortSignal): Promise<TaskReply> {
    try {
      const [value] = await this.#pool.map(kernelCalled(name), shared, [task], { signal });
      return { kind: 'result', value };
    } catch (error) {
      if (error instanceof EnvironmentError && error.code.startsWith('worker-')) throw error;
      return { kind: 'error', error: errorToData(error) };
    }
  }

  #enter(id: string): { tasks: number; readonly stop: AbortController } {
    const call = this.#calls.get(id) ?? { tasks: 0, stop: new AbortController() };
    call.tasks++;
    this.#calls.set(id, call);
    return call;
  }

  async #stopCalls(): Promise<void> {
    if (this.#calls.size === 0 || this.#client.status !== 'ready') return;
    for (const id of await this.#presence.stopped([...this.#calls.keys()])) this.#calls.get(id)?.stop.abort();
  }

  #sharedOf(name: string): Promise<unknown> {
    const kept = this.#inputs.get(name) ?? this.#valueOf(name).then(onSharedMemory);
    this.#inputs.delete(name);
    this.#inputs.set(name, kept);
    kept.catch(() => this.#inputs.delete(name));
    for (const oldest of this.#inputs.keys()) {
      if (this.#inputs.size <= INPUTS_KEPT) break;
      this.#inputs.delete(oldest);
    }
    return kept;
  }

  async #valueOf(name: string): Promise<unknown> {
    const { store } = this.#options;
    const file = await store.read(name);
    const body = file === null ? null : unsealed(file, hashInName(name));
    if (body !== null) return decode(body);
    throw new EnvironmentError(
      `${file === null ? 'inputs are missing from' : 'inputs are damaged in'} the store ${store.shown} of worker ${this.id}.`,
      { code: 'queue-store', hint: 'It must be the store that the run names with --queue-store.' },
    );
  }

  #notice(error: Error & { code?: string }): void {
    // A driver's error may carry the command that failed: only its kind is said.
    if (/Missing (lock|key) for job/.test(error.message)) return;
    this.#options.onNotice?.(`The queue ${this.#options.address.shown}: ${error.code ?? error.name}.`);
  }
}

/** Threads find kernels by name; here nothing is computed. */
function kernelCalled(name: string): Kernel<unknown, unknown, unknown> {
  return {
    name,
    run: () => {
      throw new Error('A queue worker computes in threads.');
    },
  };
}

function ignore(): void {
  // Told again in two seconds.
}
