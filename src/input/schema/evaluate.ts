import { z } from 'zod';
import { name, path, positive } from './parts.ts';

/** Users of further periods; what is not given is as in `demand`. */
export const evaluateSchema = z.strictObject({
  demand: z.strictObject({
    file: path,
    users: z
      .union([z.string(), z.array(name).min(1), z.record(name, z.string())])
      .default('users')
      .describe(
        'Property that holds the users, a list of properties (each a period of its name), or one property per period.',
      ),
    scale: positive.optional().describe('Users = property x scale. Default: that of demand.'),
    cellM: positive.optional().describe('Polygons are split into cells of at most this side, metres.'),
    regionProperty: z.string().optional(),
    privacyK: z.number().int().positive().optional(),
  }),
});
