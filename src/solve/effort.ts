import type { Effort } from './solution.ts';

/** How much work a search may do; the same for any number of threads. */
export interface EffortPlan {
  /** Passes of the subgradient search before the first round. */
  readonly pricePasses: number;
  /** Rounds on the last phase. */
  readonly rounds: number;
  /** Rounds for the own bound of an earlier phase. */
  readonly boundRounds: number;
  /** Pairs a local-search task touches in one round. */
  readonly walkWork: number;
  /** Entries x simplex iterations an LP or MIP task may spend in the first round. */
  readonly solverWork: number;
  /** Growth of `solverWork` per round that used it up. */
  readonly solverGrowth: number;
}

/**
 * Chosen on two cores of the build machine so that `quick` ends within about 3 s and `normal` within about 60 s on
 * the Helsinki instances (some 10^5 pairs); measured there: 10^8 pairs touched take 0.4-0.7 s, 10^8 entries x
 * iterations of the simplex method 0.5-1 s.
 */
const PLANS: Readonly<Record<Effort, EffortPlan>> = {
  quick: { pricePasses: 150, rounds: 2, boundRounds: 1, walkWork: 6e7, solverWork: 1e8, solverGrowth: 1 },
  normal: { pricePasses: 300, rounds: 14, boundRounds: 3, walkWork: 3e8, solverWork: 4e8, solverGrowth: 1.5 },
  thorough: {
    pricePasses: 500,
    rounds: 60,
    boundRounds: 6,
    walkWork: 5e8,
    solverWork: 8e8,
    solverGrowth: 1.5,
  },
};

export function planOf(effort: Effort): EffortPlan {
  return PLANS[effort];
}
