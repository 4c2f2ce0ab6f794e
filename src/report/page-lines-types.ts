import type { Packed } from './page-data-types.ts';

/** Kilometres of lines served, and the lines as drawn. */
export interface PageLines {
  readonly pieceM: number;
  /** All lines first; lengths in whole millimetres. */
  readonly rows: readonly {
    /** Null = of every group; '' = not stated. */
    readonly group: string | null;
    /** Null = everywhere. */
    readonly region: string | null;
    readonly totalMm: number;
    readonly todayMm: number;
    readonly servedMm: number;
    /** Served, and where nothing is known. */
    readonly highMm: number;
  }[];
  /** Null where there are too many to draw. */
  readonly drawn: null | {
    /** Positions of each stretch. */
    readonly sizes: Packed;
    /** Degrees x 1e5, differences. */
    readonly lon: Packed;
    readonly lat: Packed;
    /** 1-based rank of the first site that covers; 0 = none. */
    readonly rank: Packed;
    /** 1 = served today. */
    readonly today: Packed;
  };
}
