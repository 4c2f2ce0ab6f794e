import { worstFirst, isMet, type EvaluatedPhase, type WorstPeriod } from '../planning/count-evaluation.ts';
import type { PlanEvaluation } from '../planning/evaluate-plan.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import { escapeMarkdown } from './escape.ts';
import { isBySignalAlone, missedRows } from './evaluation-record.ts';
import { markdownTable } from './markdown-table.ts';
import { formatRequired, formatUsers, groupThousands, percentDown } from './numbers.ts';
import { fill, requiredWords, whoWords, type Words, WORDS } from './words/words.ts';

/** Periods listed in summary.md before it points to the report. */
const MAX_ROWS = 12;

/**
 * What the evaluation found: whether the targets hold everywhere, and the worst place and period; that room was left out,
 * where sites have little.
 */
export function evaluationSentence(result: PlanResult, words: Words): string {
  const sentence = foundSentence(result.evaluation!, words);
  return isBySignalAlone(result) ? `${sentence}${words.sentenceJoin}${words.evaluationNoRoom}` : sentence;
}

function foundSentence({ demand, phases }: PlanEvaluation, words: Words): string {
  const last = phases.at(-1)!;
  const { scope, row } = worstFirst(last)[0]!;
  const periods = demand.periods.length;
  const values = {
    periods,
    who: whoWords(words, scope),
    period: demand.periods[row.period]!,
    share: percentDown(row.servedMilli, row.totalMilli),
  };
  if (row.required === null) return fill(words.evaluationWorst, values);
  const missed = missedRows(last);
  const all = rowsWithTarget(last);
  const { numerator, denominator } = row.required;
  const required = requiredWords(words, formatRequired(numerator, denominator), scope.backup);
  return fill(missed === 0 ? words.evaluationMet : words.evaluationMissed, {
    ...values,
    required,
    missed,
    all,
  });
}

/** The same in few words, for a terminal. */
export function evaluationLine(result: PlanResult): string {
  const { demand, phases } = result.evaluation!;
  const last = phases.at(-1)!;
  const { scope, row } = worstFirst(last)[0]!;
  const share = percentDown(row.servedMilli, row.totalMilli);
  const where = `${whoWords(WORDS.en, scope)}, ${demand.periods[row.period]!}`;
  const how = isBySignalAlone(result) ? ' by signal, without room' : '';
  const evaluated = `${demand.periods.length} periods evaluated${how}`;
  if (row.required === null) return `${evaluated}: least ${share} (${where})`;
  const missed = missedRows(last);
  const kept = missed === 0 ? 'every target kept' : `${missed} of ${rowsWithTarget(last)} targets missed`;
  const required = formatRequired(row.required.numerator, row.required.denominator);
  return `${evaluated}: ${kept}, worst ${share} of ${required} (${where})`;
}

function rowsWithTarget({ scopes }: EvaluatedPhase): number {
  return scopes.flatMap(({ periods }) => periods).filter(({ required }) => required !== null).length;
}

/** The part of summary.md; empty where nothing was evaluated. */
export function evaluationSection(result: PlanResult): string {
  const { evaluation } = result;
  if (evaluation === null) return '';
  const worst = worstFirst(evaluation.phases.at(-1)!);
  const header = ['Region', 'Period', 'Required', 'Today', 'Reached', 'With unknown users', 'Users', 'Met'];
  const rows = worst.slice(0, MAX_ROWS).map((own) => evaluatedRow(evaluation, own));
  const left = worst.length - rows.length;
  const more = left > 0 ? `\n\n${groupThousands(String(left))} more in report.json.` : '';
  const phases = earlierPhases(evaluation);
  return [
    '## On further periods',
    `${escapeMarkdown(evaluationSentence(result, WORDS.en))}${phases}`,
    `${markdownTable(header, rows)}${more}`,
  ].join('\n\n');
}

function evaluatedRow({ demand }: PlanEvaluation, { scope, row }: WorstPeriod): string[] {
  const { required, totalMilli, servedTodayMilli, servedMilli, servedUnknownMilli, unknownMilli } = row;
  const asked = required === null ? null : formatRequired(required.numerator, required.denominator);
  const met = isMet(row);
  return [
    escapeMarkdown(whoWords(WORDS.en, scope)),
    escapeMarkdown(demand.periods[row.period]!),
    asked === null ? '–' : requiredWords(WORDS.en, asked, scope.backup),
    percentDown(servedTodayMilli, totalMilli),
    percentDown(servedMilli, totalMilli),
    percentDown(servedMilli - servedUnknownMilli + unknownMilli, totalMilli),
    formatUsers(totalMilli),
    met === null ? '–' : met ? 'yes' : '**no**',
  ];
}

/** What the networks at the end of earlier phases miss of their own targets. */
function earlierPhases({ phases }: PlanEvaluation): string {
  return phases
    .slice(0, -1)
    .map((phase) => {
      const missed = missedRows(phase);
      const name = escapeMarkdown(phase.name ?? '');
      const what =
        missed === 0 ? 'all of its targets' : `all but ${missed} of its ${rowsWithTarget(phase)} targets`;
      return ` At the end of phase ${name} ${what} hold in these periods.`;
    })
    .join('');
}
