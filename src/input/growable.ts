/** A Float64Array that grows by doubling while a file of unknown length is read. */
export class GrowableFloat64 {
  #values = new Float64Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const bigger = new Float64Array(2 * this.length);
      bigger.set(this.#values);
      this.#values = bigger;
    }
    this.#values[this.length++] = value;
  }

  get(index: number): number {
    return this.#values[index] ?? NaN;
  }

  /** A view of what has been pushed; valid until the next push. */
  view(): Float64Array {
    return this.#values.subarray(0, this.length);
  }
}

/** Rows that a table grows by before it tells again. */
const TOLD_ROWS = 1 << 16;

/** Tells the length a table is about to grow to, every so many rows; whoever listens may refuse. */
export function tellGrowth(length: number, onGrowth: ((length: number) => void) | undefined): void {
  if (length > 0 && length % TOLD_ROWS === 0) onGrowth?.(length + TOLD_ROWS);
}
