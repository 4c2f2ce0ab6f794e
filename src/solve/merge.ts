import type { CoverageMatrix } from '../coverage/matrix.ts';
import { SpanCoverage } from '../coverage/span-coverage.ts';
import { sharedUint32, type Allocate } from '../geo/shared-array.ts';

/** Rows of sites in compressed form: site `s` covers `itemOfSite[siteStart[s] .. siteStart[s + 1])`, ascending. */
export interface CoverLists {
  readonly siteCount: number;
  readonly itemCount: number;
  readonly siteStart: Uint32Array;
  readonly itemOfSite: Uint32Array;
}

/** The same as spans: site `s` covers the items `[edges[2 k], edges[2 k + 1])`, k in `spanStart[s] .. spanStart[s + 1]`. */
export interface CoverSpans {
  readonly siteCount: number;
  readonly itemCount: number;
  readonly spanStart: Uint32Array;
  readonly edges: Uint32Array;
}

export type CoverRows = CoverLists | CoverSpans;

/** Who covers which demand, in the form in which the matrix is kept. */
export function rowsOf(coverage: CoverageMatrix): CoverRows {
  const { siteCount, demandCount: itemCount } = coverage;
  if (coverage instanceof SpanCoverage) {
    return { siteCount, itemCount, spanStart: coverage.spanStart, edges: coverage.edges };
  }
  return { siteCount, itemCount, siteStart: coverage.siteStart, itemOfSite: coverage.demandOfSite };
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
  rows: CoverRows,
  activeSite: Uint8Array | null,
  activeItem: Uint8Array | null,
): Merging {
  const partition = new Partition(rows.itemCount);
  const inSpans = 'edges' in rows;
  for (let site = 0; site < rows.siteCount; site++) {
    if (activeSite !== null && activeSite[site] === 0) continue;
    if (inSpans) partition.splitBySpans(rows.edges, rows.spanStart[site]!, rows.spanStart[site + 1]!);
    else partition.splitByItems(rows.itemOfSite, rows.siteStart[site]!, rows.siteStart[site + 1]!);
  }
  return numberByFirstMember(partition.block, activeItem, partition.blockCount);
}

/** Items in blocks, all in block 0 at first. Block 0 keeps the items that no splitter held. */
class Partition {
  /** [itemCount] block of the item. */
  readonly block: Int32Array;
  blockCount = 1;
  readonly #size: Uint32Array;
  readonly #splitBy: Uint32Array;
  readonly #splitInto: Uint32Array;
  readonly #touched: Uint32Array;
  readonly #free: Uint32Array;
  #freeCount = 0;
  #touchedCount = 0;
  #stamp = 0;

  constructor(itemCount: number) {
    const blockLimit = 2 * itemCount + 2;
    this.block = new Int32Array(itemCount);
    this.#size = new Uint32Array(blockLimit);
    this.#splitBy = new Uint32Array(blockLimit);
    this.#splitInto = new Uint32Array(blockLimit);
    this.#free = new Uint32Array(blockLimit);
    this.#touched = new Uint32Array(itemCount + 1);
    this.#size[0] = itemCount;
  }

  /** Splits every block into its members among `items[start .. end)` and the rest. */
  splitByItems(items: Uint32Array, start: number, end: number): void {
    const { block } = this;
    const size = this.#size;
    this.#stamp++;
    let pair = start;
    while (pair < end) {
      const from = block[items[pair]!]!;
      const into = this.#splitOff(from);
      const first = pair;
      do block[items[pair++]!] = into;
      while (pair < end && block[items[pair]!] === from);
      size[from]! -= pair - first;
      size[into]! += pair - first;
    }
    this.#giveBackEmpty();
  }

  /** The same for the items of the spans `start .. end`. */
  splitBySpans(edges: Uint32Array, start: number, end: number): void {
    const { block } = this;
    const size = this.#size;
    this.#stamp++;
    for (let span = start; span < end; span++) {
      let item = edges[2 * span]!;
      const to = edges[2 * span + 1]!;
      while (item < to) {
        const from = block[item]!;
        const into = this.#splitOff(from);
        const first = item;
        do block[item++] = into;
        while (item < to && block[item] === from);
        size[from]! -= item - first;
        size[into]! += item - first;
      }
    }
    this.#giveBackEmpty();
  }

  /** The block for those members of `from` that the splitter at work holds. */
  #splitOff(from: number): number {
    if (this.#splitBy[from] !== this.#stamp) {
      this.#splitBy[from] = this.#stamp;
      this.#splitInto[from] = this.#freeCount > 0 ? this.#free[--this.#freeCount]! : this.blockCount++;
      this.#touched[this.#touchedCount++] = from;
    }
    return this.#splitInto[from]!;
  }

  #giveBackEmpty(): void {
    for (let index = 0; index < this.#touchedCount; index++) {
      const from = this.#touched[index]!;
      if (this.#size[from] === 0 && from !== 0) this.#free[this.#freeCount++] = from;
    }
    this.#touchedCount = 0;
  }
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

/** Cover lists over classes: of each class only the first member is kept, so lists stay ascending. */
export function listClasses(
  rows: CoverRows,
  merging: Merging,
  keptSites: Uint32Array,
  allocate: Allocate = sharedUint32,
): { readonly siteStart: Uint32Array; readonly classOfSite: Uint32Array } {
  return 'edges' in rows
    ? listClassesOfSpans(rows, merging, keptSites, allocate)
    : listClassesOfItems(rows, merging, keptSites, allocate);
}

function listClassesOfItems(
  { siteStart, itemOfSite, itemCount }: CoverLists,
  { classOfItem, classCount }: Merging,
  keptSites: Uint32Array,
  allocate: Allocate,
): { readonly siteStart: Uint32Array; readonly classOfSite: Uint32Array } {
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

/** Classes are numbered by their first members, so those whose first member lies in a span are consecutive. */
function listClassesOfSpans(
  { spanStart, edges, itemCount }: CoverSpans,
  { classOfItem, classCount }: Merging,
  keptSites: Uint32Array,
  allocate: Allocate,
): { readonly siteStart: Uint32Array; readonly classOfSite: Uint32Array } {
  // [itemCount + 1] classes whose first member comes before the item.
  const classesBefore = new Uint32Array(itemCount + 1);
  for (let item = 0, next = 0; item < itemCount; item++) {
    if (next < classCount && classOfItem[item] === next) next++;
    classesBefore[item + 1] = next;
  }
  const start = allocate(keptSites.length + 1);
  for (let row = 0; row < keptSites.length; row++) {
    const site = keptSites[row]!;
    let count = 0;
    for (let edge = 2 * spanStart[site]!; edge < 2 * spanStart[site + 1]!; edge += 2)
      count += classesBefore[edges[edge + 1]!]! - classesBefore[edges[edge]!]!;
    start[row + 1] = start[row]! + count;
  }
  const classOfSite = allocate(start[keptSites.length]!);
  let write = 0;
  for (const site of keptSites) {
    for (let edge = 2 * spanStart[site]!; edge < 2 * spanStart[site + 1]!; edge += 2) {
      const end = classesBefore[edges[edge + 1]!]!;
      for (let own = classesBefore[edges[edge]!]!; own < end; own++) classOfSite[write++] = own;
    }
  }
  return { siteStart: start, classOfSite };
}

/**
 * The other direction: class `c` is covered by `siteOfClass[classStart[c] .. classStart[c + 1])`, ascending. Pairs go four at a
 * time, as a row names no column twice: half the time of one at a time.
 */
export function transpose(
  rowStart: Uint32Array,
  columnOfRow: Uint32Array,
  columnCount: number,
  allocate: Allocate = sharedUint32,
): { readonly start: Uint32Array; readonly rows: Uint32Array } {
  const rowCount = rowStart.length - 1;
  const start = allocate(columnCount + 1);
  const rows = allocate(columnOfRow.length);
  const write = new Uint32Array(columnCount);
  for (let row = 0; row < rowCount; row++)
    countColumns(columnOfRow, rowStart[row]!, rowStart[row + 1]!, write);
  let before = 0;
  for (let column = 0; column < columnCount; column++) {
    start[column] = before;
    before += write[column]!;
    write[column] = start[column]!;
  }
  start[columnCount] = before;
  for (let row = 0; row < rowCount; row++) {
    scatterRow(row, columnOfRow, rowStart[row]!, rowStart[row + 1]!, write, rows);
  }
  return { start, rows };
}

function countColumns(columnOfRow: Uint32Array, from: number, end: number, count: Uint32Array): void {
  let pair = from;
  for (; pair + 3 < end; pair += 4) {
    count[columnOfRow[pair]!]!++;
    count[columnOfRow[pair + 1]!]!++;
    count[columnOfRow[pair + 2]!]!++;
    count[columnOfRow[pair + 3]!]!++;
  }
  for (; pair < end; pair++) count[columnOfRow[pair]!]!++;
}

function scatterRow(
  row: number,
  columnOfRow: Uint32Array,
  from: number,
  end: number,
  write: Uint32Array,
  rows: Uint32Array,
): void {
  let pair = from;
  for (; pair + 3 < end; pair += 4) {
    const a = columnOfRow[pair]!;
    const b = columnOfRow[pair + 1]!;
    const c = columnOfRow[pair + 2]!;
    const d = columnOfRow[pair + 3]!;
    const atA = write[a]!;
    const atB = write[b]!;
    const atC = write[c]!;
    const atD = write[d]!;
    rows[atA] = row;
    rows[atB] = row;
    rows[atC] = row;
    rows[atD] = row;
    write[a] = atA + 1;
    write[b] = atB + 1;
    write[c] = atC + 1;
    write[d] = atD + 1;
  }
  for (; pair < end; pair++) {
    const column = columnOfRow[pair]!;
    rows[write[column]!] = row;
    write[column]!++;
  }
}
