import { z } from 'zod';
import { path, positive } from './parts.ts';

export const assessSchema = z.strictObject({
  quarter: z
    .string()
    .regex(/^\d{4}-Q[1-4]$/)
    .optional()
    .describe(
      'Assess the samples of this quarter alone, for example 2026-Q1; default: all, named by the latest.',
    ),
  scorecard: path.optional().describe("YAML or CSV with the operator's indicators."),
  areaM: positive.default(500).describe('Side of the squares that the measurement plan ranks, metres.'),
  measureAreas: z.number().int().positive().default(12).describe('How many of them are listed.'),
  changeSamples: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('Effective samples a bin needs in both quarters to be compared; default service.minSamples.'),
  confidence: z.number().gt(0).lt(1).default(0.9).describe('Level of the intervals.'),
  significance: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.05)
    .describe('Chance of claiming a change where there is none.'),
});
