import { freeSpaceLossAtOneMetreDb } from '../free-space.ts';
import { SPM_HEIGHT_RANGE_M, spmStartParameters } from '../spm.ts';
import type { BoundedProblem } from './least-squares.ts';
import { clusteredStandardErrors, robustFit } from './least-squares.ts';
import type { CalibrationSamples, CalibrationSector } from './samples.ts';
import { cellNumbers, declusteringWeights, siteIds } from './samples.ts';

export type TrendForm = 'log-distance' | 'spm';

export interface TrendOptions {
  readonly form: TrendForm;
  /** `per-site`: levels are relative, every site gets a free offset. */
  readonly offset: 'common' | 'per-site';
  readonly frequencyMhz: number;
  /** Samples of one sector in one square of this side share one weight, metres. */
  readonly declusterM: number;
  /** Standard deviation of the slope's prior, dB per decade; Infinity = the samples alone decide. Default 2. */
  readonly slopePriorSd?: number;
}

/** One parameter: its name, start value, how firmly it is held there, its bounds and its column. */
interface Term {
  readonly name: string;
  readonly start: number;
  /** Standard deviation of the prior around the start value; Infinity = none. */
  readonly priorSd: number;
  readonly min: number;
  readonly max: number;
  readonly column: (samples: CalibrationSamples, i: number) => number;
}

/** Assumed noise of one sample, dB: turns prior standard deviations into weights. */
const NOISE_DB = 8;
/**
 * Prior of the slope, dB per decade. Hata's family differs by a few dB per decade between towns, and a drive that lies
 * badly in distance says less than its count of samples: 2 dB did better than 5 and 10 dB in blocked cross-validation on
 * the Recife sectors.
 */
const SLOPE_PRIOR_SD = 2;
/** Prior of the sector-shape terms, dB: aiming errors and what stands around a mast; tuned on the Recife sectors. */
const SHAPE_PRIOR_SD = 2;
/** Prior of K6, dB per metre: 100 m of rise are worth 5 dB at one standard deviation, beside what K4 says of hills. */
const K6_PRIOR_SD = 0.05;
/** Clutter classes and sectors with fewer samples than this have no terms of their own. */
export const MIN_CLASS_SAMPLES = 200;
/** Clusters of the standard errors, metres. */
const CLUSTER_M = 250;

const lgDistance = (samples: CalibrationSamples, i: number): number => Math.log10(samples.distanceM[i]!);

function lgHeight(samples: CalibrationSamples, i: number): number {
  const { heightM } = samples.sectors[samples.sector[i]!]!;
  return Math.log10(Math.min(SPM_HEIGHT_RANGE_M.max, Math.max(SPM_HEIGHT_RANGE_M.min, heightM)));
}

/** Slope of Hata's family at the middle of the heights, dB per decade: where `log-distance` starts. */
function startSlopeDb(samples: CalibrationSamples): number {
  let sum = 0;
  for (let i = 0; i < samples.count; i++) sum += lgHeight(samples, i);
  return 44.9 - 6.55 * (samples.count === 0 ? 1.5 : sum / samples.count);
}

function trendTerms(samples: CalibrationSamples, options: TrendOptions): Term[] {
  const spm = options.form === 'spm';
  const start = spmStartParameters(options.frequencyMhz);
  const slope: Term = {
    name: 'K2',
    start: spm ? start.k2 : startSlopeDb(samples),
    priorSd: options.slopePriorSd ?? SLOPE_PRIOR_SD,
    min: 5,
    max: 70,
    column: lgDistance,
  };
  const terms = [...interceptTerms(samples, options), slope];
  if (spm) terms.push(...heightTerms(start, options), ...profileTerms(samples), ...clutterTerms(samples));
  terms.push(...shapeTerms(samples));
  return terms;
}

function interceptTerms(samples: CalibrationSamples, options: TrendOptions): Term[] {
  const free = { priorSd: Infinity, min: -Infinity, max: Infinity, start: 0 };
  if (options.offset === 'common') return [{ ...free, name: 'K1', column: () => 1 }];
  const heard = new Set(Array.from(samples.sector, (sector) => samples.sectors[sector]!.siteId));
  return siteIds(samples)
    .filter((siteId) => heard.has(siteId))
    .map((siteId) => ({
      ...free,
      name: `K1 ${siteId}`,
      column: (set, i) => (set.sectors[set.sector[i]!]!.siteId === siteId ? 1 : 0),
    }));
}

/** K3 and K5; with free offsets per site the height itself is part of the offset. */
function heightTerms(start: { k3: number; k5: number }, options: TrendOptions): Term[] {
  const cross: Term = {
    name: 'K5',
    start: start.k5,
    priorSd: 1,
    min: -10,
    max: 0,
    column: (set, i) => lgDistance(set, i) * lgHeight(set, i),
  };
  const height: Term = { name: 'K3', start: start.k3, priorSd: 5, min: -20, max: 20, column: lgHeight };
  return options.offset === 'common' ? [height, cross] : [cross];
}

/** K4 and K6, where terrain makes their columns differ from sample to sample. */
function profileTerms(samples: CalibrationSamples): Term[] {
  const { diffractionDb, rxHeightM } = samples;
  const diffraction: Term = {
    name: 'K4',
    start: 0.5,
    priorSd: 0.2,
    min: 0,
    max: 0.8,
    column: (set, i) => set.diffractionDb[i]!,
  };
  const height: Term = {
    name: 'K6',
    start: 0,
    priorSd: K6_PRIOR_SD,
    min: -1,
    max: 0,
    column: (set, i) => set.rxHeightM[i]!,
  };
  return [
    ...(diffractionDb.some((value) => value !== 0) ? [diffraction] : []),
    ...(rxHeightM.some((value) => value !== rxHeightM[0]) ? [height] : []),
  ];
}

/** One term per class with enough samples, against the class with most of them. */
function clutterTerms(samples: CalibrationSamples): Term[] {
  const counts = new Map<number, number>();
  for (const value of samples.clutter) if (value >= 0) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [, ...others] = [...counts]
    .filter(([, count]) => count >= MIN_CLASS_SAMPLES)
    .sort(([a, countA], [b, countB]) => countB - countA || a - b);
  return others
    .map(([value]) => value)
    .sort((a, b) => a - b)
    .map((value) => ({
      name: `clutter ${value}`,
      start: 0,
      priorSd: 10,
      min: -30,
      max: 40,
      column: (set, i) => (set.clutter[i] === value ? 1 : 0),
    }));
}

/**
 * What a sector's surroundings and aiming error add by direction, held near 0: first and second harmonics of the azimuth off
 * boresight. They belong to that sector alone: a new site has none.
 */
function shapeTerms(samples: CalibrationSamples): Term[] {
  const counts = new Uint32Array(samples.sectors.length);
  for (const sector of samples.sector) counts[sector]!++;
  return samples.sectors.flatMap((sector, index) =>
    counts[index]! < MIN_CLASS_SAMPLES ? [] : shapeTermsOf(sector, index),
  );
}

function shapeTermsOf(sector: CalibrationSector, index: number): Term[] {
  const { azimuthDeg } = sector;
  if (azimuthDeg === null || Number.isNaN(sector.eastM)) return [];
  const harmonic = (name: string, wave: (angle: number) => number): Term => ({
    name: `shape ${sector.id} ${name}`,
    start: 0,
    priorSd: SHAPE_PRIOR_SD,
    min: -15,
    max: 15,
    column: (set, i) => {
      const east = set.eastM[i]! - sector.eastM;
      const north = set.northM[i]! - sector.northM;
      if (set.sector[i] !== index || Number.isNaN(east)) return 0;
      return wave(Math.atan2(east, north) - (azimuthDeg * Math.PI) / 180);
    },
  });
  return [
    harmonic('cos', Math.cos),
    harmonic('sin', Math.sin),
    harmonic('cos2', (angle) => Math.cos(2 * angle)),
    harmonic('sin2', (angle) => Math.sin(2 * angle)),
  ];
}

/** One fitted parameter with its 95 % interval. */
export interface Estimate {
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface TrendFit {
  readonly options: TrendOptions;
  readonly estimates: readonly Estimate[];
  /** Samples set aside as outliers. */
  readonly outliers: number;
  /** Predicted loss of sample `i` of any set with the same sectors, antenna pattern included, dB. */
  predictDb(samples: CalibrationSamples, i: number): number;
}

/** Fits loss - pattern by a robust, bounded, declustered least-squares trend. */
export function fitTrend(samples: CalibrationSamples, options: TrendOptions): TrendFit {
  const terms = trendTerms(samples, options);
  const problem = trendProblem(samples, terms, options);
  const fit = robustFit(problem);
  const kept = {
    ...problem,
    weights: problem.weights.map((weight, row) => (fit.rejected[row] === 1 ? 0 : weight)),
  };
  const errors = clusteredStandardErrors(kept, fit.estimates, cellNumbers(samples, CLUSTER_M));
  return {
    options,
    outliers: fit.rejectedCount,
    estimates: terms.map(({ name }, j) => {
      const value = fit.estimates[j]!;
      return { name, value, low: value - 1.96 * errors[j]!, high: value + 1.96 * errors[j]! };
    }),
    predictDb: (set, i) => {
      let sum = set.patternDb[i]!;
      for (let j = 0; j < terms.length; j++) sum += fit.estimates[j]! * terms[j]!.column(set, i);
      return sum;
    },
  };
}

function trendProblem(
  samples: CalibrationSamples,
  terms: readonly Term[],
  options: TrendOptions,
): BoundedProblem {
  const columns = terms.length;
  const design = new Float64Array(samples.count * columns);
  for (let i = 0; i < samples.count; i++) {
    for (let j = 0; j < columns; j++) design[i * columns + j] = terms[j]!.column(samples, i);
  }
  return {
    rows: samples.count,
    columns,
    design,
    target: samples.lossDb.map((loss, i) => loss - samples.patternDb[i]!),
    weights: declusteringWeights(samples, options.declusterM),
    prior: Float64Array.from(terms, ({ start }) => start),
    priorPrecision: Float64Array.from(terms, ({ priorSd }) => (NOISE_DB / priorSd) ** 2),
    lower: Float64Array.from(terms, ({ min }) => min),
    upper: Float64Array.from(terms, ({ max }) => max),
  };
}

/** What a log-distance fit adds to free space at 1 m, dB: the offset scenarios carry. */
export function offsetAgainstFreeSpaceDb(interceptDb: number, frequencyMhz: number): number {
  return interceptDb - freeSpaceLossAtOneMetreDb(frequencyMhz);
}
