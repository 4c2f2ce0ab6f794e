import { z } from 'zod';
import { path, positive } from './parts.ts';

const money = z.number().min(0);

const towerStepSchema = z.strictObject({
  toM: positive.describe('Antenna heights up to this, metres.'),
  cost: money,
});

const backhaulSchema = z.strictObject({
  file: path.describe('Where fibre can be had: lines or points.'),
  perKm: money.describe('Cost of a kilometre of new fibre.'),
  yearlyPerKm: money.default(0),
  radioHop: z
    .strictObject({
      maxKm: positive.describe('A radio hop spans at most this distance to the nearest fibre.'),
      cost: money,
      yearlyCost: money.default(0),
    })
    .optional()
    .describe('Taken instead of fibre where it is near enough and cheaper over the years.'),
});

export const costSchema = z.strictObject({
  site: positive.default(1).describe('A site without a cost of its own.'),
  siteYearly: money.default(0).describe('Rent, energy and upkeep of a site per year.'),
  tower: z
    .array(towerStepSchema)
    .min(1)
    .optional()
    .describe('Cost of the mast by antenna height, steps in rising order.'),
  backhaul: backhaulSchema.optional(),
  years: z.number().int().min(1).max(100).default(10).describe('Years of yearly cost that count.'),
  discountRate: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('Yearly costs are paid at the end of each year and discounted at this rate.'),
});
