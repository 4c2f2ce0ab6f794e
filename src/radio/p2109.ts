import { normalQuantile } from './normal.ts';
import type { ValidRange } from './validity.ts';

export type BuildingType = 'traditional' | 'thermally-efficient';

export const P2109_RANGES: readonly ValidRange[] = [
  { parameter: 'frequencyMhz', min: 80, max: 100_000 },
  { parameter: 'probability', min: 0, max: 1 },
];

const COEFFICIENTS = {
  traditional: { r: 12.64, s: 3.72, t: 0.96, u: 9.6, v: 2.0, w: 9.1, x: -3.0, y: 4.5, z: -2.0 },
  'thermally-efficient': { r: 28.19, s: -3.0, t: 8.48, u: 13.5, v: 3.8, w: 27.8, x: -2.9, y: 9.4, z: -2.1 },
} as const;

/**
 * Building entry loss not exceeded for a share of positions and buildings, dB.
 * ITU-R P.2109-2, section 3, equations (1) to (10) with Table 1; 0.08-100 GHz.
 *
 * @param probability share of cases in which the loss is smaller, in (0, 1)
 * @param elevationDeg elevation angle of the path at the facade, degrees
 */
export function buildingEntryLossDb(
  building: BuildingType,
  frequencyMhz: number,
  probability: number,
  elevationDeg = 0,
): number {
  const { r, s, t, u, v, w, x, y, z } = COEFFICIENTS[building];
  const lgF = Math.log10(frequencyMhz / 1000);
  const medianHorizontalDb = r + s * lgF + t * lgF * lgF;
  const elevationDb = 0.212 * Math.abs(elevationDeg);
  const quantile = normalQuantile(probability);
  const a = quantile * (u + v * lgF) + medianHorizontalDb + elevationDb;
  const b = quantile * (y + z * lgF) + w + x * lgF;
  return 10 * Math.log10(10 ** (a / 10) + 10 ** (b / 10) + 10 ** -0.3);
}
