import type { PeriodSpec } from './scenario-schema.ts';

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const DAY_S = 86_400;
const HOUR_S = 3600;
const ISO_8601 =
  /^\s*(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(Z|z|[+-]\d{2}:?\d{2})?\s*$/;

export interface Timestamp {
  /** Unix seconds. */
  readonly timeS: number;
  /** Seconds since the epoch as the clock on the wall shows it, for weekdays and hours. */
  readonly localS: number;
}

export type TimestampProblem = 'not-a-time' | 'no-offset';

/**
 * Reads a timestamp: ISO 8601 date and time (calendar form, with or without seconds and offset), or Unix seconds or
 * milliseconds. A time without offset is local time of `zone`; without a zone that is a problem. With offset but
 * without zone, the wall clock is the one the offset describes.
 */
export function parseTimestamp(text: string, zone: TimeZone | null): Timestamp | TimestampProblem {
  const match = ISO_8601.exec(text);
  if (match === null) return parseUnixTime(text, zone);
  const [, year, month, day, hour, minute, second = '0', fraction = '0', offset] = match;
  const numbers = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const wallS = wallSeconds(numbers);
  if (wallS === null) return 'not-a-time';
  const localS = wallS + Number(`0.${fraction}`);
  if (offset === undefined) {
    return zone === null ? 'no-offset' : { timeS: localS - zone.offsetOfLocal(localS), localS };
  }
  const timeS = localS - offsetSeconds(offset);
  return { timeS, localS: zone === null ? localS : timeS + zone.offsetAt(timeS) };
}

function parseUnixTime(text: string, zone: TimeZone | null): Timestamp | TimestampProblem {
  if (!/^\s*\d{9,13}(\.\d+)?\s*$/.test(text)) return 'not-a-time';
  const value = Number(text);
  const timeS = value > 1e11 ? value / 1000 : value;
  return { timeS, localS: timeS + (zone?.offsetAt(timeS) ?? 0) };
}

/** Seconds of a calendar date and time read as UTC; null when there is no such day or hour. */
function wallSeconds(parts: readonly [number, number, number, number, number, number]): number | null {
  const [year, month, day, hour, minute, second] = parts;
  if (hour > 24 || minute > 59 || second > 60) return null;
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return date.getTime() / 1000 + hour * HOUR_S + minute * 60 + second;
}

function offsetSeconds(offset: string): number {
  if (offset === 'Z' || offset === 'z') return 0;
  const digits = offset.replace(':', '');
  const seconds = Number(digits.slice(1, 3)) * HOUR_S + Number(digits.slice(3, 5)) * 60;
  return digits.startsWith('-') ? -seconds : seconds;
}

/** Offsets of an IANA time zone from the platform's own tables (Intl), remembered per quarter of an hour. */
export class TimeZone {
  readonly #format: Intl.DateTimeFormat;
  readonly #known = new Map<number, number>();

  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** Seconds to add to UTC at a Unix time. */
  offsetAt(timeS: number): number {
    const quarter = Math.floor(timeS / 900);
    const known = this.#known.get(quarter);
    if (known !== undefined) return known;
    const parts = new Map(
      this.#format.formatToParts(quarter * 900_000).map(({ type, value }) => [type, Number(value)]),
    );
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const wallMs = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    const offset = wallMs / 1000 - quarter * 900;
    this.#known.set(quarter, offset);
    return offset;
  }

  /** The offset in force at a wall-clock time; in the hour that an autumn repeats, that of the first pass. */
  offsetOfLocal(localS: number): number {
    const before = this.offsetAt(localS - DAY_S);
    if (this.offsetAt(localS - before) === before) return before;
    return this.offsetAt(localS - this.offsetAt(localS + DAY_S));
  }
}

/** Finds the period a wall-clock time falls in. */
export interface PeriodClock {
  /** Index of the first period that holds the time, or -1. */
  periodAt(localS: number): number;
}

/**
 * A period holds [from, to) of its days; one that runs over midnight belongs to the day it begins on. Without days:
 * every day; without hours: the whole day. `index` maps the given periods to the scenario's.
 */
export function createPeriodClock(
  periods: readonly PeriodSpec[],
  index: (name: string) => number,
): PeriodClock {
  const spans = periods.map(({ name, days, from = '00:00', to = '24:00' }) => ({
    period: index(name),
    days: days === undefined ? null : new Set(days.map((day) => WEEKDAYS.indexOf(day))),
    fromS: clockSeconds(from),
    toS: clockSeconds(to),
  }));
  const holds = (span: (typeof spans)[number], weekday: number, secondOfDay: number): boolean => {
    const { days, fromS, toS } = span;
    const on = (day: number): boolean => days === null || days.has((day + 7) % 7);
    if (fromS < toS) return on(weekday) && secondOfDay >= fromS && secondOfDay < toS;
    return (on(weekday) && secondOfDay >= fromS) || (on(weekday - 1) && secondOfDay < toS);
  };
  return {
    periodAt: (localS) => {
      const day = Math.floor(localS / DAY_S);
      // 1970-01-01 was a Thursday, weekday 3 counted from Monday.
      const weekday = (((day + 3) % 7) + 7) % 7;
      return spans.find((span) => holds(span, weekday, localS - day * DAY_S))?.period ?? -1;
    },
  };
}

function clockSeconds(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * HOUR_S + minutes * 60;
}
