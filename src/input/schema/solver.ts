import { z } from 'zod';
import { parseMemory } from '../../memory/memory-size.ts';
import { path, positive } from './parts.ts';

/** In how many tiles the area is searched. */
export const TILE_CHOICES = 'auto, off or a whole number from 1 to 100000';
export const tileChoiceSchema = z.union([z.enum(['auto', 'off']), z.number().int().min(1).max(100_000)], {
  error: `must be ${TILE_CHOICES}`,
});

/** More threads than any machine has cores; each costs memory before it does anything. */
export const MOST_THREADS = 1024;

export const solverSchema = z.strictObject({
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(1),
  effort: z.enum(['quick', 'normal', 'thorough']).default('normal'),
  threads: z.number().int().positive().max(MOST_THREADS).optional(),
  memory: z
    .string()
    .refine((text) => parseMemory(text) !== null, { error: 'must be a size such as 4G or 800M' })
    .optional()
    .describe(
      'Most memory a run may use, for example 4G. Default: 80 % of what the machine or its container grants.',
    ),
  timeLimitS: positive.optional(),
  tiles: tileChoiceSchema
    .default('auto')
    .describe('Cut the area into tiles: auto where it is large, off, or so many.'),
});

export const startSchema = z.strictObject({
  run: path.describe('Earlier plan to start from: a run folder, its report.json or the JSON of solve.'),
  changeCost: z
    .number()
    .min(0)
    .default(0)
    .describe('A site of the earlier plan is given up only where that saves more than this.'),
});
