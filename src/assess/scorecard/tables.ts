import type { Findings } from '../../input/findings.ts';
import { nearestKey } from '../../input/nearest-key.ts';
import type { Timestamp } from '../../input/time.ts';
import { parseTimestamp, TimeZone } from '../../input/time.ts';

/** A contact of a user. Identifiers serve to find duplicates and go no further (design section 11). */
export interface Ticket {
  readonly category: string;
  readonly channel: string;
  readonly opened: Timestamp;
  /** Null = not answered yet. */
  readonly answered: Timestamp | null;
  readonly solved: boolean;
}

export interface SurveyAnswer {
  readonly topic: string;
  readonly answered: Timestamp;
  /** When the user joined; null = not asked. */
  readonly joined: Timestamp | null;
  /** Score of satisfaction, or 1 / 0 for yes / no. */
  readonly score: number;
}

/** Something that happened once: an audit, a certification. */
export interface ServiceEvent {
  readonly kind: string;
  readonly at: Timestamp;
}

export interface ServiceTables {
  readonly tickets: readonly Ticket[] | null;
  readonly survey: readonly SurveyAnswer[] | null;
  readonly events: readonly ServiceEvent[] | null;
}

export interface TableSource {
  /** As messages name it. */
  readonly file: string;
  readonly text: string;
  /** IANA zone of times without an offset. */
  readonly timeZone: string | undefined;
}

/**
 * `id, category, channel, opened, answered, solved`. A ticket answered before it was opened is left out with a
 * finding; a repeated id counts once; a time without offset and without `timeZone` is an error.
 */
export function parseTickets(source: TableSource, findings: Findings): Ticket[] {
  const tickets: Ticket[] = [];
  const reader = openTable(source, ['category', 'opened'], ['id', 'channel', 'answered', 'solved'], findings);
  const seen = new Set<string>();
  for (const row of reader.rows) {
    const opened = reader.time(row, 'opened');
    const answered = row.text('answered') === '' ? null : reader.time(row, 'answered');
    if (opened === null || (answered === null && row.text('answered') !== '')) continue;
    const id = row.text('id');
    if (id !== '' && seen.has(id)) {
      findings.warn(`the ticket ${id} stands here again: it counts once.`, {
        code: 'ticket-duplicate',
        file: source.file,
        feature: row.where,
      });
      continue;
    }
    seen.add(id);
    if (answered !== null && answered.timeS < opened.timeS) {
      findings.warn('is answered before it was opened: left out.', {
        code: 'answered-before-opened',
        file: source.file,
        feature: row.where,
        hint: 'Are the two columns swapped, or in different time zones?',
      });
      continue;
    }
    tickets.push({
      category: row.text('category').toLowerCase(),
      channel: row.text('channel').toLowerCase(),
      opened,
      answered,
      solved: isYes(row.text('solved')),
    });
  }
  return tickets;
}

/** `id, topic, date, joined, score`: score is a number, or yes / no. Answers before joining are left out. */
export function parseSurvey(source: TableSource, findings: Findings): SurveyAnswer[] {
  const answers: SurveyAnswer[] = [];
  const reader = openTable(source, ['topic', 'date', 'score'], ['id', 'joined'], findings);
  const seen = new Set<string>();
  for (const row of reader.rows) {
    const answered = reader.time(row, 'date');
    const joined = row.text('joined') === '' ? null : reader.time(row, 'joined');
    if (answered === null || (joined === null && row.text('joined') !== '')) continue;
    const given = row.text('score');
    const score = isYes(given) ? 1 : isNo(given) ? 0 : given === '' ? NaN : Number(given);
    if (!Number.isFinite(score)) {
      findings.warn(`has the score "${given}", a number, yes or no is expected: left out.`, {
        code: 'score',
        file: source.file,
        feature: row.where,
      });
      continue;
    }
    const id = row.text('id');
    if (id !== '' && seen.has(id)) {
      findings.warn(`the answer ${id} stands here again: it counts once.`, {
        code: 'answer-duplicate',
        file: source.file,
        feature: row.where,
      });
      continue;
    }
    seen.add(id);
    if (joined !== null && answered.timeS < joined.timeS) {
      findings.warn('is answered before the user joined: left out.', {
        code: 'answered-before-joined',
        file: source.file,
        feature: row.where,
      });
      continue;
    }
    answers.push({ topic: row.text('topic').toLowerCase(), answered, joined, score });
  }
  return answers;
}

/** `kind, date`. */
export function parseEvents(source: TableSource, findings: Findings): ServiceEvent[] {
  const reader = openTable(source, ['kind', 'date'], [], findings);
  const events: ServiceEvent[] = [];
  for (const row of reader.rows) {
    const at = reader.time(row, 'date');
    if (at !== null) events.push({ kind: row.text('kind').toLowerCase(), at });
  }
  return events;
}

interface TableRow {
  readonly where: string;
  text(column: string): string;
}

interface TableReader {
  readonly rows: readonly TableRow[];
  time(row: TableRow, column: string): Timestamp | null;
}

/** Rows of a CSV table by column name, upper and lower case alike; a missing column is an error. */
function openTable(
  source: TableSource,
  needed: readonly string[],
  optional: readonly string[],
  findings: Findings,
): TableReader {
  const lines = csvRows(source.text);
  const header = (lines[0] ?? []).map((name) => name.trim().toLowerCase());
  const missing = needed.filter((name) => !header.includes(name));
  for (const name of missing) {
    const near = nearestKey(name, header);
    findings.error(`has no column "${name}".`, {
      code: 'column-missing',
      file: source.file,
      hint:
        near === null
          ? `Columns: ${[...needed, ...optional].join(', ')}.`
          : `Is it the column "${near}"? Rename it.`,
    });
  }
  const zone = source.timeZone === undefined ? null : new TimeZone(source.timeZone);
  const rows = missing.length > 0 ? [] : lines.slice(1).map((cells, k) => rowOf(cells, header, k + 2));
  return { rows, time: (row, column) => readTime(source.file, zone, row, column, findings) };
}

/**
 * Cells of a CSV text (RFC 4180: quoted cells may hold commas, quotes and line breaks), header included; blank lines
 * are dropped. Rows may be ragged, as spreadsheets leave them: udsv, which reads the large tables, wants whole rows. A
 * quote inside a cell that does not begin with one stands for itself; one that is never closed reaches to the end.
 */
export function csvRows(text: string): string[][] {
  const body = text.replace(/^\uFEFF/, '');
  const rows: string[][] = [[]];
  // A quoted cell, or all up to the next comma or line end; then what ends it.
  const cell = /(?:"([^"]*(?:""[^"]*)*)(?:"|$)([^,\r\n]*)|([^,\r\n]*))(,|\r\n|\r|\n|$)/gy;
  for (let more = true; more;) {
    const [, quoted, rest = '', plain = '', end = ''] = cell.exec(body) ?? [];
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replace(/""/g, '"') + rest);
    if (end !== '' && end !== ',') rows.push([]);
    more = end !== '';
  }
  return rows.filter((cellsOfRow) => cellsOfRow.some((text) => text.trim() !== ''));
}

function rowOf(cells: readonly string[], header: readonly string[], line: number): TableRow {
  return { where: `line ${line}`, text: (column) => (cells[header.indexOf(column)] ?? '').trim() };
}

/** A date alone stands for its midnight; times follow the rules of measurements. */
function readTime(
  file: string,
  zone: TimeZone | null,
  row: TableRow,
  column: string,
  findings: Findings,
): Timestamp | null {
  const given = row.text(column);
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(given);
  // A day is a day everywhere: without a zone its midnight in UTC serves to place it in a quarter.
  const text = isDate ? `${given}T00:00:00${zone === null ? 'Z' : ''}` : given;
  const time = parseTimestamp(text, zone);
  if (time === 'no-offset') {
    findings.error(`has the ${column} time "${given}" without an offset.`, {
      code: 'timestamp-no-offset',
      file,
      feature: row.where,
      hint: 'Give timeZone in the scorecard, for example timeZone: America/Toronto.',
    });
    return null;
  }
  if (time === 'not-a-time') {
    findings.error(`has the ${column} time "${given}", which is no time.`, {
      code: 'timestamp',
      file,
      feature: row.where,
      hint: 'ISO 8601 is expected, for example 2026-03-01T14:30:00Z.',
    });
    return null;
  }
  return time;
}

function isYes(text: string): boolean {
  return /^(yes|true|y|1)$/i.test(text);
}

function isNo(text: string): boolean {
  return /^(no|false|n|0)$/i.test(text);
}
