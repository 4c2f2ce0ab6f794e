import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { EnvironmentError } from '../errors.ts';

const LOCK_FILE = 'lock';
/** How often a lock that changes hands while we look at it is looked at again. */
const ATTEMPTS = 5;

export interface FolderLock {
  /** False when somebody removed the folder or took the lock away. */
  isHeld(): Promise<boolean>;
  /** Gives the lock back; one that is no longer ours is left alone. */
  release(): Promise<void>;
}

/**
 * Takes the lock of an existing folder: a file that appears whole (hard link) and names its process. The lock of a
 * process that is gone is taken over; of two that try, one gets it.
 * @throws EnvironmentError when another run holds it; `shown` names the folder.
 */
export async function lockFolder(dir: string, shown: string): Promise<FolderLock> {
  const path = join(dir, LOCK_FILE);
  const own = `${JSON.stringify({ ...holderOf(process.pid), token: randomUUID() })}\n`;
  const lock: FolderLock = {
    isHeld: async () => (await textOf(path)) === own,
    release: async () => {
      if (await lock.isHeld()) await rm(path, { force: true });
    },
  };
  const draft = join(dir, `.${LOCK_FILE}.${randomUUID().slice(0, 8)}`);
  await writeFile(draft, own, { mode: 0o600, flag: 'wx' });
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (await linked(draft, path)) return lock;
      const standing = await textOf(path);
      if (standing !== null && isAlive(standing)) break;
      if (standing !== null) await removeStale(path, standing, draft);
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw new EnvironmentError(`${shown} is in use by another run.`, {
    code: 'out-locked',
    hint: `If no other run is going, delete ${path}.`,
  });
}

/** Who holds the lock of a folder; null when nobody does, or the holder is gone. */
export async function lockHolder(
  dir: string,
): Promise<{ readonly pid: number; readonly host: string } | null> {
  const text = await textOf(join(dir, LOCK_FILE));
  if (text === null || !isAlive(text)) return null;
  const { pid, host } = JSON.parse(text) as Holder;
  return { pid, host };
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in the system's own count; null where it cannot be told. Tells a process number given twice. */
  readonly started: string | null;
}

function holderOf(pid: number): Holder {
  return { pid, host: hostname(), started: startOf(pid) };
}

/** Field 22 of /proc/PID/stat (proc(5)); the name in field 2 may hold blanks and brackets. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** On another host nobody can tell; here the process must live and be the one that took the lock. */
function isAlive(text: string): boolean {
  let holder: Holder;
  try {
    holder = JSON.parse(text) as Holder;
  } catch {
    return false;
  }
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const started = startOf(holder.pid);
  return started === null || holder.started === null || started === holder.started;
}

async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // File systems without hard links: the file may be seen empty for a moment, which counts as stale.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    const text = (await textOf(draft)) ?? '';
    return writeFile(path, text, { mode: 0o600, flag: 'wx' }).then(
      () => true,
      (failed: NodeJS.ErrnoException) => {
        if (failed.code === 'EEXIST') return false;
        throw failed;
      },
    );
  }
}

/**
 * Removes the lock of a process that is gone. Only the holder of a second lock may, after it has looked again: else
 * one that looked earlier could remove the lock that another has taken since.
 */
async function removeStale(path: string, stale: string, draft: string): Promise<void> {
  const removal = `${path}.removal`;
  if (!(await linked(draft, removal))) {
    const other = await textOf(removal);
    if (other !== null && !isAlive(other)) await rm(removal, { force: true });
    return;
  }
  try {
    if ((await textOf(path)) === stale) await rm(path, { force: true });
  } finally {
    await rm(removal, { force: true });
  }
}

async function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}
