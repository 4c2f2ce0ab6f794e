import type { EhataTerrain } from './ehata-profile.ts';
import { analyseEhataProfile } from './ehata-profile.ts';
import { SPEED_OF_LIGHT_M_S } from './free-space.ts';
import { normalQuantile } from './normal.ts';
import type { ValidRange } from './validity.ts';

export const EHATA_RANGES: readonly ValidRange[] = [
  { parameter: 'frequencyMhz', min: 1500, max: 3000 },
  { parameter: 'txHeightM', min: 30, max: 200 },
  { parameter: 'rxHeightM', min: 1, max: 10 },
  { parameter: 'distanceM', min: 1000, max: 100_000 },
];

export type EhataEnvironment = 'urban' | 'suburban' | 'rural';

/** One link of the NTIA extended Hata model. */
export interface EhataLink {
  /** Ground heights, metres above sea level, equal steps, *mobile first*; exactly 0 means sea. */
  readonly heightsM: ArrayLike<number>;
  readonly stepM: number;
  readonly frequencyMhz: number;
  readonly baseHeightM: number;
  readonly mobileHeightM: number;
  readonly environment: EhataEnvironment;
  /** Share of locations whose loss is smaller, in (0, 1); 0.5 = median. */
  readonly reliability: number;
}

/**
 * Basic transmission loss of the NTIA extended Hata urban model, dB.
 * P. McKenna et al., NTIA Technical Report TR-15-517 (2015), appendix A: Hata refitted to 3 GHz and 100 km with Okumura's
 * terrain corrections (Okumura et al. 1968, section 4). Follows the behaviour of NTIA's published program, a United
 * States government work. 1500-3000 MHz, base 30-200 m, mobile 1-10 m, 1-100 km.
 */
export function ehataLossDb(link: EhataLink): number {
  const terrain = analyseEhataProfile(link.heightsM, link.stepM, link.mobileHeightM, link.baseHeightM);
  const sigmaDb = locationSigmaDb(link.frequencyMhz) + (link.environment === 'urban' ? 0 : 2);
  const spreadDb = normalQuantile(link.reliability) * sigmaDb;
  return medianDb(link, terrain) + spreadDb - terrainCorrectionDb(terrain, link.heightsM[0]!);
}

/** Location variability of Okumura in towns, dB: a quadratic in lg f through 7.1, 7.5, 8.1 dB at 1.5, 2, 3 GHz. */
function locationSigmaDb(frequencyMhz: number): number {
  const lgF = Math.log10(frequencyMhz);
  return 4.0976291 - 1.2255656 * lgF + 0.68350345 * lgF * lgF;
}

const LG2 = Math.log10(2);
const LG15 = Math.log10(1.5);
const LG43 = Math.log10(4 / 3);
const REFERENCE_BASE_DB = 13.82 * Math.log10(200);
const REFERENCE_MOBILE_DB = 3.2 * Math.log10(11.75 * 3) ** 2 - 4.97;
/** Slant distance at 1 km between the reference heights of 200 m and 3 m, metres. */
const REFERENCE_SLANT_M = Math.sqrt(1e6 + 197 ** 2);

/** Okumura's urban attenuation at 1 km through 22, 23.5, 25.85 dB at 1.5, 2, 3 GHz: alpha + beta lg f + gamma lg² f. */
const GAMMA_1 = (3.85 / LG2 - 1.5 / LG43) / LG15;
const BETA_1 = 20 + 1.5 / LG43 - GAMMA_1 * Math.log10(3e6);
const ALPHA_1 =
  22 +
  REFERENCE_BASE_DB +
  REFERENCE_MOBILE_DB +
  20 * Math.log10(2 * waveNumber(1500) * REFERENCE_SLANT_M) -
  Math.log10(1500) * (BETA_1 + GAMMA_1 * Math.log10(1500));

/** Suburban correction through 11.5, 12.4, 14 dB at 1.5, 2, 3 GHz. */
const SUBURBAN_DENOMINATOR = LG43 * LG15 * LG2;
const SUBURBAN_GAMMA = (2.5 * LG43 - 0.9 * LG2) / SUBURBAN_DENOMINATOR;
const SUBURBAN_BETA = (0.9 * LG2 * Math.log10(4.5e6) - 2.5 * LG43 * Math.log10(3e6)) / SUBURBAN_DENOMINATOR;
const SUBURBAN_ALPHA = 11.5 - SUBURBAN_BETA * Math.log10(1500) - SUBURBAN_GAMMA * Math.log10(1500) ** 2;

/** Half the distance exponent beyond the break point: 2.5, 3, 3.22 at 24.5, 70, 200 m (Okumura 1968, figure 12). */
const LG_70_24 = Math.log10(70 / 24.5);
const LG_200_24 = Math.log10(200 / 24.5);
const TAU = (0.72 * LG_70_24 - 0.5 * LG_200_24) / LG_70_24 / Math.log10(200 / 70) / LG_200_24;
const SIGMA = 0.72 / LG_200_24 - TAU * Math.log10(200 * 24.5);
const RHO = 2.5 - Math.log10(24.5) * (SIGMA + TAU * Math.log10(24.5));

function waveNumber(frequencyMhz: number): number {
  return (2e6 * Math.PI * frequencyMhz) / SPEED_OF_LIGHT_M_S;
}

function medianDb(link: EhataLink, terrain: EhataTerrain): number {
  const mobileM = Math.min(10, Math.max(1, terrain.mobileEffectiveM));
  const baseM = Math.min(200, Math.max(30, terrain.baseEffectiveM));
  const urbanDb = urbanMedianDb(link.frequencyMhz, baseM, mobileM, terrain.distanceKm);
  const lgF = Math.log10(link.frequencyMhz);
  if (link.environment === 'urban') return urbanDb;
  if (link.environment === 'suburban') {
    return urbanDb - (SUBURBAN_ALPHA + SUBURBAN_BETA * lgF + SUBURBAN_GAMMA * lgF * lgF);
  }
  return urbanDb - (40.94 - 18.33 * lgF + 4.78 * lgF * lgF);
}

function urbanMedianDb(frequencyMhz: number, baseM: number, mobileM: number, distanceKm: number): number {
  const lgF = Math.log10(frequencyMhz);
  const lgBase = Math.log10(baseM);
  const lgD = Math.log10(distanceKm);
  const frequencyDb = lgF * (BETA_1 + GAMMA_1 * lgF);
  const twiceWaveNumber = 2 * waveNumber(frequencyMhz);
  const at1KmDb =
    ALPHA_1 +
    frequencyDb -
    REFERENCE_BASE_DB -
    REFERENCE_MOBILE_DB -
    20 * Math.log10(twiceWaveNumber * REFERENCE_SLANT_M);
  const at100KmDb = 120.78129 + lgF * (-52.714929 + 10.919011 * lgF);
  const heightsDb = -13.82 * lgBase - 3.2 * Math.log10(11.75 * mobileM) ** 2 + 4.97;
  const farExponent = 2 * (RHO + lgBase * (SIGMA + TAU * lgBase) - 1);
  const slopeDb = 44.9 - 6.55 * lgBase;
  const nearExponent = 0.1 * slopeDb - 2;
  const lgBreak = (2 * farExponent + 0.1 * (at1KmDb - at100KmDb)) / (farExponent - nearExponent);
  if (lgD <= lgBreak) return ALPHA_1 + frequencyDb + heightsDb + slopeDb * lgD;
  const slantM = Math.hypot(1000 * distanceKm, baseM - mobileM);
  return (
    at100KmDb +
    REFERENCE_BASE_DB +
    REFERENCE_MOBILE_DB +
    heightsDb -
    20 * farExponent +
    10 * farExponent * lgD +
    20 * Math.log10(twiceWaveNumber * slantM)
  );
}

/** All of Okumura's corrections for this path, dB; they are taken off the loss. */
function terrainCorrectionDb(terrain: EhataTerrain, mobileGroundM: number): number {
  const seaDb = mixedPathDb(terrain);
  if (terrain.ridgeHeightM !== null) {
    const { baseHorizonM, mobileHorizonM } = terrain;
    return seaDb + isolatedRidgeDb(baseHorizonM / 1000, mobileHorizonM / 1000, terrain.ridgeHeightM);
  }
  return (
    seaDb +
    medianRollingDb(terrain.irregularityM) +
    fineRollingDb(terrain, mobileGroundM) +
    slopeDb(terrain.slopeMrad, terrain.distanceKm)
  );
}

/** Mean correction for rolling hills, dB (Okumura, figure 27). */
function medianRollingDb(irregularityM: number): number {
  const lg = Math.log10(Math.max(15, irregularityM));
  return -1.5072013 + lg * (8.458676 - 6.102538 * lg);
}

/** Fine correction by where in the undulation the mobile stands, dB (Okumura, figure 29). */
function fineRollingDb(terrain: EhataTerrain, groundM: number): number {
  const { irregularityM, height10M, height50M, height90M } = terrain;
  if (irregularityM < 10) return 0;
  const lg = Math.log10(irregularityM);
  const extremeDb = -11.728795 + lg * (15.544272 - 1.8154766 * lg);
  if (groundM >= height10M) return extremeDb;
  if (groundM <= height90M) return -extremeDb;
  return groundM >= height50M
    ? (extremeDb * (groundM - height50M)) / (height10M - height50M)
    : (-extremeDb * (height50M - groundM)) / (height50M - height90M);
}

/** Correction for the general slope, dB (Okumura, figure 34): dB per mrad between its lines at 10, 30 and 60 km. */
function slopeDb(slopeMrad: number, distanceKm: number): number {
  const perMrad =
    slopeMrad <= 0
      ? tableAt([10, 30], [0.25, 0.8], distanceKm)
      : tableAt([10, 30, 60], [0.125, 0.35, 0.6], distanceKm);
  return slopeMrad * perMrad;
}

const RIDGE_MOBILE_KM = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
/** Okumura, figure 31: curves C, B, A for a base 15, 30 and 60 km from the ridge. */
const RIDGE_BASE_KM = [15, 30, 60] as const;
const RIDGE_DB = [
  [4, -13, -17.5, -17.5, -15, -12.5, -10, -8, -6],
  [12, -8.5, -13, -12, -10, -8, -6.5, -5, -4],
  [20, -4, -6.5, -6, -4.5, -3.5, -2.5, -2, -1],
] as const;

/** Correction behind a single ridge, dB: sqrt(h / 200) times the curves, no gain beyond 2 km behind it. */
function isolatedRidgeDb(baseToRidgeKm: number, ridgeToMobileKm: number, ridgeHeightM: number): number {
  const curves = RIDGE_DB.map((curve) => extrapolatedAt(RIDGE_MOBILE_KM, curve, ridgeToMobileKm));
  const valueDb = tableAt(RIDGE_BASE_KM, curves, baseToRidgeKm);
  return Math.sqrt(ridgeHeightM / 200) * (ridgeToMobileKm > 2 ? Math.min(valueDb, 0) : valueDb);
}

const SEA_SHARE_30 = [0, 0.15, 0.35, 0.45, 0.6, 0.65, 0.725, 0.775, 0.85, 1] as const;
const SEA_SHARE_60 = [0, 0.15, 0.3, 0.4, 0.5, 0.6, 0.725, 0.85, 0.9, 1] as const;
/** Okumura, figure 35: sea at the base and at the mobile, paths of 30 km and of 60 km. */
const SEA_30_DB = {
  base: [0, 1, 3, 4, 6, 7, 8, 9, 10, 11],
  mobile: [0, 4, 5.5, 7, 8.5, 9, 9.5, 9.8, 10.25, 11],
} as const;
const SEA_60_DB = {
  base: [0, 2, 4, 5.5, 7, 9, 11, 13, 14, 15],
  mobile: [0, 4.25, 6.25, 9.2, 10.5, 11.75, 13, 14, 14.25, 15],
} as const;

/** Correction for paths partly over sea, dB; both curves count half when the sea lies evenly. */
function mixedPathDb({ seaShare, seaSide, distanceKm }: EhataTerrain): number {
  if (seaShare === 0) return 0;
  const on = (side: 'base' | 'mobile'): number => {
    const near = tableAt(SEA_SHARE_30, SEA_30_DB[side], seaShare);
    const far = tableAt(SEA_SHARE_60, SEA_60_DB[side], seaShare);
    return tableAt([30, 60], [near, far], distanceKm);
  };
  return seaSide === 'both' ? 0.5 * (on('base') + on('mobile')) : on(seaSide);
}

/** Linear between the knots, held at the first and last value. */
function tableAt(knots: readonly number[], values: readonly number[], x: number): number {
  const held = Math.min(knots[knots.length - 1]!, Math.max(knots[0]!, x));
  return extrapolatedAt(knots, values, held);
}

/** Linear between the knots; the last piece goes on beyond the last knot. */
function extrapolatedAt(knots: readonly number[], values: readonly number[], x: number): number {
  let piece = 0;
  while (piece < knots.length - 2 && x > knots[piece + 1]!) piece++;
  const share = (x - knots[piece]!) / (knots[piece + 1]! - knots[piece]!);
  return values[piece]! + share * (values[piece + 1]! - values[piece]!);
}
