import type { MemoryNeed } from './memory-need.ts';

/**
 * What the parts of a run take. Figures are peaks of resident memory over that of a run without the part, rounded up
 * (docs/reliability.md has the runs): estimates may be too high by half, not too low.
 */
const MEGABYTE = 2 ** 20;

/** Node, the program and its threads, each with its solver. */
export function programNeed(threads: number): MemoryNeed {
  return { arrays: 160 * MEGABYTE + 64 * MEGABYTE * threads, heap: 64 * MEGABYTE };
}

/** Cells of users from reading to the last layer written. */
export function usersNeed(cells: number, periods: number): MemoryNeed {
  return { arrays: cells * (160 + 48 * periods), heap: cells * 1200 };
}

/** Candidates with their properties. */
export function candidatesNeed(sites: number): MemoryNeed {
  return { arrays: sites * 200, heap: sites * 800 };
}

/** Measured samples and their bins. */
export function samplesNeed(samples: number): MemoryNeed {
  return { arrays: samples * 240, heap: samples * 80 };
}

/** Pairs of site and cell: 4 bytes in the matrix, 8 in both directions of the solver's model (design section 10: 12 at the peak). */
export function pairsNeed(pairs: number): MemoryNeed {
  return { arrays: 12 * pairs, heap: 0 };
}

/** Cells of coverage.tif: three values each, their rounded copies and the packed file. */
export function rasterNeed(cells: number): MemoryNeed {
  return { arrays: 40 * cells, heap: 0 };
}

/** Links over terrain: index, margin and flags, twice while they are put together. */
export function terrainLinksNeed(links: number): MemoryNeed {
  return { arrays: 18 * links, heap: 0 };
}
