/** Places in metres of a local projection; what the statistics of an assessment work on. */
export interface Places {
  readonly count: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Measured bins: where they are, what stands in them and how well it is known. */
export interface LevelBins extends Places {
  /** [count] mean level of the bin less the trend there (the trend is 0 without a propagation model), dB. */
  readonly residualDb: Float64Array;
  /** [count] variance of that mean as a figure for the whole bin, dB²: spread² / effective samples. */
  readonly errorDb2: Float64Array;
}

/** Covariance of the level's deviation from the trend: nugget at 0, partial sill x exp(-h / range). */
export interface Variogram {
  /** Distance at which the correlated part has fallen to 1/e, metres. */
  readonly rangeM: number;
  /** Variance of the correlated part, dB². */
  readonly sillDb2: number;
  /** Variance that belongs to one place alone, dB². */
  readonly nuggetDb2: number;
}
