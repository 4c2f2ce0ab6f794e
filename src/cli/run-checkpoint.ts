import { mkdir, rmdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openCheckpoint, type FileCheckpoint } from '../checkpoint/file-checkpoint.ts';
import type { RunIdentity } from '../checkpoint/run-identity.ts';
import { EnvironmentError } from '../errors.ts';
import type { OutputFolder } from '../report/atomic.ts';
import { lockFolder, type FolderLock } from '../report/folder-lock.ts';

export interface CheckpointOptions {
  /** Another place than the output folder. */
  readonly dir: string | undefined;
  readonly resume: boolean;
  readonly quiet: boolean;
}

/** The checkpoint of one command, and the lock on its folder when that is not the output folder. */
export interface RunCheckpoint {
  readonly checkpoint: FileCheckpoint;
  /** Complete: the checkpoint goes; else it stays for `--resume`. */
  end(complete: boolean): Promise<void>;
}

/** Opens the checkpoint of a run in its output folder, or in `--checkpoint DIR`. */
export async function openRunCheckpoint(
  output: OutputFolder,
  identity: RunIdentity,
  options: CheckpointOptions,
): Promise<RunCheckpoint> {
  const say = (sentence: string): void => {
    if (!options.quiet) process.stderr.write(`${sentence}\n`);
  };
  const own = options.dir === undefined ? null : await takeFolder(options.dir);
  try {
    const dir = own?.dir ?? output.stateDir;
    const checkpoint = openCheckpoint(dir, identity, { resume: options.resume, onNotice: say });
    if (options.resume && checkpoint.standing > 0) {
      say(`Going on from the checkpoint: ${checkpoint.standing} finished pieces of work are taken over.`);
    }
    return { checkpoint, end: (complete) => endCheckpoint(checkpoint, own, complete) };
  } catch (error) {
    await own?.lock.release();
    throw error;
  }
}

interface TakenFolder {
  readonly dir: string;
  readonly lock: FolderLock;
}

async function takeFolder(shown: string): Promise<TakenFolder> {
  const dir = resolve(shown);
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    return { dir, lock: await lockFolder(dir, shown) };
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new EnvironmentError(`${shown} cannot be written (${code}).`, {
      code: 'checkpoint-not-writable',
      hint: 'Name a folder that you may write with --checkpoint DIR.',
      cause: error,
    });
  }
}

async function endCheckpoint(
  checkpoint: FileCheckpoint,
  own: TakenFolder | null,
  complete: boolean,
): Promise<void> {
  if (complete || checkpoint.isEmpty) await checkpoint.remove();
  else checkpoint.close();
  if (own === null) return;
  await own.lock.release();
  await rmdir(own.dir).catch(() => undefined);
}
