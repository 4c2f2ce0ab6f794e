import { z } from 'zod';
import { path } from './parts.ts';

/** Roads, railways: how many kilometres of them are served. */
export const linesSchema = z.strictObject({
  file: path,
  groupBy: z
    .string()
    .optional()
    .describe('Property whose value names the group a line counts in, such as the road class.'),
});
