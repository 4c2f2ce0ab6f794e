import type { TileChoice } from '../solution.ts';

/**
 * Models of more pairs (merged, without dominated sites) than this are cut by `auto`: 8 bytes a pair in both directions
 * are then 400 MB, and a pass of the first-order method takes half a second. Told by the problem, not by the machine,
 * so that the same input gives the same plan everywhere. The largest instance of ../shared (F) has 5.9 million.
 */
const WHOLE_PAIRS = 50_000_000;
/** Pairs of a tile of such a model: half a second of work in a pass. */
const PAIRS_PER_TILE = 8_000_000;

/** True for models that `auto` relaxes tile by tile and plans on a core (`streamed/`). */
export function isStreamed(choice: TileChoice, pairs: number): boolean {
  return choice === 'auto' && pairs > WHOLE_PAIRS;
}

export function streamedTileCount(pairs: number): number {
  return Math.ceil(pairs / PAIRS_PER_TILE);
}

/** How many tiles a model is cut into that are planned one by one; 1 = it is searched whole. */
export function tileCountFor(choice: TileChoice): number {
  return typeof choice === 'number' ? choice : 1;
}
