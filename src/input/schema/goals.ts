import { z } from 'zod';
import { name, positive, share } from './parts.ts';

export const targetSchema = z
  .strictObject({
    share,
    period: name.optional().describe('Default: every period.'),
    regions: z
      .union([z.literal('each'), z.array(name).min(1)])
      .optional()
      .describe('Each named region by itself; "each": every region of the layer; default all users.'),
    service: z
      .union([name, z.array(name).min(1)])
      .optional()
      .describe('Users of this service; a list or "each": each service by itself. Default all users.'),
    backup: z
      .number()
      .int()
      .min(2)
      .max(16)
      .optional()
      .describe(
        'The share of users covered by at least this many sites (the network of today counts as one).',
      ),
    by: z
      .enum(['signal', 'sinr'])
      .optional()
      .describe(
        'sinr: users count only where the median SINR at the best server reaches interference.sinrDb. Default signal.',
      ),
  })
  .refine(({ backup, by }) => backup === undefined || by !== 'sinr', {
    path: ['backup'],
    error: 'counts sites by signal, so it cannot stand beside by: sinr',
  });

export const phaseSchema = z.strictObject({ name, targets: z.array(targetSchema).min(1) });

export const budgetSchema = z.strictObject({
  sites: z.number().int().positive().optional(),
  cost: positive.optional(),
  objective: z.enum(['mean', 'worst']).default('mean'),
});
