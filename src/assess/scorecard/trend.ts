import { quarterOfDate } from '../quarter.ts';
import type { Indicator, IndicatorStatus, QuarterValue, Trend } from './indicator.ts';
import { meets } from './indicator.ts';

/** A forecast rests on at least this many quarters. */
const MIN_QUARTERS = 3;
/** A slope below this part of the target per quarter is no trend. */
const STEADY_PART = 0.005;

export interface TrendLine {
  readonly trend: Trend | null;
  readonly slopePerQuarter: number | null;
  readonly forecast: number | null;
}

export const NO_TREND: TrendLine = { trend: null, slopePerQuarter: null, forecast: null };

/**
 * Theil-Sen line through a series (median of the pairwise slopes, median intercept; Sen 1968): one odd quarter does
 * not turn it. The forecast is its value in the quarter of the deadline, kept within 0..100 for percentages of a whole.
 */
export function trendLine(
  indicator: Pick<Indicator, 'direction' | 'target' | 'unit' | 'deadline' | 'measure'>,
  series: readonly QuarterValue[],
): TrendLine {
  const slopes: number[] = [];
  for (const [k, first] of series.entries()) {
    for (const second of series.slice(k + 1)) {
      slopes.push((second.value - first.value) / (second.quarter - first.quarter));
    }
  }
  if (slopes.length === 0) return NO_TREND;
  const slope = median(slopes);
  const gain = indicator.direction === 'up' ? slope : -slope;
  const still = STEADY_PART * Math.abs(indicator.target);
  const trend = gain > still ? 'improving' : gain < -still ? 'worsening' : 'steady';
  const due = indicator.deadline === null ? null : quarterOfDate(indicator.deadline);
  if (due === null || series.length < MIN_QUARTERS) return { trend, slopePerQuarter: slope, forecast: null };
  const intercept = median(series.map(({ quarter, value }) => value - slope * quarter));
  const raw = intercept + slope * due;
  const isShare = indicator.unit === '%' && indicator.measure !== 'satisfaction-change';
  const forecast = isShare
    ? Math.min(100, Math.max(0, raw))
    : indicator.unit === 's'
      ? Math.max(0, raw)
      : raw;
  return { trend, slopePerQuarter: slope, forecast };
}

/**
 * Met: holds and, where a forecast exists, is expected to hold at the deadline. At risk: holds without that
 * expectation, or does not hold while the deadline lies ahead. Missed: does not hold and is due.
 */
export function statusOf(
  indicator: Pick<Indicator, 'direction' | 'target' | 'deadline'>,
  value: number | null,
  forecast: number | null,
  quarter: number,
): IndicatorStatus {
  if (value === null) return 'no-data';
  const due = indicator.deadline === null ? null : quarterOfDate(indicator.deadline);
  const isAhead = due !== null && due > quarter;
  if (!meets(indicator, value)) return isAhead ? 'at-risk' : 'missed';
  return isAhead && forecast !== null && !meets(indicator, forecast) ? 'at-risk' : 'met';
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
