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
 * Gives every feature its own id: ids of equal content that the file left open become `x`, `x-2`, `x-3`; ids that
 * the file itself repeats are handed to `onDuplicate`. `ids` is in canonical order and is changed in place.
 */
export function settleIds(
  ids: string[],
  isGiven: (index: number) => boolean,
  onDuplicate: (index: number) => void,
): void {
  const seen = new Set<string>();
  for (let index = 0; index < ids.length; index++) {
    const id = ids[index]!;
    if (!seen.has(id)) seen.add(id);
    else if (isGiven(index)) onDuplicate(index);
    else {
      let copy = 2;
      while (seen.has(`${id}-${copy}`)) copy++;
      const own = `${id}-${copy}`;
      ids[index] = own;
      seen.add(own);
    }
  }
}
