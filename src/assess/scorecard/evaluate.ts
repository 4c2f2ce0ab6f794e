import { quarterOfDate } from '../quarter.ts';
import type { Indicator, IndicatorResult, QuarterValue } from './indicator.ts';
import { meets } from './indicator.ts';
import type { CoverageChange, CoverageFigure, CoverageFigures } from './measures.ts';
import { measureQuarter, quartersOf } from './measures.ts';
import type { ServiceTables } from './tables.ts';
import type { TrendLine } from './trend.ts';
import { NO_TREND, statusOf, trendLine } from './trend.ts';

export interface ScorecardInput {
  readonly indicators: readonly Indicator[];
  readonly tables: ServiceTables;
  readonly coverage: CoverageFigures;
  readonly change: CoverageChange | null;
  /** The quarter assessed. */
  readonly quarter: number;
  /** Series of earlier assessments by indicator id (`--previous`). */
  readonly earlier: ReadonlyMap<string, readonly QuarterValue[]>;
}

/**
 * Every indicator's value, status, trend and forecast. A figure computed here wins over a plain value of the same
 * quarter, and both over what an earlier assessment stated.
 */
export function evaluateScorecard(input: ScorecardInput): IndicatorResult[] {
  const { indicators, tables, quarter } = input;
  const quarters = quartersOf(tables);
  return indicators.map((indicator) => {
    const known = new Map<number, number>();
    for (const earlier of input.earlier.get(indicator.id) ?? []) known.set(earlier.quarter, earlier.value);
    for (const given of indicator.values) known.set(given.quarter, given.value);
    for (const past of [...quarters, quarter]) {
      const value = measureQuarter(indicator, tables, past);
      if (value !== null) known.set(past, value);
    }
    const ofCoverage = coverageFigure(indicator, input.coverage);
    const covered = ofCoverage === undefined ? null : shown(indicator, ofCoverage);
    if (covered !== null) known.set(quarter, covered);
    const series = [...known]
      .filter(([past]) => past <= quarter)
      .sort(([a], [b]) => a - b)
      .map(([past, value]) => ({ quarter: past, value }));
    const value = known.get(quarter) ?? null;
    const line =
      ofCoverage === undefined
        ? ownTrend(indicator, series)
        : coverageTrend(indicator, value, input.change, quarter);
    const computed = covered !== null || measureQuarter(indicator, tables, quarter) !== null;
    return {
      indicator,
      value,
      computed,
      status: statusOf(indicator, value, line.forecast, quarter),
      ...line,
      series,
    };
  });
}

/** Undefined for indicators that do not come from the coverage side. */
function coverageFigure(
  { measure }: Indicator,
  { worstPeriod, worstRegion }: CoverageFigures,
): CoverageFigure | null | undefined {
  if (measure === 'coverage-worst-period') return worstPeriod;
  if (measure === 'coverage-regions') return worstRegion;
  return undefined;
}

/** Days since an event only run until the next one: they have no trend. */
function ownTrend(indicator: Indicator, series: readonly QuarterValue[]): TrendLine {
  return indicator.measure === 'days-since-event' ? NO_TREND : trendLine(indicator, series);
}

/** A least share that reaches the target says nothing while another target's share is not known. */
function shown(indicator: Indicator, figure: CoverageFigure | null): number | null {
  if (figure === null) return null;
  return figure.complete || !meets(indicator, figure.percent) ? figure.percent : null;
}

/**
 * Shares of two quarters with other drives differ because other users were measured, so a coverage indicator takes its
 * trend, and the forecast from today's value, from the bins measured in both quarters; a change within the noise is none.
 */
function coverageTrend(
  { deadline }: Indicator,
  value: number | null,
  change: CoverageChange | null,
  quarter: number,
): TrendLine {
  if (change === null) return NO_TREND;
  const { pointsPerQuarter: slope } = change;
  const due = deadline === null ? null : quarterOfDate(deadline);
  const forecast =
    due === null || value === null
      ? null
      : Math.min(100, Math.max(0, value + slope * Math.max(0, due - quarter)));
  return {
    trend: slope > 0 ? 'improving' : slope < 0 ? 'worsening' : 'steady',
    slopePerQuarter: slope,
    forecast,
  };
}
