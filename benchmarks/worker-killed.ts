// How long does a worker killed by `kill -9` hold up a run? Two worker processes hold a task each (a pause of TASK ms);
// one is killed half-way, the other ends its own and takes the lost one over. Told: seconds from the kill to the end of
// the run, less the time of the lost task. Needs redis-server and built files: npm run build && npx tsx benchmarks/worker-killed.ts [runs]
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inProcessExecutor, type Kernel } from '../src/executor.ts';
import { openFolderStore } from '../src/parallel/queue/folder-store.ts';
import { queueAddress } from '../src/parallel/queue/queue-address.ts';
import { openQueueExecutor } from '../src/parallel/queue/queue-executor.ts';
import { startRedis } from '../test/support/redis.ts';

type SlowSum = Kernel<
  { readonly values: Float64Array },
  { readonly from: number; readonly to: number; readonly ms: number },
  { readonly sum: number }
>;

const runs = Number(process.argv[2] ?? 10);
const TASK_MS = 2000;
const software = { mastplan: 'benchmark', node: process.version, platform: 'benchmark' };
const script = fileURLToPath(new URL('../test/parallel/queue/worker-process.mjs', import.meta.url));
const kernelModule = new URL('../test/parallel/queue/slow-kernels.mjs', import.meta.url).href;
const { kernels } = (await import(kernelModule)) as { kernels: readonly SlowSum[] };
const slowSum = kernels.find(({ name }) => name === 'test/slow-sum')!;
const dir = mkdtempSync(join(tmpdir(), 'mastplan-killed-'));
const redis = await startRedis('redis-server');

async function startWorker(): Promise<ChildProcess> {
  const worker = fork(script, [redis.url, dir, JSON.stringify(software)]);
  await new Promise((resolve) => worker.once('message', resolve));
  return worker;
}

async function untilBusy(worker: ChildProcess): Promise<void> {
  for (;;) {
    const answer = new Promise<{ busy: number }>((resolve) => worker.once('message', resolve));
    worker.send('state?');
    if ((await answer).busy > 0) return;
    await pause(20);
  }
}

async function end(worker: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => worker.once('exit', resolve));
  worker.kill('SIGKILL');
  await gone;
}

const values = new Float64Array(new SharedArrayBuffer(8 * 40)).fill(1);
const heldUpS: number[] = [];
const survivor = await startWorker();
for (let run = 0; run < runs; run++) {
  const doomed = await startWorker();
  const executor = await openQueueExecutor({
    address: queueAddress({ url: redis.url, prefix: undefined, env: {} })!,
    store: await openFolderStore(dir),
    run: `killed-${run}`,
    software,
    local: inProcessExecutor,
  });
  const tasks = [0, 1].map((from) => ({ from: from + run, to: from + run + 7, ms: TASK_MS }));
  const results = executor.map(slowSum, { values }, tasks);
  await Promise.all([untilBusy(doomed), untilBusy(survivor)]);
  await pause(TASK_MS / 2);
  const killedMs = performance.now();
  await end(doomed);
  const sums = (await results).map(({ sum }) => sum);
  if (sums.some((sum) => sum !== 7)) throw new Error(`wrong sums: ${sums.join(', ')}`);
  heldUpS.push((performance.now() - killedMs - TASK_MS) / 1000);
  await executor.close();
}
await end(survivor);
await redis.close();
rmSync(dir, { recursive: true });
heldUpS.sort((a, b) => a - b);
const shown = (value: number | undefined): string => (value ?? NaN).toFixed(1);
console.log(
  `${runs} runs: the kill held a run up by ${shown(heldUpS[runs >> 1])} s (median), ${shown(heldUpS[0])} to ${shown(heldUpS.at(-1))} s, beside the ${TASK_MS / 1000} s of the lost task.`,
);
process.exit();
