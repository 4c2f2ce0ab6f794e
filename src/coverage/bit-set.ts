/**
 * A set of small whole numbers that is emptied in ascending order, at a cost that grows with what it holds: bits,
 * and one summary bit per 32-bit word.
 */
export interface BitSet {
  readonly words: Uint32Array;
  readonly summary: Uint32Array;
}

export function createBitSet(size: number): BitSet {
  return { words: new Uint32Array((size >>> 5) + 1), summary: new Uint32Array((size >>> 10) + 1) };
}

/** Writes the members to `out[at ..]` in ascending order, empties the set and returns where it ended. */
export function drainBitSet({ words, summary }: BitSet, out: Uint32Array, at: number): number {
  let end = at;
  for (let s = 0; s < summary.length; s++) {
    let marked = summary[s]!;
    if (marked === 0) continue;
    summary[s] = 0;
    while (marked !== 0) {
      const word = (s << 5) + 31 - Math.clz32(marked & -marked);
      marked &= marked - 1;
      let bits = words[word]!;
      words[word] = 0;
      const base = word * 32 + 31;
      while (bits !== 0) {
        out[end++] = base - Math.clz32(bits & -bits);
        bits &= bits - 1;
      }
    }
  }
  return end;
}
