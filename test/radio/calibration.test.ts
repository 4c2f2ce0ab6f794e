import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberOf, parseTable, textOf } from '../../scripts/radio-validation/check.ts';
import { createRandom } from '../../src/random.ts';
import { blockedCrossValidation, leaveOneSiteOutErrors } from '../../src/radio/calibration/cross-validate.ts';
import { errorStatistics } from '../../src/radio/calibration/errors.ts';
import { blockedSplits, leaveOneSiteOut } from '../../src/radio/calibration/folds.ts';
import { createResidualField, fitVariogram } from '../../src/radio/calibration/kriging.ts';
import {
  clusteredStandardErrors,
  robustFit,
  solveBounded,
} from '../../src/radio/calibration/least-squares.ts';
import { predictTrend, trendPredictor } from '../../src/radio/calibration/predictors.ts';
import type { CalibrationSamples, CalibrationSector } from '../../src/radio/calibration/samples.ts';
import { checkSectors, patternLosses } from '../../src/radio/calibration/sector-check.ts';
import { fitTrend, type TrendOptions } from '../../src/radio/calibration/trend.ts';

const pattern = {
  horizontalBeamwidthDeg: 65,
  verticalBeamwidthDeg: 10,
  maxAttenuationDb: 30,
  sideLobeDb: 30,
};

/** The synthetic drive test of the reference files: SPM with 6.5 dB of noise over 6 sites. */
function syntheticDriveTest(): CalibrationSamples {
  const path = fileURLToPath(new URL('../fixtures/radio/spm_calibration_synthetic.csv', import.meta.url));
  const rows = parseTable(readFileSync(path, 'utf8'));
  const heights = new Map(rows.map((row) => [textOf(row, 'site'), numberOf(row, 'h_tx_eff_m')]));
  const ids = [...heights.keys()];
  const sectors = [...heights].map(([id, heightM]): CalibrationSector => ({
    id,
    siteId: id,
    eastM: NaN,
    northM: NaN,
    heightM,
    frequencyMhz: 1800,
    azimuthDeg: null,
    tiltDeg: 0,
  }));
  const column = (name: string): Float64Array => Float64Array.from(rows, (row) => numberOf(row, name));
  const epre = column('epre_dbm');
  return {
    count: rows.length,
    sectors,
    sector: Int32Array.from(rows, (row) => ids.indexOf(textOf(row, 'site'))),
    eastM: new Float64Array(rows.length).fill(NaN),
    northM: new Float64Array(rows.length).fill(NaN),
    distanceM: column('d_m'),
    lossDb: column('rsrp_dbm(gain 17 dBi)').map((rsrp, i) => epre[i]! + 17 - rsrp),
    patternDb: new Float64Array(rows.length),
    diffractionDb: column('diffraction_db'),
    rxHeightM: new Float64Array(rows.length).fill(1.5),
    clutter: Int16Array.from(column('clutter_class')),
  };
}

const spm: TrendOptions = { form: 'spm', offset: 'common', frequencyMhz: 1800, declusterM: 100 };

describe('SPM calibration on the synthetic drive test (truth: 6.5 dB of noise)', () => {
  const samples = syntheticDriveTest();

  it('leaves 6.5 dB of spread and no bias', () => {
    const fit = fitTrend(samples, spm);
    const predicted = predictTrend(fit, samples);
    const errors = errorStatistics(samples.lossDb.map((loss, i) => loss - predicted[i]!));
    expect(errors.sdDb).toBeGreaterThan(6.35);
    expect(errors.sdDb).toBeLessThan(6.65);
    expect(Math.abs(errors.meanDb)).toBeLessThan(0.05);
  });

  it('predicts a site it never saw to better than 1 dB in the mean', () => {
    const sites = leaveOneSiteOutErrors(samples, trendPredictor(spm), 'common');
    expect(sites).toHaveLength(6);
    for (const site of sites) expect(Math.abs(site.meanDb)).toBeLessThan(1);
  });

  it('finds the clutter losses of the truth: 3.2, 7.9 and -1.4 dB over class 0', () => {
    const { estimates } = fitTrend(samples, spm);
    const estimate = (name: string): { value: number; low: number; high: number } =>
      estimates.find((one) => one.name === name)!;
    // The class with most samples has no term of its own: the others are counted from it.
    const counts = [0, 1, 2, 3].map((code) => samples.clutter.filter((own) => own === code).length);
    const reference = counts.indexOf(Math.max(...counts));
    expect(estimates.map(({ name }) => name)).not.toContain(`clutter ${reference}`);
    const lossDb = (code: number): number => (code === reference ? 0 : estimate(`clutter ${code}`).value);
    for (const [code, truth] of [
      [1, 3.2],
      [2, 7.9],
      [3, -1.4],
    ] as const) {
      expect(Math.abs(lossDb(code) - lossDb(0) - truth)).toBeLessThan(1.5);
    }
    const diffraction = estimate('K4');
    expect(diffraction.low).toBeLessThan(0.55);
    expect(diffraction.high).toBeGreaterThan(0.55);
  });

  it('wild readings do not pull it: 3 % of them 60 dB off', () => {
    const wild = { ...samples, lossDb: samples.lossDb.map((loss, i) => (i % 33 === 0 ? loss + 60 : loss)) };
    const fit = fitTrend(wild, spm);
    expect(fit.outliers).toBeGreaterThanOrEqual(60);
    const clean = Array.from({ length: samples.count }, (_, i) => i).filter((i) => i % 33 !== 0);
    const errors = errorStatistics(clean.map((i) => samples.lossDb[i]! - fit.predictDb(samples, i)));
    expect(Math.abs(errors.meanDb)).toBeLessThan(0.3);
  });
});

describe('bounded least squares', () => {
  const problem = (target: number[], bounds: [number, number]) => ({
    rows: 3,
    columns: 2,
    design: Float64Array.from([1, 0, 1, 1, 1, 2]),
    target: Float64Array.from(target),
    weights: new Float64Array(3).fill(1),
    prior: new Float64Array(2),
    priorPrecision: new Float64Array(2),
    lower: Float64Array.from([-Infinity, bounds[0]]),
    upper: Float64Array.from([Infinity, bounds[1]]),
  });

  it('is the line through points on a line', () => {
    const [intercept, slope] = solveBounded(problem([1, 3, 5], [-10, 10]));
    expect(intercept).toBeCloseTo(1, 12);
    expect(slope).toBeCloseTo(2, 12);
  });

  it('stops at a bound and refits the rest: slope 1.5 leaves the mean of 3 - 1.5 = 1.5', () => {
    const [intercept, slope] = solveBounded(problem([1, 3, 5], [0, 1.5]));
    expect(slope).toBe(1.5);
    expect(intercept).toBeCloseTo(1.5, 12);
  });

  it('satisfies the optimality conditions of every bounded problem', () => {
    const value = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 3, maxLength: 3 }), value, (target, edge) => {
        const bounded = problem(target, [edge, edge + 2]);
        const cost = (x: ArrayLike<number>): number =>
          target.reduce((sum, y, row) => sum + (y - x[0]! - x[1]! * row) ** 2, 0);
        const best = solveBounded(bounded);
        expect(best[1]).toBeGreaterThanOrEqual(edge - 1e-9);
        expect(best[1]).toBeLessThanOrEqual(edge + 2 + 1e-9);
        for (const step of [-1e-3, 1e-3]) {
          const slope = Math.min(edge + 2, Math.max(edge, best[1]! + step));
          const middle = target.reduce((sum, y, row) => sum + (y - slope * row) / 3, 0);
          expect(cost([middle, slope])).toBeGreaterThanOrEqual(cost(best) - 1e-9);
        }
      }),
    );
  });

  it('intervals widen when samples come in clumps', () => {
    const random = createRandom(3);
    const rows = 400;
    const clump = Int32Array.from({ length: rows }, (_, i) => Math.floor(i / 20));
    const shared = Float64Array.from({ length: 20 }, () => 10 * (random.next() - 0.5));
    const one = {
      rows,
      columns: 1,
      design: new Float64Array(rows).fill(1),
      target: Float64Array.from(clump, (c) => shared[c]! + random.next()),
      weights: new Float64Array(rows).fill(1),
      prior: new Float64Array(1),
      priorPrecision: new Float64Array(1),
      lower: Float64Array.of(-Infinity),
      upper: Float64Array.of(Infinity),
    };
    const { estimates } = robustFit(one);
    const alone = clusteredStandardErrors(
      one,
      estimates,
      Int32Array.from({ length: rows }, (_, i) => i),
    )[0]!;
    const clumped = clusteredStandardErrors(one, estimates, clump)[0]!;
    // 20 readings that share one error are worth one: sqrt(20) = 4.5 times wider.
    expect(clumped / alone).toBeGreaterThan(3);
    expect(clumped / alone).toBeLessThan(6);
  });
});

/** Samples on a jittered grid around one sector with a known law: 30 + 35 lg d + pattern + noise. */
function sectorSamples(trueAzimuthDeg: number, statedAzimuthDeg: number): CalibrationSamples {
  const random = createRandom(7);
  const sector: CalibrationSector = {
    id: 'A',
    siteId: 'A',
    eastM: 0,
    northM: 0,
    heightM: 40,
    frequencyMhz: 1800,
    azimuthDeg: statedAzimuthDeg,
    tiltDeg: 6,
  };
  const places = Array.from({ length: 900 }, (_, k) => [
    ((k % 30) - 14.5 + random.next()) * 80,
    (Math.floor(k / 30) - 14.5 + random.next()) * 80,
  ]);
  const base = {
    count: places.length,
    sectors: [sector],
    sector: new Int32Array(places.length),
    eastM: Float64Array.from(places, ([east]) => east!),
    northM: Float64Array.from(places, ([, north]) => north!),
    distanceM: Float64Array.from(places, ([east, north]) => Math.hypot(east!, north!, 38.5)),
    patternDb: new Float64Array(places.length),
    diffractionDb: new Float64Array(places.length),
    rxHeightM: new Float64Array(places.length).fill(1.5),
    clutter: new Int16Array(places.length).fill(-1),
    lossDb: new Float64Array(places.length),
  };
  const real = patternLosses(base, sector, trueAzimuthDeg, pattern, 1.5);
  const stated = patternLosses(base, sector, statedAzimuthDeg, pattern, 1.5);
  const noise = (): number => 4 * (random.next() + random.next() + random.next() - 1.5) * 2;
  const lossDb = base.distanceM.map((d, i) => 30 + 35 * Math.log10(d) + real[i]! + noise());
  return { ...base, patternDb: stated, lossDb };
}

describe('sector check', () => {
  it('names a sector whose pattern points elsewhere, and finds where', () => {
    const [check] = checkSectors(sectorSamples(290, 120), pattern, 1.5, 100);
    expect(check!.contradicts).toBe(true);
    expect(Math.abs(check!.bestDeg - 290)).toBeLessThanOrEqual(10);
  });

  it('accepts a sector that is 10 degrees off', () => {
    const [check] = checkSectors(sectorSamples(50, 40), pattern, 1.5, 100);
    expect(check!.contradicts).toBe(false);
    expect(Math.abs(check!.bestDeg - 50)).toBeLessThanOrEqual(10);
  });
});

describe('splits', () => {
  const samples = sectorSamples(0, 0);

  it('blocked: every sample is tested once, none trains within the buffer of a tested one', () => {
    const splits = blockedSplits(samples, { blockM: 250, folds: 5, bufferM: 100 }, createRandom(1));
    const tested = splits.flatMap(({ test }) => [...test]).sort((a, b) => a - b);
    expect(tested).toEqual(Array.from({ length: samples.count }, (_, i) => i));
    for (const { train, test } of splits) {
      let nearest = Infinity;
      for (const i of train) {
        for (const j of test) {
          const apart = Math.hypot(
            samples.eastM[i]! - samples.eastM[j]!,
            samples.northM[i]! - samples.northM[j]!,
          );
          nearest = Math.min(nearest, apart);
        }
      }
      expect(nearest).toBeGreaterThan(100);
    }
  });

  it('one site left out: trains on the others only', () => {
    const drive = syntheticDriveTest();
    for (const { siteId, split } of leaveOneSiteOut(drive)) {
      expect([...split.train].every((i) => drive.sectors[drive.sector[i]!]!.siteId !== siteId)).toBe(true);
      expect([...split.test].every((i) => drive.sectors[drive.sector[i]!]!.siteId === siteId)).toBe(true);
    }
  });

  it('cross-validation of the true law finds its noise (4 dB: sd 4 x 2 x sqrt(3 / 12))', () => {
    const options: TrendOptions = {
      form: 'log-distance',
      offset: 'common',
      frequencyMhz: 1800,
      declusterM: 100,
    };
    const errors = blockedCrossValidation(samples, trendPredictor(options), {
      blockM: 250,
      folds: 5,
      bufferM: 100,
      seeds: 2,
    });
    expect(errors.rmseDb).toBeGreaterThan(3.6);
    expect(errors.rmseDb).toBeLessThan(4.5);
  });
});

describe('kriged residuals', () => {
  it('returns the value of a clean field at its samples and 0 far away', () => {
    const east = Float64Array.from({ length: 100 }, (_, i) => (i % 10) * 50);
    const north = Float64Array.from({ length: 100 }, (_, i) => Math.floor(i / 10) * 50);
    const value = east.map((x, i) => 6 * Math.sin(x / 150) + 4 * Math.cos(north[i]! / 120));
    const field = createResidualField(east, north, value, { rangeM: 300, sillDb2: 30, nuggetDb2: 1e-6 });
    expect(field.residualDb(100, 150)).toBeCloseTo(value[32]!, 3);
    expect(field.residualDb(100_000, 0)).toBeCloseTo(0, 6);
  });

  it('takes uncorrelated residuals for noise: no field', () => {
    const random = createRandom(11);
    const place = (): Float64Array => Float64Array.from({ length: 600 }, () => 2000 * random.next());
    const noise = Float64Array.from({ length: 600 }, () => 20 * (random.next() - 0.5));
    const variogram = fitVariogram(place(), place(), noise);
    expect(variogram.sillDb2).toBeLessThan(0.35 * variogram.nuggetDb2);
  });
});
