import type { Effort } from '../solution.ts';

/** How much work a tiled search may do, per tile where it says so. */
export interface TileEffort {
  /** Rounds of prices at most; they end sooner when nothing is gained. */
  readonly priceRounds: number;
  /** Subgradient passes of a tile in a round. */
  readonly passes: number;
  /** Entries x simplex iterations of a tile's relaxation in a round. */
  readonly relaxationWork: number;
  /** Tilings along which the joined plan is polished. */
  readonly polishRounds: number;
  /** Pairs a walk touches in a tile. */
  readonly walkWork: number;
  /** Rounds of a search over the whole from what the tiles found. */
  readonly wholeRounds: number;
}

/**
 * Chosen on E (4 tiles) and F (16 tiles): the bound gains little after 8 rounds of prices, and walks gain more per pair
 * touched than exact areas, which cost a solver call each.
 */
const EFFORTS: Readonly<Record<Effort, TileEffort>> = {
  quick: {
    priceRounds: 4,
    passes: 60,
    relaxationWork: 1e9,
    polishRounds: 1,
    walkWork: 1e7,
    wholeRounds: 1,
  },
  normal: {
    priceRounds: 8,
    passes: 60,
    relaxationWork: 4e9,
    polishRounds: 2,
    walkWork: 4e7,
    wholeRounds: 4,
  },
  thorough: {
    priceRounds: 16,
    passes: 100,
    relaxationWork: 2e10,
    polishRounds: 6,
    walkWork: 1e8,
    wholeRounds: 12,
  },
};

export function tileEffort(effort: Effort): TileEffort {
  return EFFORTS[effort];
}
