import { Option } from 'commander';
import { InputError } from '../errors.ts';
import { DEFAULT_MAX_ERRORS } from '../input/findings.ts';

/** `--max-errors`, of every command that reads files. */
export function maxErrorsOption(): Option {
  return new Option('--max-errors <count>', 'findings listed before stopping')
    .default(DEFAULT_MAX_ERRORS)
    .argParser(wholeNumber('--max-errors', 1));
}

function numberFrom(flag: string, text: string, fits: (value: number) => boolean, wanted: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && fits(value)) return value;
  throw new InputError(`${flag} must be ${wanted}, got "${text}".`, { code: 'flag-value' });
}

/** Reads a flag's value: a number above 0. */
export function positive(flag: string): (text: string) => number {
  return (text) => numberFrom(flag, text, (value) => value > 0, 'a number above 0');
}

/** A number of `least` or more. */
export function atLeast(flag: string, least: number): (text: string) => number {
  return (text) => numberFrom(flag, text, (value) => value >= least, `a number of ${least} or more`);
}

/** A number of 0 or more. */
export function notNegative(flag: string): (text: string) => number {
  return atLeast(flag, 0);
}

/** A whole number within limits. */
export function wholeNumber(
  flag: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  const fits = (value: number): boolean => Number.isSafeInteger(value) && value >= least && value <= most;
  const upTo = most === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${most}`;
  return (text) => numberFrom(flag, text, fits, `a whole number of at least ${least}${upTo}`);
}
