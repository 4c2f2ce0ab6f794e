import { createRandom } from '../../random.ts';
import type { ErrorStatistics } from './errors.ts';
import { errorStatistics } from './errors.ts';
import type { Split } from './folds.ts';
import { blockedSplits, leaveOneSiteOut, randomSplits } from './folds.ts';
import type { Predictor } from './predictors.ts';
import type { CalibrationSamples } from './samples.ts';
import { selectSamples } from './samples.ts';

export interface CrossValidationOptions {
  /** Side of the spatial blocks, metres; at least twice the range of the residuals' variogram is advised. */
  readonly blockM: number;
  readonly folds: number;
  /** Training samples this near to a test sample are left out, metres. */
  readonly bufferM: number;
  /** Repetitions with other folds. */
  readonly seeds: number;
}

export const DEFAULT_CROSS_VALIDATION: CrossValidationOptions = {
  blockM: 250,
  folds: 5,
  bufferM: 100,
  seeds: 10,
};

/** Errors of one predictor over all repetitions. */
export interface CrossValidated extends ErrorStatistics {
  /** RMSE of each repetition, dB; `rmseDb` is their mean. */
  readonly rmsePerSeedDb: readonly number[];
}

/** Measured - predicted of every test sample of the splits; each sample is tested once. */
function outOfFoldErrors(
  samples: CalibrationSamples,
  splits: readonly Split[],
  predictor: Predictor,
): Float64Array {
  const errors = new Float64Array(samples.count).fill(NaN);
  for (const { train, test } of splits) {
    const predicted = predictor(selectSamples(samples, train), selectSamples(samples, test));
    test.forEach((i, k) => {
      errors[i] = samples.lossDb[i]! - predicted[k]!;
    });
  }
  return errors;
}

function overSeeds(
  samples: CalibrationSamples,
  seeds: number,
  predictor: Predictor,
  splitsOf: (seed: number) => readonly Split[],
): CrossValidated {
  const runs = Array.from({ length: seeds }, (_, seed) =>
    errorStatistics(outOfFoldErrors(samples, splitsOf(seed), predictor)),
  );
  const mean = (of: (run: ErrorStatistics) => number): number =>
    runs.reduce((sum, run) => sum + of(run), 0) / seeds;
  return {
    count: samples.count,
    meanDb: mean((run) => run.meanDb),
    sdDb: mean((run) => run.sdDb),
    rmseDb: mean((run) => run.rmseDb),
    rmsePerSeedDb: runs.map((run) => run.rmseDb),
  };
}

/**
 * Spatially blocked cross-validation with a buffer (Roberts et al. 2017, Ecography 40): blocks of a grid are dealt to
 * folds, seed by seed; same folds for every predictor.
 */
export function blockedCrossValidation(
  samples: CalibrationSamples,
  predictor: Predictor,
  options: CrossValidationOptions = DEFAULT_CROSS_VALIDATION,
): CrossValidated {
  return overSeeds(samples, options.seeds, predictor, (seed) =>
    blockedSplits(samples, options, createRandom(seed + 1, 1)),
  );
}

/** Random split: optimistic, because neighbours of a test sample train. */
export function randomCrossValidation(
  samples: CalibrationSamples,
  predictor: Predictor,
  options: CrossValidationOptions = DEFAULT_CROSS_VALIDATION,
): CrossValidated {
  return overSeeds(samples, options.seeds, predictor, (seed) =>
    randomSplits(samples, options.folds, createRandom(seed + 1, 2)),
  );
}

/** Errors at each site of a model that never saw it. */
export interface SiteErrors extends ErrorStatistics {
  readonly siteId: string;
}

/**
 * Leave-one-site-out. With free offsets per site the offset of the site left out cannot be known: its mean error is then
 * taken off (`meanDb` 0) and only the spread tells.
 */
export function leaveOneSiteOutErrors(
  samples: CalibrationSamples,
  predictor: Predictor,
  offset: 'common' | 'per-site',
): SiteErrors[] {
  return leaveOneSiteOut(samples).map(({ siteId, split }) => {
    const test = selectSamples(samples, split.test);
    const predicted = predictor(selectSamples(samples, split.train), test);
    const errors = test.lossDb.map((loss, k) => loss - predicted[k]!);
    const own = errorStatistics(errors);
    if (offset === 'common') return { siteId, ...own };
    return { siteId, ...errorStatistics(errors.map((error) => error - own.meanDb)) };
  });
}
