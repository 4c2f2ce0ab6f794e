import { quarterName } from '../assess/quarter.ts';
import type { AssessmentResult } from '../assess/result.ts';
import { planSentence } from './assess-actions.ts';
import { assessmentAnswer, whenText } from './assess-answer.ts';
import { changeSentences } from './assess-change.ts';
import { serviceTable } from './assess-services.ts';
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
import { csvField, escapeMarkdown } from './escape.ts';
import { ASSESS_WORDS } from './words/assess-words.ts';

const LISTED = 20;

/** `summary.md`: the answer and the tables, for a mail or a ticket. */
export function assessmentMarkdown(result: AssessmentResult): string {
  const words = ASSESS_WORDS.en;
  const plan = planSentence(result, 'en');
  const weak =
    result.weakAreas.length === 0
      ? result.hasData
        ? words.noWeak
        : words.noData
      : markdownTable(weakAreaTable(result, 'en', LISTED));
  const sections = [
    `# ${escapeMarkdown(result.scenario.name)} ${whenText(result, 'en')}`,
    escapeMarkdown(assessmentAnswer(result, 'en')),
    `## ${words.targets}\n\n${markdownTable(targetTable(result, 'en'))}`,
    serviceSection(result),
    `## ${words.weakAreas}\n\n${weak}`,
    `## ${words.change}\n\n${bullets(changeSentences(result, 'en'))}`,
    feedbackSection(result),
    `## ${words.scorecard}\n\n${result.scorecardNote === '' ? '' : `${escapeMarkdown(result.scorecardNote)}\n\n`}${markdownTable(scorecardTable(result, 'en'))}`,
    result.measureNext.length === 0
      ? ''
      : `## ${words.measureNext}\n\n${markdownTable(measureTable(result, 'en'))}`,
    `## ${words.actions}\n\n${plan === null ? '' : `${escapeMarkdown(plan)}\n\n`}${markdownTable(actionTable(result, 'en', LISTED))}`,
    result.warnings.length === 0 ? '' : `## ${words.warnings}\n\n${bullets(result.warnings)}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function serviceSection(result: AssessmentResult): string {
  if (result.serviceShares.length === 0) return '';
  const words = ASSESS_WORDS.en;
  return `## ${words.serviceShares}\n\n${words.serviceSharesNote}\n\n${markdownTable(serviceTable(result, 'en'))}`;
}

function feedbackSection(result: AssessmentResult): string {
  const { feedback } = result;
  if (feedback === null) return '';
  const words = ASSESS_WORDS.en;
  const sentences = `## ${words.feedback}\n\n${bullets(feedbackSentences(result, 'en'))}`;
  if (feedback.unexplained.length === 0) return sentences;
  return `${sentences}\n\n### ${words.goodSignal}\n\n${markdownTable(complaintTable(result, 'en'))}`;
}

/** `scorecard.csv`: one row per indicator; an empty value is no data. */
export function scorecardCsv(result: AssessmentResult): string {
  const head = [
    'id',
    'name',
    'period',
    'value',
    'unit',
    'direction',
    'target',
    'deadline',
    'status',
    'trend',
    'change_per_quarter',
    'forecast',
    'source',
    'owner',
    'note',
  ];
  const period = result.quarter === null ? '' : quarterName(result.quarter);
  const round = (value: number | null): number | null =>
    value === null ? null : Math.round(value * 1e6) / 1e6;
  const rows = result.scorecard.map(({ indicator, ...line }) => [
    indicator.id,
    indicator.name,
    period,
    round(line.value),
    indicator.unit,
    indicator.direction,
    indicator.target,
    indicator.deadline,
    line.status,
    line.trend,
    round(line.slopePerQuarter),
    round(line.forecast),
    indicator.source,
    indicator.owner,
    indicator.note,
  ]);
  return [head, ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
}

/** The end of a run on a terminal: the answer, the targets, what to do first, where the files are. */
export function assessmentTerminalText(result: AssessmentResult, dir: string): string {
  const targets = targetTable(result, 'en');
  // Not the users by evidence, four columns before the verdict.
  const verdict = targets.head.length - 1;
  const shown = [...targets.head.keys()].filter((column) => column < verdict - 4 || column === verdict);
  const pick = (cells: readonly string[]): string[] => shown.map((column) => cells[column]!);
  const rows = [pick(targets.head), ...targets.rows.slice(0, 12).map(({ cells }) => pick(cells))];
  const width = shown.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(width[column]!))
      .join('  ')
      .trimEnd(),
  );
  const actions = actionTable(result, 'en', 3).rows.map(({ cells }) => `${cells[0]}. ${cells[2]}`);
  return [
    assessmentAnswer(result, 'en'),
    '',
    ...lines,
    '',
    ...changeSentences(result, 'en').slice(0, 1),
    ...missedIndicators(result),
    '',
    ...actions,
    '',
    `Written to ${dir}`,
    '',
  ].join('\n');
}

/** What besides coverage lets the run end with exit code 3. */
function missedIndicators({ scorecard }: AssessmentResult): string[] {
  const missed = scorecard.filter(
    ({ computed, status, indicator }) =>
      computed && status === 'missed' && !indicator.measure.startsWith('coverage-'),
  );
  return missed.length === 0
    ? []
    : [`Indicators missed: ${missed.map(({ indicator }) => indicator.name).join(', ')}.`];
}

function markdownTable({ head, numeric, rows }: TextTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const rule = `| ${numeric.map((right) => (right ? '---:' : '---')).join(' | ')} |`;
  return [line(head), rule, ...rows.map(({ cells }) => line(cells))].join('\n');
}

function bullets(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${escapeMarkdown(sentence)}`).join('\n');
}
