import { hataSlopeDb, mobileHeightGainMediumCityDb } from './okumura-hata.ts';
import type { Environment } from './model.ts';
import type { ValidRange } from './validity.ts';

/** Ranges of COST 231: 1500-2000 MHz, hb 30-200 m, hm 1-10 m, d 1-20 km. */
export const COST231_HATA_RANGES: readonly ValidRange[] = [
  { parameter: 'frequencyMhz', min: 1500, max: 2000 },
  { parameter: 'txHeightM', min: 30, max: 200 },
  { parameter: 'rxHeightM', min: 1, max: 10 },
  { parameter: 'distanceM', min: 1000, max: 20_000 },
];

/** Loss at 1 km, dB. `large-city` is the report's metropolitan centre (Cm = 3 dB); elsewhere Cm = 0. */
export function cost231HataLossAtOneKmDb(
  frequencyMhz: number,
  txHeightM: number,
  rxHeightM: number,
  environment: Environment,
): number {
  const metropolitanDb = environment === 'large-city' ? 3 : 0;
  return (
    46.3 +
    33.9 * Math.log10(frequencyMhz) -
    13.82 * Math.log10(txHeightM) -
    mobileHeightGainMediumCityDb(frequencyMhz, rxHeightM) +
    metropolitanDb
  );
}

/**
 * COST 231-Hata median basic transmission loss, dB (raw formula, not held at free space).
 * COST 231 final report (EUR 18957, 1999), section 4.4.1, equation (4.4.3); distance in km inside the formula. The
 * report has no suburban or open correction: both take Cm = 0.
 *
 * @param distanceM ground distance, metres
 */
export function cost231HataLossDb(
  distanceM: number,
  frequencyMhz: number,
  txHeightM: number,
  rxHeightM: number,
  environment: Environment,
): number {
  return (
    cost231HataLossAtOneKmDb(frequencyMhz, txHeightM, rxHeightM, environment) +
    hataSlopeDb(txHeightM) * Math.log10(distanceM / 1000)
  );
}
