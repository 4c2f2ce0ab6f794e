import type {
  CrossValidated,
  CrossValidationOptions,
  SiteErrors,
} from '../radio/calibration/cross-validate.ts';
import {
  blockedCrossValidation,
  leaveOneSiteOutErrors,
  randomCrossValidation,
} from '../radio/calibration/cross-validate.ts';
import type { ErrorStatistics } from '../radio/calibration/errors.ts';
import { errorStatistics, errorTables } from '../radio/calibration/errors.ts';
import {
  indicesOfSector,
  inverseDistancePredictor,
  predictTrend,
  regressionKrigingPredictor,
  residualFieldOf,
  trendPredictor,
  uncalibratedPredictor,
} from '../radio/calibration/predictors.ts';
import type { CalibrationSamples } from '../radio/calibration/samples.ts';
import { selectSamples, siteIds } from '../radio/calibration/samples.ts';
import type { SectorCheck } from '../radio/calibration/sector-check.ts';
import { checkSectors } from '../radio/calibration/sector-check.ts';
import type { Estimate, TrendFit, TrendOptions } from '../radio/calibration/trend.ts';
import { fitTrend } from '../radio/calibration/trend.ts';
import type { Variogram } from '../radio/calibration/kriging.ts';
import type { Environment } from '../radio/model.ts';
import type { Panel } from '../radio/panel.ts';
import type { ModelId } from '../radio/model-ids.ts';
import { MODEL_IDS } from '../radio/model-ids.ts';

export interface CalibrationOptions {
  readonly trend: TrendOptions;
  readonly pattern: Panel;
  readonly userHeightM: number;
  readonly crossValidation: CrossValidationOptions;
}

/** The published model that needs the least help. */
export interface UncalibratedErrors extends ErrorStatistics {
  readonly model: ModelId;
  readonly environment: Environment;
}

/** Blocked cross-validation of one group of sectors, same folds for all. */
export interface Comparison {
  readonly group: string;
  readonly samples: number;
  readonly trend: CrossValidated;
  readonly regressionKriging: CrossValidated;
  readonly inverseDistance: CrossValidated;
  /** Null for relative levels: a model without a free offset has nothing to be compared with. */
  readonly uncalibrated: UncalibratedErrors | null;
}

/** Slope of one site fitted alone, dB per decade. */
export interface SiteSlope {
  readonly siteId: string;
  readonly samples: number;
  readonly slope: Estimate;
  readonly sdDb: number;
}

/** All that a calibration found. */
export interface CalibratedSamples {
  readonly status: 'calibrated' | 'too-little-data';
  /** Why the a-priori model is kept; null when calibrated. */
  readonly reason: string | null;
  readonly fit: TrendFit | null;
  readonly estimates: readonly Estimate[];
  readonly outliers: number;
  /** Samples that were fitted (sectors that contradict their azimuth are left out). */
  readonly used: CalibrationSamples;
  /** Measured - predicted of every used sample, dB. */
  readonly errorsDb: Float64Array;
  readonly errors: ErrorStatistics;
  readonly tables: ReturnType<typeof errorTables>;
  readonly sectorChecks: readonly SectorCheck[];
  readonly variogram: Variogram | null;
  /** One entry per sector with samples enough, and `all` when there are several. */
  readonly comparisons: readonly Comparison[];
  readonly leaveOneSiteOut: readonly SiteErrors[];
  /** Optimistic by construction. */
  readonly randomSplit: CrossValidated | null;
  readonly siteSlopes: readonly SiteSlope[];
}

const MIN_SAMPLES = 100;
/** 95 % over 5 % quantile of the distances: half a decade. */
const MIN_DISTANCE_RATIO = 3;
/** Sectors with fewer samples are compared only within `all`. */
const MIN_SECTOR_SAMPLES = 300;
/** Above this many samples the comparison of the whole takes every n-th. */
const MOST_COMPARED = 5000;
const ENVIRONMENTS: readonly Environment[] = ['large-city', 'medium-city', 'suburban', 'open'];

/** Checks, fits and validates; measured losses in, parameters with honest errors out. */
export function calibrateSamples(
  samples: CalibrationSamples,
  options: CalibrationOptions,
): CalibratedSamples {
  const { pattern, userHeightM, trend } = options;
  const sectorChecks = checkSectors(samples, pattern, userHeightM, trend.declusterM);
  const suspect = new Set(
    sectorChecks.filter(({ contradicts }) => contradicts).map(({ sectorId }) => sectorId),
  );
  const trusted = Array.from({ length: samples.count }, (_, i) => i).filter(
    (i) => !suspect.has(samples.sectors[samples.sector[i]!]!.id),
  );
  const used = selectSamples(samples, trusted);
  const reason = tooLittle(used);
  if (reason !== null) return keptAPriori(used, sectorChecks, reason);
  const fit = fitTrend(used, trend);
  const predicted = predictTrend(fit, used);
  const errorsDb = used.lossDb.map((loss, i) => loss - predicted[i]!);
  const compared = thinned(used);
  const severalSites = siteIdsWithSamples(used).length > 1;
  return {
    status: 'calibrated',
    reason: null,
    fit,
    estimates: fit.estimates,
    outliers: fit.outliers,
    used,
    errorsDb,
    errors: errorStatistics(errorsDb),
    tables: errorTables(used, errorsDb),
    sectorChecks,
    variogram: hasPositions(used) ? residualFieldOf(used, errorsDb).variogram : null,
    comparisons: hasPositions(used) ? comparisons(used, compared, options) : [],
    leaveOneSiteOut: severalSites ? leaveOneSiteOutErrors(used, trendPredictor(trend), trend.offset) : [],
    randomSplit: hasPositions(used)
      ? randomCrossValidation(compared, regressionKrigingPredictor(trend), {
          ...options.crossValidation,
          seeds: 1,
        })
      : null,
    siteSlopes: severalSites ? siteSlopes(used, trend) : [],
  };
}

function tooLittle(samples: CalibrationSamples): string | null {
  if (samples.count < MIN_SAMPLES) {
    return `${samples.count} averaged samples remain; ${MIN_SAMPLES} are needed to fit a model.`;
  }
  const sorted = Float64Array.from(samples.distanceM).sort();
  const ratio = sorted[Math.floor(sorted.length * 0.95)]! / sorted[Math.floor(sorted.length * 0.05)]!;
  if (ratio >= MIN_DISTANCE_RATIO) return null;
  return `the samples lie at nearly one distance (5 % to 95 %: a factor of ${ratio.toFixed(1)}, at least 3 is needed).`;
}

function keptAPriori(
  used: CalibrationSamples,
  sectorChecks: readonly SectorCheck[],
  reason: string,
): CalibratedSamples {
  const errorsDb = new Float64Array(0);
  return {
    status: 'too-little-data',
    reason,
    fit: null,
    estimates: [],
    outliers: 0,
    used,
    errorsDb,
    errors: errorStatistics(errorsDb),
    tables: errorTables(used, errorsDb),
    sectorChecks,
    variogram: null,
    comparisons: [],
    leaveOneSiteOut: [],
    randomSplit: null,
    siteSlopes: [],
  };
}

const hasPositions = (samples: CalibrationSamples): boolean => !Number.isNaN(samples.eastM[0] ?? NaN);

function siteIdsWithSamples(samples: CalibrationSamples): string[] {
  const present = new Set(Array.from(samples.sector, (sector) => samples.sectors[sector]!.siteId));
  return siteIds(samples).filter((siteId) => present.has(siteId));
}

function thinned(samples: CalibrationSamples): CalibrationSamples {
  const step = Math.ceil(samples.count / MOST_COMPARED);
  if (step <= 1) return samples;
  const picked = Array.from({ length: Math.ceil(samples.count / step) }, (_, k) => k * step);
  return selectSamples(samples, picked);
}

function comparisons(
  samples: CalibrationSamples,
  compared: CalibrationSamples,
  options: CalibrationOptions,
): Comparison[] {
  const bySector = samples.sectors.flatMap((sector, index) => {
    const own = indicesOfSector(samples, index);
    if (own.length < MIN_SECTOR_SAMPLES) return [];
    return [compare(sector.id, thinned(selectSamples(samples, own)), options)];
  });
  return bySector.length === 1 && bySector[0]!.samples === samples.count
    ? bySector
    : [compare('all', compared, options), ...bySector];
}

/** Each predictor on the same folds. */
export function compare(group: string, samples: CalibrationSamples, options: CalibrationOptions): Comparison {
  const { trend, crossValidation } = options;
  const validate = (predictor: Parameters<typeof blockedCrossValidation>[1]): CrossValidated =>
    blockedCrossValidation(samples, predictor, crossValidation);
  return {
    group,
    samples: samples.count,
    trend: validate(trendPredictor(trend)),
    regressionKriging: validate(regressionKrigingPredictor(trend)),
    inverseDistance: validate(inverseDistancePredictor(2, 16)),
    uncalibrated: trend.offset === 'per-site' ? null : bestUncalibrated(samples, options.userHeightM),
  };
}

function bestUncalibrated(samples: CalibrationSamples, userHeightM: number): UncalibratedErrors | null {
  let best: UncalibratedErrors | null = null;
  for (const model of MODEL_IDS) {
    for (const environment of ENVIRONMENTS) {
      const predicted = uncalibratedPredictor(model, environment, userHeightM)(samples, samples);
      const statistics = errorStatistics(samples.lossDb.map((loss, i) => loss - predicted[i]!));
      if (best === null || statistics.rmseDb < best.rmseDb) best = { model, environment, ...statistics };
    }
  }
  return best;
}

function siteSlopes(samples: CalibrationSamples, trend: TrendOptions): SiteSlope[] {
  return siteIdsWithSamples(samples).flatMap((siteId) => {
    const own = Array.from({ length: samples.count }, (_, i) => i).filter(
      (i) => samples.sectors[samples.sector[i]!]!.siteId === siteId,
    );
    if (own.length < MIN_SAMPLES) return [];
    const part = selectSamples(samples, own);
    const fit = fitTrend(part, { ...trend, form: 'log-distance', offset: 'common', slopePriorSd: Infinity });
    const slope = fit.estimates.find(({ name }) => name === 'K2');
    const predicted = predictTrend(fit, part);
    const { sdDb } = errorStatistics(part.lossDb.map((loss, i) => loss - predicted[i]!));
    return slope === undefined ? [] : [{ siteId, samples: part.count, slope, sdDb }];
  });
}
