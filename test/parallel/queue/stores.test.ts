import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobStore } from '../../../src/parallel/queue/job-store.ts';
import { openStore } from '../../../src/parallel/queue/open-store.ts';
import { openS3Store } from '../../../src/parallel/queue/s3-store.ts';
import { startS3, type TestS3 } from '../../support/s3-server.ts';

let dir = '';
let s3: TestS3;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'mastplan-store-'));
  s3 = await startS3();
});
afterAll(async () => {
  await s3.stop();
  rmSync(dir, { recursive: true, force: true });
});

const address = (): string => `s3://${s3.bucket}/shared/store`;
const textOf = async (store: JobStore, name: string): Promise<string | null> => {
  const body = await store.read(name);
  return body === null ? null : Buffer.from(body).toString();
};

describe.each([
  ['a folder', () => openStore(dir, {})],
  ['an S3 store', () => openStore(address(), s3.env)],
])('%s', (_, open) => {
  it('holds what was written whole, for runs that are open, and nothing of a run that was removed', async () => {
    const store = await open();
    expect(await store.read('run/task-x')).toBeNull();
    expect(await store.write('run/task-x', Buffer.from('nobody waits'))).toBe(false);
    expect(await store.read('run/task-x')).toBeNull();
    await store.openRun('run');
    await store.openRun('run-2');
    expect(await store.write('run/task-x', Buffer.from('one'))).toBe(true);
    await store.write('run/task-x', Buffer.from('two'));
    expect(await textOf(store, 'run/task-x')).toBe('two');
    await store.remove('run/task-x');
    await store.remove('run/task-x');
    expect(await store.read('run/task-x')).toBeNull();
    for (const name of ['a', 'b', 'c', 'd', 'e']) await store.write(`run/task-${name}`, Buffer.from(name));
    await store.write('run-2/task-x', Buffer.from('other run'));
    await store.removeRun('run');
    expect(await store.read('run/task-c')).toBeNull();
    expect(await store.write('run/task-x', Buffer.from('too late'))).toBe(false);
    expect(await textOf(store, 'run-2/task-x')).toBe('other run');
    await store.removeRun('run-2');
    expect(readdirSync(dir)).toEqual([]);
    expect([...s3.objects.keys()]).toEqual([]);
  });
});

it('a folder must exist; its files are for the owner alone', async () => {
  await expect(openStore(join(dir, 'absent'), {})).rejects.toMatchObject({ code: 'queue-store' });
  expect(readdirSync(dir)).toEqual([]);
  const store = await openStore(dir, {});
  await store.openRun('run');
  await store.write('run/task-x', Buffer.from('one'));
  expect(readdirSync(join(dir, 'run'))).toEqual(['task-x']);
  expect(statSync(join(dir, 'run/task-x')).mode & 0o777).toBe(0o600);
  await store.removeRun('run');
});

describe('an S3 store that fails', () => {
  /** A silent store is soon asked again. */
  const patient = { answerMs: 500, firstContactMs: 20_000, laterMs: 20_000 };
  /** So short that a test waits for the end. */
  const impatient = { answerMs: 5_000, firstContactMs: 250, laterMs: 600 };
  const open = (env: Record<string, string> = {}, at = address(), patience = patient): Promise<JobStore> =>
    openS3Store(at, { ...s3.env, ...env }, patience);
  const body = Buffer.alloc(300_000, 'measured\n');

  it('is asked again where it is busy, silent, breaks off or sends half an object', async () => {
    const store = await open();
    await store.openRun('run');
    const again = { on: /PUT .*task-x/ };
    s3.meet(
      { fault: '503', ...again },
      { fault: 'reset', ...again },
      { fault: '500', ...again },
      { fault: 'silent', ...again },
    );
    expect(await store.write('run/task-x', body)).toBe(true);
    s3.meet({ fault: 'cut', on: /GET .*task-x/ }, { fault: 'reset', on: /GET .*task-x/ });
    expect(Buffer.from((await store.read('run/task-x'))!).equals(body)).toBe(true);
    s3.meet({ fault: '503', on: /GET $/ }, { fault: '503', on: /DELETE / });
    await store.removeRun('run');
    expect(s3.objects.size).toBe(0);
  });

  it('comes back from a restart', async () => {
    const store = await open();
    await store.openRun('run');
    await s3.stop();
    const writing = store.write('run/task-x', body);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await s3.start();
    expect(await writing).toBe(true);
    await store.removeRun('run');
  });

  it('ends in one sentence when it stays away, and in no time when it has been given up', async () => {
    const store = await open({}, address(), impatient);
    await s3.stop();
    const away = {
      code: 'queue-store',
      message: `The queue store ${address()} cannot be reached at ${s3.url} (ECONNREFUSED). Does an S3-compatible store answer there? AWS_ENDPOINT_URL says where; own certificates: NODE_EXTRA_CA_CERTS.`,
    };
    await expect(store.read('run/task-x')).rejects.toMatchObject(away);
    await expect(store.removeRun('run')).rejects.toMatchObject(away);
    await expect(open({}, address(), impatient)).rejects.toMatchObject(away);
    await s3.start();
    expect(await store.read('run/task-x')).toBeNull();
    s3.meet(...Array.from({ length: 20 }, () => ({ fault: '503' as const, on: /task-y/ })));
    await expect(store.read('run/task-y')).rejects.toThrow(`cannot be reached at ${s3.url} (503 SlowDown)`);
  });

  it.each([
    [
      'a wrong secret',
      { AWS_SECRET_ACCESS_KEY: 'h1dden' },
      'refuses these credentials (403 SignatureDoesNotMatch)',
    ],
    ['an unknown key', { AWS_ACCESS_KEY_ID: 'h1dden' }, 'refuses these credentials (403 InvalidAccessKeyId)'],
    ['another region', { AWS_REGION: 'us-west-1' }, 'is not in the region us-west-1 (403 Authorization'],
  ])('says %s once, without it', async (_, env, says) => {
    const asked = s3.served.length;
    const told = await open(env).then(
      () => 'opened',
      (error: Error & { code: string }) => `${error.code}: ${error.message} ${String(error.stack)}`,
    );
    expect(told).toMatch(/^queue-store: The /);
    expect(told).toContain(says);
    expect(told).not.toContain('h1dden');
    expect(s3.served.length).toBe(asked);
  });

  it('says a bucket that is missing, and an address where something else answers', async () => {
    await expect(open({}, 's3://elsewhere/x')).rejects.toMatchObject({
      code: 'queue-store',
      message: `There is no bucket elsewhere at ${s3.url}. Make it, or name another with --queue-store.`,
    });
    await expect(open({ AWS_ENDPOINT_URL: `${s3.url}/${s3.bucket}` })).rejects.toThrow('does not speak S3');
  });

  it.each([
    ['no credentials', 's3://plans', { AWS_SECRET_ACCESS_KEY: '' }, 'an S3 store needs credentials'],
    ['credentials in the address', 's3://key:h1dden@plans/x', {}, '--queue-store must be a folder, or s3://'],
    ['a prefix that leaves the bucket', 's3://plans/../x', {}, '--queue-store must be a folder, or s3://'],
    [
      'an endpoint with a password',
      's3://plans',
      { AWS_ENDPOINT_URL: 'http://u:h1dden@x' },
      'AWS_ENDPOINT_URL must',
    ],
  ])('refuses %s before anything is asked', async (_, at, env, says) => {
    const told = await open(env, at).then(
      () => 'opened',
      (error: Error) => `${error.name}: ${error.message}`,
    );
    expect(told).toContain(`InputError: ${says}`);
    expect(told).not.toContain('h1dden');
  });
});
