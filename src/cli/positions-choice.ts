import { pairsNeed, solverNeed, streamedNeed } from '../memory/estimates.ts';
import type { MemoryAccount } from '../memory/memory-account.ts';
import type { TileChoice } from '../solve/solution.ts';
import { isStreamed } from '../solve/tiles/choose-tiles.ts';

/** How many pairs follow from how many demand points, and how they would be solved. */
export interface PositionSize {
  readonly pairs: number;
  readonly demand: number;
  readonly threads: number;
  readonly tiles: TileChoice;
}

/**
 * True where `auto` does not list the pairs of positions: they are more than a model that is held may have, or would not fit
 * into memory. What is held instead is entered.
 *
 * @throws EnvironmentError when even positions do not fit
 */
export function leavesPairsUnlisted(
  memory: MemoryAccount,
  { pairs, demand, threads, tiles }: PositionSize,
): boolean {
  if (tiles !== 'auto') return false;
  const listed = pairsNeed(pairs).arrays + solverNeed(pairs, threads).arrays;
  if (!isStreamed(tiles, pairs) && memory.fits('coverage', { arrays: listed, heap: 0 })) return false;
  memory.hold(
    `positions: ${demand.toLocaleString('en')} demand points in tiles`,
    streamedNeed(demand, pairs, threads),
    'Use fewer threads (--threads), or grant more with --memory.',
  );
  return true;
}
