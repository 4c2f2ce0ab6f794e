import { quarterName } from '../assess/quarter.ts';
import type { IndicatorResult } from '../assess/scorecard/indicator.ts';
import { formatValue, indicatorName } from './assess-actions.ts';
import { escapeHtml } from './escape.ts';
import type { Language } from './words/words.ts';

const WIDTH = 300;
const HEIGHT = 120;
const LEFT = 8;
const RIGHT = 8;
const TOP = 14;
const BOTTOM = 22;

/** An indicator over the quarters: its line, the target as a rule, the latest value named. */
export function seriesChart({ indicator, series }: IndicatorResult, language: Language): string {
  const values = [...series.map(({ value }) => value), indicator.target];
  const least = Math.min(...values);
  const most = Math.max(...values);
  const span = most - least || 1;
  const first = series[0]!.quarter;
  const last = series.at(-1)!.quarter;
  const x = (quarter: number): number =>
    LEFT + ((quarter - first) / Math.max(1, last - first)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => HEIGHT - BOTTOM - ((value - least) / span) * (HEIGHT - TOP - BOTTOM);
  const points = series.map(({ quarter, value }) => `${x(quarter).toFixed(1)} ${y(value).toFixed(1)}`);
  const name = escapeHtml(indicatorName(indicator, language));
  const latest = series.at(-1)!;
  const target = y(indicator.target).toFixed(1);
  const dots = points.map((point) => {
    const [px, py] = point.split(' ');
    return `<circle class="here-dot" cx="${px}" cy="${py}" r="3"/>`;
  });
  const text = series.map(
    ({ quarter, value }) => `${quarterName(quarter)}: ${formatValue(value, indicator.unit)}`,
  );
  return `<figure class="panel"><figcaption>${name}</figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${name}. ${escapeHtml(text.join(', '))}"><path class="rule" d="M${LEFT} ${target}H${WIDTH - RIGHT}"/><path class="line chosen" d="M${points.join('L')}"/>${dots.join('')}<text class="tick" x="${LEFT}" y="${HEIGHT - 6}">${quarterName(first)}</text><text class="tick" x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">${quarterName(last)}: ${escapeHtml(formatValue(latest.value, indicator.unit))}</text></svg></figure>`;
}
