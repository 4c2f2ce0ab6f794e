/** Binary heap of sites, largest value first, ties by smaller index. */
export class ValueHeap {
  size = 0;
  readonly #site: Uint32Array;
  readonly #value: Float64Array;

  constructor(capacity: number) {
    this.#site = new Uint32Array(capacity);
    this.#value = new Float64Array(capacity);
  }

  top(): number {
    return this.#site[0]!;
  }

  push(site: number, value: number): void {
    const sites = this.#site;
    const values = this.#value;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(value, site, values[parent]!, sites[parent]!)) break;
      sites[at] = sites[parent]!;
      values[at] = values[parent]!;
      at = parent;
    }
    sites[at] = site;
    values[at] = value;
  }

  pop(): void {
    this.size--;
    if (this.size > 0) this.#sink(this.#site[this.size]!, this.#value[this.size]!);
  }

  /** The top keeps its site and gets a smaller value. */
  updateTop(value: number): void {
    this.#sink(this.#site[0]!, value);
  }

  /**
   * Takes out the site of largest value where values only ever fall, so that a stale one is an upper bound (Minoux 1978). Sites
   * that are worth nothing any more are dropped on the way.
   *
   * @param valueOf what a site is worth now. @returns -1 when none is worth anything.
   */
  takeBest(valueOf: (site: number) => number): number {
    while (this.size > 0) {
      const site = this.top();
      const value = valueOf(site);
      if (value <= 0) {
        this.pop();
        continue;
      }
      this.updateTop(value);
      if (this.top() !== site) continue;
      this.pop();
      return site;
    }
    return -1;
  }

  #sink(site: number, value: number): void {
    const { size } = this;
    const sites = this.#site;
    const values = this.#value;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && isBefore(values[child + 1]!, sites[child + 1]!, values[child]!, sites[child]!))
        child++;
      if (isBefore(value, site, values[child]!, sites[child]!)) break;
      sites[at] = sites[child]!;
      values[at] = values[child]!;
      at = child;
    }
    sites[at] = site;
    values[at] = value;
  }
}

function isBefore(value: number, site: number, otherValue: number, otherSite: number): boolean {
  return value > otherValue || (value === otherValue && site < otherSite);
}
