/** Load of a site, by period. */
export interface PageSiteLoad {
  readonly id: string;
  readonly existing: boolean;
  readonly unit: 'mbps' | 'users';
  readonly load: readonly number[];
  /** null = no limit. */
  readonly room: readonly (number | null)[];
  readonly turnedAwayMilli: readonly number[];
  /** Mbit/s at the SINR of the plan; null where rooms were stated. */
  readonly roomInPlan: readonly number[] | null;
}

/** Load and room of the finished plan. */
export interface PageLoads {
  readonly periods: readonly {
    readonly offeredMbps: number;
    readonly carriedMbps: number;
    readonly noRoomMbps: number;
    readonly noSignalMbps: number;
    readonly noRoomMilli: number;
    readonly noSignalMilli: number;
  }[];
  readonly sites: readonly PageSiteLoad[];
  readonly signalAlone: null | {
    readonly sites: number;
    readonly cost: number;
    readonly noRoomMilli: readonly number[];
    /** Worst first. */
    readonly overloaded: readonly {
      readonly id: string;
      readonly period: number;
      readonly unit: 'mbps' | 'users';
      readonly load: number;
      readonly room: number;
    }[];
  };
}

/** SINR of the finished plan under load. Users in thousandths. */
export interface PageSinr {
  readonly leastDb: number;
  readonly tuned: boolean;
  /** Ids of sites added and left out for targets on SINR. */
  readonly repair: { readonly added: readonly string[]; readonly removed: readonly string[] } | null;
  readonly periods: readonly {
    readonly usersMilli: number;
    readonly signalMilli: number;
    readonly sinrMilli: number;
    readonly asBuiltMilli: number;
    readonly pollutedMilli: number;
    readonly sinrDb: { readonly p10: number; readonly p50: number; readonly p90: number } | null;
    readonly carriedMbps: number | null;
    readonly blockedMbps: number | null;
  }[];
  readonly overshootCount: number;
  /** Most users first. */
  readonly overshooting: readonly {
    readonly site: string;
    readonly sector: number;
    readonly usersMilli: number;
    readonly overshootMilli: number;
  }[];
  readonly targets: readonly {
    readonly region: string | null;
    readonly service: string | null;
    readonly period: string;
    readonly share: number;
    readonly usersMilli: number;
    readonly needMilli: number;
    readonly beforeMilli: number;
    readonly afterMilli: number;
  }[];
}
