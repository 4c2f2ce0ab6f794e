import type { CoverageMatrix } from '../coverage/matrix.ts';

/** A share read from its decimal text: exact, so that a target is tested in integers. */
export interface Fraction {
  readonly numerator: number;
  readonly denominator: number;
}

/** served >= share x all users of `members` in `period` (existing service included). Design section 5. */
export interface Target {
  /** Index into `CoveringProblem.periods`. */
  readonly period: number;
  /** Name for the report; null = all users. */
  readonly region: string | null;
  /** Name for the report; absent = users of every service. */
  readonly service?: string | undefined;
  /** Demand indices the target speaks of, ascending; null = all. */
  readonly members: Uint32Array | null;
  readonly share: Fraction;
  /** Users to be served, in the unit of `users`: ceil(share x total), computed exactly; existing service counts. */
  readonly needUsers: number;
  /** All users of the members in the period. */
  readonly totalUsers: number;
  /** Users count when at least this many sites cover them (today's network is one of them); absent: served by one. */
  readonly backup?: number | undefined;
}

export interface Phase {
  readonly name: string;
  /** This phase's own targets; those of every earlier phase hold too. */
  readonly targets: readonly Target[];
}

/** The dual problem (MCLP): best coverage within a budget; `targets` of the phases are then not asked for. */
export interface Budget {
  readonly sites: number | null;
  readonly cost: number | null;
  readonly objective: 'mean' | 'worst';
}

/** Values of `CoveringProblem.siteStatus`. */
export const SITE_CANDIDATE = 0;
export const SITE_REQUIRED = 1;
export const SITE_FORBIDDEN = 2;

/** Values of `Capacity.counts`: what the room of a site is stated in. */
export const LOAD_TRAFFIC = 0;
export const LOAD_USERS = 1;

/**
 * How much load users make and how much of it sites carry. A user is then served when covered *and* assigned within
 * room; the users of a demand point may be split between sites. Load is counted in whole units: of traffic (1 /
 * `usersScale` bit/s) or of users (units of `users`).
 */
export interface Capacity {
  /** Per period [demandCount] traffic of one unit of users, whole units (bit/s per user). */
  readonly rate: readonly Float64Array[];
  /** [siteCount] LOAD_TRAFFIC or LOAD_USERS. */
  readonly counts: Uint8Array;
  /** Per period [siteCount] most load, whole units; Infinity = no limit. */
  readonly room: readonly Float64Array[];
  /** Sites of today whose room is stated; null = today's network carries whoever it covers. */
  readonly standing: StandingSites | null;
}

/** Today's sites with a stated room. Users served today whom one of them covers need room at one of them or a new site. */
export interface StandingSites {
  readonly ids: readonly string[];
  readonly coverage: CoverageMatrix;
  readonly counts: Uint8Array;
  /** Per period: room left beside the load that is not among the users of the problem. */
  readonly room: readonly Float64Array[];
}

/**
 * A partial set covering problem with several covering requirements (PSCLP): design section 6. Immutable; arrays
 * are on SharedArrayBuffers when it is to be handed to threads. No metres and no decibels here.
 */
export interface CoveringProblem {
  readonly coverage: CoverageMatrix;
  readonly siteIds: readonly string[];
  /** [siteCount] cost > 0. */
  readonly siteCost: Float64Array;
  /** [siteCount] SITE_CANDIDATE, SITE_REQUIRED or SITE_FORBIDDEN. */
  readonly siteStatus: Uint8Array;
  /** [siteCount] at most one site of equal location index is chosen. */
  readonly siteLocation: Uint32Array;
  /** [2 x pairs] two sites that may not both be chosen, smaller index first, pairs sorted. */
  readonly conflicts: Uint32Array;
  readonly periods: readonly string[];
  /** Per period [demandCount] users as exact integers (whole thousandths when they come from a scenario). */
  readonly users: readonly Float64Array[];
  /** How many units of `users` make one user: 1000 for scenarios and mastplan instances. */
  readonly usersScale: number;
  /** Per period [demandCount] 1 where today's network serves (the existing sites act only through this). */
  readonly servedToday: readonly Uint8Array[];
  /** First to last; targets accumulate. Empty when a budget is given. */
  readonly phases: readonly Phase[];
  /** nested: the last phase is solved first and earlier ones take their sites from it. */
  readonly phaseOrder: 'nested' | 'as-built';
  readonly budget: Budget | null;
  /** Absent: sites carry whoever they cover. */
  readonly capacity?: Capacity | undefined;
}
