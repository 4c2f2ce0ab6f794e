import { firstAtLeast } from '../../geo/first-at-least.ts';
import type { CoveringModel } from '../covering-model.ts';
import { sharedUint32 } from '../../geo/shared-array.ts';
import type { StreamedTile } from './streamed-tile.ts';

/** Tiles of a model whose pairs are in memory: consecutive classes. */
export interface ModelSource {
  readonly kind: 'model';
  readonly model: CoveringModel;
  /** [tiles + 1] classes of tile `t` are `itemStart[t] .. itemStart[t + 1]`. */
  readonly itemStart: Uint32Array;
}

/** Cuts the classes in their order into tiles of about equal pairs. */
export function cutModelInRanges(model: CoveringModel, tileCount: number): ModelSource {
  const { classCount, classStart } = model;
  const tiles = Math.max(1, Math.min(tileCount, classCount));
  const itemStart = sharedUint32(tiles + 1);
  const pairs = classStart[classCount]!;
  let own = 0;
  for (let tile = 1; tile <= tiles; tile++) {
    // Every tile after this one still gets a class.
    const last = classCount - (tiles - tile);
    own = Math.min(last, own + 1);
    while (own < last && classStart[own]! < (pairs * tile) / tiles) own++;
    itemStart[tile] = own;
  }
  return { kind: 'model', model, itemStart };
}

export function openModelRange({ model, itemStart }: ModelSource, tile: number): StreamedTile {
  const { siteCount, siteStart, classOfSite } = model;
  const first = itemStart[tile]!;
  const end = itemStart[tile + 1]!;
  const siteOf = new Uint32Array(siteCount);
  const pairStart = new Uint32Array(siteCount);
  const pairEnd = new Uint32Array(siteCount);
  let sites = 0;
  for (let site = 0; site < siteCount; site++) {
    const from = firstAtLeast(classOfSite, siteStart[site]!, siteStart[site + 1]!, first);
    const to = firstAtLeast(classOfSite, from, siteStart[site + 1]!, end);
    if (from === to) continue;
    siteOf[sites] = site;
    pairStart[sites] = from;
    pairEnd[sites++] = to;
  }
  return new ModelTile(model, first, end, siteOf.slice(0, sites), pairStart, pairEnd);
}

/** Reads the pairs where they are: nothing is copied. */
class ModelTile implements StreamedTile {
  readonly itemCount: number;
  readonly siteOf: Uint32Array;
  readonly weightStart: Uint32Array;
  readonly weightTarget: Uint32Array;
  readonly weightUsers: Float64Array;
  readonly #first: number;
  readonly #classOfSite: Uint32Array;
  readonly #pairStart: Uint32Array;
  readonly #pairEnd: Uint32Array;

  constructor(
    model: CoveringModel,
    first: number,
    end: number,
    siteOf: Uint32Array,
    pairStart: Uint32Array,
    pairEnd: Uint32Array,
  ) {
    this.itemCount = end - first;
    this.siteOf = siteOf;
    this.weightStart = model.weightStart.subarray(first, end + 1);
    this.weightTarget = model.weightTarget;
    this.weightUsers = model.weightUsers;
    this.#first = first;
    this.#classOfSite = model.classOfSite;
    this.#pairStart = pairStart;
    this.#pairEnd = pairEnd;
  }

  sumPerSite(values: Float64Array): Float64Array {
    const first = this.#first;
    const classOfSite = this.#classOfSite;
    return Float64Array.from(this.siteOf, (_, site) => {
      let sum = 0;
      const end = this.#pairEnd[site]!;
      for (let pair = this.#pairStart[site]!; pair < end; pair++) sum += values[classOfSite[pair]! - first]!;
      return sum;
    });
  }

  sumPerItem(share: Float64Array): Float64Array {
    const first = this.#first;
    const classOfSite = this.#classOfSite;
    const sums = new Float64Array(this.itemCount);
    for (let site = 0; site < share.length; site++) {
      const own = share[site]!;
      if (own === 0) continue;
      const end = this.#pairEnd[site]!;
      for (let pair = this.#pairStart[site]!; pair < end; pair++) sums[classOfSite[pair]! - first]! += own;
    }
    return sums;
  }

  itemsOf(site: number): Uint32Array {
    const own = this.#classOfSite.subarray(this.#pairStart[site], this.#pairEnd[site]);
    return own.map((item) => item - this.#first);
  }
}
