import { z } from 'zod';
import { name, perPeriod, positive } from './parts.ts';

export const serviceSpecSchema = z.strictObject({
  name: name.describe('How targets and reports call it; without "/", and not "each".'),
  share: perPeriod(z.number().min(0).max(1)).describe(
    'Part of the users of every point who want this service; one number, or one per period. All shares sum to 1.',
  ),
  mbpsPerUser: perPeriod(positive)
    .optional()
    .describe('Rate of an active user, Mbit/s; stated by every service or by none.'),
  activity: perPeriod(z.number().gt(0).max(1))
    .default(1)
    .describe('Share of users active at once; the load of a user is mbpsPerUser x activity.'),
  rsrpDbm: z.number().optional().describe('Threshold at the user; default service.rsrpDbm.'),
});

export const servicesSchema = z
  .array(serviceSpecSchema)
  .min(2)
  .max(16)
  .describe('What users want, each service with its own rate and threshold; absent = one service.');
