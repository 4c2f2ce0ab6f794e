/** Bytes that finished tasks may leave, in arrays or as objects, where the engine would leave tens of MB of them. */
const LEFT_BYTES = 4 * 2 ** 20;
/** What this thread held at first and after the last collection: inputs and code, not leftovers. */
let keptBytes = heldBytes();

/** Where the run is to hold little memory (`globalThis.gc` is there): collects what finished tasks have left in this thread. */
export function collectLeftovers(): void {
  if (globalThis.gc === undefined || heldBytes() < keptBytes + LEFT_BYTES) return;
  globalThis.gc();
  keptBytes = heldBytes();
}

function heldBytes(): number {
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}
