import type { TileChoice } from '../solution.ts';

/**
 * Models of more pairs (merged, without dominated sites) than this are cut by `auto`: 8 bytes a pair in both directions
 * are then 400 MB, and a pass of the first-order method takes half a second. Told by the problem, not by the machine,
 * so that the same input gives the same plan everywhere. The largest instance of ../shared (F) has 5.9 million.
 */
const WHOLE_PAIRS = 50_000_000;
/** Pairs of a tile that `auto` aims at: those of F in 16 tiles, what one task holds beside the whole. */
const PAIRS_PER_TILE = 400_000;

/** How many tiles a model of so many covered pairs is cut into; 1 = it is searched whole. */
export function tileCountFor(choice: TileChoice, pairs: number): number {
  if (choice === 'off') return 1;
  if (choice !== 'auto') return choice;
  return pairs <= WHOLE_PAIRS ? 1 : Math.ceil(pairs / PAIRS_PER_TILE);
}
