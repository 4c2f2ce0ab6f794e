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

/** `mastplan solve`: the same with a small heap and nothing to write but the plan. */
export function solveNeed(threads: number): MemoryNeed {
  return { arrays: (48 + 64 * threads) * MEGABYTE, heap: 48 * MEGABYTE };
}

/** Cells of users from reading to the last layer written. */
export function usersNeed(cells: number, periods: number): MemoryNeed {
  return { arrays: cells * (160 + 48 * periods), heap: cells * 1200 };
}

/** Levels, draws and areas of an assessment beside the cells of users as they were read. */
export function assessmentNeed(cells: number): MemoryNeed {
  return { arrays: cells * 1200, heap: cells * 400 };
}

/** Positions of lines as read, and pieces of lines from cutting to the last layer. */
export function linesNeed(positions: number, pieces: number): MemoryNeed {
  return { arrays: positions * 24 + pieces * 80, heap: positions * 40 + pieces * 8 };
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

/**
 * Positions in the plane whose coverage is kept as spans (8 bytes each, twice while they are joined); of the pairs only those that
 * merging leaves are listed: 4 bytes, and 8 in both directions of the model without dominated sites.
 */
export function spansNeed(demand: number, spans: number, mergedPairs: number): MemoryNeed {
  return { arrays: 300 * demand + 16 * spans + 12 * mergedPairs, heap: 0 };
}

/**
 * Positions solved tile by tile without listing pairs: prices and positions of the demand, the spans that each thread keeps
 * (8 bytes for two pairs or more, at most 0.5 GB: `radius-source.ts`).
 */
export function streamedNeed(demand: number, pairs: number, threads: number): MemoryNeed {
  return { arrays: 300 * demand + threads * Math.min(2 ** 29, 4 * pairs), heap: 0 };
}

/**
 * A plan whose pairs are kept as spans in tiles: prices and users of the demand, spans twice while they are cut into tiles, and
 * where each site's stand.
 */
export function tiledNeed(demand: number, spans: number): MemoryNeed {
  return { arrays: 300 * demand + 24 * spans, heap: 0 };
}

/**
 * HiGHS in WebAssembly beside what `programNeed` has: an instance of each thread takes about 100 MB and 170 bytes for
 * each entry of its model (150,000 to 2,000,000 entries measured), and no model of more pairs is given to it.
 */
export function solverNeed(pairs: number, threads: number): MemoryNeed {
  return { arrays: threads * (40 * MEGABYTE + 200 * Math.min(pairs, LARGEST_MODEL_PAIRS)), heap: 0 };
}

/** Larger problems are searched, and bounded by first-order methods, without HiGHS; `PROOF_PAIRS` in src/solve. */
const LARGEST_MODEL_PAIRS = 400_000;

/** Cells of the rasters of `predict`: RSRP, SINR, probability, server and rule, in pieces, put together and as files. */
export function predictionNeed(cells: number): MemoryNeed {
  return { arrays: 64 * cells, heap: 0 };
}

/** Cells of terrain or clutter, those of the files and those of the grid that profiles look at. */
export function groundNeed(cells: number): MemoryNeed {
  return { arrays: 4 * cells, heap: 0 };
}

/** Signals of a network at every place: links in pieces and put together (32 bytes each), 25 bytes for each cell of a mast. */
export function signalsNeed(links: number, cellsPerMast: number): MemoryNeed {
  return { arrays: links * (64 + 25 * cellsPerMast), heap: 0 };
}

/** Cells of coverage.tif: three values each, their rounded copies and the packed file. */
export function rasterNeed(cells: number): MemoryNeed {
  return { arrays: 40 * cells, heap: 0 };
}

/** Links over terrain: index, margin and flags, twice while they are put together. */
export function terrainLinksNeed(links: number): MemoryNeed {
  return { arrays: 18 * links, heap: 0 };
}
