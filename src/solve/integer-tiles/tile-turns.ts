import type { EffortPlan } from '../effort.ts';
import type { CostGrid } from '../cost-grid.ts';
import type { OpenModel } from '../open-model.ts';
import { afterAttempt, firstTiling, type TilingState } from './next-attempt.ts';
import type { IntegerTileResult } from './solve-tile.ts';
import { boundOfTiles, provedByTiles, type TileAttempt } from './tile-attempt.ts';

/** Bounds by tiles and aspirations take turns: it is the other's where one has brought nothing. */
export class TileTurns {
  readonly #isAsked: boolean;
  readonly #firstRound: number;
  #tiling: TilingState | null = null;
  #isTheirs = true;

  /** Searches of few rounds ask for a bound in passing and have none to spare. */
  constructor({ tileWork, boundRounds, roundsBeforeTiles }: EffortPlan, rounds: number) {
    this.#isAsked = tileWork > 0 && rounds > boundRounds;
    this.#firstRound = roundsBeforeTiles;
  }

  /** The next attempt where it is their turn, else null. Their number is told by the first plan there is when the relaxation has converged. */
  next(round: number, open: OpenModel, planSites: number | null, cost: number): TilingState | null {
    if (!this.#isAsked || round < this.#firstRound || planSites === null || !open.converged) return null;
    this.#tiling ??= firstTiling(planSites, cost - open.bound);
    return this.#isTheirs ? this.#tiling : null;
  }

  /** @returns what the attempt proves, rounded up to the grid. */
  take(
    attempt: TileAttempt,
    results: readonly (IntegerTileResult | null)[],
    open: OpenModel,
    grid: CostGrid,
  ): number {
    const { aspired } = attempt;
    const total = boundOfTiles(attempt, results);
    const finished = results.every((result) => result?.finished === true);
    if (this.#tiling !== null)
      this.#tiling = afterAttempt(this.#tiling, open.bound, { aspired, total, finished });
    return provedByTiles(grid, aspired, total);
  }

  /** Whose turn is next, once the bound has been raised or not. */
  afterTiles(isRaised: boolean): void {
    this.#isTheirs = isRaised;
  }

  afterAspiration(isRaised: boolean): void {
    this.#isTheirs = !isRaised;
  }
}
