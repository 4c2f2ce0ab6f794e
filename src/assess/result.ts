import { EVIDENCE_UNKNOWN, type Baseline } from '../coverage/types.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { Demand, InputFileSummary, RegionTable } from '../input/types.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import type { Fraction } from '../solve/problem.ts';
import type { Action } from './actions.ts';
import type { Cause } from './causes.ts';
import type { Comparison, ComparisonState } from './comparison.ts';
import type { FeedbackFindings } from './feedback.ts';
import type { IndicatorResult } from './scorecard/indicator.ts';
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

/** The median level as published; null where there is none or it is withheld. */
export function publishedMedianDbm({ medianDbm, levelWithheld }: WeakArea): number | null {
  return levelWithheld || Number.isNaN(medianDbm) ? null : medianDbm;
}

/** True when something is known of the signal of some of its users. */
export function hasEvidence({ usersByEvidence, totalUsers }: TargetAssessment): boolean {
  return usersByEvidence[EVIDENCE_UNKNOWN] < totalUsers;
}

export type Severity = 'weak' | 'hole';

/** Unserved users with evidence that stand together, in one period. */
export interface WeakArea {
  /** `W1`, most users first. */
  readonly id: string;
  readonly period: number;
  /** Hole: for most of its users even the median level is under the threshold. */
  readonly severity: Severity;
  readonly usersMilli: number;
  /** Indices of its demand cells. */
  readonly cells: readonly number[];
  /** Squares of the UTM zone's grid of side `sideM`. */
  readonly columns: readonly number[];
  readonly rows: readonly number[];
  readonly sideM: number;
  /** NaN = out of reach of every known site. Not for publication where `levelWithheld`. */
  readonly medianDbm: number;
  /** Measured, but at no place by as many samples as `measurements.privacyK` asks for. */
  readonly levelWithheld: boolean;
  readonly measuredUsersMilli: number;
  readonly region: string | null;
  readonly causes: readonly Cause[];
  readonly reports: number;
}

/** Where the next drive test would tell most. */
export interface MeasureArea {
  /** `M1`, best first. */
  readonly id: string;
  readonly column: number;
  readonly row: number;
  readonly sideM: number;
  /** Users whose service is not measured, in the period looked at. */
  readonly usersMilli: number;
  readonly unknownUsersMilli: number;
  /** Part of the variance of the served users that goes, after the areas before it. */
  readonly reduction: number;
  readonly cells: readonly number[];
}

/** Everything an assessment found: data only. `report/assess-*` turns it into files. */
export interface AssessmentResult {
  readonly scenario: Scenario;
  /** Quarter number (year x 4 + 0..3); null = measurements without time and none named. */
  readonly quarter: number | null;
  readonly inputs: readonly InputFileSummary[];
  readonly warnings: readonly string[];
  readonly demand: Demand;
  readonly regions: RegionTable | null;
  readonly baseline: Baseline;
  readonly confidence: number;
  readonly samples: number;
  readonly bins: number;
  readonly targets: readonly TargetAssessment[];
  readonly weakAreas: readonly WeakArea[];
  readonly measureNext: readonly MeasureArea[];
  /** Period the measurement plan looks at: the one with the least share. */
  readonly measurePeriod: number;
  readonly feedback: FeedbackFindings | null;
  readonly scorecard: readonly IndicatorResult[];
  readonly scorecardNote: string;
  readonly comparison: Comparison | null;
  readonly actions: readonly Action[];
  readonly plan: PlanResult | null;
  /** What the next assessment compares with: for the owner only. */
  readonly state: ComparisonState;
  /** Every coverage target is met, and something is known. */
  readonly met: boolean;
  /** So is every indicator that was computed from a table and is due: what the exit code says. */
  readonly computedMet: boolean;
  readonly hasData: boolean;
}
