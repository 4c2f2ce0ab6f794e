import { leastAbove, type CostGrid } from '../cost-grid.ts';
import type { TilingChoice } from './tile-attempt.ts';

/** Where the attempts by tiles stand. */
export interface TilingState {
  readonly tileCount: number;
  readonly turn: number;
  /** How far above the bound of the prices the next attempt aims, grid units. */
  readonly lift: number;
  /** Work of the next attempt, as a multiple of the effort's first. */
  readonly growth: number;
  /** The highest sum above the bound of the prices so far, grid units; null before the first attempt. */
  readonly reached: number | null;
}

/** What an attempt came to. */
export interface AttemptOutcome {
  readonly aspired: number;
  /** Sum of the tiles, before the allowance. */
  readonly total: number;
  /** True when every tile was solved to its end. */
  readonly finished: boolean;
}

/**
 * Sites of the plan in one tile at first. The lift grows quickly with the size of tiles, and so does the work (Helsinki, 120 sites,
 * relaxation 114.56: 16 tiles 0.09 in 6 CPU seconds, 8 tiles 0.36 to 0.55 in 17 to 26, 6 tiles 0.77 in 35).
 */
const SITES_PER_TILE = 20;
const FEWEST_TILES = 2;
/** Work is shared by the tiles: more than this many would get too little. */
const MOST_TILES = 12;
/**
 * Share of the gap aimed at first (reached: Ottawa half, H2 and H4 of ../shared a third and a fifth, the bundled Helsinki a seventh), and what the
 * next attempt aims at beside what the last one reached.
 */
const FIRST_LIFT = 0.2;
const NEXT_LIFT = 1.3;
/** Fewer tiles where all were solved and their sum fell short; more work where they were not. */
const FEWER_TILES = 0.75;
const MORE_WORK = 1.5;
/** Another attempt is worth its work while no more is missing than so many times what was reached. */
const HOPE = 1.6;

/** Null where the tiles would be too many for the work, or the plan is a single tile. */
export function firstTiling(planSites: number, gap: number): TilingState | null {
  const tileCount = Math.round(planSites / SITES_PER_TILE);
  if (tileCount < FEWEST_TILES || tileCount > MOST_TILES) return null;
  return { tileCount, turn: 0, lift: FIRST_LIFT * gap, growth: 1, reached: null };
}

/** The bound to aspire to, or null where it lies beyond what tiles can be hoped to reach. */
export function aspiredByTiles(
  { lift, reached }: TilingState,
  grid: CostGrid,
  priceBound: number,
  proved: number,
  upperBound: number,
): number | null {
  const least = leastAbove(grid, proved);
  if (reached !== null && least - (grid.exact ? 1 : 0) - priceBound > HOPE * reached) return null;
  const aim = priceBound + lift;
  return Math.min(upperBound, Math.max(least, grid.exact ? Math.floor(aim) : aim));
}

/** How the model is cut: `work` is what the effort gives a first attempt, entries x simplex iterations over all tiles. */
export function choiceOf(state: TilingState, work: number, seed: number): TilingChoice {
  const { tileCount, turn, growth } = state;
  return { tileCount, turn, seed, solverWork: (growth * work) / tileCount };
}

export function afterAttempt(
  state: TilingState,
  priceBound: number,
  { aspired, total, finished }: AttemptOutcome,
): TilingState {
  const reached = Math.max(0, Math.min(total, aspired) - priceBound);
  const isFewer = finished && state.tileCount > FEWEST_TILES;
  return {
    tileCount: isFewer ? Math.max(FEWEST_TILES, Math.floor(FEWER_TILES * state.tileCount)) : state.tileCount,
    turn: state.turn + 1,
    lift: NEXT_LIFT * reached,
    growth: MORE_WORK * state.growth,
    reached: Math.max(reached, state.reached ?? 0),
  };
}
