import { parseQuarter } from '../assess/quarter.ts';
import type { HistoryResult } from '../history.ts';
import { formatValue, indicatorName } from './assess-actions.ts';
import { percent } from './assess-answer.ts';
import { htmlTable } from './assess-page.ts';
import { ASSESS_STYLE } from './assess-style.ts';
import type { AssessmentJson } from './assess-schema.ts';
import type { TextRow } from './assess-tables.ts';
import { trendChart } from './assess-trend.ts';
import { escapeHtml } from './escape.ts';
import { groupThousands } from './numbers.ts';
import { pageAssets } from './page-assets.ts';
import { htmlDocument } from './page-html.ts';
import { ASSESS_WORDS } from './words/assess-words.ts';
import type { Language } from './words/words.ts';
import { fill, LANGUAGES, whoWords, WORDS } from './words/words.ts';

/** One line of the history: a value per quarter, null = no data. */
export interface HistorySeries {
  readonly id: string;
  readonly kind: 'target' | 'weak-users' | 'indicator';
  readonly name: string;
  readonly unit: string;
  readonly target: number | null;
  readonly direction: 'up' | 'down';
  readonly values: readonly (number | null)[];
}

/** Every series of the quarters: targets, users in weak areas, indicators. Shares are in percent. */
export function historySeries({ assessments }: HistoryResult, language: Language): HistorySeries[] {
  const words = ASSESS_WORDS[language];
  const targets = new Map<string, HistorySeries>();
  const indicators = new Map<string, HistorySeries>();
  for (const assessment of assessments) {
    for (const target of assessment.targets) {
      const { period, required } = target;
      const id = scopeOf(target);
      if (targets.has(id)) continue;
      const values = assessments.map((one) => shareOf(one, id));
      const region =
        target.service === undefined ? (target.region ?? words.allUsers) : whoWords(WORDS[language], target);
      const name = fill(words.historyTarget, { region, period });
      targets.set(id, {
        id,
        kind: 'target',
        name,
        unit: '%',
        target: 100 * required,
        direction: 'up',
        values,
      });
    }
    for (const { id, name, unit, target, direction } of assessment.scorecard.indicators) {
      if (indicators.has(id)) continue;
      const values = assessments.map(
        (one) => one.scorecard.indicators.find((indicator) => indicator.id === id)?.value ?? null,
      );
      const own = indicatorName({ id, name }, language);
      indicators.set(id, { id, kind: 'indicator', name: own, unit, target, direction, values });
    }
  }
  const weak: HistorySeries = {
    id: 'weak-users',
    kind: 'weak-users',
    name: words.weakUsers,
    unit: '',
    target: null,
    direction: 'down',
    values: assessments.map(weakUsers),
  };
  return [...targets.values(), weak, ...indicators.values()];
}

function scopeOf({ region, service, period, required }: AssessmentJson['targets'][number]): string {
  return JSON.stringify([region, ...(service === undefined ? [] : [service]), period, required]);
}

function shareOf(assessment: AssessmentJson, scope: string): number | null {
  if (assessment.status === 'no-data') return null;
  const target = assessment.targets.find((one) => scopeOf(one) === scope);
  const share = target?.servedShare ?? null;
  return share === null ? null : 100 * share;
}

function weakUsers(assessment: AssessmentJson): number | null {
  if (assessment.status === 'no-data') return null;
  const byPeriod = new Map<string, number>();
  for (const { period, users } of assessment.weakAreas) {
    byPeriod.set(period, (byPeriod.get(period) ?? 0) + users);
  }
  return Math.max(0, ...byPeriod.values());
}

/** `history.html`: the series of all quarters as lines and as a table, in both languages. */
export async function historyPage(result: HistoryResult, language: Language): Promise<string> {
  const { script, style } = await pageAssets('assess');
  const bodies = LANGUAGES.map(
    (own) =>
      `<main class="assess" lang="${ASSESS_WORDS[own].locale}" data-language="${own}"${own === language ? '' : ' hidden'}>${body(result, own)}</main>`,
  );
  return htmlDocument({
    language,
    title: `${result.assessments[0]?.name ?? ''} – ${ASSESS_WORDS[language].history}`,
    body: bodies.join('\n'),
    data: { language },
    script,
    style: style + ASSESS_STYLE,
  });
}

function body(result: HistoryResult, language: Language): string {
  const words = ASSESS_WORDS[language];
  const { assessments } = result;
  const quarters = assessments.map(({ quarter }) => quarter ?? '');
  const series = historySeries(result, language);
  const rows = series.map(({ name, unit, target, direction, values }): TextRow => ({
    cells: [
      name,
      target === null
        ? '–'
        : fill(direction === 'up' ? words.atLeast : words.atMost, { value: formatValue(target, unit) }),
      ...values.map((value) => (value === null ? words.noData : shown(value, unit))),
    ],
    tone: null,
  }));
  const charts = series
    .filter(({ values }) => values.filter((value) => value !== null).length > 1)
    .map((line) =>
      trendChart({
        name: line.name,
        unit: line.unit,
        target: line.target,
        points: line.values.flatMap((value, k) =>
          value === null ? [] : [{ quarter: parseQuarter(quarters[k]!) ?? 0, value }],
        ),
      }),
    );
  const title = answer(result, language);
  return [
    `<div class="top"><span class="name">${words.history}</span><div class="settings"><button type="button" class="switch-language">${words.otherLanguage}</button></div></div>`,
    `<h1 class="answer">${escapeHtml(title)}</h1>`,
    `<section><h2>${words.history}</h2><div class="trends">${charts.join('')}</div></section>`,
    `<section>${htmlTable({
      head: [words.indicator, words.target, ...quarters],
      numeric: [false, false, ...quarters.map(() => true)],
      rows,
    })}</section>`,
  ].join('\n');
}

function answer(result: HistoryResult, language: Language): string {
  const words = ASSESS_WORDS[language];
  const { assessments } = result;
  const worst = (assessment: AssessmentJson | undefined): string => {
    const shares = (assessment?.targets ?? [])
      .filter(({ region }) => region === null)
      .flatMap(({ servedShare }) => servedShare ?? []);
    return shares.length === 0 ? words.noData : percent(Math.min(...shares));
  };
  return (
    fill(words.historyAnswer, {
      name: assessments[0]?.name ?? '',
      first: assessments[0]?.quarter ?? '',
      last: assessments.at(-1)?.quarter ?? '',
      count: assessments.length,
      before: worst(assessments[0]),
      after: worst(assessments.at(-1)),
    }) + words.sentenceEnd
  );
}

function shown(value: number, unit: string): string {
  return unit === '' && value >= 1000 ? groupThousands(String(Math.floor(value))) : formatValue(value, unit);
}
