/**
 * Approximate inverse of the complementary normal distribution: z with P(Z > z) = q. Abramowitz & Stegun 26.2.23,
 * absolute error below 4.5e-4. ITM and P.1812 (attachment 2 to annex 1) both prescribe it; they differ in how c0 is
 * rounded. For anything else use `normalQuantile`.
 *
 * @param q probability, 0 < q < 1
 * @param c0 leading constant as the document that asks for it prints it
 */
export function tailQuantile(q: number, c0: number): number {
  const t = Math.sqrt(-2 * Math.log(q > 0.5 ? 1 - q : q));
  const correction =
    ((0.010328 * t + 0.802853) * t + c0) / (((0.001308 * t + 0.189269) * t + 1.432788) * t + 1);
  return q > 0.5 ? correction - t : t - correction;
}
