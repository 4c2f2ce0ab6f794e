import type { BoundModel } from './model.ts';

/** Each grid step grows the distance by this factor: 1 % finds every dip of the supported models. */
const GRID_FACTOR = 1.01;
const NEAREST_M = 1;

/**
 * The largest distance, up to `maxReachM`, at which a user is served: P(loss <= maxLossDb) >= probability.
 * The loss need not rise steadily (break points, mixtures), so this is the *last* such distance, searched from the far end
 * on a 1 % grid and refined to 1 mm; nearer users in a dip of the model are counted by whoever tests each link. 0 when
 * nobody is served. 1 m stands for everything nearer.
 *
 * @param extraSigmaDb spread added in quadrature (indoor), dB
 */
export function reachM(
  bound: BoundModel,
  maxLossDb: number,
  probability: number,
  extraSigmaDb: number,
  maxReachM: number,
): number {
  const served = (distanceM: number): boolean =>
    bound.probabilityWithin(maxLossDb, distanceM, extraSigmaDb) >= probability;
  if (served(maxReachM)) return maxReachM;
  let beyond = maxReachM;
  while (beyond > NEAREST_M) {
    const nearer = Math.max(NEAREST_M, beyond / GRID_FACTOR);
    if (served(nearer)) return lastServedM(served, nearer, beyond);
    beyond = nearer;
  }
  return 0;
}

/**
 * The distance up to which *every* user is served: never above `reachM`, equal to it where the loss rises steadily.
 * Same grid, searched from 1 m outwards.
 */
export function solidReachM(
  bound: BoundModel,
  maxLossDb: number,
  probability: number,
  extraSigmaDb: number,
  maxReachM: number,
): number {
  const served = (distanceM: number): boolean =>
    bound.probabilityWithin(maxLossDb, distanceM, extraSigmaDb) >= probability;
  let within = NEAREST_M;
  if (!served(within)) return 0;
  while (within < maxReachM) {
    const farther = Math.min(maxReachM, within * GRID_FACTOR);
    if (!served(farther)) return lastServedM(served, within, farther);
    within = farther;
  }
  return maxReachM;
}

function lastServedM(served: (distanceM: number) => boolean, within: number, beyond: number): number {
  let low = within;
  let high = beyond;
  while (high - low > 0.001) {
    const middle = (low + high) / 2;
    if (served(middle)) low = middle;
    else high = middle;
  }
  return low;
}
