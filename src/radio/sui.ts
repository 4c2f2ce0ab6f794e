import { freeSpaceLossDb } from './free-space.ts';
import type { Environment } from './model.ts';
import type { ValidRange } from './validity.ts';

/** A: hilly, dense trees; B: between; C: flat, few trees. */
export type SuiTerrain = 'A' | 'B' | 'C';

export const SUI_RANGES: readonly ValidRange[] = [
  { parameter: 'frequencyMhz', min: 1900, max: 3700 },
  { parameter: 'txHeightM', min: 10, max: 80 },
  { parameter: 'rxHeightM', min: 2, max: 10 },
  { parameter: 'distanceM', min: 100, max: 8000 },
];

const TERRAIN = {
  A: { a: 4.6, b: 0.0075, c: 12.6, rxFactor: 10.8 },
  B: { a: 4.0, b: 0.0065, c: 17.1, rxFactor: 10.8 },
  C: { a: 3.6, b: 0.005, c: 20.0, rxFactor: 20 },
} as const;

/** Path loss exponent gamma = a - b hb + c / hb. */
export function suiExponent(terrain: SuiTerrain, txHeightM: number): number {
  const { a, b, c } = TERRAIN[terrain];
  return a - b * txHeightM + c / txHeightM;
}

/** Loss at the reference distance of 100 m with frequency and user height corrections, dB. */
export function suiLossAt100mDb(terrain: SuiTerrain, frequencyMhz: number, rxHeightM: number): number {
  return (
    freeSpaceLossDb(100, frequencyMhz) +
    6 * Math.log10(frequencyMhz / 2000) -
    TERRAIN[terrain].rxFactor * Math.log10(rxHeightM / 2)
  );
}

/**
 * Stanford University Interim (Erceg) median path loss, dB (raw formula, not held at free space).
 * V. Erceg et al., IEEE 802.16.3c-01/29r4 (2001), "Suburban path loss model" with its frequency and receive-height
 * corrections: 20 lg(4 pi d0/lambda) + 10 gamma lg(d/d0) + 6 lg(f/2000) - 10.8 lg(h/2) (terrain C: -20 lg(h/2)), d0 =
 * 100 m. Fitted at 1.9 GHz, hb 10-80 m, h 2-10 m, 0.1-8 km.
 */
export function suiLossDb(
  distanceM: number,
  frequencyMhz: number,
  txHeightM: number,
  rxHeightM: number,
  terrain: SuiTerrain,
): number {
  return (
    suiLossAt100mDb(terrain, frequencyMhz, rxHeightM) +
    10 * suiExponent(terrain, txHeightM) * Math.log10(distanceM / 100)
  );
}

/** The terrain class nearest to a scenario's environment: cities A, suburbs B, open land C. */
export function suiTerrainOf(environment: Environment): SuiTerrain {
  if (environment === 'suburban') return 'B';
  return environment === 'open' ? 'C' : 'A';
}
