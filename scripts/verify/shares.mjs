// Exact share arithmetic: a share is the fraction its decimal text says, tested in integers (design section 5).

/** @returns {[bigint, bigint]} numerator and denominator of a decimal number as JSON writes it */
export function fraction(value) {
  const [mantissa, exponent = '0'] = String(value).split('e');
  const [whole, decimals = ''] = mantissa.split('.');
  const digits = decimals.length - Number(exponent);
  const numerator = BigInt(whole + decimals);
  return digits >= 0 ? [numerator, 10n ** BigInt(digits)] : [numerator * 10n ** BigInt(-digits), 1n];
}

/** Smallest whole number of thousandths that is at least share x total. */
export function needed(share, total) {
  const [p, q] = fraction(share);
  const product = p * BigInt(total);
  return Number((product + q - 1n) / q);
}

export function isMet(share, served, total) {
  const [p, q] = fraction(share);
  return q * BigInt(served) >= p * BigInt(total);
}

/** Six places, rounded down; nobody at all counts as reached. */
export function shareDown(part, whole) {
  return whole === 0 ? 1 : Number((BigInt(part) * 1_000_000n) / BigInt(whole)) / 1e6;
}
