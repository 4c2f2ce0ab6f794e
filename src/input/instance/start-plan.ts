import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InputError } from '../../errors.ts';
import { unreadable } from '../file-errors.ts';

/**
 * Ids of the sites of an earlier run: the folder of `mastplan plan` (its report.json), a report.json, or what
 * `mastplan solve --json` printed.
 *
 * @throws InputError when it is none of these.
 */
export async function readStartPlan(path: string): Promise<string[]> {
  let file = path;
  let text: string;
  try {
    if ((await stat(path)).isDirectory()) file = join(path, 'report.json');
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
  const sites = sitesOf(parse(file, text));
  if (sites !== null) return sites;
  throw new InputError('no sites of an earlier plan are listed here.', {
    code: 'start-without-sites',
    file,
    hint: 'Give the folder of a mastplan run, its report.json, or the output of mastplan solve --json.',
  });
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`this is not JSON: ${(error as Error).message}.`, { code: 'json-syntax', file });
  }
}

/** `sites` at the top (solve), else those that stand at the end of the last phase (plan). */
function sitesOf(document: unknown): string[] | null {
  if (typeof document !== 'object' || document === null) return null;
  const { sites, phases } = document as { sites?: unknown; phases?: unknown };
  if (isTexts(sites)) return sites;
  if (!Array.isArray(phases)) return null;
  const last = phases.at(-1) as { sites?: unknown } | undefined;
  return isTexts(last?.sites) ? last.sites : null;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** The site indices of ids; those this instance does not have are counted, not used. */
export function sitesOfIds(
  siteIds: readonly string[],
  wanted: readonly string[],
): { readonly sites: number[]; readonly unknown: number } {
  const indexOf = new Map(siteIds.map((id, site) => [id, site]));
  const sites = [...new Set(wanted)].flatMap((id) => indexOf.get(id) ?? []);
  return { sites: sites.toSorted((a, b) => a - b), unknown: new Set(wanted).size - sites.length };
}

/** A replay file: what a run with a time limit recorded about where it stopped. */
export interface TraceFile {
  readonly instance: string;
  readonly seed: number;
  readonly effort: 'quick' | 'normal' | 'thorough';
  readonly rounds: number;
}

/**
 * Reads the file that `--trace` wrote.
 *
 * @throws InputError when it is no such file.
 */
export async function readTrace(path: string): Promise<TraceFile> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unreadable(path, error);
  });
  const trace = parse(path, text) as Partial<TraceFile> & { format?: unknown; version?: unknown };
  const effort = trace.effort ?? '';
  const known = ['quick', 'normal', 'thorough'].includes(effort);
  if (
    trace.format === 'mastplan-trace' &&
    trace.version === 1 &&
    known &&
    isCount(trace.seed) &&
    isCount(trace.rounds)
  ) {
    return {
      instance: basename(String(trace.instance)),
      seed: trace.seed,
      effort: trace.effort!,
      rounds: trace.rounds,
    };
  }
  throw new InputError('this is no trace of mastplan, version 1.', {
    code: 'trace-format',
    file: path,
    hint: 'Write one with mastplan solve --trace FILE.',
  });
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
