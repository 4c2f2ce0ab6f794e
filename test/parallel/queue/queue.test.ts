import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { inProcessExecutor, type Kernel } from '../../../src/executor.ts';
import { openFolderStore } from '../../../src/parallel/queue/folder-store.ts';
import { encode, hashOf, jobOf } from '../../../src/parallel/queue/jobs.ts';
import { sealed } from '../../../src/parallel/queue/job-store.ts';
import { queueAddress, type QueueAddress } from '../../../src/parallel/queue/queue-address.ts';
import { openQueueExecutor, type QueueExecutor } from '../../../src/parallel/queue/queue-executor.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { describeWithTool } from '../../support/tools.ts';

const SOFTWARE = { mastplan: 'test', node: process.version, platform: 'test' };
const script = fileURLToPath(new URL('./worker-process.mjs', import.meta.url));
const kernelModule = new URL('./slow-kernels.mjs', import.meta.url).href;

interface Task {
  readonly from: number;
  readonly to: number;
  readonly ms: number;
}
interface Sum {
  readonly sum: number;
  readonly parts: Float64Array;
  readonly isShared: boolean;
}
type SlowSum = Kernel<{ readonly values: Float64Array }, Task, Sum>;
type OnText = Kernel<null, string, string>;

describeWithTool('redis-server', 'the queue executor with worker processes', (redisServer) => {
  let redis: TestRedis;
  let slowSum: SlowSum;
  let refuse: OnText;
  let untilStopped: OnText;
  let endWorker: OnText;
  let dir = '';
  const workers = new Set<ChildProcess>();
  const open = new Set<QueueExecutor>();
  let runs = 0;

  const values = new Float64Array(new SharedArrayBuffer(8 * 40));
  values.forEach((_, index) => (values[index] = 1 / (index + 1)));
  const shared = { values };
  const tasksOf = (count: number, ms: number): Task[] =>
    Array.from({ length: count }, (_, index) => ({ from: index, to: index + 7, ms }));
  /** What this thread computes; the pauses change nothing. */
  const expected = (tasks: readonly Task[]): Promise<Sum[]> =>
    inProcessExecutor.map(
      slowSum,
      shared,
      tasks.map((task) => ({ ...task, ms: 0 })),
    );

  const addressOf = (url: string): QueueAddress => queueAddress({ url, prefix: undefined, env: {} })!;

  async function coordinator(
    run = `run-${++runs}`,
    more: { readonly software?: typeof SOFTWARE; readonly longestLossS?: number } = {},
  ): Promise<QueueExecutor> {
    const store = await openFolderStore(dir);
    const address = addressOf(redis.url);
    const executor = await openQueueExecutor({
      address,
      store,
      run,
      software: SOFTWARE,
      local: inProcessExecutor,
      ...more,
    });
    open.add(executor);
    return executor;
  }

  async function startWorker(): Promise<ChildProcess> {
    const worker = fork(script, [redis.url, dir, JSON.stringify(SOFTWARE)], { stdio: 'inherit' });
    workers.add(worker);
    await new Promise((resolve) => worker.once('message', resolve));
    return worker;
  }

  /** Ends it at once and waits until it is gone. */
  async function kill(worker: ChildProcess): Promise<void> {
    const gone = new Promise((resolve) => worker.once('exit', resolve));
    workers.delete(worker);
    worker.kill('SIGKILL');
    await gone;
  }

  async function untilBusy(worker: ChildProcess): Promise<void> {
    for (;;) {
      const answer = new Promise<{ busy: number }>((resolve) => worker.once('message', resolve));
      worker.send('state?');
      if ((await answer).busy > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  beforeAll(async () => {
    const { kernels } = (await import(kernelModule)) as { kernels: { readonly name: string }[] };
    const named = (name: string): unknown => kernels.find((kernel) => kernel.name === name);
    slowSum = named('test/slow-sum') as SlowSum;
    refuse = named('test/refuse') as OnText;
    untilStopped = named('test/until-stopped') as OnText;
    endWorker = named('test/end-worker') as OnText;
    dir = mkdtempSync(join(tmpdir(), 'mastplan-queue-'));
    redis = await startRedis(redisServer);
    await Promise.all([startWorker(), startWorker()]);
  });

  afterEach(async () => {
    for (const executor of open) await executor.close();
    open.clear();
    // A run leaves nothing behind in the store.
    expect(readdirSync(dir)).toEqual([]);
  });

  afterAll(async () => {
    for (const worker of [...workers]) await kill(worker);
    await redis.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('gives what this thread gives, bit for bit and in task order; inputs reach threads on shared memory', async () => {
    const executor = await coordinator();
    // The first tasks take longest: whoever merges by arrival differs.
    const tasks = tasksOf(6, 0).map((task, index) => ({ ...task, ms: 120 - 20 * index }));
    let done = 0;
    const results = await executor.map(slowSum, shared, tasks, { onTaskDone: (count) => (done = count) });
    expect(results).toEqual(await expected(tasks));
    expect(results.every((result) => result.isShared)).toBe(true);
    expect(done).toBe(6);
    // The same tasks on the same inputs again, and two of the same kind at once.
    const twice = [tasks[0]!, tasks[0]!];
    expect(await executor.map(slowSum, shared, twice)).toEqual(await expected(twice));
  });

  it('brings an error of a kernel back as what it was', async () => {
    const executor = await coordinator();
    await expect(executor.map(refuse, null, ['too many pairs'])).rejects.toThrow(
      new RangeError('too many pairs'),
    );
  });

  it('ends running tasks when asked to and takes what they have; without a worker it does not wait for one', async () => {
    const executor = await coordinator();
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 400);
    const results = await executor.map(untilStopped, null, ['a', 'b', 'c', 'd'], { signal: stop.signal });
    expect(results).toEqual(['stopped a', 'stopped b', 'stopped c', 'stopped d']);
  });

  it('lets two coordinators of one run share its jobs', async () => {
    const tasks = tasksOf(5, 60);
    const [one, other] = await Promise.all([coordinator('both'), coordinator('both')]);
    const results = await Promise.all([one.map(slowSum, shared, tasks), other.map(slowSum, shared, tasks)]);
    expect(results).toEqual([await expected(tasks), await expected(tasks)]);
  });

  it('takes a result that stands, and does the work again where it is damaged', async () => {
    const executor = await coordinator('standing');
    const [good, bad] = tasksOf(2, 0);
    const resultOf = (task: Task): string => {
      const { data } = jobOf('standing', '', slowSum.name, hashOf(encode(shared)), hashOf(encode(task)));
      return join(dir, data.result);
    };
    await executor.map(slowSum, shared, [tasksOf(3, 0)[2]!]);
    const marked = { sum: 7, parts: new Float64Array(1), isShared: true };
    writeFileSync(resultOf(good!), sealed(encode({ kind: 'result', value: marked })));
    const damaged = sealed(encode({ kind: 'result', value: marked }));
    damaged[damaged.length - 3]! ^= 1;
    writeFileSync(resultOf(bad!), damaged);
    const [fromStore, computed] = await executor.map(slowSum, shared, [good!, bad!]);
    expect(fromStore).toEqual(marked);
    expect(computed).toEqual((await expected([bad!]))[0]);
  });

  it('goes on when a worker is killed (kill -9) in the middle', async () => {
    const executor = await coordinator();
    const doomed = await startWorker();
    const tasks = tasksOf(9, 300);
    const results = executor.map(slowSum, shared, tasks);
    await untilBusy(doomed);
    await kill(doomed);
    expect(await results).toEqual(await expected(tasks));
  });

  it('goes on when a worker is stopped past its lock, and when it wakes and finishes late', async () => {
    const executor = await coordinator();
    const sleeper = await startWorker();
    const tasks = tasksOf(9, 300);
    const results = executor.map(slowSum, shared, tasks);
    await untilBusy(sleeper);
    sleeper.kill('SIGSTOP');
    expect(await results).toEqual(await expected(tasks));
    sleeper.kill('SIGCONT');
    const more = tasksOf(12, 200);
    const later = executor.map(slowSum, shared, more);
    await untilBusy(sleeper);
    expect(await later).toEqual(await expected(more));
    await kill(sleeper);
  });

  it('goes on when Redis is restarted in the middle and has lost its memory', async () => {
    const executor = await coordinator();
    const tasks = tasksOf(8, 300);
    let first = (): void => undefined;
    const begun = new Promise<void>((resolve) => (first = resolve));
    const results = executor.map(slowSum, shared, tasks, { onTaskDone: () => first() });
    await begun;
    await redis.stop();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await redis.start();
    expect(await results).toEqual(await expected(tasks));
    // The workers are seen again, too.
    await executor.map(slowSum, shared, tasksOf(2, 100));
  });

  it('gives up when Redis stays away for longer than is allowed, and says so', async () => {
    const executor = await coordinator(undefined, { longestLossS: 1 });
    const results = executor.map(slowSum, shared, tasksOf(2, 3_000));
    results.catch(() => undefined);
    await redis.stop();
    await expect(results).rejects.toMatchObject({
      code: 'queue-unreachable',
      message: `The queue ${addressOf(redis.url).shown} has been unreachable for 1 s. Run again; with --resume what was finished is kept.`,
    });
    await redis.start();
  });

  it('gives a piece of work up once as many workers as are allowed have ended on it', async () => {
    // Workers of their own, under another version: those of the other tests never see the job.
    const software = { ...SOFTWARE, mastplan: 'fatal' };
    const executor = await coordinator(undefined, { software });
    let given = false;
    let ended = 0;
    const results = executor.map(endWorker, null, ['x']).finally(() => (given = true));
    results.catch(() => undefined);
    while (!given) {
      const worker = fork(script, [redis.url, dir, JSON.stringify(software), '600'], { stdio: 'inherit' });
      workers.add(worker);
      const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      await Promise.race([gone, results.catch(() => undefined)]);
      if (!given) ended++;
      else await kill(worker);
      workers.delete(worker);
    }
    await expect(results).rejects.toMatchObject({ code: 'worker-ended' });
    await expect(results).rejects.toThrow('Workers ended again and again on the same piece of work.');
    // The first end and five times given to another; a lock that ran out on a busy machine may count as one.
    expect(ended).toBeGreaterThan(0);
    expect(ended).toBeLessThanOrEqual(6);
  });

  it('says that the queue cannot be reached or refuses, and never shows the password', async () => {
    const locked = await startRedis(redisServer, 'right');
    const store = await openFolderStore(dir);
    const local = inProcessExecutor;
    const saying = async (url: string): Promise<unknown> =>
      openQueueExecutor({ address: addressOf(url), store, run: 'refused', software: SOFTWARE, local }).then(
        () => 'connected',
        (error: Error & { code: string }) => ({
          message: `${error.stack} ${String(error.cause)}`,
          code: error.code,
        }),
      );
    const withPassword = `redis://:wr0ng@127.0.0.1:${locked.port}`;
    for (const url of [withPassword, locked.url]) {
      const told = await saying(url);
      expect(told).toMatchObject({ code: 'queue-password' });
      expect(JSON.stringify(told)).not.toContain('wr0ng');
      expect(JSON.stringify(told)).toContain(
        `redis://127.0.0.1:${locked.port} refuses this user or password`,
      );
    }
    await locked.close();
    const told = await saying(withPassword);
    expect(told).toMatchObject({ code: 'queue-unreachable' });
    expect(JSON.stringify(told)).toContain('cannot be reached (ECONNREFUSED)');
    expect(JSON.stringify(told)).not.toContain('wr0ng');
  });
});
