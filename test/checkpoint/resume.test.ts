// A resumed run ends with the same result as one that was never interrupted, wherever the interruption was.
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serialize } from 'node:v8';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CHECKPOINT_FILE,
  openCheckpoint,
  type FileCheckpoint,
} from '../../src/checkpoint/file-checkpoint.ts';
import { identityOf, type RunIdentity } from '../../src/checkpoint/run-identity.ts';
import { EnvironmentError, InputError } from '../../src/errors.ts';
import { inProcessExecutor, type Executor, type Kernel } from '../../src/executor.ts';
import { resolveFlags } from '../../src/input/flags.ts';
import { readScenario } from '../../src/input/read-scenario.ts';
import { plan } from '../../src/plan.ts';
import type { PlanResult } from '../../src/planning/plan-result.ts';
import { mapUntil } from '../../src/solve/map-until.ts';

const tiny = fileURLToPath(new URL('../fixtures/tiny/scenario.yaml', import.meta.url));
const software = { mastplan: '0.1.0', node: 'v20', platform: 'linux-x64' };
const identity: RunIdentity = { ...software, scenario: 'abc', inputs: [{ file: 'users', sha256: '1' }] };

const folder = mkdtempSync(join(tmpdir(), 'mastplan-resume-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, CHECKPOINT_FILE);
const notices: string[] = [];
const open = (resume: boolean, own = identity): FileCheckpoint => {
  notices.length = 0;
  return openCheckpoint(folder, own, { resume, onNotice: (sentence) => notices.push(sentence) });
};

let runs: number[] = [];
const double: Kernel<null, number, { readonly twice: Float64Array }> = {
  name: 'double',
  run: (_, task) => {
    runs.push(task);
    return { twice: Float64Array.of(2 * task, NaN, -0, Infinity) };
  },
};

/** Two stages of tasks, as a run makes them. */
async function work(checkpoint: FileCheckpoint): Promise<Uint8Array> {
  runs = [];
  const first = await checkpoint.executor('one', inProcessExecutor).map(double, null, [1, 2, 3]);
  const executor = checkpoint.executor('two', inProcessExecutor);
  const second = await executor.map(double, null, [4, 5]);
  const third = await executor.map(double, null, [6]);
  checkpoint.close();
  return serialize([first, second, third]);
}

describe('a checkpoint of tasks', () => {
  it('hands over what stands, bit for bit, and computes the rest, wherever the earlier run ended', async () => {
    const expected = await work(open(false));
    expect(runs).toEqual([1, 2, 3, 4, 5, 6]);
    const whole = readFileSync(path);
    const remaining = new Set<number>();
    for (let length = 300; length <= whole.length; length += 97) {
      writeFileSync(path, whole.subarray(0, length));
      expect(await work(open(true))).toEqual(expected);
      remaining.add(runs.length);
      expect(await work(open(true))).toEqual(expected);
      expect(runs).toEqual([]);
    }
    expect(remaining.size).toBeGreaterThan(4);
  });

  it('does a damaged part again and says so', async () => {
    const expected = await work(open(false));
    const bytes = readFileSync(path);
    const at = bytes.indexOf('"two 0 1');
    bytes[at + 3]! ^= 0xff;
    writeFileSync(path, bytes);
    expect(await work(open(true))).toEqual(expected);
    expect(runs).toEqual([5]);
    expect(notices).toEqual([
      expect.stringMatching(/^1 of 7 records of the checkpoint .* are damaged: that work is done again\.$/),
    ]);
    writeFileSync(path, 'not a checkpoint');
    expect(await work(open(true))).toEqual(expected);
    expect(runs).toHaveLength(6);
    expect(notices).toEqual([expect.stringContaining('is damaged at its start')]);
  });

  it('starts at the beginning where nothing stands', async () => {
    rmSync(path, { force: true });
    await work(open(true));
    expect(runs).toHaveLength(6);
    expect(notices).toEqual([expect.stringContaining('No checkpoint stands in')]);
  });

  it('keeps nothing of tasks that were told to stop', async () => {
    const controller = new AbortController();
    const checkpoint = open(false);
    const stopping: Kernel<null, number, number> = {
      name: 'stopping',
      run: (_, task, context) => {
        runs.push(task);
        if (task === 1) controller.abort();
        return context.shouldStop() ? -1 : task;
      },
    };
    const executor = checkpoint.executor('one', inProcessExecutor);
    const { signal } = controller;
    expect(await executor.map(stopping, null, [0, 1, 2], { signal })).toEqual([0, -1, -1]);
    expect(await checkpoint.result('end', () => Promise.resolve('cut short'), signal)).toBe('cut short');
    checkpoint.close();
    const resumed = open(true);
    runs = [];
    const whole: Kernel<null, number, number> = {
      name: 'stopping',
      run: (_, task) => {
        runs.push(task);
        return task;
      },
    };
    expect(await resumed.executor('one', inProcessExecutor).map(whole, null, [0, 1, 2])).toEqual([0, 1, 2]);
    expect(runs).toEqual([1, 2]);
    expect(await resumed.result('end', () => Promise.resolve('whole'), undefined)).toBe('whole');
    resumed.close();
  });

  it('counts what stands as ended where a time limit waits for results', async () => {
    const tasks = [1, 2, 3];
    const mapped = (checkpoint: FileCheckpoint) =>
      mapUntil(
        () => 1000 - checkpoint.nowS(),
        checkpoint.executor('one', inProcessExecutor),
        double,
        null,
        tasks,
        undefined,
      );
    const first = open(false);
    const expected = await mapped(first);
    first.close();
    expect(expected.ended).toEqual([0, 1, 2]);
    const resumed = open(true);
    runs = [];
    expect(await mapped(resumed)).toEqual(expected);
    expect(runs).toEqual([]);
    resumed.close();
  });

  it('never hands a result to another task', async () => {
    await work(open(false));
    const resumed = open(true);
    runs = [];
    await resumed.executor('one', inProcessExecutor).map(double, null, [1, 2, 33]);
    expect(runs).toEqual([33]);
    resumed.close();
  });

  it('counts the seconds of the earlier run, so that a time limit holds for both', async () => {
    const slow = open(false);
    // The earlier run stands at 5000 s when it records.
    const realNow = performance.now.bind(performance);
    performance.now = () => realNow() + 5_000_000;
    await work(slow).finally(() => (performance.now = realNow));
    const resumed = open(true);
    expect(resumed.nowS()).toBeLessThan(60);
    await resumed.executor('one', inProcessExecutor).map(double, null, [1, 2, 3]);
    expect(resumed.nowS()).toBeGreaterThan(5000);
    resumed.close();
  });

  it.each<[string, RunIdentity, RegExp]>([
    [
      'version',
      { ...identity, mastplan: '0.2.0' },
      /was written by mastplan 0\.1\.0 .*, this is mastplan 0\.2\.0/,
    ],
    ['Node version', { ...identity, node: 'v22' }, /on Node v20 .* on Node v22/],
    ['scenario', { ...identity, scenario: 'abd' }, /belongs to another scenario/],
    ['input', { ...identity, inputs: [{ file: 'users', sha256: '2' }] }, /users has changed/],
    ['number of inputs', { ...identity, inputs: [] }, /one file fewer/],
  ])('of another %s is refused', (_what, other, sentence) => {
    open(false).close();
    expect(() => open(true, other)).toThrow(InputError);
    expect(() => open(true, other)).toThrow(sentence);
    open(true).close();
  });

  it('says that its place cannot be written', () => {
    const missing = join(folder, 'nowhere');
    const opening = (): unknown =>
      openCheckpoint(missing, identity, { resume: false, onNotice: () => undefined });
    expect(opening).toThrow(EnvironmentError);
    expect(opening).toThrow('cannot be written (ENOENT)');
  });
});

describe('a plan from a checkpoint', () => {
  let expected: PlanResult;
  let length = 0;
  const recorded = join(folder, 'whole.log');
  const loadedWith = async (threads: number) =>
    readScenario(tiny, resolveFlags({ effort: 'quick', threads: String(threads) }));

  async function planFrom(resume: boolean, executor: Executor = inProcessExecutor): Promise<PlanResult> {
    const loaded = await loadedWith(1);
    let checkpoint: FileCheckpoint | undefined;
    try {
      return await plan(loaded, {
        executor,
        onInputsValid: async (inputs) =>
          (checkpoint = open(resume, identityOf(loaded.scenario, inputs, software))),
      });
    } finally {
      checkpoint?.close();
    }
  }

  beforeAll(async () => {
    expected = await planFrom(false);
    copyFileSync(path, recorded);
    length = statSync(path).size;
  });

  it.each([0.02, 0.3, 0.55, 0.8, 0.97, 1])(
    'cut at %f of its bytes is the plan of an uninterrupted run',
    async (part) => {
      copyFileSync(recorded, path);
      truncateSync(path, Math.floor(part * length));
      const again = await planFrom(true);
      expect(again.solution).toEqual(expected.solution);
      expect(again.sensitivity).toEqual(expected.sensitivity);
    },
  );

  it('does not care about the number of threads, but about every other key', async () => {
    const [one, two] = [await loadedWith(1), await loadedWith(2)];
    expect(identityOf(two.scenario, [], software)).toEqual(identityOf(one.scenario, [], software));
    const other = await readScenario(tiny, resolveFlags({ effort: 'quick', seed: '7' }));
    expect(identityOf(other.scenario, [], software)).not.toEqual(identityOf(one.scenario, [], software));
  });
});
