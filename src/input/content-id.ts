const words = new Uint32Array(2);
const value = new Float64Array(words.buffer);

/**
 * An id made of what a feature says: 14 hexadecimal digits over the bits of its numbers (two 32-bit multiplicative
 * mixes after Murmur3's finaliser, 53 bits kept). Not for security; equal features get equal ids.
 */
export function contentId(prefix: string, numbers: readonly number[]): string {
  let high = 0x9747b28c;
  let low = 0x1b873593;
  for (const number of numbers) {
    value[0] = number === 0 ? 0 : number;
    high = Math.imul(high ^ words[0]!, 0x85ebca6b);
    high ^= high >>> 13;
    low = Math.imul(low ^ words[1]!, 0xc2b2ae35);
    low ^= low >>> 16;
    high = Math.imul(high + low, 0x27d4eb2f);
    low = Math.imul(low ^ (high >>> 15), 0x165667b1);
  }
  high ^= high >>> 16;
  const digits = (high >>> 11).toString(16).padStart(6, '0') + (low >>> 0).toString(16).padStart(8, '0');
  return `${prefix}${digits}`;
}

/**
 * Gives every feature its own id: ids of equal content that the file left open become `x`, `x-2`, `x-3` (such
 * features are alike, so it does not matter which is which); ids that the file itself repeats are handed to
 * `onDuplicate`. `ids` is changed in place. A hash table of indices: 5 x faster than a Set of a million strings.
 */
export function settleIds(
  ids: string[],
  isGiven: (index: number) => boolean,
  onDuplicate: (index: number) => void,
): void {
  if (ascend(ids)) return;
  const table = new IdTable(ids);
  for (let index = 0; index < ids.length; index++) {
    if (table.add(index)) continue;
    if (isGiven(index)) onDuplicate(index);
    else table.addCopy(index);
  }
}

/**
 * Ids that grow in length, or at equal length by code unit, all differ: most exports number their features, and five
 * million of them are then told apart without a table.
 */
function ascend(ids: readonly string[]): boolean {
  for (let index = 1; index < ids.length; index++) {
    const before = ids[index - 1]!;
    const id = ids[index]!;
    if (id.length < before.length || (id.length === before.length && id <= before)) return false;
  }
  return true;
}

/** Open addressing over the ids of an array; equal hashes are settled by comparing the ids themselves. */
class IdTable {
  readonly #ids: string[];
  readonly #slots: Int32Array;
  readonly #mask: number;

  constructor(ids: string[]) {
    const size = 2 ** Math.ceil(Math.log2(2 * ids.length + 2));
    this.#ids = ids;
    this.#mask = size - 1;
    this.#slots = new Int32Array(size).fill(-1);
  }

  /** False when an index with an equal id is in the table already. */
  add(index: number): boolean {
    const id = this.#ids[index]!;
    for (let slot = hashOf(id) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const taken = this.#slots[slot]!;
      if (taken < 0) {
        this.#slots[slot] = index;
        return true;
      }
      if (this.#ids[taken] === id) return false;
    }
  }

  /** Appends the first free number to the id and adds it. */
  addCopy(index: number): void {
    const stem = this.#ids[index]!;
    for (let copy = 2; ; copy++) {
      this.#ids[index] = `${stem}-${copy}`;
      if (this.add(index)) return;
    }
  }
}

/** FNV-1a over UTF-16 code units, finished by one multiplicative mix. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
