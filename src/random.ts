/** A seeded stream of random numbers; every random choice in mastplan comes from one. */
export interface Random {
  /** Uniform in [0, 1), 32 bits of resolution. */
  next(): number;
  /** Uniform integer in [0, bound), bound in 1..2^32. */
  below(bound: number): number;
}

/**
 * sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, 32-bit arithmetic only, so every engine and
 * architecture gives the same stream. `stream` separates logical tasks of one run.
 */
export function createRandom(seed: number, stream = 0): Random {
  let a = 0x9e3779b9 ^ (seed | 0);
  let b = 0x243f6a88 ^ Math.trunc(seed / 0x1_0000_0000);
  let c = 0xb7e15162 ^ (stream | 0);
  let counter = 1;
  const nextUint32 = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let warmUp = 0; warmUp < 15; warmUp++) nextUint32();
  return {
    next: () => nextUint32() / 0x1_0000_0000,
    below: (bound) => Math.floor((nextUint32() / 0x1_0000_0000) * bound),
  };
}
