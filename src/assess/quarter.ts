import { TimeZone } from '../input/time.ts';

/** Quarters are counted: year x 4 + 0..3, so that the next one is one more. */
export function parseQuarter(text: string): number | null {
  const match = /^(\d{4})-Q([1-4])$/.exec(text.trim());
  return match === null ? null : Number(match[1]) * 4 + Number(match[2]) - 1;
}

/** `2021-Q1`. */
export function quarterName(quarter: number): string {
  return `${Math.floor(quarter / 4)}-Q${(quarter % 4) + 1}`;
}

/** The quarter an ISO date (`2021-08-31`) lies in, or null when it is no date. */
export function quarterOfDate(date: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date.trim());
  if (match === null) return null;
  const month = Number(match[2]);
  const day = Number(match[3]);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(Number(match[1]), month)) return null;
  return Number(match[1]) * 4 + Math.floor((month - 1) / 3);
}

/** The quarter of a wall-clock time in seconds. */
export function quarterOfLocal(localS: number): number {
  const date = new Date(localS * 1000);
  return date.getUTCFullYear() * 4 + Math.floor(date.getUTCMonth() / 3);
}

/** Wall-clock seconds at which a quarter begins. */
export function quarterStartLocalS(quarter: number): number {
  return Date.UTC(Math.floor(quarter / 4), (quarter % 4) * 3, 1) / 1000;
}

/** Calendar clock of a time zone; UTC when none is named. No time (NaN) stays no time. */
export function localClock(timeZone: string | undefined): (timeS: number) => number {
  if (timeZone === undefined) return (timeS) => timeS;
  const zone = new TimeZone(timeZone);
  return (timeS) => (Number.isNaN(timeS) ? NaN : timeS + zone.offsetAt(timeS));
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
