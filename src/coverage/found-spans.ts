import { sharedUint32, type Allocate } from '../geo/shared-array.ts';

/** Edges of a block: 1 MB. */
export const BLOCK_EDGES = 1 << 18;

/**
 * Spans `[edge 0, edge 1)`, `[edge 2, edge 3)` ... as they are found: in blocks, so that nothing is copied twice as the list grows.
 */
export class FoundSpans {
  /** The block being filled, and how many edges it holds. */
  block: Uint32Array;
  used = 0;
  readonly #refilled: boolean;
  #full: Uint32Array[] = [];
  #inFull = 0;

  /** @param refilled the one block to fill again and again, what it held being copied; without it new ones are allocated */
  constructor(refilled: Uint32Array | null = null) {
    this.block = refilled ?? new Uint32Array(BLOCK_EDGES);
    this.#refilled = refilled !== null;
  }

  get edgeCount(): number {
    return this.#inFull + this.used;
  }

  /** The block to write to, with room for so many edges after those in use. */
  blockFor(edges: number): Uint32Array {
    if (this.used + edges <= this.block.length) return this.block;
    this.#inFull += this.used;
    if (this.#refilled) this.#full.push(this.block.slice(0, this.used));
    else {
      this.#full.push(this.block.subarray(0, this.used));
      this.block = new Uint32Array(Math.max(BLOCK_EDGES, edges));
    }
    this.used = 0;
    return this.block;
  }

  clear(): void {
    this.#full = [];
    this.#inFull = 0;
    this.used = 0;
  }

  /** All edges, on shared memory unless the caller has its own. */
  join(allocate: Allocate = sharedUint32): Uint32Array {
    const edges = allocate(this.edgeCount);
    let at = 0;
    for (const block of [...this.#full, this.block.subarray(0, this.used)]) {
      edges.set(block, at);
      at += block.length;
    }
    return edges;
  }
}
