import type { Fraction } from './solve/problem.ts';

/** Decimal places a share may have: keeps share x users exact in 53 bits after division by the common factor. */
const MAX_DECIMALS = 9;
const DECIMAL = /^\s*(\d*)(?:\.(\d*))?\s*$/;

/**
 * The share as an exact fraction of its decimal text, in lowest terms; null when it is no share above 0 and at most
 * 1 with at most nine decimals. A number stands for its shortest decimal text (0.95 is 19/20, not the nearest double).
 */
export function shareFraction(share: number | string): Fraction | null {
  const match = DECIMAL.exec(String(share));
  if (match === null) return null;
  const whole = match[1] ?? '';
  const decimals = (match[2] ?? '').replace(/0+$/, '');
  if ((whole === '' && (match[2] ?? '') === '') || decimals.length > MAX_DECIMALS || whole.length > 1)
    return null;
  const denominator = 10 ** decimals.length;
  const numerator =
    Number(whole === '' ? '0' : whole) * denominator + Number(decimals === '' ? '0' : decimals);
  if (numerator <= 0 || numerator > denominator) return null;
  const divisor = greatestCommonDivisor(numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
