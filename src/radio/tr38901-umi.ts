import { breakPointDistanceM, slantDistanceM } from './tr38901.ts';

/**
 * UMi street-canyon line-of-sight path loss, dB. 3GPP TR 38.901, Table 7.4.1-1: 32.4 + 21 lg d3D + 20 lg fc up to the
 * break point, 32.4 + 40 lg d3D + 20 lg fc - 9.5 lg(d'BP² + (hBS - hUT)²) beyond. fc in GHz inside the formula.
 * Valid for 0.5-100 GHz, d2D 10 m-5 km, hBS 10 m, hUT 1.5-22.5 m.
 *
 * @param distanceM ground distance d2D, metres
 */
export function umiLosLossDb(
  distanceM: number,
  frequencyMhz: number,
  txHeightM: number,
  rxHeightM: number,
): number {
  const lgD3 = Math.log10(slantDistanceM(distanceM, txHeightM, rxHeightM));
  const lgF = Math.log10(frequencyMhz / 1000);
  const breakM = breakPointDistanceM(frequencyMhz, txHeightM, rxHeightM);
  if (distanceM <= breakM) return 32.4 + 21 * lgD3 + 20 * lgF;
  return 32.4 + 40 * lgD3 + 20 * lgF - 9.5 * Math.log10(breakM ** 2 + (txHeightM - rxHeightM) ** 2);
}

/**
 * UMi non-line-of-sight path loss, dB: max(PL_LOS, 22.4 + 35.3 lg d3D + 21.3 lg fc - 0.3 (hUT - 1.5)).
 * 3GPP TR 38.901, Table 7.4.1-1.
 */
export function umiNlosLossDb(
  distanceM: number,
  frequencyMhz: number,
  txHeightM: number,
  rxHeightM: number,
): number {
  const nlosDb =
    22.4 +
    35.3 * Math.log10(slantDistanceM(distanceM, txHeightM, rxHeightM)) +
    21.3 * Math.log10(frequencyMhz / 1000) -
    0.3 * (rxHeightM - 1.5);
  return Math.max(umiLosLossDb(distanceM, frequencyMhz, txHeightM, rxHeightM), nlosDb);
}

/** UMi probability of line of sight, 0..1. 3GPP TR 38.901, Table 7.4.2-1; `distanceM` is d2D-out. */
export function umiLosProbability(distanceM: number): number {
  if (distanceM <= 18) return 1;
  const near = 18 / distanceM;
  return near + Math.exp(-distanceM / 36) * (1 - near);
}
