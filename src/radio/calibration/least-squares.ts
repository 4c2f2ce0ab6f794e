/** A weighted linear least-squares problem with a prior and bounds on every parameter. */
export interface BoundedProblem {
  readonly rows: number;
  readonly columns: number;
  /** [rows x columns] row by row. */
  readonly design: Float64Array;
  readonly target: Float64Array;
  /** [rows] >= 0. */
  readonly weights: Float64Array;
  /** [columns] prior means, and how many rows of unit noise each is worth (0 = none). */
  readonly prior: Float64Array;
  readonly priorPrecision: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Normal matrix and right side, prior included. */
function normalEquations(problem: BoundedProblem): { matrix: Float64Array; right: Float64Array } {
  const { rows, columns, design, target, weights, prior, priorPrecision } = problem;
  const matrix = new Float64Array(columns * columns);
  const right = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const weight = weights[row]!;
    if (weight === 0) continue;
    const at = row * columns;
    for (let j = 0; j < columns; j++) {
      const scaled = weight * design[at + j]!;
      if (scaled === 0) continue;
      right[j]! += scaled * target[row]!;
      for (let k = 0; k <= j; k++) matrix[j * columns + k]! += scaled * design[at + k]!;
    }
  }
  for (let j = 0; j < columns; j++) {
    matrix[j * columns + j]! += priorPrecision[j]!;
    right[j]! += priorPrecision[j]! * prior[j]!;
    for (let k = 0; k < j; k++) matrix[k * columns + j] = matrix[j * columns + k]!;
  }
  return { matrix, right };
}

/** Cholesky factor of a symmetric positive definite matrix, in place in the lower half; pivots held above rounding. */
export function choleskyInPlace(matrix: Float64Array, size: number): void {
  for (let j = 0; j < size; j++) {
    for (let k = 0; k < j; k++) {
      const factor = matrix[j * size + k]!;
      for (let i = j; i < size; i++) matrix[i * size + j]! -= matrix[i * size + k]! * factor;
    }
    const pivot = Math.sqrt(Math.max(matrix[j * size + j]!, 1e-12));
    matrix[j * size + j] = pivot;
    for (let i = j + 1; i < size; i++) matrix[i * size + j]! /= pivot;
  }
}

/** Solves L L' x = b for the factor of `choleskyInPlace`; b becomes x. */
export function choleskySolve(factor: Float64Array, size: number, b: Float64Array): void {
  for (let i = 0; i < size; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i * size + k]! * b[k]!;
    b[i] = sum / factor[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = b[i]!;
    for (let k = i + 1; k < size; k++) sum -= factor[k * size + i]! * b[k]!;
    b[i] = sum / factor[i * size + i]!;
  }
}

/** The minimum over the parameters that are free, the others standing at `fixed`. */
function solveFree(
  matrix: Float64Array,
  right: Float64Array,
  columns: number,
  fixed: readonly (number | null)[],
): Float64Array {
  const free = fixed.flatMap((value, j) => (value === null ? [j] : []));
  const size = free.length;
  const part = new Float64Array(size * size);
  const rest = new Float64Array(size);
  free.forEach((j, a) => {
    rest[a] = right[j]!;
    fixed.forEach((value, k) => {
      if (value !== null) rest[a]! -= matrix[j * columns + k]! * value;
    });
    free.forEach((k, b) => {
      part[a * size + b] = matrix[j * columns + k]!;
    });
  });
  choleskyInPlace(part, size);
  choleskySolve(part, size, rest);
  const solution = Float64Array.from(fixed, (value) => value ?? 0);
  free.forEach((j, a) => {
    solution[j] = rest[a]!;
  });
  return solution;
}

/**
 * Bounded weighted ridge regression by an active set: the parameter furthest outside its bounds is fixed there, and
 * let go again when the gradient says so. Exact for convex problems; parameters are few.
 */
export function solveBounded(problem: BoundedProblem): Float64Array {
  const { columns, lower, upper } = problem;
  const { matrix, right } = normalEquations(problem);
  const fixed: (number | null)[] = Array.from({ length: columns }, () => null);
  let solution = solveFree(matrix, right, columns, fixed);
  for (let round = 0; round < 4 * columns; round++) {
    const outside = furthestOutside(solution, lower, upper, fixed);
    if (outside >= 0) {
      fixed[outside] = solution[outside]! < lower[outside]! ? lower[outside]! : upper[outside]!;
    } else {
      const pulled = wronglyFixed(matrix, right, columns, solution, fixed, lower);
      if (pulled < 0) return solution;
      fixed[pulled] = null;
    }
    solution = solveFree(matrix, right, columns, fixed);
  }
  return solution.map((value, j) => Math.min(upper[j]!, Math.max(lower[j]!, value)));
}

function furthestOutside(
  solution: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  fixed: readonly (number | null)[],
): number {
  let worst = -1;
  let most = 1e-9;
  solution.forEach((value, j) => {
    const miss = Math.max(lower[j]! - value, value - upper[j]!);
    if (fixed[j] === null && miss > most) {
      most = miss;
      worst = j;
    }
  });
  return worst;
}

/** A fixed parameter whose gradient points back inside its bounds, or -1. */
function wronglyFixed(
  matrix: Float64Array,
  right: Float64Array,
  columns: number,
  solution: Float64Array,
  fixed: readonly (number | null)[],
  lower: Float64Array,
): number {
  for (let j = 0; j < columns; j++) {
    const value = fixed[j];
    if (value === null || value === undefined) continue;
    let gradient = -right[j]!;
    for (let k = 0; k < columns; k++) gradient += matrix[j * columns + k]! * solution[k]!;
    if (value === lower[j] ? gradient < -1e-9 : gradient > 1e-9) return j;
  }
  return -1;
}

/** Residuals target - design x estimates. */
export function residuals(problem: BoundedProblem, estimates: Float64Array): Float64Array {
  const { rows, columns, design, target } = problem;
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = target[row]!;
    for (let j = 0; j < columns; j++) sum -= design[row * columns + j]! * estimates[j]!;
    return sum;
  });
}

/** Huber's bend and the outlier limit, in robust standard deviations: 95 % efficiency under normal noise; 4 sd. */
const HUBER_BEND = 1.345;
const REJECT_AT = 4;
const ROUNDS = 15;

export interface RobustFit {
  readonly estimates: Float64Array;
  /** Rows set aside as outliers beyond 4 robust standard deviations. */
  readonly rejected: Uint8Array;
  readonly rejectedCount: number;
}

/**
 * Robust fit in two steps: Huber's M-estimator by reweighting finds the bulk, rows more than 4 robust standard deviations
 * (1.4826 MAD) from it are set aside, and plain weighted least squares on the rest gives the estimates, so that the mean
 * residual of the rest is exactly 0.
 */
export function robustFit(problem: BoundedProblem): RobustFit {
  let estimates = solveBounded(problem);
  for (let round = 0; round < ROUNDS; round++) {
    const errors = residuals(problem, estimates);
    const scale = robustScale(errors);
    const weights = problem.weights.map((weight, row) => {
      const size = Math.abs(errors[row]!) / scale;
      return size <= HUBER_BEND ? weight : (weight * HUBER_BEND) / size;
    });
    const next = solveBounded({ ...problem, weights });
    const moved = next.reduce((most, value, j) => Math.max(most, Math.abs(value - estimates[j]!)), 0);
    estimates = next;
    if (moved < 1e-6) break;
  }
  const errors = residuals(problem, estimates);
  const limit = REJECT_AT * robustScale(errors);
  const rejected = Uint8Array.from(errors, (error) => (Math.abs(error) > limit ? 1 : 0));
  const weights = problem.weights.map((weight, row) => (rejected[row] === 1 ? 0 : weight));
  const rejectedCount = rejected.reduce((sum, value) => sum + value, 0);
  return { estimates: solveBounded({ ...problem, weights }), rejected, rejectedCount };
}

/** 1.4826 times the median absolute value: the standard deviation of a normal bulk around 0. */
export function robustScale(errors: Float64Array): number {
  const sizes = errors.map(Math.abs).sort();
  const median = sizes.length === 0 ? 0 : sizes[Math.floor(sizes.length / 2)]!;
  return Math.max(1e-6, 1.4826 * median);
}

/**
 * Standard errors that do not trust neighbouring samples to be independent: the cluster-robust sandwich (Liang and Zeger
 * 1986) over the given groups, with the G / (G - 1) correction.
 */
export function clusteredStandardErrors(
  problem: BoundedProblem,
  estimates: Float64Array,
  clusterOfRow: Int32Array,
): Float64Array {
  const { rows, columns, design, weights } = problem;
  const errors = residuals(problem, estimates);
  const scores = new Map<number, Float64Array>();
  for (let row = 0; row < rows; row++) {
    if (weights[row] === 0) continue;
    const score = scores.get(clusterOfRow[row]!) ?? new Float64Array(columns);
    scores.set(clusterOfRow[row]!, score);
    for (let j = 0; j < columns; j++) score[j]! += weights[row]! * errors[row]! * design[row * columns + j]!;
  }
  const { matrix } = normalEquations(problem);
  choleskyInPlace(matrix, columns);
  const variance = new Float64Array(columns);
  for (const score of scores.values()) {
    choleskySolve(matrix, columns, score);
    score.forEach((value, j) => {
      variance[j]! += value * value;
    });
  }
  const correction = scores.size > 1 ? scores.size / (scores.size - 1) : 1;
  return variance.map((value) => Math.sqrt(correction * value));
}
