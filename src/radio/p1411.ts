import { alphaBetaGammaLossDb } from './log-distance.ts';
import { SPEED_OF_LIGHT_M_S } from './free-space.ts';

/** One row of the site-general tables of ITU-R P.1411-12. */
export interface SiteGeneralCoefficients {
  readonly alpha: number;
  readonly betaDb: number;
  readonly gamma: number;
  readonly sigmaDb: number;
  readonly minFrequencyGhz: number;
  readonly maxFrequencyGhz: number;
  readonly minDistanceM: number;
  readonly maxDistanceM: number;
}

const row = (
  alpha: number,
  betaDb: number,
  gamma: number,
  sigmaDb: number,
  frequencyGhz: readonly [number, number],
  distanceM: readonly [number, number],
): SiteGeneralCoefficients => ({
  alpha,
  betaDb,
  gamma,
  sigmaDb,
  minFrequencyGhz: frequencyGhz[0],
  maxFrequencyGhz: frequencyGhz[1],
  minDistanceM: distanceM[0],
  maxDistanceM: distanceM[1],
});

/** Both stations below the roofs: ITU-R P.1411-12, section 4.1.1, Table 4. */
export const BELOW_ROOFTOP = {
  'high-rise-los': row(2.12, 29.2, 2.11, 5.06, [0.8, 82], [5, 660]),
  'low-rise-los': row(2.12, 29.2, 2.11, 5.06, [0.8, 82], [5, 660]),
  'high-rise-nlos': row(4.0, 10.2, 2.36, 7.6, [0.8, 82], [30, 715]),
  'low-rise-nlos': row(5.06, -4.68, 2.02, 9.33, [10, 73], [30, 250]),
  'residential-nlos': row(3.01, 18.8, 2.07, 3.07, [0.8, 73], [30, 170]),
} as const;

/** One station above the roofs: ITU-R P.1411-12, section 4.2.1, Table 8. */
export const ABOVE_ROOFTOP = {
  'high-rise-los': row(2.29, 28.6, 1.96, 3.48, [2.2, 73], [55, 1200]),
  'low-rise-los': row(2.29, 28.6, 1.96, 3.48, [2.2, 73], [55, 1200]),
  'high-rise-nlos': row(4.39, -6.27, 2.3, 6.89, [2.2, 66.5], [260, 1200]),
} as const;

/**
 * Site-general median loss, dB: 10 alpha lg d + beta + 10 gamma lg f (d in m, f in GHz).
 * ITU-R P.1411-12, equation (1) (section 4.1.1) and section 4.2.1; log-normal with the row's sigma.
 *
 * @param distanceM distance between the antennas (slant), metres
 */
export function siteGeneralLossDb(
  coefficients: SiteGeneralCoefficients,
  distanceM: number,
  frequencyMhz: number,
): number {
  const { alpha, betaDb, gamma } = coefficients;
  return alphaBetaGammaLossDb(distanceM, frequencyMhz, alpha, betaDb, gamma);
}

/**
 * Line of sight in a street canyon, UHF, dB: mean of the lower and the upper bound.
 * ITU-R P.1411-12, section 4.1.2, equations (2) to (4): break point Rbp = 4 h1 h2 / lambda, Lbp = |20 lg(lambda² / (8 pi
 * h1 h2))|; lower bound 20 / 40 dB per decade, upper bound Lbp + 20 + 25 / 40. 300 MHz-3 GHz.
 *
 * @param slantM distance between the antennas, metres
 */
export function streetCanyonLosLossDb(
  slantM: number,
  frequencyMhz: number,
  txHeightM: number,
  rxHeightM: number,
): number {
  const lambdaM = SPEED_OF_LIGHT_M_S / (frequencyMhz * 1e6);
  const breakM = (4 * txHeightM * rxHeightM) / lambdaM;
  const breakDb = Math.abs(20 * Math.log10(lambdaM ** 2 / (8 * Math.PI * txHeightM * rxHeightM)));
  const decades = Math.log10(slantM / breakM);
  const lowerDb = breakDb + (slantM <= breakM ? 20 : 40) * decades;
  const upperDb = breakDb + 20 + (slantM <= breakM ? 25 : 40) * decades;
  return (lowerDb + upperDb) / 2;
}

export type RooftopEnvironment = 'medium-city' | 'metropolitan';

/** Geometry of a path over rows of roofs; metres and degrees. */
export interface OverRooftopPath {
  readonly distanceM: number;
  readonly baseHeightM: number;
  readonly mobileHeightM: number;
  /** Average roof height hr. */
  readonly roofHeightM: number;
  /** Length of the path covered by buildings, l. */
  readonly buildingsLengthM: number;
  /** Average building separation b. */
  readonly separationM: number;
  /** Street width w at the mobile. */
  readonly streetWidthM: number;
  /** Street orientation to the direct path, 0-90 degrees. */
  readonly streetAngleDeg: number;
}

/**
 * Over-rooftop multi-screen diffraction, dB: free space (the Recommendation's rounded 32.4) + rooftop-to-street +
 * multi-screen.
 * ITU-R P.1411-12, section 4.2.2.1, equations (20) to (45) (the Walfisch-Ikegami family); 0.8-26 GHz for hb > hr (2-26 GHz
 * below), 20-5000 m, mobile 1-3 m, base 4-55 m.
 */
export function overRooftopLossDb(
  environment: RooftopEnvironment,
  frequencyMhz: number,
  path: OverRooftopPath,
): number {
  const freeSpaceDb = 32.4 + 20 * Math.log10(path.distanceM / 1000) + 20 * Math.log10(frequencyMhz);
  const excessDb = rooftopToStreetDb(frequencyMhz, path) + multiScreenDb(environment, frequencyMhz, path);
  return freeSpaceDb + Math.max(0, excessDb);
}

function rooftopToStreetDb(frequencyMhz: number, path: OverRooftopPath): number {
  return (
    -8.2 -
    10 * Math.log10(path.streetWidthM) +
    10 * Math.log10(frequencyMhz) +
    20 * Math.log10(path.roofHeightM - path.mobileHeightM) +
    orientationDb(path.streetAngleDeg)
  );
}

function orientationDb(angleDeg: number): number {
  if (angleDeg < 35) return -10 + 0.354 * angleDeg;
  if (angleDeg < 55) return 2.5 + 0.075 * (angleDeg - 35);
  return 4 - 0.114 * (angleDeg - 55);
}

/** Equations (27) to (33): joins the settled (1) and the unsettled (2) form smoothly around the break point. */
function multiScreenDb(environment: RooftopEnvironment, frequencyMhz: number, path: OverRooftopPath): number {
  const lambdaM = SPEED_OF_LIGHT_M_S / (frequencyMhz * 1e6);
  const riseM = path.baseHeightM - path.roofHeightM;
  const settledM = (lambdaM * path.distanceM ** 2) / riseM ** 2;
  const settled = path.buildingsLengthM > settledM;
  const breakM = Math.abs(riseM) * Math.sqrt(path.buildingsLengthM / lambdaM);
  const upperDb = settledDb(environment, frequencyMhz, path, breakM);
  const lowerDb = unsettledDb(frequencyMhz, lambdaM, path, breakM);
  const middleDb = (upperDb + lowerDb) / 2;
  const stepDb = upperDb - lowerDb;
  const decades = Math.log10(path.distanceM / breakM);
  const hereDb = settled
    ? settledDb(environment, frequencyMhz, path, path.distanceM)
    : unsettledDb(frequencyMhz, lambdaM, path, path.distanceM);
  if (stepDb === 0) return unsettledDb(frequencyMhz, lambdaM, path, path.distanceM);
  if (stepDb > 0) {
    const blend = Math.tanh(decades / 0.1);
    return (settled ? -blend : blend) * (hereDb - middleDb) + middleDb;
  }
  const blend = Math.tanh(decades / (stepDb * 0.0417));
  if (settled) return hereDb - blend * (upperDb - middleDb) - upperDb + middleDb;
  return hereDb + blend * (middleDb - lowerDb) + middleDb - lowerDb;
}

/** L1msd: equations (34) to (38). */
function settledDb(
  environment: RooftopEnvironment,
  frequencyMhz: number,
  path: OverRooftopPath,
  distanceM: number,
): number {
  const riseM = path.baseHeightM - path.roofHeightM;
  const above = riseM > 0;
  const high = frequencyMhz > 2000;
  const shieldDb = above ? -18 * Math.log10(1 + riseM) : 0;
  const kd = above ? 18 : 18 - (15 * riseM) / path.roofHeightM;
  const detuning = frequencyMhz / 925 - 1;
  const kf = high ? -8 : -4 + (environment === 'metropolitan' ? 1.5 : 0.7) * detuning;
  return (
    shieldDb +
    clearanceTermDb(riseM, high, distanceM) +
    kd * Math.log10(distanceM / 1000) +
    kf * Math.log10(frequencyMhz) -
    9 * Math.log10(path.separationM)
  );
}

function clearanceTermDb(riseM: number, high: boolean, distanceM: number): number {
  if (riseM > 0) return high ? 71.4 : 54;
  const base = high ? 73 : 54;
  return distanceM >= 500 ? base - 0.8 * riseM : base - (1.6 * riseM * distanceM) / 1000;
}

/** L2msd: equations (39) to (45). */
function unsettledDb(
  frequencyMhz: number,
  lambdaM: number,
  path: OverRooftopPath,
  distanceM: number,
): number {
  const { separationM: b, roofHeightM } = path;
  const riseM = path.baseHeightM - roofHeightM;
  const upperRiseM =
    10 ** (-Math.log10(Math.sqrt(b / lambdaM)) - Math.log10(distanceM) / 9 + (10 / 9) * Math.log10(b / 2.35));
  const lowerRiseM =
    (0.00023 * b * b - 0.1827 * b - 9.4978) / Math.log10(frequencyMhz) ** 2.938 + 0.000781 * b + 0.06923;
  if (riseM > upperRiseM) {
    return -20 * Math.log10(2.35 * ((riseM / distanceM) * Math.sqrt(b / lambdaM)) ** 0.9);
  }
  if (riseM >= lowerRiseM) return -20 * Math.log10(b / distanceM);
  // Negative below the roofs, as the Recommendation defines it: both terms of `shape` then add up.
  const theta = Math.atan(riseM / b);
  const rho = Math.hypot(riseM, b);
  const shape = 1 / theta - 1 / (2 * Math.PI + theta);
  return -20 * Math.log10((b / (2 * Math.PI * distanceM)) * Math.sqrt(lambdaM / rho) * Math.abs(shape));
}
