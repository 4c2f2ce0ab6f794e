import { z } from 'zod';
import { positive } from './parts.ts';

/** Interference and tuning: docs/interference.md says where the defaults come from. */
export const interferenceSchema = z.strictObject({
  sinrDb: z.number().default(0).describe('Least SINR at the best server, dB.'),
  load: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Share of resources other cells use; worked out per cell where users state their traffic.'),
  noiseFigureDb: z.number().min(0).default(7).describe("Of the user's device."),
  layers: z
    .union([positive, z.record(z.string(), positive)])
    .default(1)
    .describe(
      'Spatial layers of a cell, each as good as the first; or by name of configuration (1 where unnamed).',
    ),
  overhead: z.number().min(0).lt(1).default(0.25).describe('Share of resources that carry no user data.'),
  pollution: z
    .strictObject({
      withinDb: z.number().min(0).default(6).describe('Cells this near to the best are its equals, dB.'),
      cells: z
        .number()
        .int()
        .min(2)
        .default(4)
        .describe('So many equals, the best among them, are too many.'),
      nearerMasts: z
        .number()
        .int()
        .positive()
        .default(6)
        .describe('A cell overshoots where so many other masts stand nearer.'),
    })
    .prefault({}),
  repair: z
    .strictObject({
      sites: z.number().int().min(0).default(10).describe('Most sites added for targets on SINR.'),
      leaveOut: z
        .boolean()
        .default(true)
        .describe('Whether sites that disturb more than they serve may be left out for them.'),
    })
    .prefault({}),
  tune: z
    .strictObject({
      azimuthDeg: z.number().min(0).max(180).default(30).describe('Most a sector is turned either way.'),
      azimuthStepDeg: positive.default(10),
      tiltDeg: z.number().min(0).default(4).describe('Most the electrical tilt is changed either way.'),
      tiltStepDeg: positive.default(1),
      powerDownDb: z.number().min(0).default(6).describe('Most a cell is made weaker.'),
      powerUpDb: z.number().min(0).default(0).describe('Most it is made stronger than stated.'),
      powerStepDb: positive.default(1),
      existing: z.boolean().default(false).describe('true: cells of existing sites may be changed too.'),
    })
    .prefault({}),
});

export type InterferenceSpec = z.output<typeof interferenceSchema>;
