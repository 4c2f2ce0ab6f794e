import { pointNeed, type PointSize } from '../input/instance/point-size.ts';
import { solverNeed, streamedNeed } from '../memory/estimates.ts';
import type { MemoryAccount } from '../memory/memory-account.ts';
import { sumOf, type MemoryNeed } from '../memory/memory-need.ts';
import type { TileChoice } from '../solve/solution.ts';
import { isStreamed } from '../solve/tiles/choose-tiles.ts';

/** How positions would be solved. */
export interface PositionWay {
  readonly threads: number;
  readonly tiles: TileChoice;
}

/**
 * True where `auto` does not list the pairs of positions: they are more than a model that is held may have, or those that merging
 * leaves would not fit into memory. What is held instead is entered.
 *
 * @throws EnvironmentError when even positions do not fit
 */
export function leavesPairsUnlisted(
  memory: MemoryAccount,
  size: PointSize,
  { threads, tiles }: PositionWay,
): boolean {
  if (tiles !== 'auto') return false;
  const { pairs, demand } = size;
  const solver = solverNeed(pairs, threads);
  const fits = (need: MemoryNeed): boolean => memory.fits('coverage', sumOf(need, solver));
  if (!isStreamed(tiles, pairs) && fits(pointNeed(size, fits))) return false;
  memory.hold(
    `positions: ${demand.toLocaleString('en')} demand points in tiles`,
    streamedNeed(demand, pairs, threads),
    'Use fewer threads (--threads), or grant more with --memory.',
  );
  return true;
}
