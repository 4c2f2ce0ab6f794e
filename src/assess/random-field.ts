import type { Random } from '../random.ts';
import type { Places } from './levels.ts';

/** A turn is cut into this many steps: the cosine's error stays below 0.0008, far under Monte Carlo noise. */
const TABLE_SIZE = 4096;
const cosine = Float64Array.from({ length: TABLE_SIZE }, (_, step) =>
  Math.cos((2 * Math.PI * (step + 0.5)) / TABLE_SIZE),
);

/**
 * One draw of a Gaussian field of unit variance with covariance exp(-h / rangeM) in the plane, added to `out` after
 * multiplication by `scale`: the spectral method (Shinozuka and Jan 1972; Lantuéjoul 2002, section 15.3). The radial
 * spectrum of the exponential covariance has distribution 1 - 1 / sqrt(1 + (rangeM w)²), inverted in closed form;
 * frequencies are drawn in strata, so that few of them give the covariance closely.
 */
export function addCorrelatedField(
  places: Places,
  rangeM: number,
  scale: number,
  waves: number,
  random: Random,
  out: Float64Array,
): void {
  const { count, x, y } = places;
  const amplitude = scale * Math.sqrt(2 / waves);
  const turn = TABLE_SIZE / (2 * Math.PI);
  const mask = TABLE_SIZE - 1;
  for (let wave = 0; wave < waves; wave++) {
    const u = (wave + random.next()) / waves;
    const frequency = Math.sqrt(1 / ((1 - u) * (1 - u)) - 1) / rangeM;
    const direction = 2 * Math.PI * random.next();
    const stepX = Math.cos(direction) * frequency * turn;
    const stepY = Math.sin(direction) * frequency * turn;
    const start = random.next() * TABLE_SIZE;
    for (let i = 0; i < count; i++) {
      const step = Math.floor(stepX * x[i]! + stepY * y[i]! + start) & mask;
      out[i]! += amplitude * cosine[step]!;
    }
  }
}

/** A standard normal variable by the polar method (Marsaglia and Bray 1964). */
export function createNormal(random: Random): () => number {
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    for (;;) {
      const u = 2 * random.next() - 1;
      const v = 2 * random.next() - 1;
      const square = u * u + v * v;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      spare = v * factor;
      return u * factor;
    }
  };
}
