import { EnvironmentError } from '../errors.ts';
import { programNeed, solverNeed } from './estimates.ts';
import { memoryBudget, type MemoryBudget } from './memory-budget.ts';
import type { MemoryNeed } from './memory-need.ts';
import { sizeText } from './memory-size.ts';

/**
 * What a run holds, part by part, against its budget. Parts are told before they are allocated: what would not fit is
 * refused with its estimate, where the system would end the process later.
 */
export class MemoryAccount {
  readonly #budget: MemoryBudget;
  readonly #parts = new Map<string, MemoryNeed>();

  constructor(budget: MemoryBudget) {
    this.#budget = budget;
  }

  /** True when the part would fit beside the others; a part told before is replaced. */
  fits(part: string, need: MemoryNeed): boolean {
    return this.#excess(part, need) === null;
  }

  /**
   * Enters a part.
   * @param part what it is, as in `users: 12,000,000 cells`; its words up to the colon name it
   * @param hint the option that would help
   * @throws EnvironmentError when it does not fit
   */
  hold(part: string, need: MemoryNeed, hint: string): void {
    const excess = this.#excess(part, need);
    if (excess !== null) {
      throw new EnvironmentError(
        `Not enough memory: about ${sizeText(excess.wanted)} would be needed (${part}: ${sizeText(need.arrays + need.heap)}), ` +
          `${excess.limit}.`,
        { code: 'memory-estimate', hint },
      );
    }
    this.#parts.set(nameOf(part), need);
  }

  #excess(part: string, need: MemoryNeed): { readonly wanted: number; readonly limit: string } | null {
    let arrays = need.arrays;
    let heap = need.heap;
    for (const [name, own] of this.#parts) {
      if (name === nameOf(part)) continue;
      arrays += own.arrays;
      heap += own.heap;
    }
    const { bytes, heapBytes, source } = this.#budget;
    if (arrays + heap > bytes)
      return { wanted: arrays + heap, limit: `${sizeText(bytes)} may be used (${source})` };
    if (heap <= heapBytes) return null;
    const megabytes = Math.ceil(heap / 2 ** 20 / 512) * 512;
    const option = `NODE_OPTIONS=--max-old-space-size=${megabytes}`;
    return { wanted: heap, limit: `Node grants its objects ${sizeText(heapBytes)} (${option} raises that)` };
  }
}

/** The account of a run: its budget (by default a share of the machine's memory) and what the program itself takes (`needOf`). */
export function openAccount(
  asked: string | undefined,
  threads: number,
  needOf: (threads: number) => MemoryNeed = programNeed,
): MemoryAccount {
  const account = new MemoryAccount(memoryBudget(asked));
  account.hold(`the program: ${threads} threads`, needOf(threads), 'Use fewer threads (--threads).');
  return account;
}

/** Enters what the solver takes in all threads together. */
export function holdSolver(account: MemoryAccount, pairs: number, threads: number): void {
  account.hold(
    `the solver: ${pairs.toLocaleString('en')} pairs, threads: ${threads}`,
    solverNeed(pairs, threads),
    'Use fewer threads (--threads), or grant more with --memory.',
  );
}

function nameOf(part: string): string {
  return part.split(':', 1)[0]!;
}
