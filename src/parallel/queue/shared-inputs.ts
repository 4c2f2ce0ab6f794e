import { encode, hashOf } from './jobs.ts';
import { writeInputs, type JobStore } from './job-store.ts';

/** Inputs of earlier calls that stay in the store: a round often reads what the one before it read. */
const KEPT = 4;

/** The read-only inputs of calls: written to the store once, removed when they have not been used for long. */
export class SharedInputs {
  readonly #store: JobStore;
  readonly #run: string;
  readonly #hashOf = new WeakMap<object, string>();
  /** Calls that read them now, per hash; in order of last use. */
  readonly #users = new Map<string, number>();

  constructor(store: JobStore, run: string) {
    this.#store = store;
    this.#run = run;
  }

  /** Hash under which the inputs stand until they are given back. */
  async take(shared: unknown): Promise<string> {
    const holder = typeof shared === 'object' ? shared : null;
    const known = holder === null ? undefined : this.#hashOf.get(holder);
    if (known !== undefined && this.#users.has(known)) {
      this.#use(known, 1);
      return known;
    }
    const body = encode(shared);
    const hash = hashOf(body);
    if (holder !== null) this.#hashOf.set(holder, hash);
    if (!this.#users.has(hash)) await writeInputs(this.#store, `${this.#run}/shared-${hash}`, body);
    this.#use(hash, 1);
    return hash;
  }

  async giveBack(hash: string): Promise<void> {
    this.#use(hash, -1);
    const idle = [...this.#users].filter(([, users]) => users === 0).map(([own]) => own);
    for (const own of idle.slice(0, -KEPT)) {
      this.#users.delete(own);
      await this.#store.remove(`${this.#run}/shared-${own}`);
    }
  }

  #use(hash: string, change: number): void {
    const users = (this.#users.get(hash) ?? 0) + change;
    this.#users.delete(hash);
    this.#users.set(hash, users);
  }
}
