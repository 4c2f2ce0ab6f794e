/**
 * Typed arrays that every thread sees by reference. Where the platform has no SharedArrayBuffer (a page that is
 * not cross-origin isolated) they fall back to an ArrayBuffer: same code, one thread.
 */
const canShare = typeof SharedArrayBuffer !== 'undefined';

/**
 * From this size on a buffer is allocated as one that may grow (and never does): V8 then takes whole pages from the system and gives
 * them back at once, where malloc would keep what is freed, up to 64 MB a thread.
 */
const PAGED_BYTES = 2 ** 20;

/** ES2024; one static type for both kinds of buffer keeps the signatures of callers plain. */
type SharedBufferConstructor = new (bytes: number, options?: { maxByteLength: number }) => ArrayBuffer;

/** Where lists are put: shared with threads, in memory of this thread, which the engine gives back sooner, or in memory kept from before. */
export type Allocate = (length: number) => Uint32Array;

function allocate(bytes: number): ArrayBuffer {
  if (!canShare) return new ArrayBuffer(bytes);
  const SharedBuffer = SharedArrayBuffer as unknown as SharedBufferConstructor;
  return bytes < PAGED_BYTES ? new SharedBuffer(bytes) : new SharedBuffer(bytes, { maxByteLength: bytes });
}

export function sharedFloat64(length: number): Float64Array {
  return new Float64Array(allocate(length * 8), 0, length);
}

export function sharedFloat32(length: number): Float32Array {
  return new Float32Array(allocate(length * 4), 0, length);
}

export function sharedUint32(length: number): Uint32Array {
  return new Uint32Array(allocate(length * 4), 0, length);
}

export function sharedUint16(length: number): Uint16Array {
  return new Uint16Array(allocate(length * 2), 0, length);
}

export function sharedUint8(length: number): Uint8Array {
  return new Uint8Array(allocate(length), 0, length);
}

/** A shared copy of an array; the array itself when it is shared already. */
export function toSharedFloat64(
  source: ArrayLike<number> & { readonly buffer?: ArrayBufferLike },
): Float64Array {
  if (source instanceof Float64Array && isShared(source)) return source;
  const copy = sharedFloat64(source.length);
  copy.set(source);
  return copy;
}

/** A shared copy of an array; the array itself when it is shared already. */
export function toSharedUint32(
  source: ArrayLike<number> & { readonly buffer?: ArrayBufferLike },
): Uint32Array {
  if (source instanceof Uint32Array && isShared(source)) return source;
  const copy = sharedUint32(source.length);
  copy.set(source);
  return copy;
}

/** True when other threads see writes to this array. */
export function isShared(array: { readonly buffer: ArrayBufferLike }): boolean {
  return canShare && (array.buffer as unknown) instanceof SharedArrayBuffer;
}
