import type { LevelBins, Variogram } from './levels.ts';

/** Pairs of bins sorted into classes of distance, so that a resampled variogram costs one pass. */
export interface BinPairs {
  readonly classCount: number;
  readonly classM: number;
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  readonly classOf: Uint8Array;
  /** [pairs] half the squared difference of the residuals less both error variances, dB². */
  readonly semivariance: Float64Array;
  /** [classCount] mean distance, metres. */
  readonly distanceM: Float64Array;
}

const CLASS_COUNT = 15;
/** More pairs add nothing to a variogram: above this, every k-th bin starts pairs. */
const MAX_PAIRS = 400_000;

/**
 * All pairs of bins nearer than `maxDistanceM`. With very many bins only every k-th bin (in bin order, k fixed by the
 * number of bins) is the first of a pair.
 */
export function buildPairs(bins: LevelBins, maxDistanceM: number): BinPairs {
  const { count, x, y, residualDb, errorDb2 } = bins;
  const stride = Math.max(1, Math.ceil((count * count) / 2 / MAX_PAIRS));
  const first: number[] = [];
  const second: number[] = [];
  const classOf: number[] = [];
  const semivariance: number[] = [];
  const classM = maxDistanceM / CLASS_COUNT;
  const distanceSum = new Float64Array(CLASS_COUNT);
  const pairsInClass = new Float64Array(CLASS_COUNT);
  for (let i = 0; i < count; i += stride) {
    for (let j = i + 1; j < count; j++) {
      const dx = x[i]! - x[j]!;
      const dy = y[i]! - y[j]!;
      const distance = Math.sqrt(dx * dx + dy * dy);
      if (distance >= maxDistanceM) continue;
      const k = Math.floor(distance / classM);
      const difference = residualDb[i]! - residualDb[j]!;
      first.push(i);
      second.push(j);
      classOf.push(k);
      semivariance.push(0.5 * (difference * difference - errorDb2[i]! - errorDb2[j]!));
      distanceSum[k]! += distance;
      pairsInClass[k]! += 1;
    }
  }
  const distanceM = distanceSum.map((sum, k) =>
    pairsInClass[k]! > 0 ? sum / pairsInClass[k]! : (k + 0.5) * classM,
  );
  return {
    classCount: CLASS_COUNT,
    classM,
    first: Uint32Array.from(first),
    second: Uint32Array.from(second),
    classOf: Uint8Array.from(classOf),
    semivariance: Float64Array.from(semivariance),
    distanceM,
  };
}

/**
 * Exponential variogram by Matheron's estimator and weighted least squares (weights pairs / distance², Zhang et al.
 * 1995; Cressie 1993, section 2.6): the range is searched on a geometric grid, nugget and sill are solved for each.
 * `multiplicity` counts how often a resampled bin was drawn. Null when fewer than three classes hold pairs.
 */
export function fitVariogram(pairs: BinPairs, multiplicity: Float64Array | null): Variogram | null {
  const sum = new Float64Array(pairs.classCount);
  const weight = new Float64Array(pairs.classCount);
  for (let p = 0; p < pairs.first.length; p++) {
    const times =
      multiplicity === null ? 1 : multiplicity[pairs.first[p]!]! * multiplicity[pairs.second[p]!]!;
    if (times === 0) continue;
    const k = pairs.classOf[p]!;
    sum[k]! += times * pairs.semivariance[p]!;
    weight[k]! += times;
  }
  const filled = [...weight.keys()].filter((k) => weight[k]! > 0);
  if (filled.length < 3) return null;
  const points = filled.map((k) => ({
    distanceM: pairs.distanceM[k]!,
    value: sum[k]! / weight[k]!,
    weight: weight[k]! / (pairs.distanceM[k]! + pairs.classM) ** 2,
  }));
  const reach = pairs.classM * pairs.classCount;
  let best: { variogram: Variogram; misfit: number } | null = null;
  for (let rangeM = reach / 30; rangeM <= reach; rangeM *= 1.15) {
    const candidate = solveSills(points, rangeM);
    if (best === null || candidate.misfit < best.misfit) best = candidate;
  }
  return best === null ? null : best.variogram;
}

interface VariogramPoint {
  readonly distanceM: number;
  readonly value: number;
  readonly weight: number;
}

/** Weighted least squares for nugget and sill at a fixed range, both kept at 0 or more. */
function solveSills(
  points: readonly VariogramPoint[],
  rangeM: number,
): { variogram: Variogram; misfit: number } {
  let w = 0;
  let wf = 0;
  let wff = 0;
  let wv = 0;
  let wfv = 0;
  for (const { distanceM, value, weight } of points) {
    const rise = 1 - Math.exp(-distanceM / rangeM);
    w += weight;
    wf += weight * rise;
    wff += weight * rise * rise;
    wv += weight * value;
    wfv += weight * rise * value;
  }
  const determinant = w * wff - wf * wf;
  let sillDb2 = determinant > 1e-12 * w * wff ? (w * wfv - wf * wv) / determinant : 0;
  let nuggetDb2 = (wv - wf * sillDb2) / w;
  if (nuggetDb2 < 0) {
    nuggetDb2 = 0;
    sillDb2 = wfv / wff;
  }
  if (sillDb2 < 0) {
    sillDb2 = 0;
    nuggetDb2 = Math.max(0, wv / w);
  }
  let misfit = 0;
  for (const { distanceM, value, weight } of points) {
    const error = nuggetDb2 + sillDb2 * (1 - Math.exp(-distanceM / rangeM)) - value;
    misfit += weight * error * error;
  }
  return { variogram: { rangeM, sillDb2, nuggetDb2 }, misfit };
}
