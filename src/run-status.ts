import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CHECKPOINT_FILE } from './checkpoint/file-checkpoint.ts';
import { InputError } from './errors.ts';
import { COMPLETION_FILE, STATE_FOLDER } from './report/atomic.ts';
import { lockHolder } from './report/folder-lock.ts';

/** How a run stands, told from its output folder; nothing in it is touched. */
export type RunStatus =
  | {
      readonly state: 'complete';
      readonly status: string;
      readonly cost: number | null;
      readonly gap: number | null;
    }
  | {
      readonly state: 'running';
      readonly pid: number;
      readonly host: string;
      readonly checkpoint: Checkpointed;
    }
  | { readonly state: 'ended'; readonly checkpoint: Checkpointed }
  | { readonly state: 'none' };

/** Null where no checkpoint stands. */
export type Checkpointed = { readonly bytes: number; readonly ageS: number } | null;

/**
 * Looks at the output folder of a plan.
 * @throws InputError when there is no such folder
 */
export async function readRunStatus(dir: string, nowMs: number): Promise<RunStatus> {
  if (!(await stat(dir).catch(() => null))?.isDirectory()) {
    throw new InputError(`${dir} is no folder.`, {
      code: 'run-missing',
      hint: 'Name the folder that was given to mastplan plan with --out.',
    });
  }
  const stateDir = join(dir, STATE_FOLDER);
  const holder = await lockHolder(stateDir);
  const checkpoint = await checkpointAt(join(stateDir, CHECKPOINT_FILE), nowMs);
  if (holder !== null) return { state: 'running', ...holder, checkpoint };
  const report = await reportAt(join(dir, COMPLETION_FILE));
  if (report !== null) return { state: 'complete', ...report };
  return checkpoint === null ? { state: 'none' } : { state: 'ended', checkpoint };
}

async function checkpointAt(path: string, nowMs: number): Promise<Checkpointed> {
  const found = await stat(path).catch(() => null);
  if (found === null) return null;
  return { bytes: found.size, ageS: Math.max(0, (nowMs - found.mtimeMs) / 1000) };
}

async function reportAt(
  path: string,
): Promise<{ status: string; cost: number | null; gap: number | null } | null> {
  try {
    const { status, phases } = JSON.parse(await readFile(path, 'utf8')) as {
      status: string;
      phases?: readonly { readonly cost: number; readonly gap: number }[];
    };
    const last = phases?.at(-1);
    return { status, cost: last?.cost ?? null, gap: last?.gap ?? null };
  } catch {
    return null;
  }
}
