import { pointsWithin } from '../geo/circle.ts';
import { chordOfDistanceM, earthCentred, writeEarthCentred } from '../geo/ellipsoid.ts';
import { buildGridIndex } from '../geo/grid-index.ts';
import type { SpatialValues, Variogram } from './variogram.ts';

export interface KrigingOptions {
  /** Nothing farther is looked at, metres. */
  readonly maxDistanceM: number;
  /** The nearest so many values speak; default 24. */
  readonly neighbours?: number;
}

export interface KrigingEstimate {
  readonly mean: number;
  /**
   * Standard deviation of a reading to come at the place: what is unknown of the mean, plus the nugget (a user stands
   * in the same fast fading the readings do).
   */
  readonly sd: number;
  /** How many values spoke. */
  readonly neighbours: number;
}

/** Estimates at a place; null where no value stands within `maxDistanceM`. */
export type Kriging = (lonDeg: number, latDeg: number) => KrigingEstimate | null;

const DEFAULT_NEIGHBOURS = 24;
/** Added to the diagonal relative to the sill: values at one and the same place without a nugget stay solvable. */
const JITTER = 1e-9;
const SEARCH_CELL_SHARE = 1 / 3;

/**
 * Ordinary kriging: the best linear unbiased estimate when the mean is constant nearby but unknown (Matheron 1963;
 * Cressie 1993, section 3.2). With C the covariance of the neighbours and c that to the place,
 *
 *     λ = (1ᵀC⁻¹c − 1) / (1ᵀC⁻¹1),  weights w = C⁻¹(c − λ1),  variance = C(0) − wᵀc − λ.
 *
 * The nugget counts as noise of each reading: a place with a reading is smoothed, not repeated.
 */
export function createKriging(points: SpatialValues, variogram: Variogram, options: KrigingOptions): Kriging {
  const { maxDistanceM, neighbours = DEFAULT_NEIGHBOURS } = options;
  const { rangeM, sillDb2, nuggetDb2 } = variogram;
  const grid = buildGridIndex(points.lon, points.lat, Math.max(1, maxDistanceM * SEARCH_CELL_SHARE));
  const xyz = earthCentred(points.lon, points.lat);
  const place = new Float64Array(3);
  const noise = nuggetDb2 + JITTER * (sillDb2 + nuggetDb2) + Number.MIN_VALUE;
  const nearest = nearestPoints(grid, xyz, maxDistanceM, neighbours);
  const covariance = (apartM: number): number => sillDb2 * Math.exp(-apartM / rangeM);
  const factor = new Float64Array(neighbours * neighbours);
  const toPlace = new Float64Array(neighbours);
  const solved = new Float64Array(neighbours);
  const ones = new Float64Array(neighbours);
  return (lonDeg, latDeg) => {
    writeEarthCentred(place, 0, lonDeg, latDeg);
    const chosen = nearest(lonDeg, latDeg, place);
    const n = chosen.length;
    if (n === 0) return null;
    for (let i = 0; i < n; i++) {
      const a = 3 * chosen[i]!;
      for (let j = 0; j < i; j++) {
        const b = 3 * chosen[j]!;
        factor[i * n + j] = covariance(
          Math.hypot(xyz[a]! - xyz[b]!, xyz[a + 1]! - xyz[b + 1]!, xyz[a + 2]! - xyz[b + 2]!),
        );
      }
      factor[i * n + i] = sillDb2 + noise;
      const apart = Math.hypot(xyz[a]! - place[0]!, xyz[a + 1]! - place[1]!, xyz[a + 2]! - place[2]!);
      toPlace[i] = covariance(apart);
      solved[i] = toPlace[i]!;
      ones[i] = 1;
    }
    decompose(factor, n);
    solve(factor, n, solved);
    solve(factor, n, ones);
    let sumSolved = 0;
    let sumOnes = 0;
    for (let i = 0; i < n; i++) {
      sumSolved += solved[i]!;
      sumOnes += ones[i]!;
    }
    const lambda = (sumSolved - 1) / sumOnes;
    let mean = 0;
    let explained = 0;
    for (let i = 0; i < n; i++) {
      const weight = solved[i]! - lambda * ones[i]!;
      mean += weight * points.value[chosen[i]!]!;
      explained += weight * toPlace[i]!;
    }
    const variance = sillDb2 + nuggetDb2 - explained - lambda;
    return { mean, sd: Math.sqrt(Math.max(0, variance)), neighbours: n };
  };
}

/** The nearest so many points within a distance, nearest first, ties by number. */
function nearestPoints(
  grid: ReturnType<typeof buildGridIndex>,
  xyz: Float64Array,
  maxDistanceM: number,
  most: number,
): (lonDeg: number, latDeg: number, place: Float64Array) => number[] {
  const chord2 = new Float64Array(grid.count);
  const enough = chordOfDistanceM(maxDistanceM * SEARCH_CELL_SHARE) ** 2;
  return (lonDeg, latDeg, place) => {
    const measure = (withinM: number): number[] => {
      const found = pointsWithin(grid, lonDeg, latDeg, withinM);
      for (const i of found) {
        const dx = xyz[3 * i]! - place[0]!;
        const dy = xyz[3 * i + 1]! - place[1]!;
        const dz = xyz[3 * i + 2]! - place[2]!;
        chord2[i] = dx * dx + dy * dy + dz * dz;
      }
      return found.sort((a, b) => chord2[a]! - chord2[b]! || a - b);
    };
    // Where readings are dense a smaller circle holds enough of them.
    const near = measure(maxDistanceM * SEARCH_CELL_SHARE);
    if (near.length >= most && chord2[near[most - 1]!]! <= enough) return near.slice(0, most);
    return measure(maxDistanceM).slice(0, most);
  };
}

/** Cholesky factor of the symmetric positive definite n x n matrix, in place (lower triangle). */
function decompose(matrix: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) {
    let diagonal = matrix[j * n + j]!;
    for (let k = 0; k < j; k++) diagonal -= matrix[j * n + k]! ** 2;
    const root = Math.sqrt(Math.max(diagonal, Number.MIN_VALUE));
    matrix[j * n + j] = root;
    for (let i = j + 1; i < n; i++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i * n + k]! * matrix[j * n + k]!;
      matrix[i * n + j] = sum / root;
    }
  }
}

/** Solves L Lᵀ x = b in place. */
function solve(factor: Float64Array, n: number, vector: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = vector[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i * n + k]! * vector[k]!;
    vector[i] = sum / factor[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = vector[i]!;
    for (let k = i + 1; k < n; k++) sum -= factor[k * n + i]! * vector[k]!;
    vector[i] = sum / factor[i * n + i]!;
  }
}
