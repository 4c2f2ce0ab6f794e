import { createRandom } from '../random.ts';
import type { LevelBins, Places, Variogram } from './levels.ts';
import type { KrigingWeights } from './local-kriging.ts';
import { applyWeights, krigingWeights } from './local-kriging.ts';
import { buildPairs, fitVariogram } from './pair-variogram.ts';
import { addCorrelatedField, createNormal } from './random-field.ts';

/** Fewer bins than this give no variogram, so no interval is stated. */
export const MIN_BINS = 30;

export interface SimulationOptions {
  readonly seed: number;
  /** Simulated truths; 400 give the ends of a 90 % interval to about a seventh of their spread. */
  readonly draws: number;
  /** Side of the square blocks that the bootstrap draws together; default two ranges. */
  readonly blockM?: number | undefined;
  /** Variogram used when the bins are too few to fit one of their own. */
  readonly fallback?: Variogram | undefined;
}

export interface Simulation {
  readonly variogram: Variogram;
  readonly weights: KrigingWeights;
  /** [places] kriged deviation from the trend, dB. */
  readonly predictedDb: Float64Array;
  /** Calls back once per draw with the simulated deviation at every place (the array is reused). */
  forEachDraw(visit: (levelDb: Float64Array, draw: number) => void): void;
}

const WAVES = 64;

/**
 * Simulated truths that agree with the measured bins: each draw resamples blocks of bins, fits the variogram again
 * (what is not known about the spread of the level), draws a field with it (correlated shadowing), and adds the error
 * the kriging predictor makes on that field to the prediction (conditioning by kriging, Journel and Huijbregts 1978,
 * section VII.A). Without any bin the draws are fields of the fallback variogram. Null when the bins are too few and no
 * fallback variogram is given.
 */
export function simulateLevels(
  places: Places,
  bins: LevelBins,
  options: SimulationOptions,
): Simulation | null {
  const pairs = buildPairs(bins, pairReachM(bins));
  const fitted = bins.count < MIN_BINS ? null : fitVariogram(pairs, null);
  const variogram = fitted ?? options.fallback ?? null;
  if (variogram === null) return null;
  const weights = krigingWeights(places, bins, variogram);
  const predictedDb = new Float64Array(places.count);
  applyWeights(weights, bins.residualDb, predictedDb);
  const blocks = blocksOf(bins, options.blockM ?? 2 * variogram.rangeM);
  const all: Places = {
    count: places.count + bins.count,
    x: joined(places.x, bins.x),
    y: joined(places.y, bins.y),
  };
  const forEachDraw = (visit: (levelDb: Float64Array, draw: number) => void): void => {
    const field = new Float64Array(all.count);
    const atBins = new Float64Array(bins.count);
    const error = new Float64Array(places.count);
    const level = new Float64Array(places.count);
    const samePlace = samePlaceBins(weights);
    for (let draw = 0; draw < options.draws; draw++) {
      const random = createRandom(options.seed, draw);
      const normal = createNormal(random);
      const drawn =
        fitted === null
          ? variogram
          : (fitVariogram(pairs, multiplicities(blocks, bins, random)) ?? variogram);
      field.fill(0);
      addCorrelatedField(all, drawn.rangeM, Math.sqrt(drawn.sillDb2), WAVES, random, field);
      const nugget = Math.sqrt(drawn.nuggetDb2);
      for (let i = 0; i < all.count; i++) field[i]! += nugget * normal();
      for (let i = 0; i < places.count; i++) {
        if (samePlace[i]! >= 0) field[i] = field[places.count + samePlace[i]!]!;
      }
      for (let k = 0; k < bins.count; k++) {
        atBins[k] = field[places.count + k]! + Math.sqrt(bins.errorDb2[k]!) * normal();
      }
      applyWeights(weights, atBins, error);
      for (let i = 0; i < places.count; i++) level[i] = predictedDb[i]! + field[i]! - error[i]!;
      visit(level, draw);
    }
  };
  return { variogram, weights, predictedDb, forEachDraw };
}

function joined(first: Float64Array, second: Float64Array): Float64Array {
  const both = new Float64Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** A third of the longest extent, the usual limit of trust in a variogram, within 200 m .. 3 km. */
function pairReachM(bins: LevelBins): number {
  let minX = Infinity;
  let maxX = -Infinity;
  let minY = Infinity;
  let maxY = -Infinity;
  for (let k = 0; k < bins.count; k++) {
    minX = Math.min(minX, bins.x[k]!);
    maxX = Math.max(maxX, bins.x[k]!);
    minY = Math.min(minY, bins.y[k]!);
    maxY = Math.max(maxY, bins.y[k]!);
  }
  const extentM = bins.count === 0 ? 0 : Math.max(maxX - minX, maxY - minY);
  return Math.min(3000, Math.max(200, extentM / 3));
}

/** Index of the bin a place lies on, -1 = on none: such a place shares the bin's nugget. */
function samePlaceBins(weights: KrigingWeights): Int32Array {
  return Int32Array.from(weights.nearestM, (distance, place) =>
    distance < 0.5 ? weights.bin[place * weights.neighbours]! : -1,
  );
}

interface Blocks {
  readonly count: number;
  readonly blockOfBin: Uint32Array;
}

function blocksOf(bins: LevelBins, blockM: number): Blocks {
  const numberOf = new Map<string, number>();
  const blockOfBin = new Uint32Array(bins.count);
  for (let k = 0; k < bins.count; k++) {
    const key = `${Math.floor(bins.x[k]! / blockM)},${Math.floor(bins.y[k]! / blockM)}`;
    const block = numberOf.get(key) ?? numberOf.size;
    numberOf.set(key, block);
    blockOfBin[k] = block;
  }
  return { count: numberOf.size, blockOfBin };
}

/** How often each bin is drawn when as many blocks are drawn with replacement as there are. */
function multiplicities(
  blocks: Blocks,
  bins: LevelBins,
  random: { below(bound: number): number },
): Float64Array {
  const times = new Float64Array(blocks.count);
  for (let k = 0; k < blocks.count; k++) times[random.below(blocks.count)]! += 1;
  return Float64Array.from({ length: bins.count }, (_, bin) => times[blocks.blockOfBin[bin]!]!);
}
