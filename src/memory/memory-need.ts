/** Bytes that a part of a run takes: typed arrays, and JavaScript objects, which V8 limits on their own. */
export interface MemoryNeed {
  readonly arrays: number;
  readonly heap: number;
}

export function sumOf(one: MemoryNeed, other: MemoryNeed): MemoryNeed {
  return { arrays: one.arrays + other.arrays, heap: one.heap + other.heap };
}
