import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * One background thread at a time compiles WebAssembly: compiling HiGHS takes about 25 MB in each of V8's four threads, which
 * malloc keeps for that thread until the process ends (84 MB on planar F; the processor time is the same).
 */
export function compileSparingly(): void {
  setFlagsFromString('--wasm-num-compilation-tasks=1');
}

/**
 * For runs whose memory is arrays: new objects get 1 MB of heap, not up to 32 MB in every thread, and `globalThis.gc` is there for
 * what must not wait for its collection. Call it before threads are started.
 */
export function holdLittleHeap(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--expose-gc');
  globalThis.gc ??= runInNewContext('gc') as NodeJS.GCFunction;
}
