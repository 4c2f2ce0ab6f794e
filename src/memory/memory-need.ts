/** Bytes that a part of a run takes: typed arrays, and JavaScript objects, which V8 limits on their own. */
export interface MemoryNeed {
  readonly arrays: number;
  readonly heap: number;
}
