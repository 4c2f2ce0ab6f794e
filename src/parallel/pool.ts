import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { EnvironmentError } from '../errors.ts';
import { inProcessExecutor, type Executor, type Kernel, type MapOptions } from '../executor.ts';
import { shareHighsModule } from './highs-module.ts';
import { mapInLanes } from './lanes.ts';
import { collectLeftovers } from './leftovers.ts';
import { errorFromData, type TaskMessage, type TaskReply } from './messages.ts';

export interface PoolOptions {
  /** Worker threads; 1 = everything in this thread, no worker is started. */
  readonly threads: number;
  /** True: start a worker for one thread too, so that this thread stays free. */
  readonly aside?: boolean | undefined;
  /** URLs of modules whose export `kernels` joins the built-in ones in every worker. */
  readonly kernelModules?: readonly string[] | undefined;
  /** Largest JavaScript heap of a thread, MB (typed arrays stand outside it). Default: Node's own limit. */
  readonly heapMbPerThread?: number | undefined;
}

/** A task whose thread ended goes to another thread; when it has ended so many, it is the task's own doing. */
const THREADS_PER_TASK = 3;

export type Pool = Executor & {
  /** Ends the workers. Call it in `finally`; a second call does nothing. */
  close(): Promise<void>;
};

/**
 * An executor over worker threads. Kernels are found by name in the worker, inputs on SharedArrayBuffers arrive by
 * reference, results come back in task order: the outcome is that of `inProcessExecutor`, sooner.
 */
export async function createPool(options: PoolOptions): Promise<Pool> {
  const { threads } = options;
  if (!Number.isInteger(threads) || threads < 1) {
    throw new RangeError(`threads must be a whole number of at least 1, got ${threads}.`);
  }
  shareHighsModule();
  if (threads === 1 && options.aside !== true)
    return { ...inProcessExecutor, close: () => Promise.resolve() };
  return new WorkerPool(options);
}

/** Beside the built pool stands the built worker; beside the source stands the boot file (needs tsx). */
function workerEntry(): string {
  const built = fileURLToPath(new URL('./worker-entry.cjs', import.meta.url));
  return existsSync(built) ? built : fileURLToPath(new URL('./worker-boot.cjs', import.meta.url));
}

/** State shared by the lanes of one map call. */
interface MapCall {
  readonly kernel: string;
  readonly shared: unknown;
  readonly sharedId: number;
  readonly stop: Int32Array;
  /** How many tasks still go out with `shared` attached. */
  sharedToSend: number;
}

class WorkerPool implements Executor {
  readonly threads: number;
  readonly leavable = true;
  readonly #piscina: Piscina;
  readonly #sharedIds = new WeakMap<object, number>();
  #nextSharedId = 1;
  #failure: Error | null = null;

  constructor({ threads, kernelModules = [], heapMbPerThread }: PoolOptions) {
    this.threads = threads;
    this.#piscina = new Piscina({
      filename: workerEntry(),
      workerData: { kernelModules },
      minThreads: threads,
      maxThreads: threads,
      // The default ('sync') freezes an idle worker: its timers and late errors would never be seen.
      atomics: 'disabled',
      ...(heapMbPerThread !== undefined && { resourceLimits: { maxOldGenerationSizeMb: heapMbPerThread } }),
    });
    this.#piscina.on('error', (error: Error) => {
      this.#failure ??= error;
    });
  }

  async map<Shared, Task, Result>(
    kernel: Kernel<Shared, Task, Result>,
    shared: Shared,
    tasks: readonly Task[],
    options: MapOptions = {},
  ): Promise<Result[]> {
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const call: MapCall = { kernel: kernel.name, shared, ...this.#register(shared), stop };
    // Two tasks per thread in flight: a thread that ends one finds the next waiting.
    const results = await mapInLanes<Task, Result>(tasks, 2 * this.threads, options, {
      run: async (task) => (await this.#runTask(call, task)) as Result,
      stop: () => Atomics.store(stop, 0, 1),
    });
    if (this.#failure !== null) throw this.#failure;
    collectLeftovers();
    return results;
  }

  async close(): Promise<void> {
    await this.#piscina.destroy();
  }

  /** The same object keeps its number, so that workers keep it and what they derived from it. */
  #register(shared: unknown): { sharedId: number; sharedToSend: number } {
    const holder = typeof shared === 'object' ? shared : null;
    const known = holder === null ? undefined : this.#sharedIds.get(holder);
    if (known !== undefined) return { sharedId: known, sharedToSend: 0 };
    const sharedId = this.#nextSharedId++;
    if (holder !== null) this.#sharedIds.set(holder, sharedId);
    return { sharedId, sharedToSend: this.threads };
  }

  async #runTask(call: MapCall, task: unknown): Promise<unknown> {
    const { kernel, shared, sharedId, stop } = call;
    const attach = call.sharedToSend > 0;
    if (attach) call.sharedToSend--;
    let message: TaskMessage = { kernel, task, sharedId, stop };
    if (attach) message = { ...message, shared: { value: shared } };
    let reply = await this.#answer(message);
    if (reply.kind === 'missing') reply = await this.#answer({ ...message, shared: { value: shared } });
    if (reply.kind === 'error') throw errorFromData(reply.error);
    if (reply.kind === 'missing') throw new Error('A worker lost the inputs it had just been sent.');
    return reply.value;
  }

  /** A thread that ends without an answer costs the task it held, which another thread does again. */
  async #answer(message: TaskMessage): Promise<TaskReply> {
    for (let thread = 1; ; thread++) {
      try {
        return (await this.#piscina.run(message)) as TaskReply;
      } catch (error) {
        const end = endOfThread(error as Error);
        if (end === null) throw error;
        if (end.again && thread < THREADS_PER_TASK) continue;
        throw new EnvironmentError(end.sentence, { code: end.code, hint: end.hint, cause: error });
      }
    }
  }
}

/** What became of a thread, told from the pool's error; null for errors of another kind. */
function endOfThread(error: NodeJS.ErrnoException) {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return {
      again: false,
      code: 'worker-memory',
      sentence: 'A worker thread ran out of memory.',
      hint: 'Use fewer threads (--threads), plan a smaller area or fewer candidates.',
    };
  }
  const exit = /^worker exited with code: (-?\d+)/.exec(error.message);
  if (exit === null) return null;
  return {
    again: true,
    code: 'worker-ended',
    sentence: `${THREADS_PER_TASK} worker threads ended on the same piece of work (exit code ${exit[1]}).`,
    hint: 'Run again; with --resume what was finished is kept.',
  };
}
