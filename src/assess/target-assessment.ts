import { EVIDENCE_UNKNOWN } from '../coverage/types.ts';
import type { Fraction } from '../solve/problem.ts';
import type { Interval } from './share-interval.ts';

/** Users of a period, region and service against today's network; users in thousandths. */
export interface ShareAssessment {
  readonly period: number;
  /** Null = everywhere. */
  readonly region: string | null;
  /** Null = whatever they want. */
  readonly service: string | null;
  readonly totalUsers: number;
  /** Served by the rules of design section 5, unknown users taken as unserved and as served. */
  readonly servedLow: number;
  readonly servedHigh: number;
  /** Users by evidence: measured, predicted, interpolated, unknown. */
  readonly usersByEvidence: readonly [number, number, number, number];
  readonly servedByEvidence: readonly [number, number, number, number];
  /** Of the share of all users (unknown ones as `baseline.unmeasured` says); null = too little is known. */
  readonly interval: Interval | null;
  /** Of the share among the users with evidence. */
  readonly knownInterval: Interval | null;
  /** Wilson's interval over the measured points as if independent: far too narrow, for comparison; null for several services. */
  readonly naiveInterval: Interval | null;
}

/** One target (region x period x service) against today's network. */
export interface TargetAssessment extends ShareAssessment {
  /** Name of the phase that asks for it. */
  readonly phase: string;
  readonly required: Fraction;
  readonly needUsers: number;
  /**
   * The rule's own count reaches the need (unknown users as `baseline.unmeasured` says); never where nothing is known of
   * any of its users.
   */
  readonly met: boolean;
  readonly probabilityMet: number | null;
}

/** True when something is known of the signal of some of its users. */
export function hasEvidence({ usersByEvidence, totalUsers }: ShareAssessment): boolean {
  return usersByEvidence[EVIDENCE_UNKNOWN] < totalUsers;
}

/** The target that asks most of just these users; null where none speaks of them. */
export function strictestTarget(
  targets: readonly TargetAssessment[],
  { period, region, service }: ShareAssessment,
): TargetAssessment | null {
  return targets.reduce<TargetAssessment | null>((strictest, target) => {
    const isSame = target.period === period && target.region === region && target.service === service;
    return isSame && target.needUsers > (strictest?.needUsers ?? -1) ? target : strictest;
  }, null);
}
