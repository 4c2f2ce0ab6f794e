import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { startS3 } from '../support/s3-server.ts';
import { runCli } from '../support/run-cli.ts';
import { describeWithTool } from '../support/tools.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const tiny = join(root, 'test/fixtures/tiny/scenario.yaml');

let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-cli-queue-'));
});
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

/** Every file of a run but run.json, the one that may differ. */
function contents(out: string): Record<string, string> {
  const files = readdirSync(join(work, out)).filter((name) => name !== 'run.json');
  return Object.fromEntries(files.sort().map((name) => [name, readFileSync(join(work, out, name), 'utf8')]));
}

describeWithTool('redis-server', 'mastplan worker and plan --queue', (redisServer) => {
  let redis: TestRedis;
  let store: string[] = [];
  const workers: ChildProcess[] = [];

  beforeAll(async () => {
    redis = await startRedis(redisServer, 'pass word');
    store = ['--queue-store', mkdtempSync(join(work, 'store-'))];
  });
  afterAll(async () => {
    for (const worker of workers) worker.kill('SIGKILL');
    await redis.close();
  });

  /** Resolves when it says that it takes tasks. */
  function startWorker(place = store, more: Record<string, string> = {}): Promise<ChildProcess> {
    const args = [join(root, 'bin/mastplan.js'), 'worker', ...place, '--concurrency', '1', '--no-progress'];
    const env = { ...process.env, MASTPLAN_QUEUE: redis.url, MASTPLAN_QUEUE_PASSWORD: 'pass word', ...more };
    const worker = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    workers.push(worker);
    return new Promise((resolve, reject) => {
      worker.on('exit', (code) => reject(new Error(`the worker ended with ${code}`)));
      worker.stderr.on('data', (text: Buffer) => {
        if (text.toString().includes('takes tasks from')) resolve(worker);
      });
    });
  }

  it('plans the same bytes on two worker processes, shows them to status, and lets them leave', async () => {
    const [worker] = await Promise.all([startWorker(), startWorker()]);
    const queue = ['--queue', `redis://:pass%20word@127.0.0.1:${redis.port}`];
    const plan = (out: string, ...args: string[]) =>
      runCli(['plan', tiny, '--out', join(work, out), '--tiles', '2', '--no-progress', ...args]);
    const status = await runCli(['status', ...queue]);
    expect(status.stdout).toContain('2 workers, 0 of 2 threads busy');
    expect(status.stdout + status.stderr).not.toContain('word');
    expect((await plan('alone', '--threads', '1')).exitCode).toBe(0);
    const queued = await plan('queued', ...queue, ...store);
    expect(queued).toMatchObject({ exitCode: 0, stderr: '' });
    expect(contents('queued')).toEqual(contents('alone'));
    expect(readFileSync(join(work, 'queued/summary.md'), 'utf8')).not.toContain('word');
    const after = await runCli(['status', join(work, 'queued'), ...queue]);
    expect(after.stdout).toContain('complete: optimal, cost 3, gap 0');
    const done = [...after.stdout.matchAll(/(\d+) tasks done/g)].map(([, count]) => Number(count));
    expect(Math.min(...done)).toBeGreaterThan(0);
    const left = new Promise((resolve) => worker.on('exit', resolve));
    worker.kill('SIGTERM');
    expect(await left).toBe(143);
  });

  it('plans the same bytes over an S3 store, shows no secret and leaves nothing in it', async () => {
    const s3 = await startS3();
    // A part of the queue of their own: workers of the other tests see another store.
    const place = ['--queue-store', `s3://${s3.bucket}/city`, '--queue-prefix', 's3'];
    await Promise.all([startWorker(place, s3.env), startWorker(place, s3.env)]);
    const env = { MASTPLAN_QUEUE: redis.url, MASTPLAN_QUEUE_PASSWORD: 'pass word', ...s3.env };
    const plan = ['plan', tiny, '--tiles', '2', '--no-progress', '--out'];
    expect((await runCli([...plan, join(work, 's3-alone')])).exitCode).toBe(0);
    const queued = await runCli([...plan, join(work, 's3-queued'), ...place], undefined, env);
    expect(queued).toMatchObject({ exitCode: 0, stderr: '' });
    expect(contents('s3-queued')).toEqual(contents('s3-alone'));
    expect(s3.served.filter((line) => /^PUT city\/[\w-]+\/result-/.test(line))).not.toEqual([]);
    expect([...s3.objects.keys()]).toEqual([]);
    for (const [changed, says] of [
      [{ AWS_SECRET_ACCESS_KEY: 'h1dden' }, 'refuses these credentials (403 SignatureDoesNotMatch)'],
      [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, 'cannot be reached at http://127.0.0.1:1 ('],
    ] as const) {
      const run = await runCli([...plan, join(work, 's3-refused'), ...place], undefined, {
        ...env,
        ...changed,
      });
      expect(run.exitCode).toBe(4);
      expect(run.stderr).toContain(says);
      expect(run.stderr).not.toContain('h1dden');
      expect(run.stderr.trim().split('\n')).toHaveLength(1);
      expect(readdirSync(work)).not.toContain('s3-refused');
    }
    await s3.stop();
  });

  it('exits 4 in one sentence without the password when the queue refuses or is away', async () => {
    for (const [port, says] of [
      [redis.port, 'refuses this user or password'],
      [1, 'cannot be reached (ECONNREFUSED)'],
    ] as const) {
      const url = `redis://ops:s3cret@127.0.0.1:${port}`;
      const run = await runCli(['plan', tiny, '--out', join(work, 'refused'), '--queue', url, ...store]);
      expect(run.exitCode).toBe(4);
      expect(run.stderr).toContain(`The queue redis://127.0.0.1:${port} ${says}.`);
      expect(run.stderr).not.toContain('s3cret');
      expect(run.stderr.trim().split('\n')).toHaveLength(1);
      expect(readdirSync(work)).not.toContain('refused');
    }
  });
});

describe('mastplan worker, status and --queue without a queue', () => {
  it.each([
    ['no queue', ['worker'], 'no queue is named. Give it with --queue'],
    ['another address', ['worker', '--queue', 'http://x'], '--queue must be redis://HOST:PORT'],
    [
      'no store',
      ['plan', tiny, '--out', 'o', '--queue', 'redis://127.0.0.1:1'],
      '--queue needs --queue-store: a folder',
    ],
    ['no threads', ['worker', '--concurrency', '0'], 'a whole number from 1 to 1024'],
    ['nothing to look at', ['status'], 'name the output folder of a run, or --queue'],
    ['no folder', ['status', 'nowhere'], 'nowhere is no folder'],
  ])('exits 2 with one sentence for %s', async (_, args, says) => {
    const run = await runCli(args);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(says);
    expect(run.stderr).not.toMatch(/\n\s+at /);
  });
});
