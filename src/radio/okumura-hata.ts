import type { Environment } from './model.ts';
import type { ValidRange } from './validity.ts';

/** Ranges of Hata (1980): 150-1500 MHz, hb 30-200 m, hm 1-10 m, d 1-20 km. */
export const OKUMURA_HATA_RANGES: readonly ValidRange[] = [
  { parameter: 'frequencyMhz', min: 150, max: 1500 },
  { parameter: 'txHeightM', min: 30, max: 200 },
  { parameter: 'rxHeightM', min: 1, max: 10 },
  { parameter: 'distanceM', min: 1000, max: 20_000 },
];

/**
 * Correction a(hm) for the mobile antenna height, dB, medium and small cities.
 * Hata (1980), equation (15): (1.1 lg f - 0.7) hm - (1.56 lg f - 0.8).
 */
export function mobileHeightGainMediumCityDb(frequencyMhz: number, rxHeightM: number): number {
  const lgF = Math.log10(frequencyMhz);
  return (1.1 * lgF - 0.7) * rxHeightM - (1.56 * lgF - 0.8);
}

/**
 * Correction a(hm) for large cities, dB. Hata (1980), equations (16) and (17): 8.29 lg²(1.54 hm) - 1.1 up to 200 MHz,
 * 3.2 lg²(11.75 hm) - 4.97 from 400 MHz (later texts: 300 MHz). Between 200 and 300 MHz Hata gives none; the lower
 * formula is used, as most implementations do.
 */
export function mobileHeightGainLargeCityDb(frequencyMhz: number, rxHeightM: number): number {
  if (frequencyMhz < 300) return 8.29 * Math.log10(1.54 * rxHeightM) ** 2 - 1.1;
  return 3.2 * Math.log10(11.75 * rxHeightM) ** 2 - 4.97;
}

/** Decibels per decade of distance in Hata's family: 44.9 - 6.55 lg hb. */
export function hataSlopeDb(txHeightM: number): number {
  return 44.9 - 6.55 * Math.log10(txHeightM);
}

/** Loss at 1 km, dB: Hata's formula without its distance term. */
export function okumuraHataLossAtOneKmDb(
  frequencyMhz: number,
  txHeightM: number,
  rxHeightM: number,
  environment: Environment,
): number {
  const lgF = Math.log10(frequencyMhz);
  const heightGainDb =
    environment === 'large-city'
      ? mobileHeightGainLargeCityDb(frequencyMhz, rxHeightM)
      : mobileHeightGainMediumCityDb(frequencyMhz, rxHeightM);
  const urbanDb = 69.55 + 26.16 * lgF - 13.82 * Math.log10(txHeightM) - heightGainDb;
  if (environment === 'suburban') return urbanDb - 2 * Math.log10(frequencyMhz / 28) ** 2 - 5.4;
  if (environment === 'open') return urbanDb - 4.78 * lgF ** 2 + 18.33 * lgF - 40.94;
  return urbanDb;
}

/**
 * Okumura-Hata median basic transmission loss, dB (raw formula, not held at free space).
 * M. Hata, "Empirical formula for propagation loss in land mobile radio services", IEEE Trans. Veh. Technol. 29(3),
 * 1980, equations (14) to (19). Distance in km inside the formula ("lg" is base 10).
 *
 * @param distanceM ground distance, metres
 */
export function okumuraHataLossDb(
  distanceM: number,
  frequencyMhz: number,
  txHeightM: number,
  rxHeightM: number,
  environment: Environment,
): number {
  return (
    okumuraHataLossAtOneKmDb(frequencyMhz, txHeightM, rxHeightM, environment) +
    hataSlopeDb(txHeightM) * Math.log10(distanceM / 1000)
  );
}
