/** How an indicator's figure comes about; `given` reads plain values from the scorecard file. */
export const MEASURES = [
  'coverage-worst-period',
  'coverage-regions',
  'mean-response-s',
  'self-service-share',
  'answered-within-share',
  'at-ease-share',
  'satisfaction-change',
  'days-since-event',
  'event-done',
  'answered-share',
  'given',
] as const;
export type Measure = (typeof MEASURES)[number];

/** A value of one quarter, as the operator or an earlier assessment states it. */
export interface QuarterValue {
  /** Quarter number (year x 4 + 0..3). */
  readonly quarter: number;
  readonly value: number;
}

/** One line of the scorecard. Shares are in percent. */
export interface Indicator {
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  /** `up`: more is better, the target is a least value; `down`: a greatest value. */
  readonly direction: 'up' | 'down';
  readonly target: number;
  /** ISO date by which the target is to hold; null = now. */
  readonly deadline: string | null;
  readonly measure: Measure;
  /** Which rows of the table count: category of tickets and events, topic of the survey. */
  readonly category: string | null;
  /** For `answered-within-share`. */
  readonly withinHours: number | null;
  readonly source: string;
  readonly owner: string;
  readonly note: string;
  readonly values: readonly QuarterValue[];
}

/** `at-risk`: holds today but is not expected to at the deadline, or does not hold yet while there is time. */
export type IndicatorStatus = 'met' | 'at-risk' | 'missed' | 'no-data';
export type Trend = 'improving' | 'steady' | 'worsening';

export interface IndicatorResult {
  readonly indicator: Indicator;
  /** Null = no data; never a zero in its place. */
  readonly value: number | null;
  /** True when this quarter's value was computed here, not read as it stands. */
  readonly computed: boolean;
  readonly status: IndicatorStatus;
  readonly trend: Trend | null;
  /** Change per quarter behind the trend, in the indicator's unit. */
  readonly slopePerQuarter: number | null;
  /** Expected value at the deadline; null without deadline or with fewer than three quarters. */
  readonly forecast: number | null;
  /** All known quarters up to the one assessed, oldest first. */
  readonly series: readonly QuarterValue[];
}

/** True when a value is as good as the target. */
export function meets(indicator: Pick<Indicator, 'direction' | 'target'>, value: number): boolean {
  return indicator.direction === 'up' ? value >= indicator.target : value <= indicator.target;
}
