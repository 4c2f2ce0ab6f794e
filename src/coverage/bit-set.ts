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

/**
 * The same as runs of consecutive members: writes first member and the one after the last of every run, ascending, and
 * clears the words.
 */
export function drainRuns(
  words: Uint32Array,
  firstWord: number,
  lastWord: number,
  out: Uint32Array,
  at: number,
): number {
  let end = at;
  let open = false;
  for (let word = firstWord; word <= lastWord; word++) {
    const bits = words[word]!;
    words[word] = 0;
    let bit = 0;
    while (bit < 32) {
      // Members and gaps from here on: the next change is the lowest bit that differs.
      const changes = (open ? ~bits : bits) >>> bit;
      if (changes === 0) break;
      bit += 31 - Math.clz32(changes & -changes);
      out[end++] = word * 32 + bit;
      open = !open;
    }
  }
  if (open) out[end++] = (lastWord + 1) * 32;
  return end;
}
