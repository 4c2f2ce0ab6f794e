/** A gap (0..1) rounded up, so that a stated proof is never better than the real one. */
export function formatGap(gap: number): string {
  return `${(Math.ceil(gap * 10_000 - 1e-9) / 100).toFixed(2)} %`;
}
