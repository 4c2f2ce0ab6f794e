import { sharedUint32 } from '../../geo/shared-array.ts';

/** Every item (class or demand point) in exactly one tile, in compressed form. */
export interface Tiling {
  readonly tileCount: number;
  /** [tileCount + 1] items of tile `t` are `itemOfTile[itemStart[t] .. itemStart[t + 1])`, ascending. */
  readonly itemStart: Uint32Array;
  readonly itemOfTile: Uint32Array;
}

export function itemsOf(tiling: Tiling, tile: number): Uint32Array {
  return tiling.itemOfTile.subarray(tiling.itemStart[tile], tiling.itemStart[tile + 1]);
}

/** A tiling from the tile of every item. */
export function tilingOf(tileOfItem: Uint32Array, tileCount: number): Tiling {
  const itemStart = sharedUint32(tileCount + 1);
  for (const tile of tileOfItem) itemStart[tile + 1]!++;
  for (let tile = 0; tile < tileCount; tile++) itemStart[tile + 1]! += itemStart[tile]!;
  const itemOfTile = sharedUint32(tileOfItem.length);
  const next = itemStart.slice(0, tileCount);
  tileOfItem.forEach((tile, item) => (itemOfTile[next[tile]!++] = item));
  return { tileCount, itemStart, itemOfTile };
}

/**
 * Halves a set of items again and again until there are `tileCount` pieces of about equal weight. `arrange` puts the
 * items of one piece into an order whose halves hang together (by a coordinate, by distance in a graph); odd counts
 * are cut in proportion.
 */
export function cutInHalves(
  weight: Float64Array,
  tileCount: number,
  arrange: (items: Uint32Array, depth: number) => Uint32Array,
): Tiling {
  const tileOfItem = new Uint32Array(weight.length);
  let nextTile = 0;
  const cut = (items: Uint32Array, pieces: number, depth: number): void => {
    if (pieces <= 1) {
      for (const item of items) tileOfItem[item] = nextTile;
      nextTile++;
      return;
    }
    const ordered = arrange(items, depth);
    const firstPieces = pieces >> 1;
    const at = placeOfShare(ordered, weight, firstPieces / pieces);
    cut(ordered.subarray(0, at), firstPieces, depth + 1);
    cut(ordered.subarray(at), pieces - firstPieces, depth + 1);
  };
  cut(
    Uint32Array.from(weight, (_, item) => item),
    Math.max(1, Math.min(tileCount, weight.length)),
    0,
  );
  return tilingOf(tileOfItem, Math.max(1, nextTile));
}

/** How many leading items hold about this share of the weight; at least one on either side. */
function placeOfShare(items: Uint32Array, weight: Float64Array, share: number): number {
  let total = 0;
  for (const item of items) total += weight[item]!;
  let sum = 0;
  for (let place = 0; place < items.length; place++) {
    sum += weight[items[place]!]!;
    if (sum >= share * total) return Math.min(items.length - 1, Math.max(1, place + 1));
  }
  return Math.max(1, items.length >> 1);
}
