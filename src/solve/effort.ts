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
  /** Entries x simplex iterations that merging the plans of a round may spend. */
  readonly mergeWork: number;
  /** Pairs that one stretch of the first-order method on the relaxation touches. */
  readonly ascentWork: number;
  /** Entries x simplex iterations of one relaxation: stopped early it is worth little. */
  readonly relaxationWork: number;
  /** The same for branch and cut in its first attempt. */
  readonly solverWork: number;
  /** The same for the first attempt at a bound above the relaxation: some 5 x 10^7 are a CPU second. */
  readonly aspirationWork: number;
  /** The same for a first attempt by tiles, over all of them: see `integer-tiles/`. 0 = none. */
  readonly tileWork: number;
  /**
   * Rounds that pass before it. A long search has its plans improved first: an attempt by tiles takes Helsinki H4 27 processor seconds, in which its
   * plan is still being improved.
   */
  readonly roundsBeforeTiles: number;
  /** Growth of the work of solver and aspiration per round that used it up. */
  readonly solverGrowth: number;
}

/**
 * Chosen on two cores of the build machine so that `quick` ends within about 3 s and `normal` within about 60 s on
 * the Helsinki instances (some 10^5 pairs). Measured there, CPU seconds: 10^8 pairs touched by a walk 2-3, 10^8 entries x
 * iterations of merging plans 10, of one relaxation by the simplex method 0.3.
 */
const PLANS: Readonly<Record<Effort, EffortPlan>> = {
  quick: {
    pricePasses: 150,
    rounds: 2,
    boundRounds: 1,
    walkWork: 2e7,
    ascentWork: 1e8,
    mergeWork: 1e7,
    relaxationWork: 2e9,
    solverWork: 2e7,
    aspirationWork: 2e7,
    tileWork: 0,
    roundsBeforeTiles: 0,
    solverGrowth: 1,
  },
  normal: {
    pricePasses: 300,
    rounds: 8,
    boundRounds: 2,
    walkWork: 8e7,
    ascentWork: 6e8,
    mergeWork: 4e7,
    relaxationWork: 8e9,
    solverWork: 3e7,
    aspirationWork: 2e8,
    tileWork: 2e9,
    roundsBeforeTiles: 0,
    solverGrowth: 1.3,
  },
  thorough: {
    pricePasses: 500,
    rounds: 60,
    boundRounds: 6,
    walkWork: 2e8,
    ascentWork: 4e9,
    mergeWork: 1e8,
    relaxationWork: 2e10,
    solverWork: 8e7,
    aspirationWork: 5e8,
    tileWork: 1e10,
    roundsBeforeTiles: 4,
    solverGrowth: 1.4,
  },
};

export function planOf(effort: Effort): EffortPlan {
  return PLANS[effort];
}
