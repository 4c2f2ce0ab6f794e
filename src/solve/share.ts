import type { Fraction } from './problem.ts';

const MAX_DECIMALS = 9;

/**
 * The shortest decimal text of a share.
 *
 * @throws RangeError when it has no decimal text of at most nine decimals: shares are read from such text.
 */
export function shareText(share: Fraction): string {
  for (let decimals = 0; decimals <= MAX_DECIMALS; decimals++) {
    const scaled = BigInt(share.numerator) * 10n ** BigInt(decimals);
    if (scaled % BigInt(share.denominator) !== 0n) continue;
    const digits = (scaled / BigInt(share.denominator)).toString().padStart(decimals + 1, '0');
    return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  }
  throw new RangeError(`${share.numerator}/${share.denominator} has no short decimal text`);
}

/** Smallest whole number of units that is at least share x total: ceil(p total / q), exact for total < 2^53. */
export function usersNeeded(share: Fraction, totalUsers: number): number {
  const denominator = BigInt(share.denominator);
  const product = BigInt(share.numerator) * BigInt(totalUsers);
  return Number((product + denominator - 1n) / denominator);
}
