import Flatbush from 'flatbush';
import { choleskyInPlace, choleskySolve } from './least-squares.ts';

/** Exponential variogram: nugget + sill (1 - exp(-h / range)), dB². */
export interface Variogram {
  readonly rangeM: number;
  readonly sillDb2: number;
  readonly nuggetDb2: number;
}

const LAG_M = 25;
const LAGS = 24;
const RANGES_M = [30, 45, 65, 90, 120, 160, 210, 280, 370, 500] as const;
/** Pairs are counted over at most this many samples, taken evenly: the variogram needs no more. */
const MOST_SAMPLES = 1500;
/** Device and fast fading left in a sample, dB²: the nugget never falls below it. */
const LEAST_NUGGET_DB2 = 1;

/**
 * Fits the variogram of residuals: mean half squared differences in 25 m lags up to 600 m, weighted by pairs, range by
 * search and sill and nugget by non-negative least squares.
 */
export function fitVariogram(eastM: Float64Array, northM: Float64Array, residualDb: Float64Array): Variogram {
  const { halfSquares, pairs } = empiricalVariogram(eastM, northM, residualDb);
  let best: Variogram = {
    rangeM: 100,
    sillDb2: 0,
    nuggetDb2: Math.max(LEAST_NUGGET_DB2, variance(residualDb)),
  };
  let least = misfit(best, halfSquares, pairs);
  for (const rangeM of RANGES_M) {
    const candidate = fitSill(rangeM, halfSquares, pairs);
    const value = misfit(candidate, halfSquares, pairs);
    if (value < least) {
      least = value;
      best = candidate;
    }
  }
  return best;
}

function variance(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length);
}

function empiricalVariogram(
  eastM: Float64Array,
  northM: Float64Array,
  residualDb: Float64Array,
): { halfSquares: Float64Array; pairs: Float64Array } {
  const sums = new Float64Array(LAGS);
  const pairs = new Float64Array(LAGS);
  const step = Math.max(1, residualDb.length / MOST_SAMPLES);
  const picked = Array.from({ length: Math.floor(residualDb.length / step) }, (_, k) => Math.floor(k * step));
  for (let a = 0; a < picked.length; a++) {
    const i = picked[a]!;
    for (let b = 0; b < a; b++) {
      const j = picked[b]!;
      const lag = Math.floor(Math.hypot(eastM[i]! - eastM[j]!, northM[i]! - northM[j]!) / LAG_M);
      if (lag >= LAGS) continue;
      sums[lag]! += (residualDb[i]! - residualDb[j]!) ** 2 / 2;
      pairs[lag]!++;
    }
  }
  return { halfSquares: sums.map((sum, lag) => (pairs[lag]! > 0 ? sum / pairs[lag]! : 0)), pairs };
}

const shape = (rangeM: number, lag: number): number => 1 - Math.exp((-(lag + 0.5) * LAG_M) / rangeM);

function misfit(variogram: Variogram, halfSquares: Float64Array, pairs: Float64Array): number {
  let sum = 0;
  for (let lag = 0; lag < LAGS; lag++) {
    const model = variogram.nuggetDb2 + variogram.sillDb2 * shape(variogram.rangeM, lag);
    sum += (pairs[lag]! * (halfSquares[lag]! - model) ** 2) / model ** 2;
  }
  return sum;
}

/** Weighted least squares of nugget and sill at one range; a negative one is set to its least value. */
function fitSill(rangeM: number, halfSquares: Float64Array, pairs: Float64Array): Variogram {
  let [s0, s1, s2, t0, t1] = [0, 0, 0, 0, 0];
  for (let lag = 0; lag < LAGS; lag++) {
    // Near lags count more (weights pairs / lag), as kriging looks at near samples.
    const weight = pairs[lag]! / (lag + 1);
    const x = shape(rangeM, lag);
    s0 += weight;
    s1 += weight * x;
    s2 += weight * x * x;
    t0 += weight * halfSquares[lag]!;
    t1 += weight * x * halfSquares[lag]!;
  }
  const determinant = s0 * s2 - s1 * s1;
  const sill = determinant > 0 ? (s0 * t1 - s1 * t0) / determinant : 0;
  const nugget = s0 > 0 ? (t0 - Math.max(0, sill) * s1) / s0 : 0;
  if (nugget >= LEAST_NUGGET_DB2) return { rangeM, sillDb2: Math.max(0, sill), nuggetDb2: nugget };
  const heldSill = s2 > 0 ? Math.max(0, (t1 - LEAST_NUGGET_DB2 * s1) / s2) : 0;
  return { rangeM, sillDb2: heldSill, nuggetDb2: LEAST_NUGGET_DB2 };
}

/** Estimates residuals between samples. */
export interface ResidualField {
  readonly variogram: Variogram;
  /** Kriged residual at a place, dB; 0 far from every sample. */
  residualDb(eastM: number, northM: number): number;
}

export const DEFAULT_NEIGHBOURS = 32;

/**
 * Simple kriging with mean 0 from the nearest samples (regression kriging of the residuals of a trend): C w = c with
 * exponential covariance, the nugget on the diagonal only, so the estimate is of the shadowing, not of one noisy sample.
 */
export function createResidualField(
  eastM: Float64Array,
  northM: Float64Array,
  residualDb: Float64Array,
  variogram: Variogram = fitVariogram(eastM, northM, residualDb),
  neighbours = DEFAULT_NEIGHBOURS,
): ResidualField {
  const count = residualDb.length;
  if (count === 0 || variogram.sillDb2 === 0) return { variogram, residualDb: () => 0 };
  const index = pointIndex(eastM, northM);
  const { rangeM, sillDb2, nuggetDb2 } = variogram;
  const covariance = (h: number): number => sillDb2 * Math.exp(-h / rangeM);
  return {
    variogram,
    residualDb: (east, north) => {
      const near = index.neighbors(east, north, neighbours);
      const size = near.length;
      const matrix = new Float64Array(size * size);
      const weights = new Float64Array(size);
      near.forEach((i, a) => {
        weights[a] = covariance(Math.hypot(eastM[i]! - east, northM[i]! - north));
        for (let b = 0; b <= a; b++) {
          const j = near[b]!;
          matrix[a * size + b] = covariance(Math.hypot(eastM[i]! - eastM[j]!, northM[i]! - northM[j]!));
        }
        matrix[a * size + a]! += nuggetDb2;
      });
      choleskyInPlace(matrix, size);
      choleskySolve(matrix, size, weights);
      return near.reduce((sum, i, a) => sum + weights[a]! * residualDb[i]!, 0);
    },
  };
}

/** A static index of points for nearest-neighbour questions. */
export function pointIndex(eastM: Float64Array, northM: Float64Array): Flatbush {
  const index = new Flatbush(eastM.length);
  for (let i = 0; i < eastM.length; i++) index.add(eastM[i]!, northM[i]!, eastM[i]!, northM[i]!);
  index.finish();
  return index;
}
