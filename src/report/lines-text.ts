import type { LineRow } from '../planning/count-lines.ts';
import type { LineService } from '../planning/serve-lines.ts';
import { escapeMarkdown } from './escape.ts';
import { formatKm } from './format-km.ts';
import { markdownTable } from './markdown-table.ts';
import { percentDown } from './numbers.ts';
import { WORDS } from './words/words.ts';

/** Rows listed before the summary points to the report. */
const MAX_ROWS = 20;

/** One line of the terminal. */
export function linesLine({ rows }: LineService): string {
  const { totalMm, servedTodayMm, servedMm } = rows[0]!;
  const share = percentDown(servedMm, totalMm);
  return `lines: ${formatKm(servedTodayMm)} of ${formatKm(totalMm)} km served today, ${formatKm(servedMm)} km planned (${share})`;
}

/** The part of summary.md; empty where no lines are named. */
export function linesSection(lines: LineService | null): string {
  if (lines === null) return '';
  const { rows, pieceM } = lines;
  const header = ['Lines', 'Region', 'km', 'Today, km', 'Planned, km', 'Planned', 'With unknown'];
  const left = rows.length - MAX_ROWS;
  const more = left > 0 ? `\n\n${left} more rows stand in report.json.` : '';
  const how = `Judged in pieces of at most ${pieceM} m.`;
  return `## Lines\n\n${how}\n\n${markdownTable(header, rows.slice(0, MAX_ROWS).map(lineCells))}${more}`;
}

function lineCells(row: LineRow): string[] {
  const { group, region, totalMm, servedTodayMm, servedMm, servedUnknownMm, unknownMm } = row;
  return [
    group === null ? 'all' : escapeMarkdown(group === '' ? WORDS.en.linesUngrouped : group),
    region === null ? '–' : escapeMarkdown(region),
    formatKm(totalMm),
    formatKm(servedTodayMm),
    formatKm(servedMm),
    percentDown(servedMm, totalMm),
    percentDown(servedMm - servedUnknownMm + unknownMm, totalMm),
  ];
}
