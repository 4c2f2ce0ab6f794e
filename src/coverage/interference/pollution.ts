import { NO_CELL, type SignalState } from './signal-state.ts';

/** Which places hear too many cells, and which cells are heard too far out. */
export interface PollutionRules {
  /** Cells within this of the best are heard as its equals, dB. */
  readonly withinDb: number;
  /** From this many such cells on, the best among them, a place is polluted. */
  readonly cells: number;
  /** A cell overshoots where it is heard so although this many other masts of its carrier stand nearer. */
  readonly nearerMasts: number;
}

/**
 * 3GPP TS 37.320, Annex A names both without figures. Four cells within 6 dB, as radio planners count pilot pollution; six nearer
 * masts are the first ring of a hexagonal grid.
 */
export const DEFAULT_POLLUTION: PollutionRules = { withinDb: 6, cells: 4, nearerMasts: 6 };

export interface Pollution {
  /** [places] cells of the server's carrier within reach of the best, itself included. */
  readonly equals: Uint16Array;
  /** Per cell: the places where it is heard as the best or its equal from too far out, ascending. */
  readonly overshoots: readonly (readonly number[])[];
}

/** Nearness is judged among the masts a place hears one by one. Places nobody covers are left out. */
export function findPollution(state: SignalState, rules: PollutionRules): Pollution {
  const { links, cells, entryStart, entryCell, entryMw, entryLink } = state;
  const { linkStart, distanceM, mast } = links;
  const { carrierOfCell, cellStart } = cells;
  const factor = 10 ** (-rules.withinDb / 10);
  const equals = new Uint16Array(links.placeCount);
  const overshoots = Array.from({ length: cells.count }, (): number[] => []);
  const carrierOfMast = (index: number): number => carrierOfCell[cellStart[index]!]!;
  for (let place = 0; place < links.placeCount; place++) {
    const best = state.best[place]!;
    if (best === NO_CELL || state.covering[place] === 0) continue;
    const carrier = carrierOfCell[best]!;
    for (let entry = entryStart[place]!; entry < entryStart[place + 1]!; entry++) {
      const cell = entryCell[entry]!;
      if (carrierOfCell[cell] !== carrier || entryMw[entry]! < factor * state.bestMw[place]!) continue;
      equals[place]!++;
      const farM = distanceM[entryLink[entry]!]!;
      let nearer = 0;
      for (let link = linkStart[place]!; link < linkStart[place + 1]!; link++) {
        if (distanceM[link]! < farM && carrierOfMast(mast[link]!) === carrier) nearer++;
      }
      if (nearer >= rules.nearerMasts) overshoots[cell]!.push(place);
    }
  }
  return { equals, overshoots };
}
