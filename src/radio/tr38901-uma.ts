import { breakPointDistanceM, slantDistanceM } from './tr38901.ts';

/**
 * UMa line-of-sight path loss, dB. 3GPP TR 38.901, Table 7.4.1-1: PL1 = 28 + 22 lg d3D + 20 lg fc up to the break
 * point, PL2 = 28 + 40 lg d3D + 20 lg fc - 9 lg(d'BP² + (hBS - hUT)²) beyond. fc in GHz inside the formula.
 * Valid for 0.5-100 GHz, d2D 10 m-5 km, hBS 25 m, hUT 1.5-22.5 m.
 *
 * @param distanceM ground distance d2D, metres
 */
export function umaLosLossDb(
  distanceM: number,
  frequencyMhz: number,
  txHeightM: number,
  rxHeightM: number,
): number {
  const lgD3 = Math.log10(slantDistanceM(distanceM, txHeightM, rxHeightM));
  const lgF = Math.log10(frequencyMhz / 1000);
  const breakM = breakPointDistanceM(frequencyMhz, txHeightM, rxHeightM);
  if (distanceM <= breakM) return 28 + 22 * lgD3 + 20 * lgF;
  return 28 + 40 * lgD3 + 20 * lgF - 9 * Math.log10(breakM ** 2 + (txHeightM - rxHeightM) ** 2);
}

/**
 * UMa non-line-of-sight path loss, dB: max(PL_LOS, 13.54 + 39.08 lg d3D + 20 lg fc - 0.6 (hUT - 1.5)).
 * 3GPP TR 38.901, Table 7.4.1-1.
 */
export function umaNlosLossDb(
  distanceM: number,
  frequencyMhz: number,
  txHeightM: number,
  rxHeightM: number,
): number {
  const nlosDb =
    13.54 +
    39.08 * Math.log10(slantDistanceM(distanceM, txHeightM, rxHeightM)) +
    20 * Math.log10(frequencyMhz / 1000) -
    0.6 * (rxHeightM - 1.5);
  return Math.max(umaLosLossDb(distanceM, frequencyMhz, txHeightM, rxHeightM), nlosDb);
}

/**
 * UMa probability of line of sight, 0..1. 3GPP TR 38.901, Table 7.4.2-1; the factor C'(hUT) raises it for users above
 * 13 m (held at the table's 23 m end).
 *
 * @param distanceM ground distance (outdoor part) d2D-out, metres
 */
export function umaLosProbability(distanceM: number, rxHeightM: number): number {
  if (distanceM <= 18) return 1;
  const near = 18 / distanceM;
  const base = near + Math.exp(-distanceM / 63) * (1 - near);
  if (rxHeightM <= 13) return base;
  const height = Math.pow((Math.min(rxHeightM, 23) - 13) / 10, 1.5);
  const lift = height * 1.25 * Math.pow(distanceM / 100, 3) * Math.exp(-distanceM / 150);
  return Math.min(1, base * (1 + lift));
}
