import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { EnvironmentError } from '../../errors.ts';
import type { JobStore } from './job-store.ts';

/**
 * An existing folder that every machine has mounted (NFS, SMB, a volume), or simply a folder where all run on one
 * machine. It is not made here: where a mount is missing, that should be said and not be written over.
 */
export async function openFolderStore(shown: string): Promise<JobStore> {
  const root = resolve(shown);
  const pathOf = (name: string): string => join(root, name);
  await guarded(shown, async () => {
    if (!(await stat(root)).isDirectory()) {
      throw Object.assign(new Error(root), { code: 'ENOTDIR', syscall: 'stat' });
    }
  });
  return {
    shown,
    read: (name) =>
      guarded(shown, () =>
        readFile(pathOf(name)).catch((error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return null;
          throw error;
        }),
      ),
    openRun: (run) =>
      guarded(shown, async () => void (await mkdir(pathOf(run), { recursive: true, mode: 0o700 }))),
    write: (name, body) =>
      guarded(shown, async () => {
        const path = pathOf(name);
        const draft = join(dirname(path), `.${basename(path).slice(0, 24)}.${randomUUID()}`);
        try {
          await writeFile(draft, body, { mode: 0o600, flag: 'wx' });
          await rename(draft, path);
          return true;
        } catch (error) {
          await rm(draft, { force: true });
          if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
          throw error;
        }
      }),
    remove: (name) => guarded(shown, () => rm(pathOf(name), { force: true })),
    removeRun: (run) => guarded(shown, () => rm(pathOf(run), { recursive: true, force: true })),
  };
}

async function guarded<Result>(shown: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new EnvironmentError(`The queue store ${shown} cannot be used (${code ?? syscall}).`, {
      code: 'queue-store',
      hint: 'Name a folder that every worker may read and write with --queue-store.',
      cause: error,
    });
  }
}
