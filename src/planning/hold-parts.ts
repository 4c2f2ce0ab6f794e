import type { CandidateSet } from '../coverage/candidates.ts';
import { boxAround } from '../input/terrain/area.ts';
import type { Demand } from '../input/types.ts';
import { candidatesNeed, rasterNeed } from '../memory/estimates.ts';
import type { MemoryAccount } from '../memory/memory-account.ts';
import { rasterCells } from '../prediction/raster-grid.ts';

/** Enters the candidates. */
export function holdCandidates(memory: MemoryAccount, { candidates }: CandidateSet): void {
  const hint =
    'Name fewer candidates or generate them farther apart (--spacing), or grant more with --memory.';
  memory.hold(`candidates: ${candidates.count.toLocaleString('en')}`, candidatesNeed(candidates.count), hint);
}

/** Enters a raster of a side that was asked for; the side chosen otherwise keeps it small. */
export function holdRaster(memory: MemoryAccount, { lon, lat }: Demand, cellM: number | undefined): void {
  if (cellM === undefined) return;
  const cells = Math.ceil(rasterCells(boxAround(lon, lat, 0), cellM));
  memory.hold(`coverage.tif: ${cells.toLocaleString('en')} cells`, rasterNeed(cells), 'Raise --raster-cell.');
}
