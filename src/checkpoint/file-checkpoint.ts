import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { EnvironmentError, InputError } from '../errors.ts';
import type { Checkpoint } from './checkpoint.ts';
import { RecordFile, type RecordPlace } from './record-file.ts';
import { recordingExecutor, type ResultStore, type TaskKey } from './recording-executor.ts';
import { differenceOf, type RunIdentity } from './run-identity.ts';

export const CHECKPOINT_FILE = 'checkpoint.log';
const FORMAT = { format: 'mastplan-checkpoint', version: 1 } as const;
/** A loss of power costs at most what was computed in so many seconds. */
const SYNC_EVERY_S = 2;

/** A checkpoint in a file; one process at a time (whoever opens it holds a lock on the folder). */
export type FileCheckpoint = Checkpoint & {
  /** Results of the earlier run that can be taken over. */
  readonly standing: number;
  /** Nothing is recorded that a later run could take over. */
  readonly isEmpty: boolean;
  close(): void;
  /** Closes and deletes: the run is complete. */
  remove(): Promise<void>;
};

export interface OpenCheckpoint {
  /** Goes on from what stands in the folder; without it a checkpoint there is replaced. */
  readonly resume: boolean;
  /** Told in a sentence when something of the earlier run cannot be used. */
  readonly onNotice: (sentence: string) => void;
}

/**
 * Opens the checkpoint of a run in `dir`, an existing folder.
 * @throws InputError when the one that stands there is of another scenario, other inputs or another version.
 */
export function openCheckpoint(dir: string, identity: RunIdentity, options: OpenCheckpoint): FileCheckpoint {
  const path = join(dir, CHECKPOINT_FILE);
  return withDiskErrors(path, () => {
    if (options.resume) {
      const earlier = readEarlier(path, identity, options.onNotice);
      if (earlier !== null) return new RecordedRun(path, earlier.file, earlier.records);
    }
    const file = RecordFile.create(path);
    file.append({ kind: 'run', ...FORMAT, identity }, new Uint8Array());
    file.sync();
    return new RecordedRun(path, file, []);
  });
}

function readEarlier(
  path: string,
  identity: RunIdentity,
  onNotice: (sentence: string) => void,
): { readonly file: RecordFile; readonly records: readonly RecordPlace[] } | null {
  if (!existsSync(path)) {
    onNotice(`No checkpoint stands in ${path}: the run starts at the beginning.`);
    return null;
  }
  const { file, records, damaged, bytesCutOff } = RecordFile.open(path);
  const head = records[0]?.description as Head | undefined;
  if (head?.kind !== 'run' || head.format !== FORMAT.format) {
    file.close();
    onNotice(
      `The checkpoint ${path} is damaged at its start and is not used: the run starts at the beginning.`,
    );
    return null;
  }
  const difference =
    head.version === FORMAT.version ? differenceOf(head.identity, identity) : 'is of another format version';
  if (difference !== null) {
    file.close();
    throw new InputError(`${path} cannot be resumed: it ${difference}.`, {
      code: 'resume-differs',
      hint: 'Run without --resume to start at the beginning, or give the scenario and files it was made with.',
    });
  }
  if (damaged > 0) {
    onNotice(
      `${damaged} of ${records.length + damaged} records of the checkpoint ${path} are damaged: that work is done again.`,
    );
  }
  if (bytesCutOff > 0) {
    onNotice(
      `The checkpoint ${path} ends in ${bytesCutOff} bytes of a record that is not whole: that work is done again.`,
    );
  }
  return { file, records: records.slice(1) };
}

interface Head {
  readonly kind?: unknown;
  readonly format?: unknown;
  readonly version?: unknown;
  readonly identity: RunIdentity;
}

/** Description of a recorded result: its key and the seconds the run had taken by then. */
interface Kept {
  readonly kind: 'task' | 'stage';
  readonly key: string;
  readonly elapsedS: number;
}

class RecordedRun implements FileCheckpoint {
  readonly standing: number;
  readonly #path: string;
  readonly #file: RecordFile;
  readonly #places = new Map<string, RecordPlace>();
  readonly #startS = performance.now() / 1000;
  /** Seconds of earlier runs behind what has been taken over so far. */
  #earlierS = 0;
  #syncedS = 0;
  #closed = false;

  constructor(path: string, file: RecordFile, records: readonly RecordPlace[]) {
    this.#path = path;
    this.#file = file;
    for (const record of records) this.#places.set((record.description as Kept).key, record);
    this.standing = this.#places.size;
  }

  executor: Checkpoint['executor'] = (scope, inner) => {
    const store: ResultStore = {
      find: (key) => this.#find(textOf(key)),
      keep: (key, value) => this.#keep('task', textOf(key), value),
    };
    return recordingExecutor(scope, inner, store);
  };

  result: Checkpoint['result'] = async (stage, work, signal) => {
    const key = `stage ${stage}`;
    const found = this.#find(key);
    if (found !== null) return found.value as Awaited<ReturnType<typeof work>>;
    const value = await work();
    if (signal?.aborted !== true) this.#keep('stage', key, value);
    return value;
  };

  nowS = (): number => this.#earlierS + performance.now() / 1000 - this.#startS;

  get isEmpty(): boolean {
    return this.#places.size === 0;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#file.close();
  }

  async remove(): Promise<void> {
    this.close();
    await rm(this.#path, { force: true });
  }

  #find(key: string): { readonly value: unknown } | null {
    const place = this.#places.get(key);
    const body = place === undefined ? null : this.#file.read(place);
    if (place === undefined || body === null) return null;
    const { elapsedS } = place.description as Kept;
    this.#earlierS += Math.max(0, elapsedS - this.nowS());
    return { value: deserialize(body) };
  }

  #keep(kind: Kept['kind'], key: string, value: unknown): void {
    const elapsedS = this.nowS();
    const description: Kept = { kind, key, elapsedS };
    withDiskErrors(this.#path, () => {
      this.#places.set(key, this.#file.append(description, serialize(value)));
      if (elapsedS - this.#syncedS < SYNC_EVERY_S) return;
      this.#file.sync();
      this.#syncedS = elapsedS;
    });
  }
}

function textOf({ scope, call, task, hash }: TaskKey): string {
  return `${scope} ${call} ${task} ${hash}`;
}

/** A full or failing disk ends the run; what was recorded by then stays good. */
function withDiskErrors<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    throw new EnvironmentError(`The checkpoint ${path} cannot be written (${code}).`, {
      code: 'checkpoint-not-writable',
      hint: 'Make room or name another place with --checkpoint DIR; --resume then goes on from what was recorded.',
      cause: error,
    });
  }
}
