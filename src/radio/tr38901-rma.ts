import { slantDistanceM, TR38901_SPEED_OF_LIGHT_M_S } from './tr38901.ts';

/** Typical values of Table 7.4.1-1: average building height h and street width W, metres. */
export const RMA_BUILDING_HEIGHT_M = 5;
export const RMA_STREET_WIDTH_M = 20;

/** RMa break-point distance dBP = 2 pi hBS hUT fc / c, metres (Table 7.4.1-1, note 5). */
export function rmaBreakPointM(frequencyMhz: number, txHeightM: number, rxHeightM: number): number {
  return (2 * Math.PI * txHeightM * rxHeightM * frequencyMhz * 1e6) / TR38901_SPEED_OF_LIGHT_M_S;
}

function nearLossDb(slantM: number, frequencyMhz: number, buildingHeightM: number): number {
  const h172 = Math.pow(buildingHeightM, 1.72);
  return (
    20 * Math.log10((40 * Math.PI * slantM * (frequencyMhz / 1000)) / 3) +
    Math.min(0.03 * h172, 10) * Math.log10(slantM) -
    Math.min(0.044 * h172, 14.77) +
    0.002 * Math.log10(buildingHeightM) * slantM
  );
}

/**
 * RMa line-of-sight path loss, dB. 3GPP TR 38.901, Table 7.4.1-1: PL1 up to the break point, PL1(dBP) + 40 lg(d3D/dBP)
 * beyond. Valid for 0.5-30 GHz, d2D 10 m-10 km, hBS 10-150 m, hUT 1-10 m, h and W 5-50 m.
 *
 * @param distanceM ground distance d2D, metres
 * @param buildingHeightM average building height h, metres
 */
export function rmaLosLossDb(
  distanceM: number,
  frequencyMhz: number,
  txHeightM: number,
  rxHeightM: number,
  buildingHeightM: number = RMA_BUILDING_HEIGHT_M,
): number {
  const slantM = slantDistanceM(distanceM, txHeightM, rxHeightM);
  const breakM = rmaBreakPointM(frequencyMhz, txHeightM, rxHeightM);
  if (distanceM <= breakM) return nearLossDb(slantM, frequencyMhz, buildingHeightM);
  return nearLossDb(breakM, frequencyMhz, buildingHeightM) + 40 * Math.log10(slantM / breakM);
}

/**
 * RMa non-line-of-sight path loss, dB: max(PL_LOS, PL'). 3GPP TR 38.901, Table 7.4.1-1; d2D 10 m-5 km.
 *
 * @param streetWidthM street width W, metres
 */
export function rmaNlosLossDb(
  distanceM: number,
  frequencyMhz: number,
  txHeightM: number,
  rxHeightM: number,
  buildingHeightM: number = RMA_BUILDING_HEIGHT_M,
  streetWidthM: number = RMA_STREET_WIDTH_M,
): number {
  const lgBase = Math.log10(txHeightM);
  const nlosDb =
    161.04 -
    7.1 * Math.log10(streetWidthM) +
    7.5 * Math.log10(buildingHeightM) -
    (24.37 - 3.7 * (buildingHeightM / txHeightM) ** 2) * lgBase +
    (43.42 - 3.1 * lgBase) * (Math.log10(slantDistanceM(distanceM, txHeightM, rxHeightM)) - 3) +
    20 * Math.log10(frequencyMhz / 1000) -
    (3.2 * Math.log10(11.75 * rxHeightM) ** 2 - 4.97);
  return Math.max(rmaLosLossDb(distanceM, frequencyMhz, txHeightM, rxHeightM, buildingHeightM), nlosDb);
}

/** RMa probability of line of sight, 0..1. 3GPP TR 38.901, Table 7.4.2-1; `distanceM` is d2D-out. */
export function rmaLosProbability(distanceM: number): number {
  return distanceM <= 10 ? 1 : Math.exp(-(distanceM - 10) / 1000);
}
