import type { PageLines } from './page-lines-types.ts';
import type { PageLoads, PageSinr } from './page-load-types.ts';
import type { PageEvaluation } from './page-evaluation-types.ts';
import type { ReasonData } from './reason.ts';
import type { Language } from './words/words.ts';

/** Integers as zigzag LEB128 bytes in base64 (`packed-integers.ts`). */
export type Packed = string;

export interface PageScope {
  readonly period: number;
  readonly region: string | null;
  readonly totalMilli: number;
  readonly todayMilli: number;
  /** Users each rank adds. */
  readonly newMilli: Packed;
}

export interface PageTarget extends PageScope {
  /** Null = users of every service. */
  readonly service: string | null;
  /** Index of the phase whose own target it is. */
  readonly phase: number;
  readonly required: string;
  readonly requiredShare: number;
  /** The users are to be covered by this many sites; 1 = to be served. */
  readonly backup: number;
  readonly needMilli: number;
  /** Evidence of the finished plan, users in thousandths: measured, predicted, interpolated, unknown. */
  readonly evidence: readonly number[];
}

export interface PageSite {
  readonly id: string;
  readonly lon: number;
  readonly lat: number;
  readonly phase: number;
  readonly cost: number;
  readonly configuration: number;
  readonly newMilli: readonly number[];
  readonly aloneMilli: readonly number[];
  readonly region: string | null;
  readonly reason: ReasonData;
}

/**
 * Demand as drawn. Cells alike in place (a grid square when `merged`), first server, state and evidence are one
 * record, so sums over records are exact.
 */
export interface PageCells {
  readonly count: number;
  /** True when records stand for several demand cells. */
  readonly merged: boolean;
  /** True when the demand is bare points: drawn as squares whose area is the users. */
  readonly points: boolean;
  /** Degrees x 1e5, differences. */
  readonly lon: Packed;
  readonly lat: Packed;
  /** Side of the square drawn, metres: one value, or one a record. */
  readonly sideM: number | Packed;
  /** Demand cells behind a record; null = 1 each. */
  readonly cells: Packed | null;
  /** 1-based rank of the first chosen site that covers; 0 = none. */
  readonly rank: Packed;
  /** Index into `regionNames` + 1; 0 = none. */
  readonly region: Packed;
  /** Per period. */
  readonly usersMilli: readonly Packed[];
  /** Per period 4 x served today + evidence class. */
  readonly state: readonly Packed[];
  /** Per period users who are covered and have no room in the finished plan; null where nobody had to be assigned. */
  readonly noRoomMilli: readonly Packed[] | null;
  /** Per period step of SINR (`sinr-steps.ts`) in the finished plan; null where the scenario does not ask. */
  readonly sinr: readonly Packed[] | null;
  /** Where there are several services: which one a record wants, and its point; records of one point stand together. */
  readonly services: null | { readonly ofRecord: Packed; readonly pointOfRecord: Packed };
}

/** Users of one service in the finished plan. Arrays are per period. */
export interface PageService {
  readonly name: string;
  readonly rsrpDbm: number;
  readonly scopes: readonly PageScope[];
  /** Traffic is null where the scenario states none. */
  readonly loads: readonly {
    readonly offeredMbps: number | null;
    readonly carriedMbps: number;
    readonly noRoomMbps: number;
    readonly noSignalMbps: number;
    readonly noRoomMilli: number;
    readonly noSignalMilli: number;
  }[];
}

export interface PageGap {
  readonly lon: number;
  readonly lat: number;
  readonly region: string | null;
  readonly usersMilli: readonly number[];
  /** By service and period; null where there is one service. */
  readonly serviceMilli: readonly (readonly number[])[] | null;
  readonly polygons: readonly (readonly (readonly (readonly number[])[])[])[];
}

/** Everything `report.html` shows, as JSON inside the page. */
export interface PageData {
  readonly language: Language;
  readonly name: string;
  readonly version: string;
  /** Tiles under the map; null = the page loads nothing. */
  readonly background: null | { readonly tileUrl: string; readonly attribution: string };
  readonly answer: Readonly<Record<Language, readonly string[]>>;
  readonly status: string;
  readonly feasible: boolean;
  readonly stoppedBy: string;
  readonly unitCosts: boolean;
  readonly cost: number;
  readonly lowerBound: number;
  readonly gap: number;
  readonly budget: null | {
    readonly coveredMilli: number;
    readonly upperBoundMilli: number;
    readonly gap: number;
    readonly objective: string;
  };
  readonly unmeasured: string;
  readonly periods: readonly string[];
  /** All users, one scope a period. */
  readonly scopes: readonly PageScope[];
  readonly targets: readonly PageTarget[];
  /** Null where the scenario has one service. */
  readonly services: readonly PageService[] | null;
  readonly phases: readonly {
    readonly name: string;
    readonly sites: number;
    readonly cost: number;
    readonly lowerBound: number;
    readonly gap: number;
    readonly nestedLowerBound: number;
    readonly nestedGap: number;
    readonly status: string;
  }[];
  readonly sites: readonly PageSite[];
  readonly cells: PageCells;
  /** Null where nobody had to be assigned. */
  readonly loads: PageLoads | null;
  /** Null where the scenario does not ask. */
  readonly sinr: PageSinr | null;
  /** Null where no lines are named. */
  readonly lines: PageLines | null;
  /** Null where nothing was evaluated. */
  readonly evaluation: PageEvaluation | null;
  /** Null where only the cost of a site is stated. */
  readonly costs: null | {
    readonly cost: number;
    readonly parts: Readonly<Record<'site' | 'configuration' | 'tower' | 'backhaul' | 'yearly', number>>;
    readonly years: number;
    readonly discountRate: number;
  };
  readonly mix: readonly {
    readonly configuration: string;
    readonly sites: number;
    readonly upgrades: number;
  }[];
  /** Points with users. */
  readonly demandCount: number;
  readonly candidateCount: number;
  readonly regionNames: readonly string[];
  readonly regions: readonly {
    readonly name: string;
    readonly polygons: readonly (readonly (readonly (readonly number[])[])[])[];
  }[];
  readonly existing: { readonly lon: Packed; readonly lat: Packed; readonly ids: readonly string[] };
  readonly bins: null | {
    readonly lon: Packed;
    readonly lat: Packed;
    /** dBm x 10. */
    readonly meanDbm: Packed;
    readonly samples: Packed;
    readonly binM: number;
    readonly withheld: number;
  };
  readonly gaps: readonly PageGap[];
  readonly configurations: readonly {
    readonly id: string;
    readonly technology: string;
    readonly frequencyMhz: number;
    readonly eirpDbm: number;
    readonly heightM: number;
    readonly azimuthsDeg: readonly number[];
    readonly tiltDeg: number;
    readonly reachM: number;
    readonly linkBudget: {
      readonly downlinkMaxLossDb: number;
      readonly uplinkMaxLossDb: number | null;
      readonly weaker: 'downlink' | 'uplink' | null;
      readonly uplinkDecides: boolean;
      readonly shadowMarginDb: number;
    };
  }[];
  readonly thresholdDbm: number;
  readonly locationProbability: number;
  /** Indoor, vehicle and body loss together. */
  readonly userLossDb: number;
  readonly model: {
    readonly name: string;
    readonly calibrated: boolean;
    readonly sigmaDb: number;
    readonly parameters: Readonly<Record<string, number | string>>;
    readonly errors: null | { readonly samples: number; readonly biasDb: number; readonly rmseDb: number };
    readonly links: number;
    readonly linksOutsideValidity: number;
    readonly linksHeldAtFreeSpace: number;
    readonly linkWarnings: readonly {
      readonly model: string;
      readonly parameter: string;
      readonly value: number | null;
      readonly min: number;
      readonly max: number;
      readonly links: number;
    }[];
    /** Links today's network is predicted by, one a place; null where no site is known. */
    readonly existing: null | {
      readonly links: number;
      readonly linksOutsideValidity: number;
      readonly linksHeldAtFreeSpace: number;
    };
    /** Measured against predicted level, dBm; absent when not calibrated. */
    readonly scatter: null | readonly (readonly [number, number])[];
  };
  /** Per period: users in thousandths by evidence class, today and planned; effective samples. */
  readonly evidence: readonly {
    readonly today: readonly number[];
    readonly after: readonly number[];
    readonly samples: number;
  }[];
  readonly samplesUsed: number;
  readonly samplesFromAnotherPeriod: number;
  readonly sensitivity: readonly {
    readonly offsetDb: number;
    readonly sites: number | null;
    readonly cost: number | null;
  }[];
  readonly trace: readonly {
    readonly phase: string;
    readonly round: number;
    readonly work: number;
    readonly incumbent: number | null;
    readonly lowerBound: number;
    readonly gap: number | null;
    readonly foundBy: string;
  }[];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  readonly inputs: readonly {
    readonly role: string;
    readonly file: string;
    readonly sha256: string;
    readonly dialect: string;
    readonly featuresRead: number;
    readonly setAside: Readonly<Record<string, number>>;
    readonly identifiersDropped: Readonly<Record<string, number>>;
  }[];
}
