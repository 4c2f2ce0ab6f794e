import { normalQuantile } from '../radio/normal.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Central interval of simulated values at `level` (0..1), by linear interpolation between order statistics. */
export function centralInterval(values: Float64Array, level: number): Interval {
  const sorted = Float64Array.from(values).sort();
  return { low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) };
}

/** Quantile of sorted values (type 7 of Hyndman and Fan 1996). */
export function quantile(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}

/** Share of the simulated values at or above `needed`. */
export function probabilityAtLeast(values: Float64Array, needed: number): number {
  let count = 0;
  for (const value of values) if (value >= needed) count++;
  return count / values.length;
}

/**
 * Wilson's interval (1927) for `successes` of `trials` taken as independent. Neighbouring bins are alike, so for a
 * share of bins it is far too narrow; it stands beside the honest interval for comparison only.
 */
export function binomialInterval(successes: number, trials: number, level: number): Interval {
  const z = normalQuantile((1 + level) / 2);
  const p = successes / trials;
  const shrink = 1 + (z * z) / trials;
  const centre = (p + (z * z) / (2 * trials)) / shrink;
  const half = (z / shrink) * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials));
  return { low: centre - half, high: centre + half };
}
