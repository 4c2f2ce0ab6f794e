import { join } from 'node:path';
import { readJson } from './assess/state-file.ts';
import { InputError } from './errors.ts';
import type { AssessmentJson } from './report/assess-schema.ts';
import { assessmentSchema } from './report/assess-schema.ts';
import { ASSESSMENT_FILE } from './report/write-assessment.ts';

/** Finished assessments, oldest quarter first. */
export interface HistoryResult {
  readonly assessments: readonly AssessmentJson[];
}

/**
 * Reads the assessments in some folders and puts them in the order of their quarters.
 * @throws InputError when a folder holds none, when one has no quarter, or when two are of one quarter.
 */
export async function history(dirs: readonly string[]): Promise<HistoryResult> {
  const read = await Promise.all(
    dirs.map(async (dir) => {
      const parsed = assessmentSchema.safeParse(await readJson(join(dir, ASSESSMENT_FILE), dir));
      if (!parsed.success) {
        const issue = parsed.error.issues[0];
        throw new InputError(`is no assessment (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}).`, {
          code: 'history-format',
          file: join(dir, ASSESSMENT_FILE),
          hint: 'Name folders that mastplan assess wrote.',
        });
      }
      if (parsed.data.quarter === null) {
        throw new InputError(`${dir} is an assessment without a quarter.`, {
          code: 'history-quarter',
          hint: 'Assess again with --quarter.',
        });
      }
      return { dir, assessment: parsed.data, quarter: parsed.data.quarter };
    }),
  );
  read.sort((a, b) => (a.quarter < b.quarter ? -1 : a.quarter > b.quarter ? 1 : 0));
  for (const [k, { quarter, dir }] of read.entries()) {
    if (k > 0 && read[k - 1]!.quarter === quarter) {
      throw new InputError(`${read[k - 1]!.dir} and ${dir} are both of ${quarter}.`, {
        code: 'history-twice',
        hint: 'Name one folder per quarter.',
      });
    }
  }
  return { assessments: read.map(({ assessment }) => assessment) };
}
