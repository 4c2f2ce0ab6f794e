import { EnvironmentError, InputError } from '../../src/errors.ts';
import type { Kernel } from '../../src/executor.ts';

export interface Numbers {
  readonly values: Float64Array;
  readonly scale: number;
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

const sumRange: Kernel<Numbers, Range, number> = {
  name: 'test/sum-range',
  run({ values, scale }, { from, to }) {
    let sum = 0;
    for (let i = from; i < to; i++) sum += values[i]! * scale;
    return sum;
  },
};

const writeSquares: Kernel<{ readonly out: Float64Array }, Range, null> = {
  name: 'test/write-squares',
  run({ out }, { from, to }) {
    for (let i = from; i < to; i++) out[i] = i * i;
    return null;
  },
};

const seen = new WeakMap<object, number>();

/** How often this thread has met this very `shared` object. */
const countMeetings: Kernel<{ readonly tag: string }, null, number> = {
  name: 'test/count-meetings',
  run(shared) {
    const times = (seen.get(shared) ?? 0) + 1;
    seen.set(shared, times);
    return times;
  },
};

const fail: Kernel<null, string, null> = {
  name: 'test/fail',
  run(_shared, how) {
    if (how === 'input') {
      const where = {
        code: 'bad-height',
        file: 'sites.geojson',
        feature: 'feature 12',
        hint: 'Give metres.',
      };
      throw new InputError('heightM must be greater than 0, got -3.', where);
    }
    if (how === 'environment')
      throw new EnvironmentError('No room left.', { code: 'ENOSPC', hint: 'Free some.' });
    if (how === 'range') throw new RangeError('too many pairs');
    if (how === 'exit') process.exit(7);
    return null;
  },
};

const runUntilStopped: Kernel<null, number, string> = {
  name: 'test/run-until-stopped',
  run(_shared, task, context) {
    const end = performance.now() + 30_000;
    while (performance.now() < end) if (context.shouldStop()) return `stopped ${task}`;
    return `ran out ${task}`;
  },
};

/** Ends its thread the first so many times that it is called, counted over all threads. */
const endThreads: Kernel<{ readonly calls: Int32Array }, number, string> = {
  name: 'test/end-threads',
  run({ calls }, times) {
    if (Atomics.add(calls, 0, 1) < times) process.exit(7);
    return 'done';
  },
};

const fillHeap: Kernel<null, null, number> = {
  name: 'test/fill-heap',
  run() {
    const kept: number[][] = [];
    for (;;) kept.push(Array.from({ length: 10_000 }, (_, index) => index + 0.5));
  },
};

const hugeArray: Kernel<null, number, number> = {
  name: 'test/huge-array',
  run: (_shared, bytes) => new Uint8Array(bytes).length,
};

export const testKernels = {
  sumRange,
  writeSquares,
  countMeetings,
  fail,
  runUntilStopped,
  endThreads,
  fillHeap,
  hugeArray,
};
export const kernels = Object.values(testKernels);
