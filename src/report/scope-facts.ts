import type { EvidenceUsers } from './evidence-users.ts';

/** The users one target speaks of, counted again from the coverage matrix: independent of the solver's own sums. */
export interface ScopeFacts {
  readonly period: number;
  /** Null = all users. */
  readonly region: string | null;
  /** Demand indices; null = all. */
  readonly members: Uint32Array | null;
  readonly totalMilli: number;
  readonly servedTodayMilli: number;
  readonly servedMilli: number;
  /** [sites] users the site of that rank (0-based) adds when sites are built in order. */
  readonly newMilli: Float64Array;
  readonly evidenceToday: EvidenceUsers;
  readonly evidenceAfter: EvidenceUsers;
  /** Users of `servedMilli` served on no evidence at all: `baseline.unmeasured: served`. */
  readonly servedUnknownMilli: number;
  /** Effective samples that stand behind the measured users. */
  readonly samples: number;
}

/** One target of one phase, with what was asked and what came out. */
export interface TargetFacts extends ScopeFacts {
  readonly phase: number;
  /** Null = users of every service. */
  readonly service: string | null;
  /** The phase whose own target this is (targets accumulate). */
  readonly ownPhase: number;
  /** The users are to be covered by this many sites; 1 = to be served. */
  readonly backup: number;
  readonly requiredNumerator: number;
  readonly requiredDenominator: number;
  readonly needMilli: number;
  readonly met: boolean;
  readonly unreachableMilli: number;
}
