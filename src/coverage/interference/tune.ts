import { breather } from '../../executor.ts';
import { copySettings, type CellSettings } from './cells.ts';
import {
  addPlace,
  countService,
  serviceAfter,
  serviceAt,
  type ServiceCount,
  type ServiceQuestion,
} from './service.ts';
import type { PlaceChange, SignalState } from './signal-state.ts';

/** How far a cell may be moved from where it stands, and in which steps. */
export interface TuneLimits {
  readonly azimuthDeg: number;
  readonly azimuthStepDeg: number;
  readonly tiltDeg: number;
  readonly tiltStepDeg: number;
  /** Less and more power than stated, dB. */
  readonly powerDownDb: number;
  readonly powerUpDb: number;
  readonly powerStepDb: number;
}

export interface TuneRequest {
  readonly state: SignalState;
  readonly question: ServiceQuestion;
  /** [cells] 1 = may be changed. */
  readonly mayChange: Uint8Array;
  readonly limits: TuneLimits;
  /** Works the loads out anew after a pass; absent = they stay. */
  readonly settle?: ((state: SignalState) => void) | undefined;
  /** Default 20. */
  readonly mostPasses?: number | undefined;
  readonly shouldStop?: (() => boolean) | undefined;
  readonly onPass?: ((pass: number, count: ServiceCount) => void) | undefined;
}

export interface TuneResult {
  readonly before: ServiceCount;
  readonly after: ServiceCount;
  readonly passes: number;
  readonly moves: number;
  readonly stoppedBy: 'no-better-move' | 'passes' | 'interrupted';
}

type Coordinate = 'tiltDeg' | 'azimuthDeg' | 'powerDb';

/** Tilt first: on a grid of hexagons it moves most users, and azimuth then finds them. */
const COORDINATES: readonly Coordinate[] = ['tiltDeg', 'azimuthDeg', 'powerDb'];
const MOST_PASSES = 20;

/**
 * Coordinate search: cell by cell and setting by setting the value within the limits that serves most users by SINR
 * (summed over periods) is taken, until a pass over all cells changes nothing. A move is made only if it wins users, no
 * met target is lost and no missed target falls further. No randomness: the same state leads to the same settings. Loads
 * stand still within a pass; settled anew after it, the pass is undone should it have lost users under them.
 */
export async function tuneCells(request: TuneRequest): Promise<TuneResult> {
  const { state, question, settle, shouldStop, onPass } = request;
  const before = countService(state, question);
  const search = new Search(request, before);
  const most = request.mostPasses ?? MOST_PASSES;
  let moves = 0;
  let passes = 0;
  const done = (stoppedBy: TuneResult['stoppedBy']): TuneResult => ({
    before,
    after: countService(state, question),
    passes,
    moves,
    stoppedBy,
  });
  while (passes < most) {
    const earlier = copySettings(state.settings);
    const earlierClear = totalOf(search.count.sinrMilli);
    const moved = await search.pass();
    if (moved > 0 && settle !== undefined) {
      settle(state);
      search.recount();
      if (totalOf(search.count.sinrMilli) < earlierClear || search.losesTarget(search.count)) {
        restore(state, earlier);
        settle(state);
        return done('no-better-move');
      }
    }
    passes++;
    moves += moved;
    onPass?.(passes, search.count);
    if (shouldStop?.() === true) return done('interrupted');
    if (moved === 0) return done('no-better-move');
  }
  return done('passes');
}

class Search {
  count: ServiceCount;
  readonly #request: TuneRequest;
  readonly #initial: CellSettings;
  /** [targets] users that must stay served. */
  readonly #floorMilli: Float64Array;
  readonly #change: PlaceChange;

  constructor(request: TuneRequest, before: ServiceCount) {
    this.#request = request;
    this.#initial = copySettings(request.state.settings);
    this.count = copyCount(before);
    this.#floorMilli = Float64Array.from(request.question.targets, ({ needMilli }, k) =>
      Math.min(needMilli, before.targetMilli[k]!),
    );
    this.#change = { sinr: new Float64Array(request.state.sinr.length), covering: 0 };
  }

  recount(): void {
    this.count = countService(this.#request.state, this.#request.question);
  }

  /** One visit to every setting of every cell; how many were changed. */
  async pass(): Promise<number> {
    const { mayChange, shouldStop } = this.#request;
    const breathe = breather();
    let moved = 0;
    for (let cell = 0; cell < mayChange.length; cell++) {
      if (mayChange[cell] === 0) continue;
      for (const coordinate of COORDINATES) if (this.#improve(cell, coordinate)) moved++;
      await breathe();
      if (shouldStop?.() === true) break;
    }
    return moved;
  }

  #improve(cell: number, coordinate: Coordinate): boolean {
    const { settings } = this.#request.state;
    const now = settings[coordinate][cell]!;
    const clearNow = totalOf(this.count.sinrMilli);
    let best = now;
    let mostClear = clearNow;
    for (const value of this.#values(cell, coordinate)) {
      if (value === now) continue;
      const tried = this.#countAfter(cell, coordinate, value);
      const clear = totalOf(tried.sinrMilli);
      if (clear > mostClear && !this.losesTarget(tried)) {
        best = value;
        mostClear = clear;
      }
    }
    if (best === now) return false;
    this.#set(cell, coordinate, best);
    // Counted again from the state itself: a level at the very threshold may round to the other side.
    if (totalOf(this.count.sinrMilli) > clearNow && !this.losesTarget(this.count)) return true;
    this.#set(cell, coordinate, now);
    return false;
  }

  losesTarget({ targetMilli }: ServiceCount): boolean {
    return targetMilli.some((served, k) => served < this.#floorMilli[k]!);
  }

  /** Values within the limits, nearest to where the cell stood first, so that of equals the smallest change wins. */
  #values(cell: number, coordinate: Coordinate): number[] {
    const { limits, state } = this.#request;
    if (state.cells.pattern[cell] === null && coordinate !== 'powerDb') return [];
    const initial = this.#initial[coordinate][cell]!;
    switch (coordinate) {
      case 'tiltDeg':
        // An electrical tilt above the horizon does not exist where none was stated.
        return around(initial, limits.tiltDeg, limits.tiltDeg, limits.tiltStepDeg).filter(
          (value) => value >= Math.min(0, initial),
        );
      case 'azimuthDeg':
        return around(initial, limits.azimuthDeg, limits.azimuthDeg, limits.azimuthStepDeg);
      case 'powerDb':
        return around(initial, limits.powerDownDb, limits.powerUpDb, limits.powerStepDb);
    }
  }

  #countAfter(cell: number, coordinate: Coordinate, value: number): ServiceCount {
    const { state, question } = this.#request;
    const { azimuthDeg, tiltDeg, powerDb } = state.settings;
    const azimuth = coordinate === 'azimuthDeg' ? value : azimuthDeg[cell]!;
    const tilt = coordinate === 'tiltDeg' ? value : tiltDeg[cell]!;
    const power = coordinate === 'powerDb' ? value : powerDb[cell]!;
    const count = copyCount(this.count);
    const change = this.#change;
    for (let k = state.cellEntryStart[cell]!; k < state.cellEntryStart[cell + 1]!; k++) {
      const entry = state.cellEntry[k]!;
      const place = state.placeOfEntry[entry]!;
      state.tryEntry(entry, azimuth, tilt, power, change);
      for (let period = 0; period < question.usersMilli.length; period++) {
        if (serviceAfter(change, question, place, period) !== serviceAt(state, question, place, period)) {
          addPlace(question, count, place, -1, (p) => serviceAt(state, question, place, p));
          addPlace(question, count, place, 1, (p) => serviceAfter(change, question, place, p));
          break;
        }
      }
    }
    return count;
  }

  #set(cell: number, coordinate: Coordinate, value: number): void {
    const { state } = this.#request;
    const { azimuthDeg, tiltDeg, powerDb } = state.settings;
    this.#addPlacesOf(cell, -1);
    state.setCell(
      cell,
      coordinate === 'azimuthDeg' ? value : azimuthDeg[cell]!,
      coordinate === 'tiltDeg' ? value : tiltDeg[cell]!,
      coordinate === 'powerDb' ? value : powerDb[cell]!,
    );
    this.#addPlacesOf(cell, 1);
  }

  #addPlacesOf(cell: number, sign: 1 | -1): void {
    const { state, question } = this.#request;
    for (let k = state.cellEntryStart[cell]!; k < state.cellEntryStart[cell + 1]!; k++) {
      const place = state.placeOfEntry[state.cellEntry[k]!]!;
      addPlace(question, this.count, place, sign, (period) => serviceAt(state, question, place, period));
    }
  }
}

function around(initial: number, below: number, above: number, step: number): number[] {
  const values = [initial];
  for (let k = 1; k * step <= Math.max(below, above) + 1e-9; k++) {
    if (k * step <= below + 1e-9) values.push(initial - k * step);
    if (k * step <= above + 1e-9) values.push(initial + k * step);
  }
  return values;
}

function restore(state: SignalState, { azimuthDeg, tiltDeg, powerDb }: CellSettings): void {
  for (let cell = 0; cell < state.cells.count; cell++) {
    const isSame =
      state.settings.azimuthDeg[cell] === azimuthDeg[cell] &&
      state.settings.tiltDeg[cell] === tiltDeg[cell] &&
      state.settings.powerDb[cell] === powerDb[cell];
    if (!isSame) state.setCell(cell, azimuthDeg[cell]!, tiltDeg[cell]!, powerDb[cell]!);
  }
}

function copyCount({ signalMilli, sinrMilli, targetMilli }: ServiceCount): ServiceCount {
  return {
    signalMilli: signalMilli.slice(),
    sinrMilli: sinrMilli.slice(),
    targetMilli: targetMilli.slice(),
  };
}

function totalOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
