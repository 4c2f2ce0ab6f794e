import { narrowBelow } from '../aspiration.ts';
import { roundBoundUp, type CostGrid } from '../cost-grid.ts';
import type { CoveringModel } from '../covering-model.ts';
import type { OpenModel } from '../open-model.ts';
import { KEEP, restrictModel } from '../restrict.ts';
import { cutModel } from '../tiles/cut-model.ts';
import { openModelTile } from '../tiles/model-tile.ts';
import { allocateTileDual, evaluateTile, worthOfClasses, type PricedTile } from '../tiles/priced-tile.ts';
import { asSingleTarget, writePriced } from '../tiles/tile-lp.ts';
import { itemsOf, type Tiling } from '../tiles/tiling.ts';
import type { IntegerTileResult, IntegerTileTask } from './solve-tile.ts';

/** How a model is cut, and what each tile may cost. */
export interface TilingChoice {
  readonly tileCount: number;
  /** Chooses other seams. */
  readonly turn: number;
  readonly seed: number;
  /** Entries x simplex iterations of one tile. */
  readonly solverWork: number;
}

/** Tiles whose values sum up to a lower bound on every plan cheaper than `aspired`. */
export interface TileAttempt {
  readonly aspired: number;
  /** What the needs are worth under the prices, and the cost spent already: the bound less the values of the tiles. */
  readonly base: number;
  readonly tasks: readonly IntegerTileTask[];
}

/**
 * Only the few rows of the targets hold a covering model together. With their prices p in the objective it falls apart into a
 * problem of "build what earns more than it costs", and that into tiles of classes, where every site splits its cost:
 *
 *     cost >= fixedCost + sum_t p_t need_t + sum over tiles of  min { sum_j cost[tile, j] x_j - worth of the classes covered }
 *     sum over tiles of cost[tile, j] = cost_j,  x in {0, 1}
 *
 * (Lagrangian decomposition: Guignard & Kim 1987). Split by the prices of the classes, the tiles' linear relaxations add up to the bound of
 * the prices; built or not, sites cost more, and the bound rises. The model is first reduced to what plans cheaper than `aspired`
 * may build and must cover, so the bound holds up to there. Conflicts and locations are left out, which is a relaxation.
 * Where no such plan is left the attempt has no tiles, and an infinite bound.
 */
export function attemptBelow(
  open: OpenModel,
  aspired: number,
  grid: CostGrid,
  choice: TilingChoice,
): TileAttempt {
  const rest = narrowBelow(open, aspired, grid);
  if (rest === null) return { aspired, base: Infinity, tasks: [] };
  const { model, prices } = rest;
  const worth = worthOfClasses(model, prices.perUser);
  const price = prices.perClass.map((own, index) =>
    model.mandatory[index] === 1 ? own : Math.min(own, worth[index]!),
  );
  const tiling = cutModel(model, choice.tileCount, choice.turn, evenedOut(price));
  const shares = splitCosts(model, price, tiling);
  let base = model.fixedCost;
  model.need.forEach((users, target) => (base += prices.perUser[target]! * users));
  const tasks = shares.map((shareOf, tile) => {
    const classes = itemsOf(tiling, tile);
    const part = openModelTile(model, classes);
    const priced: PricedTile = {
      model: part,
      cost: Float64Array.from(part.siteOf, (site) => shareOf.get(site)!),
      straddles: new Uint8Array(part.siteCount),
      worth: Float64Array.from(classes, (own) => worth[own]!),
    };
    return tileTask(
      priced,
      Float64Array.from(classes, (own) => price[own]!),
      choice,
    );
  });
  return { aspired, base, tasks };
}

/** The sum of the tiles, before the allowance and whether or not it reaches what was aspired to. A tile that was cut counts as its floor. */
export function boundOfTiles(
  { base, tasks }: TileAttempt,
  results: readonly (IntegerTileResult | null)[],
): number {
  let bound = base;
  tasks.forEach((task, tile) => (bound += results[tile]?.value ?? task.floor));
  return bound;
}

/** What an attempt proves of all plans. */
export function provedByTiles(grid: CostGrid, aspired: number, bound: number): number {
  return bound === Infinity ? aspired : Math.min(aspired, roundBoundUp(grid, bound));
}

/** Prices to cut by: classes that cost nothing weigh a little, so that no tile is made of them alone. */
function evenedOut(price: Float64Array): Float64Array {
  const mean = price.reduce((sum, own) => sum + own, 0) / Math.max(1, price.length);
  return price.map((own) => own + 1e-3 * mean + Number.MIN_VALUE);
}

/**
 * Every site pays in each tile what its classes there are priced at; what is left of its cost, or lacking, falls to the tile where that is
 * most. @returns per tile, site -> cost.
 */
export function splitCosts(model: CoveringModel, price: Float64Array, tiling: Tiling): Map<number, number>[] {
  const { siteStart, classOfSite, cost } = model;
  const tileOfClass = new Uint32Array(model.classCount);
  const shares: Map<number, number>[] = [];
  for (let tile = 0; tile < tiling.tileCount; tile++) {
    for (const own of itemsOf(tiling, tile)) tileOfClass[own] = tile;
    shares.push(new Map());
  }
  for (let site = 0; site < model.siteCount; site++) {
    let total = 0;
    let most = -1;
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
      const own = classOfSite[pair]!;
      const tile = tileOfClass[own]!;
      const share = (shares[tile]!.get(site) ?? 0) + price[own]!;
      shares[tile]!.set(site, share);
      total += price[own]!;
      if (most === -1 || share > shares[most]!.get(site)!) most = tile;
    }
    if (most !== -1) shares[most]!.set(site, shares[most]!.get(site)! + cost[site]! - total);
  }
  return shares;
}

function tileTask(tile: PricedTile, price: Float64Array, choice: TilingChoice): IntegerTileTask {
  const dual = allocateTileDual(tile.model);
  evaluateTile(tile, price, dual);
  const restriction = restrictModel(asSingleTarget(tile), new Uint8Array(tile.model.siteCount).fill(KEEP));
  const linear = writePriced(tile, restriction);
  const { seed, solverWork } = choice;
  return {
    linear: { ...linear, integerCount: restriction.model.siteCount },
    worth: tile.worth.reduce((sum, own) => sum + own, 0),
    floor: dual.value,
    seed,
    solverWork,
  };
}
