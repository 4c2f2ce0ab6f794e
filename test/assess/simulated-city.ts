import { choleskyInPlace } from '../../src/assess/local-kriging.ts';
import type { LevelBins, Places } from '../../src/assess/levels.ts';
import { createNormal } from '../../src/assess/random-field.ts';
import { createRandom } from '../../src/random.ts';

/** A square town on a grid of 50 m bins whose level is an exactly drawn Gaussian field (dense Cholesky). */
export interface SimulatedCity {
  readonly side: number;
  readonly places: Places;
  readonly factor: Float64Array;
  readonly meanDbm: number;
}

export function createCity(side: number, rangeM: number, sigmaDb: number, meanDbm: number): SimulatedCity {
  const count = side * side;
  const x = Float64Array.from({ length: count }, (_, k) => (k % side) * 50);
  const y = Float64Array.from({ length: count }, (_, k) => Math.floor(k / side) * 50);
  const factor = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      const h = Math.hypot(x[i]! - x[j]!, y[i]! - y[j]!);
      factor[i * count + j] = sigmaDb * sigmaDb * Math.exp(-h / rangeM) + (i === j ? 1e-6 : 0);
    }
  }
  choleskyInPlace(factor, count);
  return { side, places: { count, x, y }, factor, meanDbm };
}

/** One true map, and what a drive along `streets` whole rows and columns measures of it. */
export function driveTest(
  city: SimulatedCity,
  seed: number,
  streets: number,
): { truthDbm: Float64Array; bins: LevelBins } {
  const random = createRandom(seed, 0xd1);
  const normal = createNormal(random);
  const { count } = city.places;
  const white = Float64Array.from({ length: count }, () => normal());
  const truthDbm = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let sum = city.meanDbm;
    for (let j = 0; j <= i; j++) sum += city.factor[i * count + j]! * white[j]!;
    truthDbm[i] = sum;
  }
  const driven = new Set<number>();
  for (let street = 0; street < streets; street++) {
    const line = random.below(city.side);
    for (let step = 0; step < city.side; step++) {
      driven.add(street % 2 === 0 ? line * city.side + step : step * city.side + line);
    }
  }
  const at = [...driven].sort((a, b) => a - b);
  const samples = 8;
  const spreadDb = 4;
  const errorDb2 = (spreadDb * spreadDb) / samples;
  const bins: LevelBins = {
    count: at.length,
    x: Float64Array.from(at, (k) => city.places.x[k]!),
    y: Float64Array.from(at, (k) => city.places.y[k]!),
    residualDb: Float64Array.from(at, (k) => truthDbm[k]! + Math.sqrt(errorDb2) * normal()),
    errorDb2: Float64Array.from(at, () => errorDb2),
  };
  return { truthDbm, bins };
}
