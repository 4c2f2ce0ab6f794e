/**
 * One tile while a task works on it: consecutive items of the whole (demand points or classes of them), the sites that
 * reach them and what the items carry. Items and sites are numbered from 0 within the tile.
 */
export interface StreamedTile {
  readonly itemCount: number;
  /** Sites that reach the tile, as indices of the whole, ascending. */
  readonly siteOf: Uint32Array;
  /** [itemCount + 1] item `i` carries `weightUsers[w]` users of target `weightTarget[w]`, w in its range. */
  readonly weightStart: Uint32Array;
  readonly weightTarget: Uint32Array;
  readonly weightUsers: Float64Array;
  /** [sites] sum of the values of the items that each site covers. */
  sumPerSite(values: Float64Array): Float64Array;
  /** [items, or more] sum of the shares of the sites that cover each item. */
  sumPerItem(share: Float64Array): Float64Array;
  /** Items that one site covers, ascending. */
  itemsOf(site: number): Uint32Array;
}
