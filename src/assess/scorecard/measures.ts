import { quarterOfLocal, quarterStartLocalS } from '../quarter.ts';
import type { Indicator } from './indicator.ts';
import type { ServiceTables, SurveyAnswer, Ticket } from './tables.ts';

const HOUR_S = 3600;
const DAY_S = 86_400;
/** Channels that count as self-service. */
const SELF_SERVICE = new Set(['self-service', 'selfservice', 'self service', 'faq', 'bot', 'app-help']);

/** A least share over several targets, in percent. */
export interface CoverageFigure {
  readonly percent: number;
  /** False when nothing is known of some of the targets: the least share may then be lower still. */
  readonly complete: boolean;
}

/** What the coverage side of the assessment knows; null = nobody, or nothing known of anybody. */
export interface CoverageFigures {
  /** Of all users, over the periods. */
  readonly worstPeriod: CoverageFigure | null;
  /** Over the regions and periods that have targets of their own. */
  readonly worstRegion: CoverageFigure | null;
}

/** What the bins measured in this quarter and the one before say; null where they are not comparable. */
export interface CoverageChange {
  /** Change of the share of served bins, percentage points; 0 where it is within the noise. */
  readonly pointsPerQuarter: number;
}

/**
 * The indicator's figure of one quarter from raw tables; null = no data. Tickets belong to the quarter they were opened
 * in, answers and events to the quarter they happened in, by the clock of the table's time zone.
 */
export function measureQuarter(indicator: Indicator, tables: ServiceTables, quarter: number): number | null {
  const category = indicator.category ?? '';
  const tickets = (tables.tickets ?? []).filter(
    (ticket) => ticket.category === category && quarterOfLocal(ticket.opened.localS) === quarter,
  );
  const answers = (tables.survey ?? []).filter(
    (answer) => answer.topic === category && quarterOfLocal(answer.answered.localS) === quarter,
  );
  switch (indicator.measure) {
    case 'mean-response-s':
      return meanResponseS(tickets);
    case 'self-service-share':
      return percentOf(tickets, (ticket) => ticket.solved && SELF_SERVICE.has(ticket.channel));
    case 'answered-within-share':
      return answeredWithin(tickets, indicator.withinHours ?? 48, quarter);
    case 'answered-share':
      return percentOf(tickets, (ticket) => ticket.answered !== null);
    case 'at-ease-share':
      return percentOf(answers.filter(isWithinThreeMonths), (answer) => answer.score > 0);
    case 'satisfaction-change':
      return satisfactionChange(tables.survey ?? [], category, quarter);
    case 'days-since-event':
      return daysSinceEvent(tables, category, quarter);
    case 'event-done':
      return eventDone(tables, category, quarter);
    case 'coverage-worst-period':
    case 'coverage-regions':
    case 'given':
      return null;
  }
}

/** Quarters in which an indicator's table holds anything at all, oldest first. */
export function quartersOf(tables: ServiceTables): number[] {
  const quarters = new Set<number>();
  for (const { opened } of tables.tickets ?? []) quarters.add(quarterOfLocal(opened.localS));
  for (const { answered } of tables.survey ?? []) quarters.add(quarterOfLocal(answered.localS));
  for (const { at } of tables.events ?? []) quarters.add(quarterOfLocal(at.localS));
  return [...quarters].sort((a, b) => a - b);
}

/** Over answered enquiries; those still waiting are judged by the indicators of answering. */
function meanResponseS(tickets: readonly Ticket[]): number | null {
  const waits = tickets.flatMap(({ opened, answered }) =>
    answered === null ? [] : [answered.timeS - opened.timeS],
  );
  return waits.length === 0 ? null : waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
}

/** A complaint opened within the limit of the quarter's end and not answered yet is still open: it counts neither way. */
function answeredWithin(tickets: readonly Ticket[], hours: number, quarter: number): number | null {
  const lastDue = quarterStartLocalS(quarter + 1) - hours * HOUR_S;
  const judged = tickets.filter(({ opened, answered }) => answered !== null || opened.localS <= lastDue);
  return percentOf(
    judged,
    ({ opened, answered }) => answered !== null && answered.timeS - opened.timeS <= hours * HOUR_S,
  );
}

/** Three calendar months after joining, the day itself included. */
function isWithinThreeMonths({ answered, joined }: SurveyAnswer): boolean {
  if (joined === null) return false;
  const date = new Date(joined.localS * 1000);
  const month = date.getUTCMonth() + 3;
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const due = Date.UTC(date.getUTCFullYear(), month, Math.min(date.getUTCDate(), lastDay) + 1) / 1000;
  return answered.localS < due;
}

/** Mean score of the quarter against that of four quarters before, in percent. */
function satisfactionChange(survey: readonly SurveyAnswer[], topic: string, quarter: number): number | null {
  const mean = (wanted: number): number | null => {
    const scores = survey
      .filter((answer) => answer.topic === topic && quarterOfLocal(answer.answered.localS) === wanted)
      .map((answer) => answer.score);
    return scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length;
  };
  const now = mean(quarter);
  const before = mean(quarter - 4);
  return now === null || before === null || before === 0 ? null : 100 * (now / before - 1);
}

/** Whole days from the last event of the kind to the end of the quarter. */
function daysSinceEvent(tables: ServiceTables, kind: string, quarter: number): number | null {
  const end = quarterStartLocalS(quarter + 1);
  const times = (tables.events ?? [])
    .filter((event) => event.kind === kind && event.at.localS < end)
    .map((event) => event.at.localS);
  return times.length === 0 ? null : Math.floor((end - Math.max(...times)) / DAY_S);
}

function eventDone(tables: ServiceTables, kind: string, quarter: number): number | null {
  if (tables.events === null) return null;
  const end = quarterStartLocalS(quarter + 1);
  return tables.events.some((event) => event.kind === kind && event.at.localS < end) ? 1 : 0;
}

function percentOf<Row>(rows: readonly Row[], holds: (row: Row) => boolean): number | null {
  return rows.length === 0 ? null : (100 * rows.filter(holds).length) / rows.length;
}
