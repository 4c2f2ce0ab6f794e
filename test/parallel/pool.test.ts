import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { EnvironmentError, InputError } from '../../src/errors.ts';
import { inProcessExecutor } from '../../src/executor.ts';
import { sharedFloat64 } from '../../src/geo/shared-array.ts';
import { createPool } from '../../src/parallel/pool.ts';
import { testKernels } from './test-kernels.ts';

const kernelModules = [new URL('./test-kernels.ts', import.meta.url).href];
const pool = await createPool({ threads: 2, kernelModules });
afterAll(() => pool.close());

const values = sharedFloat64(10_000);
for (let i = 0; i < values.length; i++) values[i] = Math.sin(i);
const ranges = Array.from({ length: 40 }, (_, k) => ({ from: 250 * k, to: 250 * (k + 1) }));

describe('createPool', () => {
  it('returns what the in-process executor returns, in task order', async () => {
    const shared = { values, scale: 3 };
    const expected = await inProcessExecutor.map(testKernels.sumRange, shared, ranges);
    expect(await pool.map(testKernels.sumRange, shared, ranges)).toEqual(expected);
  });

  it('hands arrays over by reference: what a worker writes is seen here', async () => {
    const out = sharedFloat64(1000);
    const tasks = Array.from({ length: 10 }, (_, k) => ({ from: 100 * k, to: 100 * (k + 1) }));
    await pool.map(testKernels.writeSquares, { out }, tasks);
    expect(out.every((value, i) => value === i * i)).toBe(true);
  });

  it('shows a thread the same shared object for every task and every call', async () => {
    const shared = { tag: 'one' };
    const tasks = Array.from({ length: 12 }, () => null);
    const first = await pool.map(testKernels.countMeetings, shared, tasks);
    const second = await pool.map(testKernels.countMeetings, shared, tasks);
    // 24 tasks on 2 threads: one of them must have met the object at least 12 times.
    expect(Math.max(...first, ...second)).toBeGreaterThanOrEqual(12);
  });

  it('sends inputs again to a thread that has let go of them', async () => {
    const shared = { tag: 'old' };
    await pool.map(testKernels.countMeetings, shared, [null, null, null, null]);
    for (let k = 0; k < 6; k++) {
      await pool.map(testKernels.countMeetings, { tag: `newer ${k}` }, [null, null, null, null]);
    }
    expect(await pool.map(testKernels.countMeetings, shared, [null])).toEqual([1]);
  });

  it('reports finished tasks', async () => {
    const seen: number[] = [];
    await pool.map(testKernels.sumRange, { values, scale: 1 }, ranges, {
      onTaskDone: (done, total) => seen.push(done / total),
    });
    expect(seen).toHaveLength(40);
    expect(seen.at(-1)).toBe(1);
  });

  it('rebuilds our own errors with every field', async () => {
    const input = await pool.map(testKernels.fail, null, ['ok', 'input', 'range']).catch((e: unknown) => e);
    expect(input).toBeInstanceOf(InputError);
    expect(input).toMatchObject({
      code: 'bad-height',
      file: 'sites.geojson',
      message: 'sites.geojson, feature 12: heightM must be greater than 0, got -3. Give metres.',
    });
    const environment = await pool.map(testKernels.fail, null, ['environment']).catch((e: unknown) => e);
    expect(environment).toBeInstanceOf(EnvironmentError);
    expect(environment).toMatchObject({ code: 'ENOSPC', message: 'No room left. Free some.' });
    await expect(pool.map(testKernels.fail, null, ['range'])).rejects.toThrow(
      new RangeError('too many pairs'),
    );
  });

  it('rejects the task of a worker that died and goes on with a new one', async () => {
    await expect(pool.map(testKernels.fail, null, ['exit'])).rejects.toThrow(/exit/);
    const shared = { values, scale: 2 };
    const expected = await inProcessExecutor.map(testKernels.sumRange, shared, ranges);
    expect(await pool.map(testKernels.sumRange, shared, ranges)).toEqual(expected);
  });

  it('does the task of a thread that ended again in another, twice at most', async () => {
    const calls = new Int32Array(new SharedArrayBuffer(4));
    const tasks = [2, 0, 0, 0];
    expect(await pool.map(testKernels.endThreads, { calls }, tasks)).toEqual(tasks.map(() => 'done'));
    const again = { calls: new Int32Array(new SharedArrayBuffer(4)) };
    const error: unknown = await pool.map(testKernels.endThreads, again, [99]).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error).toMatchObject({ code: 'worker-ended', message: expect.stringContaining('exit code 7') });
    expect(again.calls[0]).toBe(3);
  });

  it('says that a thread ran out of memory, of heap or of arrays, and lives on', async () => {
    const small = await createPool({ threads: 2, kernelModules, heapMbPerThread: 24 });
    try {
      const heap: unknown = await small.map(testKernels.fillHeap, null, [null]).catch((e: unknown) => e);
      expect(heap).toBeInstanceOf(EnvironmentError);
      expect(heap).toMatchObject({ code: 'worker-memory' });
      // More than the address space holds: what the system answers when memory is gone.
      await expect(small.map(testKernels.hugeArray, null, [2 ** 52])).rejects.toThrow(RangeError);
      expect(await small.map(testKernels.hugeArray, null, [8])).toEqual([8]);
    } finally {
      await small.close();
    }
  });

  it('names a kernel it does not know', async () => {
    const stranger = { name: 'test/stranger', run: () => 1 };
    await expect(pool.map(stranger, null, [1])).rejects.toThrow('No kernel is called test/stranger.');
  });

  it('tells running kernels to stop and still returns every result in order', async () => {
    const controller = new AbortController();
    const running = pool.map(testKernels.runUntilStopped, null, [0, 1, 2, 3, 4], {
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(), 100);
    expect(await running).toEqual([0, 1, 2, 3, 4].map((task) => `stopped ${task}`));
  });

  it('runs in this thread when asked for one', async () => {
    const single = await createPool({ threads: 1 });
    const stranger = { name: 'any name: no look-up', run: (_: null, task: number) => task + 1 };
    expect(await single.map(stranger, null, [1, 2])).toEqual([2, 3]);
    expect(single.threads).toBe(1);
    await single.close();
  });

  it('refuses a senseless number of threads', async () => {
    await expect(createPool({ threads: 0 })).rejects.toThrow('threads must be a whole number');
  });
});

describe('inProcessExecutor', () => {
  it('lets signals through between tasks', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 10);
    const busy = {
      name: 'busy',
      run: (_: null, task: number, context: { shouldStop(): boolean }) => {
        const end = performance.now() + 60;
        while (performance.now() < end) if (context.shouldStop()) return -1;
        return task;
      },
    };
    const results = await inProcessExecutor.map(busy, null, [0, 1, 2, 3], { signal: controller.signal });
    expect(results).toEqual([0, -1, -1, -1]);
  });
});

it('may be closed while its workers start', () => {
  // Node 20.20 ended the process where a worker was ended while it required a module that is not CommonJS: every run of this did.
  const built = fileURLToPath(new URL('../../dist/parallel/pool.js', import.meta.url));
  const program = `
    const { createPool } = await import(process.argv[1]);
    for (let waitMs = 0; waitMs < 240; waitMs += 8) {
      const pool = await createPool({ threads: 2 });
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      await pool.close();
    }
    console.log('closed');`;
  const run = execFileSync(process.execPath, ['--input-type=module', '--eval', program, built]);
  expect(run.toString().trim()).toBe('closed');
});
