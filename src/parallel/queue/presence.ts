import type { Redis } from 'ioredis';

/** What a worker says of itself every two seconds. */
export interface WorkerState {
  readonly id: string;
  readonly software: string;
  readonly threads: number;
  readonly busy: number;
  readonly done: number;
}

/** What the coordinator of a run says of it. */
export interface RunState {
  readonly run: string;
  readonly stage: string;
  readonly done: number;
  readonly waiting: number;
}

/** How often states are told, and how long they are believed. */
export const TOLD_EVERY_MS = 2_000;
const BELIEVED_MS = 10_000;
/** A call that was told to stop is forgotten after an hour: its jobs have long ended. */
const STOP_KEPT_S = 3_600;

type Kind = 'worker' | 'run';

/** States of workers and runs beside the queue, and the word to stop. Whoever falls silent is forgotten. */
export class Presence {
  readonly #client: Redis;
  readonly #prefix: string;

  constructor(client: Redis, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
  }

  async tell(kind: Kind, id: string, state: WorkerState | RunState): Promise<void> {
    await this.#client
      .multi()
      .sadd(this.#key(`${kind}s`), id)
      .set(this.#key(`${kind}:${id}`), JSON.stringify(state), 'PX', BELIEVED_MS)
      .exec();
  }

  async leave(kind: Kind, id: string): Promise<void> {
    await this.#client
      .multi()
      .srem(this.#key(`${kind}s`), id)
      .del(this.#key(`${kind}:${id}`))
      .exec();
  }

  async workers(): Promise<WorkerState[]> {
    return (await this.#all('worker')) as WorkerState[];
  }

  async runs(): Promise<RunState[]> {
    return (await this.#all('run')) as RunState[];
  }

  async stop(call: string): Promise<void> {
    await this.#client.set(this.#key(`stop:${call}`), '1', 'EX', STOP_KEPT_S);
  }

  /** Which of these calls have been told to stop. */
  async stopped(calls: readonly string[]): Promise<string[]> {
    if (calls.length === 0) return [];
    const flags = await this.#client.mget(calls.map((call) => this.#key(`stop:${call}`)));
    return calls.filter((_, index) => flags[index] !== null);
  }

  async #all(kind: Kind): Promise<unknown[]> {
    const ids = (await this.#client.smembers(this.#key(`${kind}s`))).sort();
    if (ids.length === 0) return [];
    const texts = await this.#client.mget(ids.map((id) => this.#key(`${kind}:${id}`)));
    const gone = ids.filter((_, index) => texts[index] === null);
    if (gone.length > 0) await this.#client.srem(this.#key(`${kind}s`), ...gone);
    return texts.flatMap((text) => (typeof text === 'string' ? [JSON.parse(text) as unknown] : []));
  }

  #key(name: string): string {
    return `${this.#prefix}:${name}`;
  }
}

/** All workers in one line; `software` is what takes part. */
export function workersLine(workers: readonly WorkerState[], software: string): string {
  const own = workers.filter((worker) => worker.software === software);
  const others = workers.length - own.length;
  const strangers = others === 0 ? '' : `, ${others} of another version`;
  if (own.length === 0) return `no worker yet${strangers}: start mastplan worker`;
  const sum = (of: (worker: WorkerState) => number): number => own.reduce((total, one) => total + of(one), 0);
  const name = own.length === 1 ? '1 worker' : `${own.length} workers`;
  return `${name}, ${sum((one) => one.busy)} of ${sum((one) => one.threads)} threads busy${strangers}`;
}
