import { describe, expect, it } from 'vitest';
import { parseQuarter } from '../../../src/assess/quarter.ts';
import { statusOf, trendLine } from '../../../src/assess/scorecard/trend.ts';

const from = parseQuarter('2025-Q1')!;
const series = (...values: number[]) => values.map((value, k) => ({ quarter: from + k, value }));
const share = { direction: 'up', target: 95, unit: '%', deadline: '2026-03-31', measure: 'given' } as const;

describe('trendLine', () => {
  it('forecasts the quarter of the deadline along the median slope', () => {
    // 90, 91, 92, 93: one point a quarter, 2026-Q1 is the fifth quarter: 94.
    expect(trendLine(share, series(90, 91, 92, 93))).toEqual({
      trend: 'improving',
      slopePerQuarter: 1,
      forecast: 94,
    });
  });

  it('is not turned by one odd quarter', () => {
    // Slopes of 90, 91, 40, 93: 1, -25, 1, -51, 1, 53; the median of six is (1 + 1) / 2.
    expect(trendLine(share, series(90, 91, 40, 93)).slopePerQuarter).toBe(1);
  });

  it('calls a rise worsening where less is better, and a slope under half a percent of the target steady', () => {
    expect(trendLine({ ...share, direction: 'down' }, series(90, 92)).trend).toBe('worsening');
    expect(trendLine(share, series(90, 90.4)).trend).toBe('steady');
  });

  it('keeps a share within 0..100 and forecasts nothing from two quarters', () => {
    expect(trendLine(share, series(90, 95, 100)).forecast).toBe(100);
    expect(trendLine(share, series(90, 95)).forecast).toBeNull();
    expect(trendLine(share, series(90)).trend).toBeNull();
  });
});

describe('statusOf', () => {
  const now = parseQuarter('2025-Q4')!;
  it.each([
    ['holds and is expected to', 96, 97, 'met'],
    ['holds without a forecast', 96, null, 'met'],
    ['holds but is expected to fail', 96, 94, 'at-risk'],
    ['does not hold yet, time is left', 94, 96, 'at-risk'],
    ['is unknown', null, 96, 'no-data'],
  ] as const)('%s', (_, value, forecast, status) => {
    expect(statusOf(share, value, forecast, now)).toBe(status);
  });

  it('is missed in the quarter of the deadline and where no deadline is given', () => {
    expect(statusOf(share, 94, null, parseQuarter('2026-Q1')!)).toBe('missed');
    expect(statusOf({ ...share, deadline: null }, 94, null, now)).toBe('missed');
  });
});
