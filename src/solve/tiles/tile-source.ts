import type { CoveringModel } from '../covering-model.ts';
import { openModelTile } from './model-tile.ts';
import { itemsOf, type Tiling } from './tiling.ts';

/** What every task on tiles reads: the whole model on shared memory and how its classes are cut. */
export interface TileShared {
  readonly model: CoveringModel;
  readonly tiling: Tiling;
}

/**
 * One tile as a covering model of its own: the classes of the tile and every site that reaches it, in the numbering of
 * all targets; `siteOf` is the site's index in the whole, costs are whole costs, `need` is 0.
 */
export function openTile({ model, tiling }: TileShared, tile: number): CoveringModel {
  return openModelTile(model, itemsOf(tiling, tile));
}
