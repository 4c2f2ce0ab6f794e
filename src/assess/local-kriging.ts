import Flatbush from 'flatbush';
import type { LevelBins, Places, Variogram } from './levels.ts';

/**
 * Kriging from the nearest bins about the declustered mean of all bins, as weights: one linear predictor serves the
 * measured values and every simulated field.
 */
export interface KrigingWeights {
  /** Bins used per place; the last entries of a place repeat bin 0 with weight 0 when there are fewer bins. */
  readonly neighbours: number;
  /** [places x neighbours] bin index. */
  readonly bin: Uint32Array;
  /** [places x neighbours] weights on the bins' own values. */
  readonly weight: Float64Array;
  /** [places] weight left for the mean. */
  readonly meanWeight: Float64Array;
  /** [bins] weights of the declustered mean, summing to 1: squares of `declusterM` count alike, however often driven. */
  readonly meanOf: Float64Array;
  /** [places] distance to the nearest bin, metres. */
  readonly nearestM: Float64Array;
}

const NEIGHBOURS = 16;

/**
 * Weights of simple kriging (Cressie 1993, section 3.4.5) with the bins' own error variances on the diagonal. The mean
 * is estimated over all bins with cell declustering (Journel 1983): a mean of the few nearest bins alone would spread
 * the predictions too wide and with them the share of weak places. Places less than half a metre from a bin take part
 * in that bin's nugget: they are the same place.
 */
export function krigingWeights(places: Places, bins: LevelBins, variogram: Variogram): KrigingWeights {
  const neighbours = Math.min(NEIGHBOURS, bins.count);
  const bin = new Uint32Array(places.count * neighbours);
  const weight = new Float64Array(places.count * neighbours);
  const meanWeight = new Float64Array(places.count);
  const nearestM = new Float64Array(places.count).fill(Infinity);
  const meanOf = declusteredWeights(bins, 2 * variogram.rangeM);
  if (bins.count === 0) return { neighbours, bin, weight, meanWeight, meanOf, nearestM };
  const index = new Flatbush(bins.count);
  for (let k = 0; k < bins.count; k++) index.add(bins.x[k]!, bins.y[k]!);
  index.finish();
  const system = new Float64Array(neighbours * neighbours);
  const right = new Float64Array(neighbours);
  for (let place = 0; place < places.count; place++) {
    const near = index.neighbors(places.x[place]!, places.y[place]!, neighbours);
    nearestM[place] = distanceM(bins, near[0]!, places, place);
    fillSystem(near, bins, variogram, system);
    for (let a = 0; a < neighbours; a++) {
      const h = distanceM(bins, near[a]!, places, place);
      right[a] = variogram.sillDb2 * Math.exp(-h / variogram.rangeM) + (h < 0.5 ? variogram.nuggetDb2 : 0);
    }
    choleskyInPlace(system, neighbours);
    choleskySolve(system, neighbours, right);
    let left = 1;
    for (let a = 0; a < neighbours; a++) {
      bin[place * neighbours + a] = near[a]!;
      weight[place * neighbours + a] = right[a]!;
      left -= right[a]!;
    }
    meanWeight[place] = left;
  }
  return { neighbours, bin, weight, meanWeight, meanOf, nearestM };
}

/** Prediction at every place from any values in the bins. */
export function applyWeights(weights: KrigingWeights, values: Float64Array, out: Float64Array): void {
  const { neighbours, bin, weight, meanWeight, meanOf } = weights;
  let mean = 0;
  for (let k = 0; k < meanOf.length; k++) mean += meanOf[k]! * values[k]!;
  for (let place = 0; place < out.length; place++) {
    let sum = meanWeight[place]! * mean;
    const start = place * neighbours;
    for (let a = 0; a < neighbours; a++) sum += weight[start + a]! * values[bin[start + a]!]!;
    out[place] = sum;
  }
}

function declusteredWeights(bins: LevelBins, squareM: number): Float64Array {
  const keys = Array.from(
    { length: bins.count },
    (_, k) => `${Math.floor(bins.x[k]! / squareM)},${Math.floor(bins.y[k]! / squareM)}`,
  );
  const inSquare = new Map<string, number>();
  for (const key of keys) inSquare.set(key, (inSquare.get(key) ?? 0) + 1);
  return Float64Array.from(keys, (key) => 1 / inSquare.get(key)! / inSquare.size);
}

function distanceM(bins: Places, bin: number, places: Places, place: number): number {
  return Math.hypot(bins.x[bin]! - places.x[place]!, bins.y[bin]! - places.y[place]!);
}

function fillSystem(
  near: readonly number[],
  bins: LevelBins,
  variogram: Variogram,
  system: Float64Array,
): void {
  const n = near.length;
  for (let a = 0; a < n; a++) {
    const i = near[a]!;
    for (let b = 0; b <= a; b++) {
      const j = near[b]!;
      const h = Math.hypot(bins.x[i]! - bins.x[j]!, bins.y[i]! - bins.y[j]!);
      system[a * n + b] = variogram.sillDb2 * Math.exp(-h / variogram.rangeM);
    }
    // A hundredth of a dB² keeps bins that lie on each other apart.
    system[a * n + a]! += variogram.nuggetDb2 + bins.errorDb2[i]! + 0.01;
  }
}

/** Lower Cholesky factor in place of a symmetric positive definite matrix given by its lower half. */
export function choleskyInPlace(matrix: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i * n + k]! * matrix[j * n + k]!;
      matrix[i * n + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * n + j]!;
    }
  }
}

function choleskySolve(factor: Float64Array, n: number, right: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = right[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i * n + k]! * right[k]!;
    right[i] = sum / factor[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = right[i]!;
    for (let k = i + 1; k < n; k++) sum -= factor[k * n + i]! * right[k]!;
    right[i] = sum / factor[i * n + i]!;
  }
}
