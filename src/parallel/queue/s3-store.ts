import { EnvironmentError } from '../../errors.ts';
import { mapInLanes } from '../lanes.ts';
import type { JobStore } from './job-store.ts';
import { s3Address, type Environment, type S3Address } from './s3-address.ts';
import { S3Client, type Patience } from './s3-client.ts';

/** Object that stands as long as a run is open. */
const OPEN_MARK = 'open';
/** Objects removed at once at the end of a run. */
const REMOVED_AT_ONCE = 8;

/**
 * A prefix in a bucket of an S3-compatible store, which has no folders: a run is open while its mark stands. An object
 * is put in one request (5 GB at most, more than Node can serialise), so it appears whole or not at all. The store must
 * show what has been written to whoever asks next, as AWS and the usual others do.
 */
export async function openS3Store(text: string, env: Environment, patience?: Patience): Promise<JobStore> {
  const address = s3Address(text, env);
  const client = await S3Client.load(address, patience);
  const markOf = (run: string): string => `${run}/${OPEN_MARK}`;
  const read: JobStore['read'] = (name) => client.send({ method: 'GET', name });
  const remove: JobStore['remove'] = async (name) => void (await client.send({ method: 'DELETE', name }));
  /** Names under a prefix that sort behind `after`, in order; at most a thousand. */
  const namesOf = async (under: string, after: string): Promise<string[]> => {
    const { prefix } = address;
    const query = { 'list-type': '2', prefix: prefix + under, 'start-after': prefix + after };
    const list = Buffer.from((await client.send({ method: 'GET', query })) ?? []).toString('utf8');
    if (!list.includes('<ListBucketResult')) throw notS3(address);
    return [...list.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key.slice(prefix.length));
  };
  // Says what is wrong with endpoint, bucket or credentials before anything is computed.
  await namesOf(markOf('-'), '');
  return {
    shown: address.shown,
    read,
    remove,
    openRun: async (run) =>
      void (await client.send({ method: 'PUT', name: markOf(run), body: Buffer.from('open') })),
    write: async (name, body) => {
      await client.send({ method: 'PUT', name, body });
      // Asked for after the write: whoever removes the run takes the mark away first and looks for objects then.
      if ((await read(markOf(name.slice(0, name.indexOf('/'))))) !== null) return true;
      await remove(name);
      return false;
    },
    removeRun: async (run) => {
      await remove(markOf(run));
      const under = `${run}/`;
      for (
        let names = await namesOf(under, '');
        names.length > 0;
        names = await namesOf(under, names.at(-1)!)
      )
        await mapInLanes(names, REMOVED_AT_ONCE, {}, { run: remove, stop: () => undefined });
    },
  };
}

function notS3({ shown, endpoint }: S3Address): EnvironmentError {
  return new EnvironmentError(`What answers at ${endpoint} for the queue store ${shown} does not speak S3.`, {
    code: 'queue-store',
    hint: 'AWS_ENDPOINT_URL names the address of the store itself, without a bucket.',
  });
}
