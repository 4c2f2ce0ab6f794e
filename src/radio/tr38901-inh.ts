/**
 * Indoor hotspot (office) line-of-sight path loss, dB: 32.4 + 17.3 lg d3D + 20 lg fc.
 * 3GPP TR 38.901, Table 7.4.1-1; 0.5-100 GHz, d3D 1-150 m.
 *
 * @param slantM distance d3D, metres
 */
export function inhLosLossDb(slantM: number, frequencyMhz: number): number {
  return 32.4 + 17.3 * Math.log10(slantM) + 20 * Math.log10(frequencyMhz / 1000);
}

/** Indoor hotspot non-line-of-sight path loss, dB: max(PL_LOS, 17.3 + 38.3 lg d3D + 24.9 lg fc). Same table. */
export function inhNlosLossDb(slantM: number, frequencyMhz: number): number {
  const nlosDb = 17.3 + 38.3 * Math.log10(slantM) + 24.9 * Math.log10(frequencyMhz / 1000);
  return Math.max(inhLosLossDb(slantM, frequencyMhz), nlosDb);
}

/** Probability of line of sight in a mixed office, 0..1. 3GPP TR 38.901, Table 7.4.2-1; d2D-in in metres. */
export function inhMixedOfficeLosProbability(distanceM: number): number {
  if (distanceM <= 1.2) return 1;
  if (distanceM < 6.5) return Math.exp(-(distanceM - 1.2) / 4.7);
  return 0.32 * Math.exp(-(distanceM - 6.5) / 32.6);
}

/** Probability of line of sight in an open office, 0..1. 3GPP TR 38.901, Table 7.4.2-1; d2D-in in metres. */
export function inhOpenOfficeLosProbability(distanceM: number): number {
  if (distanceM <= 5) return 1;
  if (distanceM <= 49) return Math.exp(-(distanceM - 5) / 70.8);
  return 0.54 * Math.exp(-(distanceM - 49) / 211.7);
}
