import { formatCost, formatBound, formatGap, formatRequired, formatUsersUp, percentDown } from './numbers.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import { answerText, costCountsSites, requiredText } from './answer.ts';
import { evaluationLine } from './evaluation-text.ts';
import { linesLine } from './lines-text.ts';
import type { PlanFacts } from './plan-facts.ts';
import type { TargetFacts } from './scope-facts.ts';
import { isMissed } from '../planning/service-targets.ts';
import { displayWidth, terminalText } from './terminal-text.ts';
import { whoWords, WORDS } from './words/words.ts';

export interface SummaryOptions {
  /** Output folder as the user gave it; null when nothing was written. */
  readonly dir: string | null;
  readonly files: readonly string[];
  /** ANSI colours; the caller looks at NO_COLOR and the terminal. */
  readonly color: boolean;
  readonly columns?: number | undefined;
}

/** Targets shown before the table is cut: the whole summary stays within one screen of 24 lines. */
const MAX_TARGET_ROWS = 9;

/** The closing summary: the sentence, targets (worst first), cost, bound and gap, where the files are. */
export function summaryText(result: PlanResult, facts: PlanFacts, options: SummaryOptions): string {
  const columns = Math.max(40, Math.min(options.columns ?? 80, 110));
  const lines = [
    ...wrap(terminalText(answerText(result, facts, 'en'), 1000), columns).map((line) =>
      bold(line, options.color),
    ),
    '',
    ...targetLines(result, facts, options.color),
    '',
    ...costLines(result),
    ...interferenceLines(result),
    ...evaluationLines(result),
    ...(result.lines === null ? [] : [`  ${linesLine(result.lines)}`]),
    ...fileLines(options),
  ];
  return `${lines.join('\n')}\n`;
}

function targetLines(result: PlanResult, facts: PlanFacts, color: boolean): string[] {
  const targets = [...(facts.targets.at(-1) ?? [])].sort((a, b) => margin(a) - margin(b));
  if (targets.length === 0) {
    return facts.periods.map(
      (period) =>
        `  ${terminalText(result.demand.periods[period.period]!, 30)}: ${percentDown(period.servedTodayMilli, period.totalMilli)} → ${percentDown(period.servedMilli, period.totalMilli)} of users`,
    );
  }
  const shown = targets.slice(0, MAX_TARGET_ROWS);
  const rows = shown.map((target) => [
    terminalText(whoWords(WORDS.en, target), 28),
    terminalText(result.demand.periods[target.period]!, 20),
    requiredText(target, 'en'),
    percentDown(target.servedTodayMilli, target.totalMilli),
    percentDown(target.servedMilli, target.totalMilli),
    target.met ? 'met' : `missed by ${formatUsersUp(target.needMilli - target.servedMilli)} users`,
  ]);
  const table = alignColumns([['target', 'period', 'required', 'today', 'planned', ''], ...rows], [2, 3, 4]);
  const colored = table.map((line, row) => {
    const target = shown[row - 1];
    return `  ${target === undefined || target.met ? line : paint(line, '33', color)}`;
  });
  const rest = targets.length - shown.length;
  if (rest > 0) {
    const missed = targets.slice(MAX_TARGET_ROWS).filter((target) => !target.met).length;
    colored.push(
      `  … and ${rest} more, ${missed === 0 ? 'all met' : `${missed} of them missed`} (report.html)`,
    );
  }
  return colored;
}

function margin(target: TargetFacts): number {
  return target.needMilli === 0 ? Infinity : (target.servedMilli - target.needMilli) / target.needMilli;
}

function costLines(result: PlanResult): string[] {
  const { solution } = result;
  const unit = costCountsSites(result) ? ' sites' : '';
  if (solution.budget !== null) {
    return [
      `  cost ${formatCost(solution.cost)}${unit}, ${solution.sites.length} new sites; proven gap to the best coverage ${formatGap(solution.budget.gap)}`,
    ];
  }
  const rows = solution.phases.map((phase) => [
    terminalText(phase.name, 30),
    String(phase.sites.length),
    formatCost(phase.cost),
    formatBound(phase.lowerBound),
    formatGap(phase.gap),
    phase.status,
  ]);
  const changes = changesLines(result);
  const table = alignColumns([['phase', 'new sites', 'cost', 'bound', 'gap', ''], ...rows], [1, 2, 3, 4]);
  return [...table, ...changes].map((line) => `  ${line}`);
}

function changesLines({ changes }: PlanResult): string[] {
  if (changes === null) return [];
  const { kept, givenUp, changeCost, costWithChanges, lowerBound } = changes;
  const cost = `cost with ${formatCost(changeCost)} per site given up ${formatCost(costWithChanges)}, at least ${formatBound(lowerBound)}`;
  return [
    `${kept.length} sites of the earlier plan kept, ${givenUp.length} given up${changeCost > 0 ? `; ${cost}` : ''}`,
  ];
}

function interferenceLines({ interference, scenario }: PlanResult): string[] {
  if (interference === null) return [];
  const { asBuilt, tuned, targets, repair } = interference;
  const all = (tuned ?? asBuilt).scopes.filter(({ region }) => region === null);
  const worst = all.reduce((low, own) =>
    own.sinrMilli * low.usersMilli < low.sinrMilli * own.usersMilli ? own : low,
  );
  const share = percentDown(worst.sinrMilli, worst.usersMilli);
  const least = scenario.interference?.sinrDb ?? 0;
  const period = all.length === 1 ? '' : ` in the worst period (${terminalText(worst.period, 20)})`;
  const how = tuned === null ? '' : ', cells tuned';
  const changed =
    repair === null
      ? ''
      : `, ${repair.added.length} sites added and ${repair.removed.length} left out for it`;
  return [
    `  by SINR of at least ${least} dB: ${share} of users${period}${how}${changed}`,
    ...targets
      .filter(isMissed)
      .map(
        ({ region, service, period: when, share: required, needMilli, afterMilli }) =>
          `  by SINR ${formatRequired(required, 1)} of ${terminalText(whoWords(WORDS.en, { region, service }), 28)}, ${terminalText(when, 20)}: ` +
          `missed by ${formatUsersUp(needMilli - afterMilli)} users`,
      ),
  ];
}

function evaluationLines(result: PlanResult): string[] {
  return result.evaluation === null ? [] : [`  ${terminalText(evaluationLine(result), 200)}`];
}

function fileLines({ dir, files }: SummaryOptions): string[] {
  if (dir === null) return [];
  const folder = terminalText(dir, 400).replace(/\/$/, '');
  const others = files.filter((name) => name !== 'report.html');
  return files.includes('report.html')
    ? [
        '',
        `  ${folder}/report.html   open this`,
        `  ${folder}/   ${others.length} more files: ${others.slice(0, 4).join(', ')}, …`,
      ]
    : ['', `  ${folder}/   ${files.join(', ')}`];
}

/** Pads columns; those named in `right` are aligned to the right. */
export function alignColumns(rows: readonly (readonly string[])[], right: readonly number[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell))));
  }
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const pad = ' '.repeat(widths[column]! - displayWidth(cell));
        return right.includes(column) ? pad + cell : cell + pad;
      })
      .join('   ')
      .trimEnd(),
  );
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(longer) > columns) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === '' ? lines : [...lines, line];
}

function bold(text: string, color: boolean): string {
  return paint(text, '1', color);
}

function paint(text: string, code: string, color: boolean): string {
  return color ? `\u001b[${code}m${text}\u001b[0m` : text;
}
