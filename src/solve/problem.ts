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
  /** Demand indices the target speaks of, ascending; null = all. */
  readonly members: Uint32Array | null;
  readonly share: Fraction;
  /** Users to be served, in the unit of `users`: ceil(share x total), computed exactly; existing service counts. */
  readonly needUsers: number;
  /** All users of the members in the period. */
  readonly totalUsers: number;
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
}
