import { distanceOfChordM, earthCentred } from '../geo/ellipsoid.ts';

/**
 * Exponential variogram with nugget, dB²: γ(h) = nugget + partial sill × (1 − exp(−h / range)) for h > 0. The
 * correlation has fallen to 5 % at 3 × range (Cressie, "Statistics for Spatial Data", 1993, section 2.3).
 */
export interface Variogram {
  readonly rangeM: number;
  /** Partial sill: variance of the part that is correlated in space. */
  readonly sillDb2: number;
  /** Variance between readings at one place: fast fading, device, anything finer than the spacing. */
  readonly nuggetDb2: number;
}

/** Values at places; the three arrays are of one length. */
export interface SpatialValues {
  readonly lon: ArrayLike<number>;
  readonly lat: ArrayLike<number>;
  readonly value: ArrayLike<number>;
}

export interface VariogramOptions {
  /** Pairs farther apart are left out, metres. Default 1500. */
  readonly maxLagM?: number;
  /** Number of classes of distance, narrow near 0 and wider with its square. Default 20. */
  readonly lags?: number;
}

/** The empirical variogram: mean half squared difference by class of distance (Matheron 1962). */
export interface EmpiricalVariogram {
  readonly lagM: Float64Array;
  readonly semivariance: Float64Array;
  readonly pairs: Float64Array;
}

const DEFAULT_MAX_LAG_M = 1500;
const DEFAULT_LAGS = 20;
/** Above this many points every n-th stands for all: 2.2 M pairs. */
const MOST_POINTS = 2100;
/** Fewer points than this tell nothing of a range. */
const FEWEST_POINTS = 10;
const RANGE_STEPS = 60;
const SHORTEST_RANGE_M = 5;
/** Shadowing at street level loses its correlation over 50-300 m (3GPP TR 38.901, table 7.5-6: 37-120 m for macro). */
const DEFAULT_RANGE_M = 100;
/** Device and fast fading, (3 dB)²: the nugget when there is too little to fit one. */
const DEFAULT_NUGGET_DB2 = 9;

export function empiricalVariogram(
  points: SpatialValues,
  options: VariogramOptions = {},
): EmpiricalVariogram {
  const { maxLagM = DEFAULT_MAX_LAG_M, lags = DEFAULT_LAGS } = options;
  const stride = Math.ceil(points.value.length / MOST_POINTS);
  const chosen = Array.from({ length: Math.ceil(points.value.length / stride) }, (_, k) => k * stride);
  const xyz = earthCentred(
    chosen.map((i) => points.lon[i]!),
    chosen.map((i) => points.lat[i]!),
  );
  const values = Float64Array.from(chosen, (i) => points.value[i]!);
  const lagM = new Float64Array(lags);
  const semivariance = new Float64Array(lags);
  const pairs = new Float64Array(lags);
  for (let i = 0; i < values.length; i++) {
    for (let j = 0; j < i; j++) {
      const chord = Math.hypot(
        xyz[3 * i]! - xyz[3 * j]!,
        xyz[3 * i + 1]! - xyz[3 * j + 1]!,
        xyz[3 * i + 2]! - xyz[3 * j + 2]!,
      );
      if (chord >= maxLagM) continue;
      const lag = Math.floor(Math.sqrt(chord / maxLagM) * lags);
      lagM[lag]! += distanceOfChordM(chord);
      semivariance[lag]! += (values[i]! - values[j]!) ** 2 / 2;
      pairs[lag]!++;
    }
  }
  for (let lag = 0; lag < lags; lag++) {
    lagM[lag]! /= Math.max(1, pairs[lag]!);
    semivariance[lag]! /= Math.max(1, pairs[lag]!);
  }
  return { lagM, semivariance, pairs };
}

/**
 * Fits an exponential variogram by weighted least squares, weights pairs / γ² (Cressie 1985): for each range on a
 * logarithmic scale the best nugget and sill >= 0 have a closed form; the best range wins. With fewer than 10 points
 * or without spread the range is 100 m and the nugget (3 dB)².
 */
export function fitVariogram(points: SpatialValues, options: VariogramOptions = {}): Variogram {
  const spread = variance(points.value);
  if (points.value.length < FEWEST_POINTS || spread === 0) {
    return { rangeM: DEFAULT_RANGE_M, sillDb2: spread, nuggetDb2: DEFAULT_NUGGET_DB2 };
  }
  const empirical = empiricalVariogram(points, options);
  const longestM = options.maxLagM ?? DEFAULT_MAX_LAG_M;
  let best: Variogram = { rangeM: DEFAULT_RANGE_M, sillDb2: spread, nuggetDb2: 0 };
  let least = Infinity;
  for (let step = 0; step <= RANGE_STEPS; step++) {
    const rangeM = SHORTEST_RANGE_M * (longestM / SHORTEST_RANGE_M) ** (step / RANGE_STEPS);
    const fit = fitSill(empirical, rangeM);
    if (fit.error < least) {
      least = fit.error;
      best = { rangeM, sillDb2: fit.sillDb2, nuggetDb2: fit.nuggetDb2 };
    }
  }
  return best;
}

function fitSill(
  { lagM, semivariance, pairs }: EmpiricalVariogram,
  rangeM: number,
): { nuggetDb2: number; sillDb2: number; error: number } {
  let w = 0;
  let wf = 0;
  let wff = 0;
  let wg = 0;
  let wfg = 0;
  let wgg = 0;
  for (let lag = 0; lag < lagM.length; lag++) {
    const gamma = semivariance[lag]!;
    if (pairs[lag] === 0 || gamma === 0) continue;
    const weight = pairs[lag]! / (gamma * gamma);
    const rise = 1 - Math.exp(-lagM[lag]! / rangeM);
    w += weight;
    wf += weight * rise;
    wff += weight * rise * rise;
    wg += weight * gamma;
    wfg += weight * rise * gamma;
    wgg += weight * gamma * gamma;
  }
  const determinant = w * wff - wf * wf;
  let nuggetDb2 =
    determinant > 1e-12 * w * wff ? (wg * wff - wfg * wf) / determinant : wg / Math.max(w, 1e-300);
  let sillDb2 = determinant > 1e-12 * w * wff ? (w * wfg - wf * wg) / determinant : 0;
  if (nuggetDb2 < 0) {
    nuggetDb2 = 0;
    sillDb2 = wff > 0 ? wfg / wff : 0;
  }
  if (sillDb2 < 0) {
    sillDb2 = 0;
    nuggetDb2 = w > 0 ? wg / w : 0;
  }
  const error =
    wgg -
    2 * (nuggetDb2 * wg + sillDb2 * wfg) +
    nuggetDb2 * nuggetDb2 * w +
    2 * nuggetDb2 * sillDb2 * wf +
    sillDb2 * sillDb2 * wff;
  return { nuggetDb2, sillDb2, error };
}

function variance(values: ArrayLike<number>): number {
  let mean = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const delta = values[i]! - mean;
    mean += delta / (i + 1);
    sum += delta * (values[i]! - mean);
  }
  return values.length < 2 ? 0 : sum / (values.length - 1);
}
