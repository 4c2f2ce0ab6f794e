import { quarterName } from '../assess/quarter.ts';
import type { IndicatorResult, QuarterValue } from '../assess/scorecard/indicator.ts';
import { formatValue, indicatorName } from './assess-actions.ts';
import { escapeHtml } from './escape.ts';
import type { Language } from './words/words.ts';

const WIDTH = 300;
const HEIGHT = 120;
const LEFT = 8;
const RIGHT = 8;
const TOP = 14;
const BOTTOM = 22;

export interface TrendChart {
  readonly name: string;
  readonly unit: string;
  readonly target: number | null;
  /** Oldest first, at least one. */
  readonly points: readonly QuarterValue[];
}

/** An indicator over the quarters. */
export function seriesChart({ indicator, series }: IndicatorResult, language: Language): string {
  return trendChart({
    name: indicatorName(indicator, language),
    unit: indicator.unit,
    target: indicator.target,
    points: series,
  });
}

/** A line over the quarters, the target as a rule, the latest value named. */
export function trendChart({ name, unit, target, points }: TrendChart): string {
  const values = [...points.map(({ value }) => value), ...(target === null ? [] : [target])];
  const least = Math.min(...values);
  const span = Math.max(...values) - least || 1;
  const first = points[0]!.quarter;
  const latest = points.at(-1)!;
  const x = (quarter: number): string =>
    (LEFT + ((quarter - first) / Math.max(1, latest.quarter - first)) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const y = (value: number): string =>
    (HEIGHT - BOTTOM - ((value - least) / span) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  const line = points.map(({ quarter, value }) => `${x(quarter)} ${y(value)}`).join('L');
  const dots = points.map(
    ({ quarter, value }) => `<circle class="here-dot" cx="${x(quarter)}" cy="${y(value)}" r="3"/>`,
  );
  const rule = target === null ? '' : `<path class="rule" d="M${LEFT} ${y(target)}H${WIDTH - RIGHT}"/>`;
  const text = points.map(({ quarter, value }) => `${quarterName(quarter)}: ${formatValue(value, unit)}`);
  const title = escapeHtml(name);
  return `<figure class="panel"><figcaption>${title}</figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}. ${escapeHtml(text.join(', '))}">${rule}<path class="line chosen" d="M${line}"/>${dots.join('')}<text class="tick" x="${LEFT}" y="${HEIGHT - 6}">${quarterName(first)}</text><text class="tick" x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">${escapeHtml(text.at(-1)!)}</text></svg></figure>`;
}
