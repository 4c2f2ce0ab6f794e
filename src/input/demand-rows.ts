import { sharedFloat32, sharedFloat64 } from '../geo/shared-array.ts';
import { canonicalOrder, compareText } from './canonical-order.ts';
import type { FeatureRow } from './stream/feature-row.ts';
import type { Demand } from './types.ts';

/** Rows of a block, a power of two: blocks of some megabytes, so that growing copies nothing. */
const BLOCK_BITS = 16;
const BLOCK_ROWS = 1 << BLOCK_BITS;

// Numbers of a row; users by period and traffic by period follow.
const LON = 0;
const LAT = 1;
const USERS = 2;

interface Block {
  /** [rows x stride] */
  readonly values: Float64Array;
  /** [rows] where the file gave the cell its id: the line, or -1 - index of the feature; 0 for an id made of the content. */
  readonly place: Int32Array;
  /** [rows] null while all cells are bare points: memory that is never touched costs nothing. */
  cellM: Float32Array | null;
}

type Place = Pick<FeatureRow, 'index' | 'line'>;

/**
 * Demand cells while a file is read. All numbers of a cell lie side by side, so that bringing five million of them in
 * order touches one cache line or two per cell and not one for every column.
 */
export class DemandRows {
  readonly ids: string[] = [];
  readonly #periods: number;
  readonly #traffic: number;
  readonly #stride: number;
  readonly #blocks: Block[] = [];
  /** Block of the last row and its row there. */
  #block: Block = { values: new Float64Array(0), place: new Int32Array(0), cellM: null };
  #row = BLOCK_ROWS - 1;

  /** Per cell the users of `periods` periods and the traffic of as many, or of none. */
  constructor(periods: number, trafficPeriods: number) {
    this.#periods = periods;
    this.#traffic = trafficPeriods;
    this.#stride = USERS + periods + trafficPeriods;
  }

  /** Takes a cell in: degrees, side in metres (0 = a bare point), whole thousandths of users and bit/s by period. */
  add(lon: number, lat: number, cellM: number, milli: readonly number[], bps: readonly number[]): void {
    if (++this.#row === BLOCK_ROWS) this.#addBlock();
    const { values } = this.#block;
    const base = this.#row * this.#stride;
    // -0 and 0 are one place.
    values[base + LON] = lon === 0 ? 0 : lon;
    values[base + LAT] = lat === 0 ? 0 : lat;
    if (cellM > 0) (this.#block.cellM ??= new Float32Array(BLOCK_ROWS))[this.#row] = cellM;
    for (let period = 0; period < milli.length; period++) values[base + USERS + period] = milli[period]!;
    const traffic = base + USERS + this.#periods;
    for (let period = 0; period < bps.length; period++) values[traffic + period] = bps[period]!;
  }

  /** Names the cell just added; `given` is the feature whose own id it is, null where the id is made of the content. */
  identify(id: string, given: Place | null): void {
    this.ids.push(id);
    if (given !== null) this.#block.place[this.#row] = given.line > 0 ? given.line : -1 - given.index;
  }

  /** The feature whose own id a cell has, null for an id made of the content. */
  placeOf(row: number): Place | null {
    const place = this.#blocks[row >>> BLOCK_BITS]!.place[row & (BLOCK_ROWS - 1)]!;
    if (place === 0) return null;
    return place > 0 ? { line: place, index: 0 } : { line: 0, index: -1 - place };
  }

  /** The cells by (lon, lat, id), column by column; `order[place]` is the row that came to stand at `place`. */
  sorted(): Omit<Demand, 'periods' | 'regionNames'> & { readonly order: Uint32Array } {
    const { ids } = this;
    const order = canonicalOrder(this.#column(LON), this.#column(LAT), (a, b) =>
      compareText(ids[a]!, ids[b]!),
    );
    const count = order.length;
    const columns = (length: number): Float64Array[] => Array.from({ length }, () => sharedFloat64(count));
    const lon = sharedFloat64(count);
    const lat = sharedFloat64(count);
    const cellM = sharedFloat32(count);
    const usersMilli = columns(this.#periods);
    const trafficBps = columns(this.#traffic);
    const sortedIds = new Array<string>(count);
    const byPeriod = [...usersMilli, ...trafficBps];
    for (let place = 0; place < count; place++) {
      const row = order[place]!;
      const { values, cellM: sides } = this.#blocks[row >>> BLOCK_BITS]!;
      const rowInBlock = row & (BLOCK_ROWS - 1);
      const base = rowInBlock * this.#stride;
      lon[place] = values[base + LON]!;
      lat[place] = values[base + LAT]!;
      if (sides !== null) cellM[place] = sides[rowInBlock]!;
      for (let column = 0; column < byPeriod.length; column++)
        byPeriod[column]![place] = values[base + USERS + column]!;
      sortedIds[place] = ids[row]!;
    }
    const traffic = this.#traffic > 0 && { trafficBps };
    return { order, count, ids: sortedIds, lon, lat, cellM, usersMilli, ...traffic };
  }

  #addBlock(): void {
    const values = new Float64Array(BLOCK_ROWS * this.#stride);
    this.#block = { values, place: new Int32Array(BLOCK_ROWS), cellM: null };
    this.#blocks.push(this.#block);
    this.#row = 0;
  }

  #column(column: number): Float64Array {
    const all = new Float64Array(this.ids.length);
    for (let row = 0; row < all.length; row++) {
      const { values } = this.#blocks[row >>> BLOCK_BITS]!;
      all[row] = values[(row & (BLOCK_ROWS - 1)) * this.#stride + column]!;
    }
    return all;
  }
}
