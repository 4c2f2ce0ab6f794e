import { sharedUint32 } from '../geo/shared-array.ts';

/** Rows of sites in compressed form: site `s` covers `itemOfSite[siteStart[s] .. siteStart[s + 1])`, ascending. */
export interface CoverLists {
  readonly siteCount: number;
  readonly itemCount: number;
  readonly siteStart: Uint32Array;
  readonly itemOfSite: Uint32Array;
}

/** Items of equal cover sets: who covers them is all a covering model asks, weights are carried beside. */
export interface Merging {
  readonly classCount: number;
  /** [itemCount] class of the item, -1 = inactive or covered by no active site. Numbered by first member. */
  readonly classOfItem: Int32Array;
}

/**
 * Merge items with equal cover sets by partition refinement: every site splits each class into the members it covers
 * and the rest (Paige & Tarjan 1987, one splitter at a time). Exact, O(pairs) time, O(items) memory: no hash, and
 * the transposed lists are never built.
 *
 * @param activeSite [siteCount] 0 = the site is left out; null = all take part.
 * @param activeItem [itemCount] 0 = the item is left out; null = all take part.
 */
export function mergeEqualCoverSets(
  lists: CoverLists,
  activeSite: Uint8Array | null,
  activeItem: Uint8Array | null,
): Merging {
  const { siteCount, itemCount, siteStart, itemOfSite } = lists;
  const block = new Int32Array(itemCount);
  const blockLimit = 2 * itemCount + 2;
  const size = new Uint32Array(blockLimit);
  const splitBy = new Uint32Array(blockLimit);
  const splitInto = new Uint32Array(blockLimit);
  const free = new Uint32Array(blockLimit);
  const touched = new Uint32Array(itemCount + 1);
  let freeCount = 0;
  let nextBlock = 1;
  size[0] = itemCount;
  for (let site = 0; site < siteCount; site++) {
    if (activeSite !== null && activeSite[site] === 0) continue;
    const stamp = site + 1;
    let touchedCount = 0;
    let lastBlock = -1;
    let lastInto = 0;
    const end = siteStart[site + 1]!;
    for (let pair = siteStart[site]!; pair < end; pair++) {
      const item = itemOfSite[pair]!;
      const from = block[item]!;
      if (from !== lastBlock) {
        lastBlock = from;
        if (splitBy[from] !== stamp) {
          splitBy[from] = stamp;
          splitInto[from] = freeCount > 0 ? free[--freeCount]! : nextBlock++;
          touched[touchedCount++] = from;
        }
        lastInto = splitInto[from]!;
      }
      block[item] = lastInto;
      size[from]!--;
      size[lastInto]!++;
    }
    for (let index = 0; index < touchedCount; index++) {
      const from = touched[index]!;
      if (size[from] === 0 && from !== 0) free[freeCount++] = from;
    }
  }
  return numberByFirstMember(block, activeItem, nextBlock);
}

function numberByFirstMember(block: Int32Array, activeItem: Uint8Array | null, blockCount: number): Merging {
  const numberOf = new Int32Array(blockCount).fill(-1);
  let classCount = 0;
  for (let item = 0; item < block.length; item++) {
    const own = block[item]!;
    if (own === 0 || (activeItem !== null && activeItem[item] === 0)) {
      block[item] = -1;
      continue;
    }
    if (numberOf[own] === -1) numberOf[own] = classCount++;
    block[item] = numberOf[own]!;
  }
  return { classCount, classOfItem: block };
}

/** Where lists are put: shared with threads, or in memory of this thread, which the engine gives back sooner. */
export type Allocate = (length: number) => Uint32Array;

/** Cover lists over classes: of each class only the first member is kept, so lists stay ascending. */
export function listClasses(
  lists: CoverLists,
  merging: Merging,
  keptSites: Uint32Array,
  allocate: Allocate = sharedUint32,
): { readonly siteStart: Uint32Array; readonly classOfSite: Uint32Array } {
  const { siteStart, itemOfSite, itemCount } = lists;
  const { classOfItem, classCount } = merging;
  const isFirst = new Uint8Array(itemCount);
  for (let item = 0, next = 0; item < itemCount && next < classCount; item++) {
    if (classOfItem[item] === next) {
      isFirst[item] = 1;
      next++;
    }
  }
  const start = allocate(keptSites.length + 1);
  for (let row = 0; row < keptSites.length; row++) {
    const site = keptSites[row]!;
    let count = 0;
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++)
      count += isFirst[itemOfSite[pair]!]!;
    start[row + 1] = start[row]! + count;
  }
  const classOfSite = allocate(start[keptSites.length]!);
  let write = 0;
  for (const site of keptSites) {
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
      const item = itemOfSite[pair]!;
      if (isFirst[item] === 1) classOfSite[write++] = classOfItem[item]!;
    }
  }
  return { siteStart: start, classOfSite };
}

/** The other direction: class `c` is covered by `siteOfClass[classStart[c] .. classStart[c + 1])`, ascending. */
export function transpose(
  rowStart: Uint32Array,
  columnOfRow: Uint32Array,
  columnCount: number,
  allocate: Allocate = sharedUint32,
): { readonly start: Uint32Array; readonly rows: Uint32Array } {
  const rowCount = rowStart.length - 1;
  const start = allocate(columnCount + 1);
  for (let pair = 0; pair < columnOfRow.length; pair++) start[columnOfRow[pair]! + 1]!++;
  for (let column = 0; column < columnCount; column++) start[column + 1]! += start[column]!;
  const rows = allocate(columnOfRow.length);
  const write = start.slice(0, columnCount);
  for (let row = 0; row < rowCount; row++) {
    const end = rowStart[row + 1]!;
    for (let pair = rowStart[row]!; pair < end; pair++) rows[write[columnOfRow[pair]!]!++] = row;
  }
  return { start, rows };
}
