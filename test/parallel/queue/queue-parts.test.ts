import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkedJob,
  decode,
  encode,
  hashOf,
  jobOf,
  onSharedMemory,
} from '../../../src/parallel/queue/jobs.ts';
import { sealed, unsealed } from '../../../src/parallel/queue/job-store.ts';
import { workersLine, type WorkerState } from '../../../src/parallel/queue/presence.ts';
import { queueAddress } from '../../../src/parallel/queue/queue-address.ts';

const addressOf = (url: string | undefined, env: Record<string, string> = {}) =>
  queueAddress({ url, prefix: undefined, env });

describe('queueAddress', () => {
  it('takes user and password from the address or from the environment, and shows neither', () => {
    const address = addressOf('rediss://ops:p%40ss@queue.example:7000/3');
    expect(address).toMatchObject({
      host: 'queue.example',
      port: 7000,
      db: 3,
      tls: true,
      username: 'ops',
      password: 'p@ss',
    });
    expect(address?.shown).toBe('rediss://queue.example:7000/3');
    const env = { MASTPLAN_QUEUE: 'redis://[::1]', MASTPLAN_QUEUE_PASSWORD: 'secret' };
    expect(addressOf(undefined, env)).toMatchObject({
      host: '::1',
      port: 6379,
      tls: false,
      password: 'secret',
    });
    expect(addressOf(undefined)).toBeNull();
  });

  it.each([
    'http://queue.example',
    'redis://u:hidden@',
    'queue.example:6379',
    'redis://h/x',
    ''.padEnd(3, ' '),
  ])('refuses %s without repeating it', (url) => {
    expect(() => addressOf(url)).toThrow('--queue must be redis://HOST:PORT');
    expect(() => addressOf(url)).not.toThrow('hidden');
  });
});

describe('what jobs carry', () => {
  it('comes back as it was; a damaged or shortened file does not come back', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (body, at, flip) => {
          const file = sealed(body);
          expect(unsealed(file)).toEqual(Buffer.from(body));
          expect(unsealed(file, hashOf(body))).toEqual(Buffer.from(body));
          expect(unsealed(file, hashOf(Buffer.from('another')))).toBeNull();
          expect(unsealed(file.subarray(0, at % file.length))).toBeNull();
          file[at % file.length]! ^= flip;
          expect(unsealed(file)).toBeNull();
        },
      ),
    );
  });

  it('keeps typed arrays, -0, NaN and missing values, then on shared memory', () => {
    const value = { a: new Float64Array([-0, NaN]), b: [new Uint16Array([7])], c: undefined, d: { e: null } };
    const kept = onSharedMemory(decode(encode(value))) as typeof value;
    expect(kept).toEqual(value);
    expect(kept.a.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(Object.is(kept.a[0], -0)).toBe(true);
  });

  it('names the same job for the same task, and nothing outside the store', () => {
    const job = jobOf('town-1', 'call', 'solve-tile', 'a'.repeat(64), 'b'.repeat(64));
    expect(jobOf('town-1', 'other call', 'solve-tile', 'a'.repeat(64), 'b'.repeat(64)).id).toBe(job.id);
    expect(jobOf('town-1', 'call', 'solve-tile', 'b'.repeat(64), 'b'.repeat(64)).id).not.toBe(job.id);
    expect(checkedJob(job.data)).toEqual(job.data);
    for (const name of ['../../etc/passwd', `../x/task-${'a'.repeat(64)}`, `/task-${'a'.repeat(64)}`, 7])
      expect(checkedJob({ ...job.data, result: name })).toBeNull();
    expect(checkedJob(null)).toBeNull();
  });
});

describe('workersLine', () => {
  const worker = (software: string, busy: number): WorkerState => ({
    id: 'w',
    software,
    threads: 2,
    busy,
    done: 0,
  });

  it('says all workers in one line, and that some take no part', () => {
    expect(workersLine([], 'v1')).toBe('no worker yet: start mastplan worker');
    expect(workersLine([worker('v1', 2), worker('v1', 1)], 'v1')).toBe('2 workers, 3 of 4 threads busy');
    expect(workersLine([worker('v1', 0), worker('v0', 1)], 'v1')).toBe(
      '1 worker, 0 of 2 threads busy, 1 of another version',
    );
  });
});
