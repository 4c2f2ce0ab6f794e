import { z } from 'zod';
import { name, path, perPeriod, positive } from './parts.ts';

const propertyFilter = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

export const demandSchema = z.strictObject({
  file: path,
  users: z
    .union([z.string(), z.record(name, z.string())])
    .default('users')
    .describe('Property that holds the users, or one property per period.'),
  scale: positive.default(1).describe('Users = property x scale.'),
  cellM: positive.default(100).describe('Polygons are split into cells of at most this side, metres.'),
  regionProperty: z
    .string()
    .optional()
    .describe('Property that names the region, instead of region polygons.'),
  privacyK: z.number().int().positive().optional(),
  trafficMbps: z
    .union([z.string(), z.record(name, z.string())])
    .optional()
    .describe('Property that holds the traffic of all users of the feature, Mbit/s, or one per period.'),
});

export const trafficSchema = z.strictObject({
  mbpsPerUser: perPeriod(positive)
    .optional()
    .describe('Rate of an active user, Mbit/s; one number, or one per period.'),
  activity: perPeriod(z.number().gt(0).max(1))
    .default(1)
    .describe('Share of users active at once; the load of a user is mbpsPerUser x activity.'),
});

export const capacitySchema = z.strictObject({
  mbps: perPeriod(z.number().min(0))
    .optional()
    .describe('Most traffic of a new site without capacity_mbps of its own, Mbit/s.'),
  users: perPeriod(z.number().min(0))
    .optional()
    .describe('Most users of a new site without capacity_users of its own; instead of mbps.'),
  fromSinr: z
    .strictObject({
      load: z
        .number()
        .min(0)
        .max(1)
        .default(1)
        .describe('Share of resources that neighbours use while a site carries its most.'),
      share: z.number().gt(0).max(1).default(1).describe('Part of what was worked out that counts as room.'),
    })
    .optional()
    .describe('Instead of mbps: worked out from bandwidth, layers and the SINR of the users of each site.'),
});

export const measurementsSchema = z.strictObject({
  files: z.array(path).min(1),
  applyTo: z.enum(['all', 'own']).default('all').describe('all: a sample also speaks for the other periods.'),
  lossDb: z
    .number()
    .default(0)
    .describe('Taken off every sample (for example an outdoor log judged in a car).'),
  privacyK: z.number().int().positive().default(5),
});

export const sitesSchema = z.strictObject({ file: path });

const generateSchema = z.strictObject({
  spacingM: positive.optional().describe('Default: reach of the default configuration, rounded to 50 m.'),
  weakSpots: z.boolean().default(true),
  keepOut: path.optional(),
});

export const candidatesSchema = z.strictObject({
  file: path.optional(),
  generate: generateSchema.optional(),
  minSpacingM: positive.optional().describe('No two new sites nearer than this, metres.'),
});

export const regionsSchema = z.strictObject({
  file: path,
  where: propertyFilter.optional(),
  groupBy: z.string().optional().describe('Property whose value names the region; default name.'),
});

const weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/);

export const periodSchema = z.strictObject({
  name,
  days: z.array(weekday).min(1).optional(),
  from: clock.optional(),
  to: clock.optional(),
});

export const feedbackSchema = z.strictObject({
  file: path.describe('Points (GeoJSON or CSV) with category, timestamp and optional rating 1..5.'),
  weight: z
    .number()
    .min(0)
    .max(100)
    .default(0)
    .describe('plan counts users 1 + weight x complaints within 300 m as much; 0 = off.'),
});
