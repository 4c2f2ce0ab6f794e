import type { Indicator, IndicatorResult, QuarterValue } from './indicator.ts';
import type { CoverageFigures } from './measures.ts';
import { measureQuarter, quartersOf } from './measures.ts';
import type { ServiceTables } from './tables.ts';
import { statusOf, trendLine } from './trend.ts';

export interface ScorecardInput {
  readonly indicators: readonly Indicator[];
  readonly tables: ServiceTables;
  readonly coverage: CoverageFigures;
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
    const covered = coverageValue(indicator, input.coverage);
    if (covered !== null) known.set(quarter, covered);
    const series = [...known]
      .filter(([past]) => past <= quarter)
      .sort(([a], [b]) => a - b)
      .map(([past, value]) => ({ quarter: past, value }));
    const value = known.get(quarter) ?? null;
    const line = trendLine(indicator, series);
    return { indicator, value, status: statusOf(indicator, value, line.forecast, quarter), ...line, series };
  });
}

function coverageValue(indicator: Indicator, coverage: CoverageFigures): number | null {
  if (indicator.measure === 'coverage-worst-period') return coverage.worstPeriodPercent;
  if (indicator.measure === 'coverage-regions') return coverage.worstRegionPercent;
  return null;
}
