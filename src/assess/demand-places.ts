import type { Demand } from '../input/types.ts';

/** Where demand rows stand: rows of several services share a place, and the signal there. */
export interface DemandPlaces {
  readonly count: number;
  /** [count] the first row of each place. */
  readonly firstRow: Uint32Array;
  /** [rows] place of each row; ascending. */
  readonly ofRow: Uint32Array;
}

export function demandPlaces({ count, services }: Pick<Demand, 'count' | 'services'>): DemandPlaces {
  const ofRow = new Uint32Array(count);
  const firstRow = new Uint32Array(count);
  let places = 0;
  for (let row = 0; row < count; row++) {
    // Rows of a point stand one after the other.
    const isSame =
      services !== undefined && row > 0 && services.placeOfRow[row] === services.placeOfRow[row - 1];
    if (!isSame) firstRow[places++] = row;
    ofRow[row] = places - 1;
  }
  return { count: places, firstRow: firstRow.slice(0, places), ofRow };
}
