import { z } from 'zod';
import type { LineService } from '../planning/serve-lines.ts';

const km = z.number().min(0).describe('Kilometres on the ellipsoid, whole millimetres.');
const MM_PER_KM = 1e6;

/** Lengths of lines served, today and in the finished plan. */
export const linesRecordSchema = z.strictObject({
  layer: z.string(),
  pieceM: z
    .number()
    .positive()
    .describe('Lines are judged in pieces of at most this length, at their middles.'),
  rows: z.array(
    z.strictObject({
      group: z.string().nullable().describe('null = of every group; empty = without the property.'),
      region: z.string().nullable().describe('null = everywhere.'),
      km,
      servedTodayKm: km,
      servedKm: km,
      servedLowKm: km.describe('Without the stretches about which nothing is known.'),
      servedHighKm: km.describe('With them.'),
    }),
  ),
});

export function linesRecord({ pieceM, rows }: LineService): z.input<typeof linesRecordSchema> {
  return {
    layer: 'lines.geojson',
    pieceM,
    rows: rows.map(({ group, region, totalMm, servedTodayMm, servedMm, servedUnknownMm, unknownMm }) => ({
      group,
      region,
      km: totalMm / MM_PER_KM,
      servedTodayKm: servedTodayMm / MM_PER_KM,
      servedKm: servedMm / MM_PER_KM,
      servedLowKm: (servedMm - servedUnknownMm) / MM_PER_KM,
      servedHighKm: (servedMm - servedUnknownMm + unknownMm) / MM_PER_KM,
    })),
  };
}
