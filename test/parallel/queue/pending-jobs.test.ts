import { describe, expect, it } from 'vitest';
import { encode, hashOf, jobOf } from '../../../src/parallel/queue/jobs.ts';
import { sealed, type JobStore } from '../../../src/parallel/queue/job-store.ts';
import { PendingJobs } from '../../../src/parallel/queue/pending-jobs.ts';
import type { TaskReply } from '../../../src/parallel/messages.ts';

const body = encode({ tile: 7 });
const { id, data } = jobOf('run', 'call', 'kernel', hashOf(encode('inputs')), hashOf(body));
const job = { data, body, isStopping: () => false };
const reply: TaskReply = { kind: 'result', value: 42 };

/** A store in memory, and a queue that tells `onAdd` of every job put into it; nobody works unless that does. */
function queueWith(onAdd: (added: number, files: Map<string, Uint8Array>, jobs: PendingJobs) => void) {
  const files = new Map<string, Uint8Array>();
  const store: JobStore = {
    shown: 'memory',
    read: (name) => Promise.resolve(files.get(name) ?? null),
    openRun: () => Promise.resolve(),
    write: (name, file) => Promise.resolve(files.set(name, file).has(name)),
    remove: (name) => Promise.resolve(void files.delete(name)),
    removeRun: () => Promise.resolve(files.clear()),
  };
  let added = 0;
  const jobs: PendingJobs = new PendingJobs({
    store,
    shown: 'queue',
    isConnected: () => true,
    add: () => {
      onAdd(++added, files, jobs);
      return Promise.resolve();
    },
    stateOf: () => Promise.resolve('waiting'),
    reasonOf: () => Promise.resolve(undefined),
    forget: () => Promise.resolve(),
  });
  return { jobs, files, count: () => added };
}

const MISSING = 'inputs are missing from the store';

describe('jobs that are awaited', () => {
  it('go into the queue again, with their task, where a fellow coordinator has cleared it away', async () => {
    const { jobs, count } = queueWith((added, files, own) => {
      expect(files.has(data.task)).toBe(true);
      if (added < 3) {
        files.delete(data.task);
        void own.failed(id, MISSING);
      } else {
        files.set(data.result, sealed(encode(reply)));
        void own.collect(id);
      }
    });
    expect(await jobs.wait(id, job)).toEqual(reply);
    expect(count()).toBe(3);
  });

  it('go into the queue again, with their task, where the result has been cleared away too', async () => {
    const { jobs } = queueWith((added, files, own) => {
      expect(files.has(data.task)).toBe(true);
      if (added === 1) files.clear();
      else files.set(data.result, sealed(encode(reply)));
      setImmediate(() => void own.collect(id));
    });
    expect(await jobs.wait(id, job)).toEqual(reply);
  });

  it('fail where the task stands: then the worker looks at another store', async () => {
    const { jobs, count } = queueWith((_added, _files, own) => void own.failed(id, MISSING));
    await expect(jobs.wait(id, job)).rejects.toThrow(`A worker failed: ${MISSING}`);
    expect(count()).toBe(1);
  });

  it('fail in the end where the task is cleared away every time', async () => {
    const { jobs, count } = queueWith((_added, files, own) => {
      files.clear();
      void own.failed(id, MISSING);
    });
    await expect(jobs.wait(id, job)).rejects.toThrow(MISSING);
    expect(count()).toBe(6);
  });
});
