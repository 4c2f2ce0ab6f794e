/**
 * Takes the members of a set of bits out in ascending order: writes them to `out[at ..]`, clears the words from
 * `firstWord` to `lastWord` and returns where the output ended. Sorting by marking: no comparisons.
 */
export function drainBits(
  words: Uint32Array,
  firstWord: number,
  lastWord: number,
  out: Uint32Array,
  at: number,
): number {
  let end = at;
  for (let word = firstWord; word <= lastWord; word++) {
    let bits = words[word]!;
    if (bits === 0) continue;
    words[word] = 0;
    const base = word * 32 + 31;
    do {
      out[end++] = base - Math.clz32(bits & -bits);
      bits &= bits - 1;
    } while (bits !== 0);
  }
  return end;
}
