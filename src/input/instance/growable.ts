import { sharedUint32 } from '../../geo/shared-array.ts';

const FIRST_CHUNK = 256;
const LARGEST_CHUNK = 1 << 18;

/** A list of uint32 of unknown length: grows by chunks, so nothing is copied until the end. */
export class GrowableUint32 {
  #full: Uint32Array[] = [];
  #fullLength = 0;
  #chunk = new Uint32Array(FIRST_CHUNK);
  #used = 0;

  get length(): number {
    return this.#fullLength + this.#used;
  }

  push(value: number): void {
    if (this.#used === this.#chunk.length) {
      this.#full.push(this.#chunk);
      this.#fullLength += this.#used;
      this.#chunk = new Uint32Array(Math.min(LARGEST_CHUNK, 2 * this.#used));
      this.#used = 0;
    }
    this.#chunk[this.#used++] = value;
  }

  /** Everything pushed, on shared memory; the list is empty afterwards and its chunks are let go one by one. */
  drain(): Uint32Array {
    const all = sharedUint32(this.length);
    let at = 0;
    this.#full.reverse();
    for (let chunk = this.#full.pop(); chunk !== undefined; chunk = this.#full.pop()) {
      all.set(chunk, at);
      at += chunk.length;
    }
    all.set(this.#chunk.subarray(0, this.#used), at);
    this.#chunk = new Uint32Array(FIRST_CHUNK);
    this.#fullLength = 0;
    this.#used = 0;
    return all;
  }
}

/** A list of float64 of unknown length; see {@link GrowableUint32}. */
export class GrowableFloat64 {
  #values = new Float64Array(1 << 10);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  /** The values pushed so far; a view that later pushes may leave behind. */
  view(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}
