import { listClasses, mergeEqualCoverSets, type CoverLists } from '../merge.ts';
import type { StreamedTile } from './streamed-tile.ts';

/** What some of the sites cover in one tile: items of equal cover sets among these sites merged. */
export interface CoreRows {
  /** [core sites of the tile + 1] */
  readonly siteStart: Uint32Array;
  readonly classOfSite: Uint32Array;
  readonly weightStart: Uint32Array;
  readonly weightTarget: Uint32Array;
  readonly weightUsers: Float64Array;
  /** [classes] sum of the prices of the items. */
  readonly price: Float64Array;
}

/** @param kept [sites of the tile] 1 = the site is in the core. */
export function coreRows(
  tile: StreamedTile,
  kept: Uint8Array,
  price: Float64Array,
  targetCount: number,
): CoreRows {
  const { itemCount, weightStart } = tile;
  const lists = listsOf(tile, kept);
  const isActive = Uint8Array.from({ length: itemCount }, (_, item) =>
    weightStart[item + 1]! > weightStart[item]! ? 1 : 0,
  );
  const merging = mergeEqualCoverSets(lists, null, isActive);
  const all = Uint32Array.from({ length: lists.siteCount }, (_, site) => site);
  const rows = listClasses(lists, merging, all, (length) => new Uint32Array(length));
  const merged = new Float64Array(merging.classCount);
  merging.classOfItem.forEach((own, item) => {
    if (own !== -1) merged[own]! += price[item]!;
  });
  return {
    ...rows,
    ...sumWeights(tile, merging.classOfItem, merging.classCount, targetCount),
    price: merged,
  };
}

function listsOf(tile: StreamedTile, kept: Uint8Array): CoverLists {
  const rows: Uint32Array[] = [];
  kept.forEach((own, site) => {
    if (own === 1) rows.push(tile.itemsOf(site));
  });
  const siteStart = new Uint32Array(rows.length + 1);
  rows.forEach((row, site) => (siteStart[site + 1] = siteStart[site]! + row.length));
  const itemOfSite = new Uint32Array(siteStart[rows.length]!);
  rows.forEach((row, site) => itemOfSite.set(row, siteStart[site]));
  return { siteCount: rows.length, itemCount: tile.itemCount, siteStart, itemOfSite };
}

function sumWeights(
  { itemCount, weightStart, weightTarget, weightUsers }: StreamedTile,
  classOfItem: Int32Array,
  classCount: number,
  targetCount: number,
): Pick<CoreRows, 'weightStart' | 'weightTarget' | 'weightUsers'> {
  const sums = new Float64Array(classCount * targetCount);
  for (let item = 0; item < itemCount; item++) {
    const own = classOfItem[item]!;
    if (own === -1) continue;
    for (let w = weightStart[item]!; w < weightStart[item + 1]!; w++)
      sums[own * targetCount + weightTarget[w]!]! += weightUsers[w]!;
  }
  const start = new Uint32Array(classCount + 1);
  for (let own = 0; own < classCount; own++) {
    let count = 0;
    for (let target = 0; target < targetCount; target++) if (sums[own * targetCount + target]! > 0) count++;
    start[own + 1] = start[own]! + count;
  }
  const targets = new Uint32Array(start[classCount]!);
  const users = new Float64Array(targets.length);
  let write = 0;
  for (let place = 0; place < sums.length; place++) {
    if (sums[place] === 0) continue;
    targets[write] = place % targetCount;
    users[write++] = sums[place]!;
  }
  return { weightStart: start, weightTarget: targets, weightUsers: users };
}
