import { normalQuantile } from '../radio/normal.ts';
import { createRandom } from '../random.ts';
import type { PairedBins, QuarterSamples } from './day-bins.ts';
import { pairBins } from './day-bins.ts';
import type { DriveNoise } from './drive-noise.ts';
import { driveNoise } from './drive-noise.ts';
import { createNormal } from './random-field.ts';
import { studentTwoSided } from './student.ts';

/** Change is estimated only on bins measured in both quarters; below this many the answer is "not comparable". */
export const MIN_COMMON_BINS = 30;
/** Phones differ by about this much between themselves (design section 5, rule 1), dB. */
export const DEVICE_SPREAD_DB = 3;

export interface ChangeOptions {
  readonly binM: number;
  readonly minSamples: number;
  /** Levels a bin must reach with `locationProbability`, ascending: those of the services, each once. */
  readonly thresholdsDbm: readonly number[];
  readonly locationProbability: number;
  /** Probability of claiming any change where there is none. */
  readonly significance: number;
  readonly seed: number;
}

/** One square kilometre of the local grid. */
export interface SquareChange {
  readonly column: number;
  readonly row: number;
  readonly bins: number;
  readonly changeDb: number;
  readonly pValue: number;
  readonly significant: boolean;
}

/** Share of the common bins that are served from a threshold on, before and after. */
export interface ShareChange {
  readonly thresholdDbm: number;
  readonly before: number;
  readonly after: number;
  readonly pValue: number;
  readonly significant: boolean;
}

export interface QuarterChange {
  readonly commonBins: number;
  /** One for each threshold. */
  readonly shares: readonly ShareChange[];
  readonly changeDb: number;
  readonly changePValue: number;
  readonly changeSignificant: boolean;
  readonly squares: readonly SquareChange[];
  readonly noise: DriveNoise;
  readonly drives: readonly [number, number];
  /** True when any change is claimed at the family-wise level. */
  readonly anySignificant: boolean;
}

export type ChangeResult =
  | { readonly comparable: false; readonly commonBins: number; readonly reason: 'few-bins' | 'no-repeats' }
  | ({ readonly comparable: true } & QuarterChange);

export const SQUARE_M = 1000;
/** A square with fewer common bins is too small to speak of. */
const MIN_SQUARE_BINS = 5;
const SHARE_SIMULATIONS = 1000;

/**
 * What changed between two quarters, on the bins measured in both: share of served bins (by every threshold), mean level, and
 * level per square kilometre. The noise (drive, drive within a square, bin) is learned from drives of one quarter over the same
 * bins; a change is claimed when it stands out from that noise after Holm's correction (1979) over all the tests.
 */
export function quarterChange(
  before: QuarterSamples,
  after: QuarterSamples,
  options: ChangeOptions,
): ChangeResult {
  const bins = pairBins(before, after, options.binM, options.minSamples);
  if (bins.count < MIN_COMMON_BINS) return { comparable: false, commonBins: bins.count, reason: 'few-bins' };
  const squares = squaresOf(bins, options.binM);
  const noise = driveNoise(bins, squares.ofBin);
  if (noise.repeats === 0) return { comparable: false, commonBins: bins.count, reason: 'no-repeats' };
  const drives = drivesPerQuarter(bins);
  const df = Math.max(1, bins.driveCount - 2);
  const overall = levelTest(bins, squares.ofBin, null, noise, df);
  const shares = options.thresholdsDbm.map((thresholdDbm) => ({
    thresholdDbm,
    ...shareTest(bins, squares.ofBin, noise, thresholdDbm, options),
  }));
  const tested = squares.list.filter((square) => square.bins >= MIN_SQUARE_BINS);
  const squareTests = tested.map((square) => levelTest(bins, squares.ofBin, square.index, noise, df));
  const claimed = holm(
    [...shares, overall, ...squareTests].map(({ pValue }) => pValue),
    options.significance,
  );
  return {
    comparable: true,
    commonBins: bins.count,
    shares: shares.map((share, k) => ({ ...share, significant: claimed[k]! })),
    changeDb: overall.changeDb,
    changePValue: overall.pValue,
    changeSignificant: claimed[shares.length]!,
    squares: tested.map((square, k) => ({
      column: square.column,
      row: square.row,
      bins: square.bins,
      changeDb: squareTests[k]!.changeDb,
      pValue: squareTests[k]!.pValue,
      significant: claimed[shares.length + 1 + k]!,
    })),
    noise,
    drives,
    anySignificant: claimed.includes(true),
  };
}

/** Level the bin's mean must reach so that `locationProbability` of it lies above the threshold. */
export function requiredMeanDbm(
  spreadDb: number,
  thresholdDbm: number,
  { locationProbability }: Pick<ChangeOptions, 'locationProbability'>,
): number {
  const spread = Math.sqrt(spreadDb * spreadDb + DEVICE_SPREAD_DB * DEVICE_SPREAD_DB);
  return thresholdDbm + normalQuantile(locationProbability) * spread;
}

interface Square {
  readonly index: number;
  readonly column: number;
  readonly row: number;
  bins: number;
}

function squaresOf(bins: PairedBins, binM: number): { ofBin: Int32Array; list: Square[] } {
  const byKey = new Map<string, Square>();
  const ofBin = new Int32Array(bins.count);
  for (let bin = 0; bin < bins.count; bin++) {
    const column = Math.floor(((bins.column[bin]! + 0.5) * binM) / SQUARE_M);
    const row = Math.floor(((bins.row[bin]! + 0.5) * binM) / SQUARE_M);
    const square = byKey.get(`${column},${row}`) ?? { index: byKey.size, column, row, bins: 0 };
    byKey.set(`${column},${row}`, square);
    square.bins += 1;
    ofBin[bin] = square.index;
  }
  return { ofBin, list: [...byKey.values()] };
}

function drivesPerQuarter(bins: PairedBins): [number, number] {
  const drives = [new Set<number>(), new Set<number>()] as const;
  for (const cell of bins.cells) drives[cell.quarter].add(cell.drive);
  return [drives[0].size, drives[1].size];
}

/**
 * Mean change of level over the bins of a square (null = all) and its p-value: the change is a weighted sum of the
 * means per bin and drive, so its variance follows from the three components in closed form.
 */
function levelTest(
  bins: PairedBins,
  squareOfBin: Int32Array,
  square: number | null,
  noise: DriveNoise,
  df: number,
): { changeDb: number; pValue: number } {
  let count = 0;
  for (let bin = 0; bin < bins.count; bin++) if (square === null || squareOfBin[bin] === square) count += 1;
  let changeDb = 0;
  let own = 0;
  const byDrive = new Map<number, number>();
  const byDriveSquare = new Map<string, number>();
  for (const cell of bins.cells) {
    const at = squareOfBin[cell.bin]!;
    if (square !== null && at !== square) continue;
    const sign = cell.quarter === 1 ? 1 : -1;
    const weight = (sign * cell.samples) / bins.samples[cell.quarter][cell.bin]! / count;
    changeDb += weight * cell.meanDbm;
    own += weight * weight;
    byDrive.set(cell.drive, (byDrive.get(cell.drive) ?? 0) + weight);
    const key = `${cell.drive},${at}`;
    byDriveSquare.set(key, (byDriveSquare.get(key) ?? 0) + weight);
  }
  const variance =
    noise.driveDb2 * sumOfSquares(byDrive.values()) +
    noise.squareDb2 * sumOfSquares(byDriveSquare.values()) +
    noise.binDb2 * own;
  return { changeDb, pValue: studentTwoSided(changeDb / Math.sqrt(variance), df) };
}

/**
 * Change of the share of served bins against what noise alone does to it: both quarters are simulated from the pooled
 * mean of every bin with drive, square and bin errors; the p-value is the part of the simulations that changes as much.
 */
function shareTest(
  bins: PairedBins,
  squareOfBin: Int32Array,
  noise: DriveNoise,
  thresholdDbm: number,
  options: ChangeOptions,
): { before: number; after: number; pValue: number } {
  const required = [
    Float64Array.from(bins.spreadDb[0], (spread) => requiredMeanDbm(spread, thresholdDbm, options)),
    Float64Array.from(bins.spreadDb[1], (spread) => requiredMeanDbm(spread, thresholdDbm, options)),
  ] as const;
  const servedOf = (quarter: 0 | 1, mean: Float64Array): number => {
    let served = 0;
    for (let bin = 0; bin < bins.count; bin++) if (mean[bin]! >= required[quarter][bin]!) served += 1;
    return served;
  };
  const before = servedOf(0, bins.meanDbm[0]);
  const after = servedOf(1, bins.meanDbm[1]);
  const random = createRandom(options.seed, 0x5a);
  const normal = createNormal(random);
  const pooled = bins.meanDbm[0].map((mean, bin) => (mean + bins.meanDbm[1][bin]!) / 2);
  const squareCount = squareOfBin.reduce((most, square) => Math.max(most, square + 1), 0);
  const driveError = new Float64Array(bins.driveCount);
  const squareError = new Float64Array(bins.driveCount * squareCount);
  const means = [new Float64Array(bins.count), new Float64Array(bins.count)] as const;
  let asLarge = 0;
  for (let run = 0; run < SHARE_SIMULATIONS; run++) {
    for (let d = 0; d < driveError.length; d++) driveError[d] = Math.sqrt(noise.driveDb2) * normal();
    for (let s = 0; s < squareError.length; s++) squareError[s] = Math.sqrt(noise.squareDb2) * normal();
    means[0].set(pooled);
    means[1].set(pooled);
    for (const cell of bins.cells) {
      const error =
        driveError[cell.drive]! +
        squareError[cell.drive * squareCount + squareOfBin[cell.bin]!]! +
        Math.sqrt(noise.binDb2) * normal();
      means[cell.quarter][cell.bin]! += (error * cell.samples) / bins.samples[cell.quarter][cell.bin]!;
    }
    const change = servedOf(1, means[1]) - servedOf(0, means[0]);
    if (Math.abs(change) >= Math.abs(after - before)) asLarge += 1;
  }
  return {
    before: before / bins.count,
    after: after / bins.count,
    pValue: (asLarge + 1) / (SHARE_SIMULATIONS + 1),
  };
}

/** Holm's step-down procedure: which hypotheses fall while the chance of any false claim stays below `level`. */
export function holm(pValues: readonly number[], level: number): boolean[] {
  const order = [...pValues.keys()].sort((a, b) => pValues[a]! - pValues[b]! || a - b);
  const rejected = pValues.map(() => false);
  for (const [place, index] of order.entries()) {
    if (pValues[index]! > level / (pValues.length - place)) break;
    rejected[index] = true;
  }
  return rejected;
}

function sumOfSquares(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
