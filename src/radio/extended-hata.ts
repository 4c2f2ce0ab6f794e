import type { Environment } from './model.ts';
import type { ValidRange } from './validity.ts';

/** Ranges of the SEAMCAT handbook: 30-3000 MHz, hb 30-200 m, hm 1-10 m, up to 40 km. */
export const EXTENDED_HATA_RANGES: readonly ValidRange[] = [
  { parameter: 'frequencyMhz', min: 30, max: 3000 },
  { parameter: 'txHeightM', min: 30, max: 200 },
  { parameter: 'rxHeightM', min: 1, max: 10 },
  { parameter: 'distanceM', min: 0, max: 40_000 },
];

/** What does not change with distance: numbers only, bound once per link. */
export interface ExtendedHataLink {
  readonly freeSpaceAtOneKmDb: number;
  readonly heightDifferenceKm2: number;
  /** Loss at 1 km by the long-range branch, environment included, dB. */
  readonly lossAtOneKmDb: number;
  readonly slopeDb: number;
  /** Factor of lg(d/20)^0.8 in alpha, which steepens the slope beyond 20 km. */
  readonly farFactor: number;
  readonly lossAt40mDb: number;
  readonly lossAt100mDb: number;
}

/** Prepares the extended Hata model for one pair of heights; the lower antenna counts as the mobile. */
export function bindExtendedHata(
  frequencyMhz: number,
  firstHeightM: number,
  secondHeightM: number,
  environment: Environment,
): ExtendedHataLink {
  const mobileM = Math.min(firstHeightM, secondHeightM);
  const baseM = Math.max(firstHeightM, secondHeightM);
  const raisedBaseM = Math.max(30, baseM);
  const lgF = Math.log10(frequencyMhz);
  const mobileGainDb =
    (1.1 * lgF - 0.7) * Math.min(10, mobileM) -
    (1.56 * lgF - 0.8) +
    Math.max(0, 20 * Math.log10(mobileM / 10));
  const baseGainDb = Math.min(0, 20 * Math.log10(baseM / 30));
  const partial = {
    freeSpaceAtOneKmDb: 32.4 + 20 * lgF,
    heightDifferenceKm2: (baseM - mobileM) ** 2 / 1e6,
    lossAtOneKmDb:
      frequencyTermDb(frequencyMhz) -
      13.82 * Math.log10(raisedBaseM) -
      mobileGainDb -
      baseGainDb +
      environmentDb(frequencyMhz, environment),
    slopeDb: 44.9 - 6.55 * Math.log10(raisedBaseM),
    farFactor: 0.14 + 1.87e-4 * frequencyMhz + 1.07e-3 * baseM,
    lossAt40mDb: 0,
    lossAt100mDb: 0,
  };
  return { ...partial, lossAt40mDb: nearLossDb(partial, 0.04), lossAt100mDb: farLossDb(partial, 0.1) };
}

function frequencyTermDb(frequencyMhz: number): number {
  if (frequencyMhz <= 150) return 69.6 + 26.2 * Math.log10(150) - 20 * Math.log10(150 / frequencyMhz);
  if (frequencyMhz <= 1500) return 69.6 + 26.2 * Math.log10(frequencyMhz);
  if (frequencyMhz <= 2000) return 46.3 + 33.9 * Math.log10(frequencyMhz);
  return 46.3 + 33.9 * Math.log10(2000) + 10 * Math.log10(frequencyMhz / 2000);
}

function environmentDb(frequencyMhz: number, environment: Environment): number {
  const heldMhz = Math.min(Math.max(150, frequencyMhz), 2000);
  if (environment === 'suburban') return -2 * Math.log10(heldMhz / 28) ** 2 - 5.4;
  if (environment !== 'open') return 0;
  return -4.78 * Math.log10(heldMhz) ** 2 + 18.33 * Math.log10(heldMhz) - 40.94;
}

function nearLossDb(link: ExtendedHataLink, distanceKm: number): number {
  return link.freeSpaceAtOneKmDb + 10 * Math.log10(distanceKm * distanceKm + link.heightDifferenceKm2);
}

function farLossDb(link: ExtendedHataLink, distanceKm: number): number {
  const lgD = Math.log10(distanceKm);
  const stretch = distanceKm <= 20 ? 1 : 1 + link.farFactor * Math.log10(distanceKm / 20) ** 0.8;
  return link.lossAtOneKmDb + link.slopeDb * stretch * lgD;
}

const LG_40M = Math.log10(0.04);
const LG_100M = Math.log10(0.1);

/**
 * Extended Hata median loss, dB, held at its own free-space branch (constant 32.4, slant distance).
 * SEAMCAT handbook (ECC Report 252), annex 17.3.1 = Report ITU-R SM.2028-2, section 6.1: free space up to 40 m,
 * linear in lg d to 100 m between unheld ends, then Hata with COST 231 above 1500 MHz. Beyond 20 km alpha multiplies lg d
 * (handbook); the Report's text, with alpha as an exponent of lg d, gives up to 4 dB less at 26 km.
 */
export function extendedHataLossDb(distanceM: number, link: ExtendedHataLink): number {
  const distanceKm = distanceM / 1000;
  const nearDb = nearLossDb(link, distanceKm);
  if (distanceKm <= 0.04) return nearDb;
  if (distanceKm >= 0.1) return Math.max(nearDb, farLossDb(link, distanceKm));
  const share = (Math.log10(distanceKm) - LG_40M) / (LG_100M - LG_40M);
  return Math.max(nearDb, link.lossAt40mDb + share * (link.lossAt100mDb - link.lossAt40mDb));
}

/**
 * Standard deviation of the slow fading, dB, for antennas above the roofs.
 * Report ITU-R SM.2028-2, section 6.1 (table of sigma by distance): 3.5 dB near, 12 dB at 0.1-0.2 km, 9 dB far.
 */
export function extendedHataSigmaDb(distanceM: number): number {
  const km = distanceM / 1000;
  if (km <= 0.04) return 3.5;
  if (km <= 0.1) return 3.5 + ((12 - 3.5) / (0.1 - 0.04)) * (km - 0.04);
  if (km <= 0.2) return 12;
  if (km <= 0.6) return 12 + ((9 - 12) / (0.6 - 0.2)) * (km - 0.2);
  return 9;
}
