import { EVIDENCE_UNKNOWN } from '../coverage/types.ts';
import type { Fraction } from '../solve/problem.ts';
import type { Interval } from './share-interval.ts';

/** One target (region x period) against today's network; users in thousandths. */
export interface TargetAssessment {
  /** Name of the phase that asks for it. */
  readonly phase: string;
  readonly period: number;
  /** Null = all users. */
  readonly region: string | null;
  readonly required: Fraction;
  readonly needUsers: number;
  readonly totalUsers: number;
  /** Served by the rules of design section 5, unknown users taken as unserved and as served. */
  readonly servedLow: number;
  readonly servedHigh: number;
  /** Users by evidence: measured, predicted, interpolated, unknown. */
  readonly usersByEvidence: readonly [number, number, number, number];
  readonly servedByEvidence: readonly [number, number, number, number];
  /**
   * The rule's own count reaches the need (unknown users as `baseline.unmeasured` says); never where nothing is known of
   * any of its users.
   */
  readonly met: boolean;
  /** Of the share of all users (unknown ones as `baseline.unmeasured` says); null = too little is known. */
  readonly interval: Interval | null;
  /** Of the share among the users with evidence. */
  readonly knownInterval: Interval | null;
  readonly probabilityMet: number | null;
  /** Wilson's interval over the measured points as if independent: far too narrow, for comparison. */
  readonly naiveInterval: Interval | null;
}

/** True when something is known of the signal of some of its users. */
export function hasEvidence({ usersByEvidence, totalUsers }: TargetAssessment): boolean {
  return usersByEvidence[EVIDENCE_UNKNOWN] < totalUsers;
}
