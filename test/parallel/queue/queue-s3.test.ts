import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { inProcessExecutor, type Kernel } from '../../../src/executor.ts';
import { sealed, type JobStore } from '../../../src/parallel/queue/job-store.ts';
import { encode } from '../../../src/parallel/queue/jobs.ts';
import { openStore } from '../../../src/parallel/queue/open-store.ts';
import { queueAddress } from '../../../src/parallel/queue/queue-address.ts';
import { openQueueExecutor, type QueueExecutor } from '../../../src/parallel/queue/queue-executor.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { startS3, type TestS3 } from '../../support/s3-server.ts';
import { describeWithTool } from '../../support/tools.ts';

const SOFTWARE = { mastplan: 'test-s3', node: process.version, platform: 'test' };
const script = fileURLToPath(new URL('./worker-process.mjs', import.meta.url));
const kernelModule = new URL('./slow-kernels.mjs', import.meta.url).href;

interface Task {
  readonly from: number;
  readonly to: number;
  readonly ms: number;
}
type SlowSum = Kernel<{ readonly values: Float64Array }, Task, unknown>;

describeWithTool(
  'redis-server',
  'the queue executor with worker processes over an S3 store',
  (redisServer) => {
    let redis: TestRedis;
    let s3: TestS3;
    let slowSum: SlowSum;
    let executor: QueueExecutor;
    let runs = 0;
    const workers: ChildProcess[] = [];
    const shared = { values: new Float64Array(new SharedArrayBuffer(8 * 40)) };
    shared.values.forEach((_, index, values) => (values[index] = 1 / (index + 1)));
    const tasksOf = (count: number, ms: number): Task[] =>
      Array.from({ length: count }, (_, index) => ({ from: index, to: index + 7, ms }));
    const expected = (tasks: readonly Task[]): Promise<unknown[]> =>
      inProcessExecutor.map(
        slowSum,
        shared,
        tasks.map((task) => ({ ...task, ms: 0 })),
      );
    const address = (): string => `s3://${s3.bucket}/queue`;

    async function startWorker(): Promise<void> {
      const env = { ...process.env, ...s3.env };
      const worker = fork(script, [redis.url, address(), JSON.stringify(SOFTWARE)], {
        stdio: 'inherit',
        env,
      });
      workers.push(worker);
      await new Promise((resolve) => worker.once('message', resolve));
    }

    async function coordinator(store?: JobStore): Promise<QueueExecutor> {
      executor = await openQueueExecutor({
        address: queueAddress({ url: redis.url, prefix: undefined, env: {} })!,
        store: store ?? (await openStore(address(), s3.env)),
        run: `run-${++runs}`,
        software: SOFTWARE,
        local: inProcessExecutor,
      });
      return executor;
    }

    beforeAll(async () => {
      const { kernels } = (await import(kernelModule)) as { kernels: { readonly name: string }[] };
      slowSum = kernels.find((kernel) => kernel.name === 'test/slow-sum') as SlowSum;
      [redis, s3] = await Promise.all([startRedis(redisServer), startS3()]);
      await Promise.all([startWorker(), startWorker()]);
    });

    afterEach(async () => {
      await executor.close();
      // A run leaves nothing behind in the store.
      expect([...s3.objects.keys()]).toEqual([]);
    });

    afterAll(async () => {
      for (const worker of workers) worker.kill('SIGKILL');
      await Promise.all([redis.close(), s3.stop()]);
    });

    it('gives what this thread gives; jobs in Redis hold names, the data is in the store', async () => {
      const map = await coordinator();
      const tasks = tasksOf(6, 50);
      s3.served.length = 0;
      expect(await map.map(slowSum, shared, tasks)).toEqual(await expected(tasks));
      const written = (kind: string): number =>
        new Set(s3.served.filter((line) => line.startsWith(`PUT queue/run-${runs}/${kind}-`))).size;
      expect([written('shared'), written('task'), written('result')]).toEqual([1, 6, 6]);
    });

    it('goes on when the store is busy, breaks off or is away for a moment', async () => {
      const map = await coordinator();
      const tasks = tasksOf(8, 200);
      s3.meet(
        { fault: '503', on: /PUT .*result-/ },
        { fault: 'reset', on: /PUT .*task-/ },
        { fault: 'cut', on: /GET .*task-/ },
        { fault: 'cut', on: /GET .*result-/ },
      );
      let first = (): void => undefined;
      const begun = new Promise<void>((resolve) => (first = resolve));
      const results = map.map(slowSum, shared, tasks, { onTaskDone: () => first() });
      await begun;
      await s3.stop();
      await new Promise((resolve) => setTimeout(resolve, 500));
      await s3.start();
      expect(await results).toEqual(await expected(tasks));
    });

    it('ends in one sentence where the inputs in the store are not those that were named', async () => {
      const store = await openStore(address(), s3.env);
      const others = sealed(encode({ values: shared.values.map((value) => 2 * value) }));
      const map = await coordinator({
        ...store,
        write: (name, body) => store.write(name, name.includes('/shared-') ? others : body),
      });
      await expect(map.map(slowSum, shared, tasksOf(1, 0))).rejects.toMatchObject({
        code: 'worker-failed',
        message: expect.stringContaining(`inputs are damaged in the store ${address()} of worker `) as string,
      });
    });
  },
);
