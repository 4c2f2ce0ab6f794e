import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import type { ComparisonState } from './comparison.ts';

/** File in an assessment's folder that the next assessment reads. Holds measured levels: for the owner only. */
export const STATE_FILE = 'comparison.json';

const numbers = z.array(z.number());
const stateSchema = z.object({
  format: z.literal('mastplan-comparison'),
  version: z.literal(1),
  quarter: z.number().int().nullable(),
  zone: z.string(),
  samples: z.object({ x: numbers, y: numbers, levelDbm: numbers, drive: numbers }),
  targets: z.array(
    z.object({
      period: z.string(),
      region: z.string().nullable(),
      service: z.string().optional(),
      totalUsers: z.number(),
      servedLow: z.number(),
    }),
  ),
  weakAreas: z.array(
    z.object({
      id: z.string(),
      period: z.string(),
      service: z.string().optional(),
      usersMilli: z.number(),
      sideM: z.number(),
      columns: numbers,
      rows: numbers,
    }),
  ),
  siteIds: z.array(z.string()),
  promises: z.array(
    z.object({
      id: z.string(),
      lon: z.number(),
      lat: z.number(),
      usersMilli: numbers,
      demandIds: z.array(z.string()),
      builtAs: z.string().nullable(),
    }),
  ),
  scorecard: z.array(
    z.object({
      id: z.string(),
      series: z.array(z.object({ quarter: z.number().int(), value: z.number() })),
    }),
  ),
});

export function stateFileContent(state: ComparisonState): string {
  return `${JSON.stringify({ format: 'mastplan-comparison', version: 1, ...state })}\n`;
}

/** @throws InputError when the folder holds no assessment of ours, or one that cannot be compared with. */
export async function readState(dir: string): Promise<ComparisonState> {
  const parsed = stateSchema.safeParse(await readJson(join(dir, STATE_FILE), dir));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(
    `is no state of an assessment (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}).`,
    {
      code: 'previous-format',
      file: join(dir, STATE_FILE),
      hint: 'Name a folder that mastplan assess wrote.',
    },
  );
}

/** @throws InputError naming the folder when the file is missing or no JSON. */
export async function readJson(path: string, dir: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new InputError(
      `${dir} is no folder of a finished assessment: it lacks ${path.split(/[\\/]/).at(-1)}.`,
      {
        code: 'previous-missing',
        hint: 'Name a folder that mastplan assess wrote.',
      },
    );
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError('is not valid JSON.', {
      code: 'previous-format',
      file: path,
      hint: 'Run that assessment again.',
    });
  }
}
