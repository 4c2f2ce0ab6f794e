import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { InputError } from '../../errors.ts';
import type { InputFileSummary } from '../types.ts';
import { parseJson, readRunFile } from './run-file.ts';

/** The sites of an earlier plan, and the file they came from. */
export interface StartFile {
  readonly ids: readonly string[];
  readonly summary: InputFileSummary;
}

/**
 * The sites of an earlier run: the folder of `mastplan plan` (its report.json), a report.json, or what
 * `mastplan solve --json` printed.
 *
 * @throws InputError when it is none of these.
 */
export async function readStartPlan(path: string): Promise<StartFile> {
  const { file, text } = await readRunFile(path);
  const ids = sitesOf(parseJson(file, text));
  if (ids !== null) {
    const sha256 = createHash('sha256').update(text).digest('hex');
    const facts = { dialect: 'json', featuresRead: ids.length, setAside: {}, identifiersDropped: {} };
    return { ids, summary: { role: 'start', file: basename(file), sha256, ...facts } };
  }
  throw new InputError('no sites of an earlier plan are listed here.', {
    code: 'start-without-sites',
    file,
    hint: 'Give the folder of a mastplan run, its report.json, or the output of mastplan solve --json.',
  });
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
