import { tailQuantile } from '../tail-quantile.ts';
import { irregularityOverM, type ItmPath } from './path.ts';

/** Constants of one radio climate: curve parameters of TN101, figure 10.13, as the Algorithm fits them. */
interface Climate {
  /** V(0.5): c1, c2 in dB; x1, x2, x3 in m. */
  readonly median: CurveParameters;
  /** Time variability below and above the median. */
  readonly below: CurveParameters;
  readonly above: CurveParameters;
  /** Frequency factors: c1 + c2 / ((c3 ln(0.133 k))² + 1). */
  readonly factorBelow: readonly [number, number, number];
  readonly factorAbove: readonly [number, number, number];
  /** Ducting tail: where it starts (z) and its ratio. */
  readonly tailFrom: number;
  readonly tailRatio: number;
}

type CurveParameters = readonly [c1: number, c2: number, x1: number, x2: number, x3: number];

/** Algorithm, table 5.1: equatorial to maritime temperate over sea, climates 1 to 7 in this order. */
const CLIMATES: readonly Climate[] = [
  {
    median: [-9.67, 12.7, 144.9e3, 190.3e3, 133.8e3],
    below: [2.13, 159.5, 762.2e3, 123.6e3, 94.5e3],
    above: [2.11, 102.3, 636.9e3, 134.8e3, 95.6e3],
    factorBelow: [1, 0, 0],
    factorAbove: [1, 0, 0],
    tailFrom: 1.282,
    tailRatio: 1.224,
  },
  {
    median: [-0.62, 9.19, 228.9e3, 205.2e3, 143.6e3],
    below: [2.66, 7.67, 100.4e3, 172.5e3, 136.4e3],
    above: [6.87, 15.53, 138.7e3, 143.7e3, 98.6e3],
    factorBelow: [1, 0, 0],
    factorAbove: [0.93, 0.31, 2],
    tailFrom: 2.161,
    tailRatio: 0.801,
  },
  {
    median: [1.26, 15.5, 262.6e3, 185.2e3, 99.8e3],
    below: [6.11, 6.65, 138.2e3, 242.2e3, 178.6e3],
    above: [10.08, 9.6, 165.3e3, 225.7e3, 129.7e3],
    factorBelow: [1, 0, 0],
    factorAbove: [1, 0, 0],
    tailFrom: 1.282,
    tailRatio: 1.38,
  },
  {
    median: [-9.21, 9.05, 84.1e3, 101.1e3, 98.6e3],
    below: [1.98, 13.11, 139.1e3, 132.7e3, 193.5e3],
    above: [3.68, 159.3, 464.4e3, 93.1e3, 94.2e3],
    factorBelow: [1, 0, 0],
    factorAbove: [0.93, 0.19, 1.79],
    tailFrom: 20,
    tailRatio: 1,
  },
  {
    median: [-0.62, 9.19, 228.9e3, 205.2e3, 143.6e3],
    below: [2.68, 7.16, 93.7e3, 186.8e3, 133.5e3],
    above: [4.75, 8.12, 93.2e3, 135.9e3, 113.4e3],
    factorBelow: [0.92, 0.25, 1.77],
    factorAbove: [0.93, 0.31, 2],
    tailFrom: 1.282,
    tailRatio: 1.224,
  },
  {
    median: [-0.39, 2.86, 141.7e3, 315.9e3, 167.4e3],
    below: [6.86, 10.38, 187.8e3, 169.6e3, 108.9e3],
    above: [8.58, 13.97, 216e3, 152e3, 122.7e3],
    factorBelow: [1, 0, 0],
    factorAbove: [1, 0, 0],
    tailFrom: 1.282,
    tailRatio: 1.518,
  },
  {
    median: [3.15, 857.9, 2222e3, 164.8e3, 116.3e3],
    below: [8.51, 169.8, 609.8e3, 119.9e3, 106.6e3],
    above: [8.43, 8.19, 136.2e3, 188.5e3, 122.9e3],
    factorBelow: [1, 0, 0],
    factorAbove: [1, 0, 0],
    tailFrom: 1.282,
    tailRatio: 1.518,
  },
];

const SINGLE_MESSAGE = 0;
const ACCIDENTAL = 1;
const MOBILE = 2;

/**
 * Time, location and situation variability with their mode, ready for many paths. Algorithm, section 5, equations
 * (5.1) to (5.12).
 */
export interface Variability {
  readonly climate: Climate;
  /** 0 single message, 1 accidental, 2 mobile, 3 broadcast. */
  readonly mode: number;
  /** Location variability (10s of mdvar) or direct situation variability (20s) eliminated. */
  readonly withoutLocation: boolean;
  readonly withoutSituation: boolean;
  readonly zTime: number;
  readonly zLocation: number;
  readonly zSituation: number;
  /** True when a quantile lies beyond 3.1 standard deviations. */
  readonly extreme: boolean;
}

/** @param mdvar 0..3, plus 10 without location variability, plus 20 without direct situation variability */
export function createVariability(
  climate: number,
  mdvar: number,
  timePercent: number,
  locationPercent: number,
  situationPercent: number,
): Variability {
  const withoutSituation = mdvar >= 20;
  const rest = withoutSituation ? mdvar - 20 : mdvar;
  const withoutLocation = rest >= 10;
  const mode = withoutLocation ? rest - 10 : rest;
  const zSituation = quantile(situationPercent);
  const zTime = mode === SINGLE_MESSAGE ? zSituation : quantile(timePercent);
  let zLocation = quantile(locationPercent);
  if (mode === SINGLE_MESSAGE || mode === ACCIDENTAL) zLocation = zSituation;
  else if (mode === MOBILE) zLocation = zTime;
  return {
    climate: CLIMATES[climate - 1]!,
    mode,
    withoutLocation,
    withoutSituation,
    zTime,
    zLocation,
    zSituation,
    extreme: [zTime, zLocation, zSituation].some((z) => Math.abs(z) > 3.1),
  };
}

function quantile(percent: number): number {
  return tailQuantile(percent / 100, 2.515516);
}

/** Value of one variability curve at an effective distance, dB. */
function curve([c1, c2, x1, x2, x3]: CurveParameters, distanceM: number): number {
  const u = (distanceM - x2) / x3;
  const v = (distanceM / x1) * (distanceM / x1);
  return ((c1 + c2 / (1 + u * u)) * v) / (1 + v);
}

function frequencyFactor([c1, c2, c3]: readonly [number, number, number], logWaveNumber: number): number {
  const u = c3 * logWaveNumber;
  return c1 + c2 / (u * u + 1);
}

/** Attenuation beyond free space with variability, dB, from the reference attenuation. */
export function attenuationQuantileDb(path: ItmPath, referenceDb: number, variability: Variability): number {
  const { waveNumber, distanceM } = path;
  const { climate, mode, zTime, zLocation, zSituation } = variability;
  const effectiveM = effectiveDistanceM(path);
  const medianDb = curve(climate.median, effectiveM);

  const situationSigma = variability.withoutSituation ? 0 : 5 + 3 * Math.exp(-effectiveM / 100e3);
  const roughness = waveNumber * irregularityOverM(distanceM, path.irregularityM);
  const locationSigma = variability.withoutLocation ? 0 : (10 * roughness) / (roughness + 13);
  const locationDb = locationSigma * zLocation;
  const timeSigma = timeSigmaDb(climate, zTime, effectiveM, Math.log(0.133 * waveNumber));
  const timeDb = timeSigma * zTime;

  const residual =
    situationSigma * situationSigma +
    (timeDb * timeDb) / (7.8 + zSituation * zSituation) +
    (locationDb * locationDb) / (24 + zSituation * zSituation);
  const timeVariance = timeSigma * timeSigma;
  const locationVariance = locationSigma * locationSigma;
  let reliabilityDb: number;
  let confidenceDb: number;
  if (mode === SINGLE_MESSAGE) {
    reliabilityDb = 0;
    confidenceDb = Math.sqrt(timeVariance + locationVariance + residual) * zSituation;
  } else if (mode === ACCIDENTAL) {
    reliabilityDb = timeDb;
    confidenceDb = Math.sqrt(locationVariance + residual) * zSituation;
  } else {
    reliabilityDb =
      mode === MOBILE ? Math.sqrt(timeVariance + locationVariance) * zTime : timeDb + locationDb;
    confidenceDb = Math.sqrt(residual) * zSituation;
  }
  const resultDb = referenceDb - medianDb - reliabilityDb - confidenceDb;
  // Gains over free space are bounded: equation (5.2).
  return resultDb < 0 ? (resultDb * (29 - resultDb)) / (29 - 10 * resultDb) : resultDb;
}

/** Distance the variability curves are read at, m. Algorithm, equation (5.3). */
function effectiveDistanceM(path: ItmPath): number {
  const referenceM =
    Math.sqrt(2 * 9e6 * path.txEffectiveM) +
    Math.sqrt(2 * 9e6 * path.rxEffectiveM) +
    Math.cbrt(575.7e12 / path.waveNumber);
  return path.distanceM < referenceM
    ? (130e3 * path.distanceM) / referenceM
    : 130e3 + path.distanceM - referenceM;
}

function timeSigmaDb(climate: Climate, zTime: number, effectiveM: number, logWaveNumber: number): number {
  if (zTime < 0)
    return curve(climate.below, effectiveM) * frequencyFactor(climate.factorBelow, logWaveNumber);
  const above = curve(climate.above, effectiveM) * frequencyFactor(climate.factorAbove, logWaveNumber);
  if (zTime <= climate.tailFrom) return above;
  const tail = climate.tailRatio * above;
  return tail + ((above - tail) * climate.tailFrom) / zTime;
}
