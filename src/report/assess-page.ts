import type { AssessmentResult } from '../assess/result.ts';
import { actionText, evidenceText, planSentence } from './assess-actions.ts';
import { answerSentences, percent, servedUsers, whenText, worstTarget } from './assess-answer.ts';
import { assessmentMap } from './assess-map.ts';
import { ASSESS_STYLE } from './assess-style.ts';
import { changeSentences } from './assess-change.ts';
import type { TextTable } from './assess-tables.ts';
import {
  actionTable,
  complaintTable,
  feedbackSentences,
  measureTable,
  scorecardTable,
  targetTable,
  weakAreaTable,
} from './assess-tables.ts';
import { serviceTable } from './assess-services.ts';
import { seriesChart } from './assess-trend.ts';
import { escapeHtml } from './escape.ts';
import { formatPercent, formatUsers, percentDown } from './numbers.ts';
import type { AssessPageData } from './page-assess-types.ts';
import { pageAssets } from './page-assets.ts';
import { htmlDocument } from './page-html.ts';
import { ASSESS_WORDS } from './words/assess-words.ts';
import type { Language } from './words/words.ts';
import { fill, LANGUAGES, whoWords, WORDS } from './words/words.ts';

const LISTED = 30;

/**
 * `assessment.html`: one self-contained page in the style of the plan's page, in both languages. Everything stands in
 * the HTML; the small program only switches period and language, so the page reads and prints without it too.
 */
export async function assessmentPage(result: AssessmentResult, language: Language): Promise<string> {
  const { script, style } = await pageAssets('assess');
  const services = result.scenario.services ?? [];
  const bodies = LANGUAGES.map(
    (own) =>
      `<main class="assess" lang="${ASSESS_WORDS[own].locale}" data-language="${own}"${own === language ? '' : ' hidden'}>${body(result, own)}</main>`,
  );
  return htmlDocument({
    language,
    title: `${result.scenario.name} ${whenText(result, language)} – ${ASSESS_WORDS[language].title}`,
    body: bodies.join('\n'),
    data: {
      language,
      period: String(result.measurePeriod),
      ...(services.length > 0 && { service: firstService(result) }),
      words: { en: mapWords('en'), zh: mapWords('zh') },
    } satisfies AssessPageData,
    script,
    style: style + ASSESS_STYLE,
  });
}

function mapWords(language: Language): NonNullable<AssessPageData['words']>[Language] {
  const { zoomIn, zoomOut, zoomAll, mapKeys } = WORDS[language];
  return { zoomIn, zoomOut, zoomAll, mapKeys };
}

function body(result: AssessmentResult, language: Language): string {
  const words = ASSESS_WORDS[language];
  const good = result.met ? 'good' : 'bad';
  const badge = !result.hasData ? words.noData : result.met ? words.yes : words.no;
  const plan = planSentence(result, language);
  const naive = worstTarget(result)?.naiveInterval ?? null;
  return [
    `<div class="top"><span class="badge ${good}">${badge}</span><span class="name">${escapeHtml(result.scenario.name)} · ${words.title} ${whenText(result, language)}</span>`,
    `<div class="settings"><button type="button" class="switch-language">${words.otherLanguage}</button></div></div>`,
    ...answer(result, language),
    cards(result, language),
    doFirst(result, language),
    section(words.map, mapPart(result, language)),
    section(words.targets, htmlTable(targetTable(result, language))),
    result.serviceShares.length === 0
      ? ''
      : section(
          words.serviceShares,
          `<p class="lead">${words.serviceSharesNote}</p>${htmlTable(serviceTable(result, language))}`,
        ),
    section(
      words.weakAreas,
      result.weakAreas.length === 0
        ? `<p>${result.hasData ? words.noWeak : words.noData}</p>`
        : htmlTable(weakAreaTable(result, language, LISTED)),
    ),
    section(words.change, paragraphs(changeSentences(result, language))),
    feedbackPart(result, language),
    section(
      words.scorecard,
      (result.scorecardNote === '' ? '' : `<p class="lead">${escapeHtml(result.scorecardNote)}</p>`) +
        htmlTable(scorecardTable(result, language)) +
        trends(result, language),
    ),
    section(
      words.actions,
      paragraphs(plan === null ? [] : [plan]) + htmlTable(actionTable(result, language, LISTED)),
    ),
    result.measureNext.length === 0
      ? ''
      : section(words.measureNext, htmlTable(measureTable(result, language))),
    section(
      words.how,
      paragraphs([
        fill(words.howSamples, { samples: result.samples, bins: result.bins }),
        fill(words.howInterval, { confidence: formatPercent(result.confidence, 0) }),
        words.howRule,
        ...(naive === null
          ? []
          : [fill(words.howNaive, { low: percent(naive.low), high: percent(naive.high) })]),
        ...result.warnings,
      ]),
    ),
  ].join('\n');
}

/** The first sentence is the title; how much is known stands under it. */
function answer(result: AssessmentResult, language: Language): string[] {
  const [first = '', ...others] = answerSentences(result, language);
  const rest = others.join(ASSESS_WORDS[language].sentenceGap);
  return [
    `<h1 class="answer">${escapeHtml(first)}</h1>`,
    ...(rest === '' ? [] : [`<p class="lead">${escapeHtml(rest)}</p>`]),
  ];
}

const DO_FIRST = 3;

/** The best actions in short; the whole list stands below. */
function doFirst(result: AssessmentResult, language: Language): string {
  if (result.actions.length === 0) return '';
  const items = result.actions.slice(0, DO_FIRST).map((action) => {
    const evidence = escapeHtml(evidenceText(result, action, language));
    return `<li>${escapeHtml(actionText(result, action, language))} <span class="muted">– ${evidence}</span></li>`;
  });
  return section(ASSESS_WORDS[language].doFirst, `<ol class="first">${items.join('')}</ol>`);
}

function feedbackPart(result: AssessmentResult, language: Language): string {
  const { feedback } = result;
  if (feedback === null) return '';
  const words = ASSESS_WORDS[language];
  const apart =
    feedback.unexplained.length === 0
      ? ''
      : `<h3>${words.goodSignal}</h3>${htmlTable(complaintTable(result, language))}`;
  return section(words.feedback, paragraphs(feedbackSentences(result, language)) + apart);
}

function cards(result: AssessmentResult, language: Language): string {
  const words = ASSESS_WORDS[language];
  const worst = worstTarget(result);
  const weak = result.demand.periods.map((_, period) =>
    result.weakAreas.filter((area) => area.period === period).reduce((sum, area) => sum + area.usersMilli, 0),
  );
  const count = (status: string): number => result.scorecard.filter((line) => line.status === status).length;
  const worstNote =
    worst === null
      ? ''
      : `${worst.service === null ? (worst.region ?? words.allUsers) : whoWords(WORDS[language], worst)}${result.demand.periods.length > 1 ? fill(words.inPeriod, { period: result.demand.periods[worst.period]! }) : ''}`;
  const worstShare =
    worst === null || !result.hasData
      ? words.noData
      : percentDown(servedUsers(result, worst), worst.totalUsers);
  return `<div class="numbers">${[
    card(words.worst, worstShare, worstNote),
    card(
      words.weakCard,
      result.hasData ? formatUsers(Math.max(0, ...weak)) : words.noData,
      fill(result.demand.periods.length > 1 ? words.weakCardNotePeriods : words.weakCardNote, {
        count: result.weakAreas.length,
      }),
    ),
    card(
      words.indicatorsCard,
      `${count('met')} / ${result.scorecard.length}`,
      fill(words.indicatorsCardNote, {
        risk: count('at-risk'),
        missed: count('missed'),
        none: count('no-data'),
      }),
    ),
  ].join('')}</div>`;
}

function card(title: string, value: string, note: string): string {
  return `<div class="number-card"><h2>${title}</h2><p class="value">${value}</p><p class="note">${escapeHtml(note)}</p></div>`;
}

/** The service of which least is known to be served as promised; the first where no target speaks of one. */
function firstService(result: AssessmentResult): string {
  return worstTarget(result)?.service ?? result.scenario.services![0]!.name;
}

function mapPart(result: AssessmentResult, language: Language): string {
  const words = ASSESS_WORDS[language];
  const { periods } = result.demand;
  const services = result.scenario.services?.map(({ name }) => name) ?? [];
  const selects = [
    selectField(
      'period',
      language,
      words.period,
      periods.map((name, period) => [String(period), name]),
    ),
    selectField(
      'service',
      language,
      WORDS[language].service,
      services.map((name) => [name, name]),
    ),
  ].join(' ');
  const legend = [
    ['served', words.legendServed],
    ['open', words.legendOpen],
    ['unknown', words.legendUnknown],
    ['weak', words.legendWeak],
    ['measure', words.legendMeasure],
    ...(result.plan === null ? [] : [['planned', words.legendPlanned] as const]),
  ].map(
    ([name, text]) =>
      `<li><svg viewBox="0 0 18 18" width="18" height="18" aria-hidden="true"><path class="m-${name}" d="M2 2h14v14H2Z"/></svg>${text}</li>`,
  );
  const first = services.length === 0 ? null : firstService(result);
  const maps = periods.flatMap((_, period) =>
    (services.length === 0 ? [null] : services).map((service) => {
      const isFirst = period === result.measurePeriod && service === first;
      const ofService = service === null ? '' : ` data-service="${escapeHtml(service)}"`;
      return `<div class="period-map" data-period="${period}"${ofService}${isFirst ? '' : ' hidden'}>${assessmentMap(result, period, service, language)}</div>`;
    }),
  );
  const fields = selects.trim() === '' ? '' : `<p class="field-inline">${selects.trim()}</p>`;
  return `${fields}<figure class="panel map-panel">${maps.join('')}<figcaption><ul class="legend">${legend.join('')}</ul></figcaption></figure>`;
}

/** A choice of what the map shows; nothing where there is one thing to show. */
function selectField(
  key: 'period' | 'service',
  language: Language,
  label: string,
  options: readonly (readonly [value: string, text: string])[],
): string {
  if (options.length < 2) return '';
  const id = `${key}-${language}`;
  const items = options.map(
    ([value, text]) => `<option value="${escapeHtml(value)}">${escapeHtml(text)}</option>`,
  );
  return `<label for="${id}">${label}</label> <select id="${id}" class="choose-${key}">${items.join('')}</select>`;
}

function trends(result: AssessmentResult, language: Language): string {
  const charts = result.scorecard.filter(({ series }) => series.length > 1);
  if (charts.length === 0) return '';
  return `<div class="trends">${charts.map((line) => seriesChart(line, language)).join('')}</div>`;
}

function section(title: string, content: string): string {
  return `<section><h2>${title}</h2>${content}</section>`;
}

function paragraphs(sentences: readonly string[]): string {
  return sentences.map((sentence) => `<p class="fact">${escapeHtml(sentence)}</p>`).join('');
}

/** A cell of so few letters is not broken into lines. */
const SHORT_TEXT = 28;

export function htmlTable({ head, numeric, rows }: TextTable): string {
  const cell = (tag: string, text: string, column: number): string => {
    const width = text.length <= SHORT_TEXT ? 'short' : 'long';
    const className = numeric[column] === true ? 'number' : width;
    return `<${tag}${tag === 'th' ? ' scope="col"' : ''} class="${className}">${escapeHtml(text)}</${tag}>`;
  };
  const line = (tag: string, cells: readonly string[]): string =>
    cells.map((text, column) => cell(tag, text, column)).join('');
  const bodyRows = rows.map(
    ({ cells, tone }) => `<tr${tone === null ? '' : ` class="tone-${tone}"`}>${line('td', cells)}</tr>`,
  );
  return `<div class="scroll" tabindex="0"><table><thead><tr>${line('th', head)}</tr></thead><tbody>${bodyRows.join('')}</tbody></table></div>`;
}
