import { erfc, normalQuantile } from './normal.ts';

const MINIMUM = 1e-9;

/**
 * Share of a circular cell's area in which the signal exceeds the threshold, given the probability at its edge.
 * W. C. Jakes, Microwave Mobile Communications (1974), section 2.5.3: F = (1 - erf a + e^((1-2ab)/b²)(1 - erf((1-ab)/b)))
 * / 2 with b = 10 n lg e / (sigma sqrt 2), for loss growing as 10 n lg d and log-normal shadowing.
 *
 * @param edgeProbability P(served) at the edge, in (0, 1)
 * @param sigmaDb shadowing standard deviation, dB
 * @param exponent path loss exponent n
 */
export function areaReliability(edgeProbability: number, sigmaDb: number, exponent: number): number {
  const a = -normalQuantile(edgeProbability) / Math.SQRT2;
  const b = (10 * exponent * Math.LOG10E) / (sigmaDb * Math.SQRT2);
  return 0.5 * (erfc(a) + Math.exp((1 - 2 * a * b) / (b * b)) * erfc((1 - a * b) / b));
}

/**
 * The edge probability that gives an area reliability: inverse of `areaReliability` by bisection (it rises with the
 * edge probability). Area shares below what an edge probability near 0 yields give that edge.
 */
export function edgeReliability(areaShare: number, sigmaDb: number, exponent: number): number {
  let low = MINIMUM;
  let high = 1 - MINIMUM;
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (areaReliability(middle, sigmaDb, exponent) < areaShare) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Shadow-fading margin for a location probability, dB: Phi^-1(p) sqrt(sum of squares); independent spreads (shadowing,
 * building entry, car) add in quadrature. Design, section 5 rule 2.
 */
export function shadowMarginDb(locationProbability: number, ...sigmasDb: readonly number[]): number {
  return normalQuantile(locationProbability) * Math.hypot(...sigmasDb);
}
