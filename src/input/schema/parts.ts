import { z } from 'zod';
import { shareFraction } from '../../fraction.ts';

export const name = z.string().min(1).max(200);
export const path = z.string().min(1);
export const positive = z.number().positive();
export const share = z
  .union([z.number(), z.string().max(20)])
  .refine((value) => shareFraction(value) !== null, {
    error: 'must be a share above 0 and at most 1 (at most 9 decimals): write 0.95 for 95 %',
  })
  .describe(
    'Share of users, above 0 and at most 1: write 0.95 for 95 %. Its shortest decimal text is read as an exact fraction.',
  );

/** One value for every period, or one per period by name. */
export const perPeriod = <Value extends z.ZodType>(value: Value) => z.union([value, z.record(name, value)]);
