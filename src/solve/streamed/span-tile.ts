import type { StreamedTile } from './streamed-tile.ts';

/** What the items of a tile carry: see `StreamedTile`. */
export type TileWeights = Pick<StreamedTile, 'weightStart' | 'weightTarget' | 'weightUsers'>;

/** Who covers which spans of a tile's items. */
export interface TileRows {
  /** Sites that reach the tile, as indices of the whole, ascending. */
  readonly siteOf: Uint32Array;
  /** [sites + 1] site `s` covers the items from[i] .. to[i] - 1, i in its range. */
  readonly spanStart: Uint32Array;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
}

/** A tile whose sites cover spans of consecutive items: sums over a site take one subtraction a span. */
export class SpanTile implements StreamedTile {
  readonly itemCount: number;
  readonly siteOf: Uint32Array;
  readonly weightStart: Uint32Array;
  readonly weightTarget: Uint32Array;
  readonly weightUsers: Float64Array;
  readonly #spanStart: Uint32Array;
  readonly #from: Uint32Array;
  readonly #to: Uint32Array;

  constructor({ siteOf, spanStart, from, to }: TileRows, itemCount: number, weights: TileWeights) {
    this.itemCount = itemCount;
    this.siteOf = siteOf;
    this.weightStart = weights.weightStart;
    this.weightTarget = weights.weightTarget;
    this.weightUsers = weights.weightUsers;
    this.#spanStart = spanStart;
    this.#from = from;
    this.#to = to;
  }

  /** By differences of running sums. @param values on a grid on which the sums are exact (`onExactGrid`). */
  sumPerSite(values: Float64Array): Float64Array {
    const running = new Float64Array(values.length + 1);
    for (let item = 0; item < values.length; item++) running[item + 1] = running[item]! + values[item]!;
    return Float64Array.from(this.siteOf, (_, site) => {
      let sum = 0;
      const end = this.#spanStart[site + 1]!;
      for (let span = this.#spanStart[site]!; span < end; span++)
        sum += running[this.#to[span]!]! - running[this.#from[span]!]!;
      return sum;
    });
  }

  sumPerItem(share: Float64Array): Float64Array {
    const sums = new Float64Array(this.itemCount + 1);
    for (let site = 0; site < share.length; site++) {
      const own = share[site]!;
      if (own === 0) continue;
      const end = this.#spanStart[site + 1]!;
      for (let span = this.#spanStart[site]!; span < end; span++) {
        sums[this.#from[span]!]! += own;
        sums[this.#to[span]!]! -= own;
      }
    }
    for (let item = 0; item < this.itemCount; item++) sums[item + 1]! += sums[item]!;
    return sums;
  }

  itemsOf(site: number): Uint32Array {
    let count = 0;
    const end = this.#spanStart[site + 1]!;
    for (let span = this.#spanStart[site]!; span < end; span++) count += this.#to[span]! - this.#from[span]!;
    const items = new Uint32Array(count);
    let write = 0;
    for (let span = this.#spanStart[site]!; span < end; span++)
      for (let item = this.#from[span]!; item < this.#to[span]!; item++) items[write++] = item;
    return items;
  }
}
