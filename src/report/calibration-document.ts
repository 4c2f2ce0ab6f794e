import type { CalibrationResult } from '../calibrate.ts';
import type { ModelFile } from '../input/model-file.ts';
import type { CrossValidated } from '../radio/calibration/cross-validate.ts';
import type { ErrorStatistics } from '../radio/calibration/errors.ts';

export const CALIBRATION_FILES = ['calibration.html'] as const;

/** To the thousandth: more would only differ between machines. */
const round = (value: number): number => Math.round(value * 1000) / 1000;

const statistics = (
  errors: ErrorStatistics,
): { samples: number; biasDb: number; sdDb: number; rmseDb: number } => ({
  samples: errors.count,
  biasDb: round(errors.meanDb),
  sdDb: round(errors.sdDb),
  rmseDb: round(errors.rmseDb),
});

const validated = (errors: CrossValidated): object => ({
  ...statistics(errors),
  rmsePerSeedDb: errors.rmsePerSeedDb.map(round),
});

/** The standard deviation to plan with: blocked cross-validation of the trend where it could be had, else the fit's. */
export function planningSigmaDb(result: CalibrationResult): number {
  const sigma = result.comparisons[0]?.trend.sdDb ?? result.errors.sdDb;
  return Number.isFinite(sigma) && sigma > 0 ? sigma : 8;
}

/** `model.json`: format `mastplan-model` version 1, with everything the calibration found. */
export function modelDocument(result: CalibrationResult): ModelFile {
  const { used } = result;
  const heights = used.sectors.map(({ heightM }) => heightM);
  return {
    format: 'mastplan-model',
    version: 1,
    files: [...CALIBRATION_FILES],
    name: `${result.form}, fitted to ${used.count} averaged samples`,
    form: result.form,
    status: result.status,
    reason: result.reason,
    frequencyMhz: round(result.frequencyMhz),
    offset: result.offset,
    parameters: Object.fromEntries(
      result.estimates.map(({ name, value, low, high }) => [
        name,
        { value: round(value), low: round(low), high: round(high) },
      ]),
    ),
    sigmaDb: round(planningSigmaDb(result)),
    terrain: result.terrain && { ...result.terrain, stepM: round(result.terrain.stepM) },
    ranges: {
      distanceM: extent(used.distanceM),
      txHeightM: extent(heights),
    },
    errors: result.status === 'calibrated' ? statistics(result.errors) : null,
    errorsBy: Object.fromEntries(
      Object.entries(result.tables).map(([by, groups]) => [
        by,
        groups.map((group) => ({ group: group.group, ...statistics(group) })),
      ]),
    ),
    crossValidation: {
      ...result.crossValidation,
      groups: result.comparisons.map((comparison) => ({
        group: comparison.group,
        samples: comparison.samples,
        trend: validated(comparison.trend),
        regressionKriging: validated(comparison.regressionKriging),
        inverseDistance: validated(comparison.inverseDistance),
        bestUncalibrated:
          comparison.uncalibrated === null
            ? null
            : {
                model: comparison.uncalibrated.model,
                environment: comparison.uncalibrated.environment,
                ...statistics(comparison.uncalibrated),
              },
      })),
    },
    leaveOneSiteOut: result.leaveOneSiteOut.map((site) => ({ siteId: site.siteId, ...statistics(site) })),
    randomSplitWarning:
      result.randomSplit === null
        ? null
        : { note: 'Optimistic: neighbours of a tested sample train.', ...statistics(result.randomSplit) },
    slopesBySite: result.siteSlopes.map(({ siteId, samples, slope, sdDb }) => ({
      siteId,
      samples,
      slopeDbPerDecade: round(slope.value),
      low: round(slope.low),
      high: round(slope.high),
      sdDb: round(sdDb),
    })),
    sectors: result.sectorChecks.map((check) => ({
      ...check,
      statedSdDb: round(check.statedSdDb),
      bestSdDb: round(check.bestSdDb),
    })),
    variogram: result.variogram === null ? null : rounded(result.variogram),
    outliers: result.outliers,
    quantity: result.quantity,
    averagingM: round(result.built.binM),
    measurementsKept: result.built.kept,
    setAside: result.built.setAside,
    inputs: result.inputs,
    warnings: [...result.warnings],
  };
}

function rounded(values: object): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, round(Number(value))]));
}

function extent(values: ArrayLike<number>): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  return values.length === 0 ? [0, 0] : [round(low), round(high)];
}
