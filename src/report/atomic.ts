import { randomUUID } from 'node:crypto';
import { chmod, lstat, mkdir, open, readFile, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { EnvironmentError, InputError } from '../errors.ts';
import { lockFolder, type FolderLock } from './folder-lock.ts';

/** What a file is made of: text, bytes, or text in pieces for files too large to hold as one string. */
export type FileContent = string | Uint8Array | Iterable<string>;

/** Name of the folder for lock, checkpoint and staged files inside an output folder. */
export const STATE_FOLDER = '.mastplan';
/** Written last: its presence means that an output folder is complete. */
export const COMPLETION_FILE = 'report.json';

/** Names that a commit is about to touch: a run that ends in the middle of it leaves nothing that is nobody's. */
const COMMIT_FILE = 'commit.json';

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
  /**
   * Moves everything staged into place and removes files that only the earlier run had. Returns the names. A folder
   * that was removed meanwhile is made again.
   */
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
  const stageDir = join(stateDir, 'stage');
  const takeFolder = (): Promise<{ lock: FolderLock; firstCreated: string | undefined }> =>
    guarded(dir, async () => {
      const firstCreated = await mkdir(stateDir, { recursive: true });
      if ((await lstat(stateDir)).isSymbolicLink()) throw linkedAway(dir);
      const lock = await lockFolder(stateDir, dir);
      await rm(stageDir, { recursive: true, force: true });
      await mkdir(stageDir);
      return { lock, firstCreated };
    });
  const { firstCreated, ...first } = await takeFolder();
  let { lock } = first;
  const ensureHeld = async (): Promise<void> => {
    if (await lock.isHeld()) return;
    if (staged.length > 0) throw removedMeanwhile(dir);
    ({ lock } = await takeFolder());
  };
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
    stage: async (name, content, mode) => {
      await ensureHeld();
      if (mode !== undefined) modes.set(name, mode);
      await guarded(dir, () => writeSynced(register(name), content, mode));
    },
    commit: async () => {
      if (!(await lock.isHeld())) throw removedMeanwhile(dir);
      const move = { root, stateDir, stageDir, staged, ownFiles, completionFile, modes };
      return guarded(dir, () => moveIntoPlace(move));
    },
    close: async (closing) => {
      if (!(await lock.isHeld())) return;
      // The lock goes last: until then no other run may put its own state there.
      if (closing?.keepState !== true) await removeState(stateDir);
      await lock.release();
      // Folders that hold nothing are no state worth keeping; `rmdir` leaves all others.
      await rmdir(stageDir).catch(() => undefined);
      await rmdir(stateDir).catch(() => undefined);
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
  const own = [
    ...new Set([
      ...(await ownFilesOf(join(root, completionFile), completionFile)),
      ...(await ownFilesOf(join(root, STATE_FOLDER, COMMIT_FILE), completionFile)),
    ]),
  ];
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

interface Move {
  readonly root: string;
  readonly stateDir: string;
  readonly stageDir: string;
  readonly staged: readonly string[];
  readonly ownFiles: readonly string[];
  readonly completionFile: string;
  readonly modes: ReadonlyMap<string, number>;
}

async function moveIntoPlace(move: Move): Promise<string[]> {
  const { root, stateDir, stageDir, staged, ownFiles, completionFile, modes } = move;
  const names = [...new Set([...ownFiles, ...staged])];
  await writeSynced(join(stateDir, COMMIT_FILE), JSON.stringify({ format: 'mastplan-commit', files: names }));
  await rm(join(root, completionFile), { force: true });
  for (const name of ownFiles) if (!staged.includes(name)) await rm(join(root, name), { force: true });
  const ordered = [...staged.filter((name) => name !== completionFile)];
  if (staged.includes(completionFile)) ordered.push(completionFile);
  for (const name of ordered) {
    // Libraries that write files themselves choose other modes; results are for everybody who may enter the folder.
    await chmod(join(stageDir, name), modes.get(name) ?? RESULT_MODE);
    // The completion file says that the others stand: they must outlive a loss of power before it appears.
    if (name === completionFile) await syncFolder(root);
    await rename(join(stageDir, name), join(root, name));
  }
  await syncFolder(root);
  return ordered;
}

async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some network file systems know no sync of folders; there the order of renames is theirs to keep.
    if (!['EINVAL', 'ENOTSUP', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

async function removeState(stateDir: string): Promise<void> {
  for (const name of await readdir(stateDir)) {
    if (name !== 'lock') await rm(join(stateDir, name), { recursive: true, force: true });
  }
}

function linkedAway(shown: string): InputError {
  return new InputError(`${join(shown, STATE_FOLDER)} is a link to another folder.`, {
    code: 'out-linked',
    hint: 'What stands there would be replaced: remove the link or name another --out.',
  });
}

function removedMeanwhile(shown: string): EnvironmentError {
  return new EnvironmentError(`${shown} was removed or taken by another run while this one was writing.`, {
    code: 'out-removed',
    hint: 'Run again.',
  });
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
