import { z } from 'zod';
import { InputError } from '../../errors.ts';
import { tileChoiceSchema } from '../schema/solver.ts';
import { parseJson, readRunFile } from './run-file.ts';

const count = z.number().int().nonnegative();
const effort = z.enum(['quick', 'normal', 'thorough']);
const cutRound = z.array(count).optional();
/** Runs of earlier versions knew no tiles. */
const tiles = tileChoiceSchema.default('off');
const traceSchema = z.object({
  format: z.literal('mastplan-trace'),
  version: z.literal(1),
  seed: count,
  effort,
  tiles,
  rounds: count,
  cutRound,
});
const reportSchema = z.object({
  format: z.literal('mastplan-report'),
  version: z.literal(1),
  seed: count,
  rounds: count,
  cutRound,
  scenario: z.object({ solver: z.object({ effort, tiles }) }),
});

/** What a run recorded about where it stopped. */
export interface Replay {
  readonly seed: number;
  readonly effort: z.output<typeof effort>;
  readonly tiles: z.output<typeof tiles>;
  readonly rounds: number;
  /** Tasks of the last round that count; absent = all. */
  readonly cutRound?: readonly number[] | undefined;
}

/**
 * Reads what repeats a run: the file that `solve --trace` wrote, or the folder (or report.json) of `plan`.
 * @throws InputError when it is neither
 */
export async function readReplay(path: string): Promise<Replay> {
  const { file, text } = await readRunFile(path);
  const document = parseJson(file, text);
  const trace = traceSchema.safeParse(document);
  if (trace.success) return trace.data;
  const report = reportSchema.safeParse(document);
  if (report.success) return { ...report.data, ...report.data.scenario.solver };
  throw new InputError('this is neither a trace of mastplan solve nor the report of a plan, version 1.', {
    code: 'trace-format',
    file,
    hint: 'Name a file that mastplan solve --trace wrote, or the folder of a run of mastplan plan.',
  });
}
