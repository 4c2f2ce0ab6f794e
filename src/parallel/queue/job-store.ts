import { createHash } from 'node:crypto';
import { EnvironmentError } from '../../errors.ts';

/** Where inputs and results of jobs stand; everybody who takes part sees the same. Names are `run/kind-sha256`. */
export interface JobStore {
  /** For messages. */
  readonly shown: string;
  /** Null where nothing stands under the name. */
  read(name: string): Promise<Uint8Array | null>;
  /** Makes room for a run. */
  openRun(run: string): Promise<void>;
  /** Appears whole or not at all; false = the run is not open (any more). */
  write(name: string, body: Uint8Array): Promise<boolean>;
  remove(name: string): Promise<void>;
  /** Everything of one run. */
  removeRun(run: string): Promise<void>;
}

/** First bytes of every file, "MPj1": format and version. */
const MAGIC = Buffer.from('MPj1');
const HASH_BYTES = 32;

/** The body behind its checksum. */
export function sealed(body: Uint8Array): Buffer {
  return Buffer.concat([MAGIC, createHash('sha256').update(body).digest(), body]);
}

/**
 * The body again; null when it is damaged or not whole, or is not the one whose SHA-256 is asked for.
 * @param sha256 in hexadecimal digits
 */
export function unsealed(file: Uint8Array, sha256?: string): Uint8Array | null {
  const head = MAGIC.length + HASH_BYTES;
  if (file.length < head || !MAGIC.equals(file.subarray(0, MAGIC.length))) return null;
  const body = file.subarray(head);
  const hash = createHash('sha256').update(body).digest();
  if (sha256 !== undefined && hash.toString('hex') !== sha256) return null;
  return hash.equals(file.subarray(MAGIC.length, head)) ? body : null;
}

/** What workers are to read. @throws EnvironmentError when somebody has removed the run's place. */
export async function writeInputs(store: JobStore, name: string, body: Uint8Array): Promise<void> {
  if (await store.write(name, sealed(body))) return;
  throw new EnvironmentError(`The run's part of the queue store ${store.shown} has been removed.`, {
    code: 'queue-store',
    hint: 'Run again; with --resume what was finished is kept.',
  });
}
