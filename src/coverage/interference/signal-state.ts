import type { CellSettings, CellTable } from './cells.ts';
import type { RadioLinks } from './radio-links.ts';

/** No cell is heard at the place. */
export const NO_CELL = -1;

const LN10_OVER_10 = Math.LN10 / 10;

/** Noise and load: what signals are held against. Periods of equal load share one set of loads. */
export interface Disturbance {
  /** [carriers] noise in one resource element, mW. */
  readonly noiseMw: Float64Array;
  /** Per set [cells] share of resource elements each cell uses, 0..1. */
  readonly loads: readonly Float64Array[];
  /** [sets] load of the masts that are summed up. */
  readonly restLoad: Float64Array;
}

/** What a place would hear after one cell had changed. */
export interface PlaceChange {
  /** [sets] linear SINR; 0 where nothing is heard. */
  readonly sinr: Float64Array;
  /** Cells that cover the place. */
  covering: number;
}

/**
 * Signals of a network at every place: best server by RSRP, SINR per resource element, how many cells cover. One
 * cell at a time may change; what a change would do is asked without making it. Sums are taken over the cells in order
 * whenever a place changes, so a state that was led here equals one built here, bit for bit.
 */
export class SignalState {
  /** [places + 1] entries of a place: cells ascending. */
  readonly entryStart: Uint32Array;
  readonly entryCell: Uint32Array;
  /** [entries] RSRP, mW. */
  readonly entryMw: Float64Array;
  /** [entries] link the entry stands on. */
  readonly entryLink: Uint32Array;
  /** [entries] 1 where the cell covers the place. */
  readonly entryCovers: Uint8Array;
  /** [cells + 1] entries of a cell, places ascending. */
  readonly cellEntryStart: Uint32Array;
  readonly cellEntry: Uint32Array;
  readonly placeOfEntry: Uint32Array;
  /** [places] strongest cell, NO_CELL where none is heard. */
  readonly best: Int32Array;
  readonly bestMw: Float64Array;
  /** [places] cells that cover. */
  readonly covering: Uint16Array;
  /** Per set [places] linear. */
  readonly sinr: readonly Float64Array[];
  readonly settings: CellSettings;
  readonly links: RadioLinks;
  readonly cells: CellTable;
  readonly disturbance: Disturbance;
  readonly #second: Float64Array;
  readonly #secondCell: Int32Array;
  /** [sets x places x carriers] noise, and load x RSRP summed over cells, mW. */
  readonly #loadedMw: Float64Array;
  readonly #setStride: number;

  constructor(links: RadioLinks, cells: CellTable, settings: CellSettings, disturbance: Disturbance) {
    this.links = links;
    this.cells = cells;
    this.disturbance = disturbance;
    this.settings = settings;
    const { placeCount } = links;
    const sets = disturbance.loads.length;
    this.entryStart = entryStarts(links, cells);
    const total = this.entryStart[placeCount]!;
    this.entryCell = new Uint32Array(total);
    this.entryMw = new Float64Array(total);
    this.entryLink = new Uint32Array(total);
    this.entryCovers = new Uint8Array(total);
    this.placeOfEntry = new Uint32Array(total);
    this.cellEntryStart = new Uint32Array(cells.count + 1);
    this.cellEntry = new Uint32Array(total);
    this.best = new Int32Array(placeCount);
    this.bestMw = new Float64Array(placeCount);
    this.covering = new Uint16Array(placeCount);
    this.sinr = disturbance.loads.map(() => new Float64Array(placeCount));
    this.#second = new Float64Array(placeCount);
    this.#secondCell = new Int32Array(placeCount);
    this.#setStride = placeCount * cells.carrierCount;
    this.#loadedMw = new Float64Array(sets * this.#setStride);
    this.#listEntries();
    this.hearAll();
  }

  #listEntries(): void {
    const { placeCount, linkStart, mast } = this.links;
    const { cellStart, count } = this.cells;
    let entry = 0;
    for (let place = 0; place < placeCount; place++) {
      for (let link = linkStart[place]!; link < linkStart[place + 1]!; link++) {
        for (let cell = cellStart[mast[link]!]!; cell < cellStart[mast[link]! + 1]!; cell++, entry++) {
          this.entryCell[entry] = cell;
          this.entryLink[entry] = link;
          this.placeOfEntry[entry] = place;
          this.cellEntryStart[cell + 1]!++;
          this.#setEntry(entry);
        }
      }
    }
    for (let cell = 0; cell < count; cell++) this.cellEntryStart[cell + 1]! += this.cellEntryStart[cell]!;
    const next = this.cellEntryStart.slice();
    for (let e = 0; e < entry; e++) this.cellEntry[next[this.entryCell[e]!]!++] = e;
  }

  #setEntry(entry: number): void {
    const { azimuthDeg, tiltDeg, powerDb } = this.settings;
    const cell = this.entryCell[entry]!;
    const attenuationDb = this.#attenuationDb(entry, azimuthDeg[cell]!, tiltDeg[cell]!);
    this.entryMw[entry] = this.#levelMw(entry, attenuationDb, powerDb[cell]!);
    this.entryCovers[entry] = this.#covers(entry, attenuationDb, powerDb[cell]!) ? 1 : 0;
  }

  #attenuationDb(entry: number, azimuthDeg: number, tiltDeg: number): number {
    const pattern = this.cells.pattern[this.entryCell[entry]!]!;
    if (pattern === null) return 0;
    const link = this.entryLink[entry]!;
    const turn = this.links.azimuthDeg[link]! - azimuthDeg;
    return pattern(turn - 360 * Math.round(turn / 360), this.links.zenithDeg[link]!, tiltDeg);
  }

  #levelMw(entry: number, attenuationDb: number, powerDb: number): number {
    const lossDb = this.links.lossDb[this.entryLink[entry]!]!;
    const peakDbm = this.cells.peakDbm[this.entryCell[entry]!]!;
    return Math.exp((peakDbm + powerDb - lossDb - attenuationDb) * LN10_OVER_10);
  }

  #covers(entry: number, attenuationDb: number, powerDb: number): boolean {
    const coverLossDb = this.links.coverLossDb[this.entryLink[entry]!]!;
    return this.cells.maxLossDb[this.entryCell[entry]!]! + powerDb - attenuationDb >= coverLossDb;
  }

  /** Works out everything about a place from its entries, in order. */
  #hear(place: number): void {
    let best = NO_CELL;
    let second = NO_CELL;
    let bestMw = 0;
    let secondMw = 0;
    let covering = 0;
    for (let entry = this.entryStart[place]!; entry < this.entryStart[place + 1]!; entry++) {
      const mw = this.entryMw[entry]!;
      covering += this.entryCovers[entry]!;
      if (mw > bestMw) {
        second = best;
        secondMw = bestMw;
        best = this.entryCell[entry]!;
        bestMw = mw;
      } else if (mw > secondMw) {
        second = this.entryCell[entry]!;
        secondMw = mw;
      }
    }
    this.best[place] = best;
    this.bestMw[place] = bestMw;
    this.#secondCell[place] = second;
    this.#second[place] = secondMw;
    this.covering[place] = covering;
    for (let set = 0; set < this.sinr.length; set++) this.#hearIn(set, place);
  }

  /** Disturbance of every carrier at a place under one set of loads, and the SINR of its best server. */
  #hearIn(set: number, place: number): void {
    const { carrierOfCell, carrierCount } = this.cells;
    const { noiseMw, loads, restLoad } = this.disturbance;
    const { restMw } = this.links;
    const load = loads[set]!;
    const from = place * carrierCount;
    const at = set * this.#setStride + from;
    for (let k = 0; k < carrierCount; k++) {
      this.#loadedMw[at + k] = noiseMw[k]! + restLoad[set]! * restMw[from + k]!;
    }
    for (let entry = this.entryStart[place]!; entry < this.entryStart[place + 1]!; entry++) {
      const cell = this.entryCell[entry]!;
      this.#loadedMw[at + carrierOfCell[cell]!]! += load[cell]! * this.entryMw[entry]!;
    }
    const best = this.best[place]!;
    this.sinr[set]![place] =
      best === NO_CELL ? 0 : this.#sinrOf(set, place, best, this.bestMw[place]!, this.bestMw[place]!, 0, 0);
  }

  /**
   * SINR of a serving cell of `mw`, of which `countedMw` stands in the sum, when the loaded power on carrier
   * `onCarrier` changes by `moreMw`. A server does not disturb its own users.
   */
  #sinrOf(
    set: number,
    place: number,
    cell: number,
    mw: number,
    countedMw: number,
    moreMw: number,
    onCarrier: number,
  ): number {
    const { carrierOfCell, carrierCount } = this.cells;
    const { loads, noiseMw } = this.disturbance;
    const carrier = carrierOfCell[cell]!;
    const loaded = this.#loadedMw[set * this.#setStride + place * carrierCount + carrier]!;
    const others = loaded - loads[set]![cell]! * countedMw + (carrier === onCarrier ? moreMw : 0);
    return mw / Math.max(noiseMw[carrier]!, others);
  }

  /** What the place of an entry would hear if its cell were set so; written into `out`. */
  tryEntry(entry: number, azimuthDeg: number, tiltDeg: number, powerDb: number, out: PlaceChange): void {
    const place = this.placeOfEntry[entry]!;
    const cell = this.entryCell[entry]!;
    const attenuationDb = this.#attenuationDb(entry, azimuthDeg, tiltDeg);
    const mw = this.#levelMw(entry, attenuationDb, powerDb);
    const covers = this.#covers(entry, attenuationDb, powerDb) ? 1 : 0;
    out.covering = this.covering[place]! - this.entryCovers[entry]! + covers;
    const wasMw = this.entryMw[entry]!;
    const carrier = this.cells.carrierOfCell[cell]!;
    const wasBest = this.best[place] === cell;
    const rival = wasBest ? this.#secondCell[place]! : this.best[place]!;
    const rivalMw = wasBest ? this.#second[place]! : this.bestMw[place]!;
    // Of equals the smaller number serves, as in a state built from scratch.
    const serves = mw > rivalMw || (mw === rivalMw && cell < rival) || rival === NO_CELL;
    for (let set = 0; set < this.sinr.length; set++) {
      const moreMw = this.disturbance.loads[set]![cell]! * (mw - wasMw);
      out.sinr[set] = serves
        ? this.#sinrOf(set, place, cell, mw, wasMw, 0, carrier)
        : this.#sinrOf(set, place, rival, rivalMw, rivalMw, moreMw, carrier);
    }
  }

  /** Sets a cell and hears every place again that knows it. */
  setCell(cell: number, azimuthDeg: number, tiltDeg: number, powerDb: number): void {
    this.settings.azimuthDeg[cell] = azimuthDeg;
    this.settings.tiltDeg[cell] = tiltDeg;
    this.settings.powerDb[cell] = powerDb;
    for (let k = this.cellEntryStart[cell]!; k < this.cellEntryStart[cell + 1]!; k++) {
      const entry = this.cellEntry[k]!;
      this.#setEntry(entry);
      this.#hear(this.placeOfEntry[entry]!);
    }
  }

  /** Hears every place again under one set of loads: after they have changed. */
  hearLoads(set: number): void {
    for (let place = 0; place < this.best.length; place++) this.#hearIn(set, place);
  }

  hearAll(): void {
    for (let place = 0; place < this.best.length; place++) this.#hear(place);
  }
}

function entryStarts({ placeCount, linkStart, mast }: RadioLinks, { cellStart }: CellTable): Uint32Array {
  const starts = new Uint32Array(placeCount + 1);
  for (let place = 0; place < placeCount; place++) {
    let entries = 0;
    for (let link = linkStart[place]!; link < linkStart[place + 1]!; link++)
      entries += cellStart[mast[link]! + 1]! - cellStart[mast[link]!]!;
    starts[place + 1] = starts[place]! + entries;
  }
  return starts;
}
