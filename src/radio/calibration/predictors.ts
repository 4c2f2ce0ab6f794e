import type { Environment } from '../model.ts';
import type { ModelId } from '../model-ids.ts';
import { bindModel } from '../models.ts';
import type { ResidualField } from './kriging.ts';
import { createResidualField, pointIndex } from './kriging.ts';
import type { CalibrationSamples } from './samples.ts';
import { cellNumbers, selectSamples } from './samples.ts';
import type { TrendFit, TrendOptions } from './trend.ts';
import { fitTrend } from './trend.ts';

/** Learns from one set and predicts the loss of another with the same sectors, dB. */
export type Predictor = (train: CalibrationSamples, test: CalibrationSamples) => Float64Array;

/** The fitted trend alone. */
export function trendPredictor(options: TrendOptions): Predictor {
  return (train, test) => predictTrend(fitTrend(train, options), test);
}

export function predictTrend(fit: TrendFit, samples: CalibrationSamples): Float64Array {
  return Float64Array.from({ length: samples.count }, (_, i) => fit.predictDb(samples, i));
}

/** The fitted trend plus the kriged residual of the same sector's training samples. */
export function regressionKrigingPredictor(options: TrendOptions): Predictor {
  return (train, test) => {
    const fit = fitTrend(train, options);
    const predicted = predictTrend(fit, test);
    const trend = predictTrend(fit, train);
    for (let sector = 0; sector < train.sectors.length; sector++) {
      addResiduals(train, trend, test, sector, predicted);
    }
    return predicted;
  };
}

function addResiduals(
  train: CalibrationSamples,
  trend: Float64Array,
  test: CalibrationSamples,
  sector: number,
  predicted: Float64Array,
): void {
  const own = indicesOfSector(train, sector);
  const part = selectSamples(train, own);
  const residualDb = part.lossDb.map((loss, k) => loss - trend[own[k]!]!);
  const field = residualFieldOf(part, residualDb);
  for (const i of indicesOfSector(test, sector)) {
    predicted[i]! += field.residualDb(test.eastM[i]!, test.northM[i]!);
  }
}

/** Residuals are averaged in squares of this side before kriging: 32 neighbours then look around, not along one street. */
const RESIDUAL_CELL_M = 50;

/** The residual field of one sector's samples. */
export function residualFieldOf(samples: CalibrationSamples, residualDb: Float64Array): ResidualField {
  const cells = cellNumbers(samples, RESIDUAL_CELL_M);
  const count = cells.reduce((most, cell) => Math.max(most, cell + 1), 0);
  const [east, north, residual, members] = Array.from({ length: 4 }, () => new Float64Array(count));
  cells.forEach((cell, i) => {
    east![cell]! += samples.eastM[i]!;
    north![cell]! += samples.northM[i]!;
    residual![cell]! += residualDb[i]!;
    members![cell]!++;
  });
  const mean = (sums: Float64Array): Float64Array => sums.map((sum, cell) => sum / members![cell]!);
  return createResidualField(mean(east!), mean(north!), mean(residual!));
}

/** Samples of one sector. */
export function indicesOfSector(samples: CalibrationSamples, sector: number): number[] {
  return Array.from(samples.sector, (value, i) => (value === sector ? i : -1)).filter((i) => i >= 0);
}

/** Inverse-distance weighting of the sector's measured losses: the baseline every model has to beat. */
export function inverseDistancePredictor(power: number, neighbours: number): Predictor {
  return (train, test) => {
    const predicted = new Float64Array(test.count);
    for (let sector = 0; sector < train.sectors.length; sector++) {
      const part = selectSamples(train, indicesOfSector(train, sector));
      const own = indicesOfSector(test, sector);
      if (part.count === 0) {
        for (const i of own) predicted[i] = NaN;
        continue;
      }
      const index = pointIndex(part.eastM, part.northM);
      for (const i of own)
        predicted[i] = weightedMean(part, index, test.eastM[i]!, test.northM[i]!, power, neighbours);
    }
    return predicted;
  };
}

function weightedMean(
  part: CalibrationSamples,
  index: ReturnType<typeof pointIndex>,
  eastM: number,
  northM: number,
  power: number,
  neighbours: number,
): number {
  let [sum, weights] = [0, 0];
  for (const j of index.neighbors(eastM, northM, neighbours)) {
    const distanceM = Math.max(1, Math.hypot(part.eastM[j]! - eastM, part.northM[j]! - northM));
    const weight = distanceM ** -power;
    sum += weight * part.lossDb[j]!;
    weights += weight;
  }
  return sum / weights;
}

/** A model as published, antenna pattern added: learns nothing. */
export function uncalibratedPredictor(
  model: ModelId,
  environment: Environment,
  rxHeightM: number,
): Predictor {
  return (_, test) => {
    const bound = test.sectors.map(({ frequencyMhz, heightM }) =>
      bindModel(model, { frequencyMhz, txHeightM: heightM, rxHeightM, environment, sigmaDb: null }),
    );
    return Float64Array.from({ length: test.count }, (_unused, i) => {
      const sector = test.sectors[test.sector[i]!]!;
      const rise = sector.heightM - rxHeightM;
      const groundM = Math.sqrt(Math.max(0, test.distanceM[i]! ** 2 - rise * rise));
      return bound[test.sector[i]!]!.medianLossDb(groundM) + test.patternDb[i]!;
    });
  };
}
