import { sharedUint32 } from '../geo/shared-array.ts';
import type { CoverageMatrix } from './matrix.ts';

/** What sites cover of the items of one tile. Items are numbered from 0 within the tile. */
export interface TileSpans {
  /** Sites that reach the tile, ascending. */
  readonly siteOf: Uint32Array;
  /** [sites + 1] site `s` covers the items from[k] .. to[k] - 1, k in its range; ascending. */
  readonly spanStart: Uint32Array;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
}

/** Items (demand in an order of its own) cut into tiles. */
export interface ItemTiles {
  /** [tiles + 1] items of tile `t` are `itemStart[t] .. itemStart[t + 1]`. */
  readonly itemStart: Uint32Array;
  readonly tiles: readonly TileSpans[];
  /** [items] */
  readonly demandOfItem: Uint32Array;
}

/**
 * A coverage matrix cut into tiles, for areas whose pairs do not fit into memory: demand is numbered by place, so that what a
 * site covers of a tile is some spans of neighbours. Rows of single sites are listed when asked; what works on a tile reads
 * its spans. All arrays are shared.
 */
export class TiledCoverage implements CoverageMatrix, ItemTiles {
  readonly siteCount: number;
  readonly demandCount: number;
  readonly siteStart: Uint32Array;
  readonly itemStart: Uint32Array;
  readonly tiles: readonly TileSpans[];
  readonly demandOfItem: Uint32Array;
  /** [siteCount + 1] site `s` is row `#row[k]` of tile `#tile[k]`, k in its range. */
  readonly #placeStart: Uint32Array;
  readonly #tile: Uint32Array;
  readonly #row: Uint32Array;

  constructor(siteCount: number, { itemStart, tiles, demandOfItem }: ItemTiles) {
    this.siteCount = siteCount;
    this.demandCount = demandOfItem.length;
    this.itemStart = itemStart;
    this.tiles = tiles;
    this.demandOfItem = demandOfItem;
    const placeStart = new Uint32Array(siteCount + 1);
    for (const { siteOf } of tiles) for (const site of siteOf) placeStart[site + 1]!++;
    for (let site = 0; site < siteCount; site++) placeStart[site + 1]! += placeStart[site]!;
    this.#placeStart = placeStart;
    this.#tile = new Uint32Array(placeStart[siteCount]!);
    this.#row = new Uint32Array(placeStart[siteCount]!);
    this.siteStart = sharedUint32(siteCount + 1);
    const next = placeStart.slice(0, siteCount);
    tiles.forEach(({ siteOf, spanStart, from, to }, tile) => {
      siteOf.forEach((site, row) => {
        const place = next[site]!++;
        this.#tile[place] = tile;
        this.#row[place] = row;
        for (let span = spanStart[row]!; span < spanStart[row + 1]!; span++)
          this.siteStart[site + 1]! += to[span]! - from[span]!;
      });
    });
    for (let site = 0; site < siteCount; site++) this.siteStart[site + 1]! += this.siteStart[site]!;
  }

  /** Every pair: 4 bytes each, for whoever has the room. */
  get demandOfSite(): Uint32Array {
    return this.rowsOf(Array.from({ length: this.siteCount }, (_, site) => site)).demandOfSite;
  }

  /** What one site covers, ascending. */
  demandOf(site: number): Uint32Array {
    const { demandOfItem, itemStart } = this;
    const list = new Uint32Array(this.siteStart[site + 1]! - this.siteStart[site]!);
    let write = 0;
    this.forEachSpan(site, (tile, from, to) => {
      const items = demandOfItem.subarray(itemStart[tile]! + from, itemStart[tile]! + to);
      list.set(items, write);
      write += items.length;
    });
    return list.sort();
  }

  /** Sets `flags` to 1 for the demand that a site covers. */
  mark(site: number, flags: Uint8Array): void {
    const { demandOfItem, itemStart } = this;
    this.forEachSpan(site, (tile, from, to) => {
      const first = itemStart[tile]!;
      for (let item = first + from; item < first + to; item++) flags[demandOfItem[item]!] = 1;
    });
  }

  /** The matrix as if all other sites covered nothing: few sites are few pairs. */
  rowsOf(sites: Iterable<number>): CoverageMatrix {
    const { siteCount, demandCount } = this;
    const kept = [...new Set(sites)].sort((a, b) => a - b);
    const siteStart = sharedUint32(siteCount + 1);
    for (const site of kept) siteStart[site + 1] = this.siteStart[site + 1]! - this.siteStart[site]!;
    for (let site = 0; site < siteCount; site++) siteStart[site + 1]! += siteStart[site]!;
    const demandOfSite = sharedUint32(siteStart[siteCount]!);
    for (const site of kept) demandOfSite.set(this.demandOf(site), siteStart[site]);
    return { siteCount, demandCount, siteStart, demandOfSite };
  }

  /** The spans of a site, tile by tile; items are numbered within the tile. */
  forEachSpan(site: number, take: (tile: number, from: number, to: number) => void): void {
    for (let place = this.#placeStart[site]!; place < this.#placeStart[site + 1]!; place++) {
      const tile = this.#tile[place]!;
      const row = this.#row[place]!;
      const { spanStart, from, to } = this.tiles[tile]!;
      for (let span = spanStart[row]!; span < spanStart[row + 1]!; span++) take(tile, from[span]!, to[span]!);
    }
  }
}
