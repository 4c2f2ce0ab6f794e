import { randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readFile, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { EnvironmentError, InputError } from '../errors.ts';

/** What a file is made of: text, bytes, or text in pieces for files too large to hold as one string. */
export type FileContent = string | Uint8Array | Iterable<string>;

/** Name of the folder for lock, checkpoint and staged files inside an output folder. */
export const STATE_FOLDER = '.mastplan';
/** Written last: its presence means that an output folder is complete. */
export const COMPLETION_FILE = 'report.json';

const RESULT_MODE = 0o644;

export interface OpenOutputOptions {
  /** Replace files that no earlier run of mastplan names as its own. */
  readonly force?: boolean | undefined;
  /** Every name the command may write: what stands there and is not ours is refused before work starts. */
  readonly mayWrite: readonly string[];
  /** Name of the file written last, default report.json. */
  readonly completionFile?: string | undefined;
}

/**
 * An output folder that changes from the old state to the new one by renames (design section 2): files are staged in
 * `OUT/.mastplan/stage`, then the old completion file goes, the others are renamed, and the completion file comes last.
 */
export interface OutputFolder {
  readonly dir: string;
  /** `OUT/.mastplan`, for checkpoints (write them with `writeFileAtomic`, mode 0600). */
  readonly stateDir: string;
  stage(name: string, content: FileContent, mode?: number): Promise<void>;
  /** Path for a library that writes files itself; the file is taken over at commit. */
  stagePath(name: string): string;
  /** Moves everything staged into place and removes files that only the earlier run had. Returns the names. */
  commit(): Promise<string[]>;
  /** Gives the lock back. Keeps `.mastplan` when asked (crash, interruption); leaves no empty folder behind. */
  close(options?: { readonly keepState?: boolean }): Promise<void>;
}

/**
 * Takes the lock of an output folder, creating the folder if needed.
 * @throws InputError when files that are not mastplan's own are in the way, EnvironmentError when locked or not writable.
 */
export async function openOutput(dir: string, options: OpenOutputOptions): Promise<OutputFolder> {
  const root = resolve(dir);
  const completionFile = options.completionFile ?? COMPLETION_FILE;
  const ownFiles = await checkExisting(dir, root, completionFile, options);
  const stateDir = join(root, STATE_FOLDER);
  const firstCreated = await guarded(dir, () => mkdir(stateDir, { recursive: true }));
  await takeLock(dir, join(stateDir, 'lock'));
  const stageDir = join(stateDir, 'stage');
  await guarded(dir, async () => {
    await rm(stageDir, { recursive: true, force: true });
    await mkdir(stageDir);
  });
  const staged: string[] = [];
  const modes = new Map<string, number>();
  const register = (name: string): string => {
    if (!isPlainName(name)) throw new RangeError(`not a plain file name: ${name}`);
    if (!staged.includes(name)) staged.push(name);
    return join(stageDir, name);
  };
  return {
    dir: root,
    stateDir,
    stagePath: register,
    stage: (name, content, mode) => {
      if (mode !== undefined) modes.set(name, mode);
      return guarded(dir, () => writeSynced(register(name), content, mode));
    },
    commit: () => guarded(dir, () => moveIntoPlace(root, stageDir, staged, ownFiles, completionFile, modes)),
    close: async (closing) => {
      await rm(join(stateDir, 'lock'), { force: true });
      if (closing?.keepState === true) return;
      await rm(stateDir, { recursive: true, force: true });
      if (firstCreated !== undefined) await removeEmptyFolders(root, resolve(firstCreated));
    },
  };
}

/** Names the earlier run wrote; refuses what is not its own unless forced. */
async function checkExisting(
  shown: string,
  root: string,
  completionFile: string,
  options: OpenOutputOptions,
): Promise<string[]> {
  const info = await stat(root).catch(() => null);
  if (info === null) return [];
  if (!info.isDirectory()) {
    throw new InputError(`${shown} is not a folder.`, {
      code: 'out-not-a-folder',
      hint: 'Name another --out.',
    });
  }
  const present = (await guarded(shown, () => readdir(root))).filter((name) => name !== STATE_FOLDER);
  const own = await ownFilesOf(join(root, completionFile), completionFile);
  if (options.force === true) return own;
  const mayWrite = new Set(options.mayWrite);
  const foreign = present.filter((name) => !own.includes(name) && (own.length === 0 || mayWrite.has(name)));
  if (foreign.length === 0) return own;
  const list =
    foreign.slice(0, 3).join(', ') + (foreign.length > 3 ? `, and ${foreign.length - 3} more` : '');
  throw new InputError(`${shown} holds files that no earlier run names as its own: ${list}.`, {
    code: 'out-not-empty',
    hint: 'Name another --out, or give --force to write there (only files of the same name are replaced).',
  });
}

/** The `files` of an earlier completion file: plain names only, so that no edited file can point elsewhere. */
async function ownFilesOf(path: string, completionFile: string): Promise<string[]> {
  try {
    const earlier = JSON.parse(await readFile(path, 'utf8')) as { format?: unknown; files?: unknown };
    if (typeof earlier.format !== 'string' || !earlier.format.startsWith('mastplan-')) return [];
    const files = Array.isArray(earlier.files) ? earlier.files : [];
    return [
      ...files.filter((name): name is string => typeof name === 'string' && isPlainName(name)),
      completionFile,
    ];
  } catch {
    return [];
  }
}

function isPlainName(name: string): boolean {
  return name === basename(name) && name !== '' && name !== '.' && name !== '..' && name !== STATE_FOLDER;
}

async function moveIntoPlace(
  root: string,
  stageDir: string,
  staged: readonly string[],
  ownFiles: readonly string[],
  completionFile: string,
  modes: ReadonlyMap<string, number>,
): Promise<string[]> {
  await rm(join(root, completionFile), { force: true });
  for (const name of ownFiles) if (!staged.includes(name)) await rm(join(root, name), { force: true });
  const ordered = [...staged.filter((name) => name !== completionFile)];
  if (staged.includes(completionFile)) ordered.push(completionFile);
  for (const name of ordered) {
    // Libraries that write files themselves choose other modes; results are for everybody who may enter the folder.
    await chmod(join(stageDir, name), modes.get(name) ?? RESULT_MODE);
    await rename(join(stageDir, name), join(root, name));
  }
  return ordered;
}

async function takeLock(shown: string, path: string): Promise<void> {
  const text = `${JSON.stringify({ pid: process.pid, host: hostname() })}\n`;
  for (let attempt = 0; ; attempt++) {
    try {
      const handle = await open(path, 'wx', 0o600);
      await handle.writeFile(text);
      await handle.close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw toEnvironmentError(shown, error);
      if (attempt > 0 || (await isHeld(path))) {
        throw new EnvironmentError(`${shown} is in use by another run.`, {
          code: 'out-locked',
          hint: `If no other run is going, delete ${join(shown, STATE_FOLDER, 'lock')}.`,
        });
      }
      await rm(path, { force: true });
    }
  }
}

/** A lock of a process that is gone (same host) is stale; on another host nobody can tell. */
async function isHeld(path: string): Promise<boolean> {
  try {
    const lock = JSON.parse(await readFile(path, 'utf8')) as { pid: number; host: string };
    if (lock.host !== hostname()) return true;
    process.kill(lock.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function removeEmptyFolders(from: string, firstCreated: string): Promise<void> {
  for (let folder = from; folder.startsWith(firstCreated); folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch {
      return;
    }
  }
}

/** Writes a file beside its place, then renames: readers see the old or the new file, never a part. */
export async function writeFileAtomic(path: string, content: FileContent, mode = RESULT_MODE): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}`);
  await guarded(path, async () => {
    try {
      await writeSynced(temporary, content, mode);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  });
}

async function writeSynced(path: string, content: FileContent, mode = RESULT_MODE): Promise<void> {
  const handle = await open(path, 'w', mode);
  try {
    if (typeof content === 'string' || content instanceof Uint8Array) await handle.writeFile(content);
    else await writePieces(handle, content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writePieces(
  handle: Awaited<ReturnType<typeof open>>,
  pieces: Iterable<string>,
): Promise<void> {
  let batch: string[] = [];
  let size = 0;
  for (const piece of pieces) {
    batch.push(piece);
    size += piece.length;
    if (size < 1 << 20) continue;
    await handle.appendFile(batch.join(''));
    batch = [];
    size = 0;
  }
  await handle.appendFile(batch.join(''));
}

async function guarded<T>(shown: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw toEnvironmentError(shown, error);
  }
}

/** File-system failures become one sentence for the user; everything else stays what it is. */
function toEnvironmentError(shown: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined || (error as NodeJS.ErrnoException).syscall === undefined) return error;
  return new EnvironmentError(`${shown} cannot be written (${code}).`, {
    code: 'out-not-writable',
    hint: 'Check that the folder exists, that you may write there and that the disk has room.',
    cause: error,
  });
}
