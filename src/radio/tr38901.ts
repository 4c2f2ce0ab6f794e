import type { ValidRange } from './validity.ts';

/**
 * What the 3GPP TR 38.901 models share (V17.1.0, section 7.4). The document's own speed of light is 3.0e8 m/s in the
 * break-point distance; the effective environment height hE is taken as 1 m (section 7.4.1, note 1: certain for UMi
 * and for UMa users up to 13 m; random in UMa above).
 */
export const TR38901_SPEED_OF_LIGHT_M_S = 3.0e8;
export const EFFECTIVE_ENVIRONMENT_HEIGHT_M = 1;

/** Slant distance d3D from the ground distance, metres; at least 1 m so that lg stays finite. */
export function slantDistanceM(distanceM: number, txHeightM: number, rxHeightM: number): number {
  const rise = txHeightM - rxHeightM;
  return Math.max(1, Math.sqrt(distanceM * distanceM + rise * rise));
}

/** Break-point distance d'BP = 4 h'BS h'UT fc / c of UMa and UMi, metres (Table 7.4.1-1, note 1). */
export function breakPointDistanceM(frequencyMhz: number, txHeightM: number, rxHeightM: number): number {
  const base = txHeightM - EFFECTIVE_ENVIRONMENT_HEIGHT_M;
  const user = rxHeightM - EFFECTIVE_ENVIRONMENT_HEIGHT_M;
  return (4 * base * user * frequencyMhz * 1e6) / TR38901_SPEED_OF_LIGHT_M_S;
}

/** Standard deviations of the shadow fading, dB: Table 7.4.1-1, last column. */
export const SHADOWING = {
  umaLosDb: 4,
  umaNlosDb: 6,
  umiLosDb: 4,
  umiNlosDb: 7.82,
  rmaLosNearDb: 4,
  rmaLosFarDb: 6,
  rmaNlosDb: 8,
  inhLosDb: 3,
  inhNlosDb: 8.03,
} as const;

export const UMA_RANGES: readonly ValidRange[] = [
  { parameter: 'frequencyMhz', min: 500, max: 100_000 },
  { parameter: 'txHeightM', min: 25, max: 25 },
  { parameter: 'rxHeightM', min: 1.5, max: 22.5 },
  { parameter: 'distanceM', min: 10, max: 5000 },
];

export const UMI_RANGES: readonly ValidRange[] = [
  { parameter: 'frequencyMhz', min: 500, max: 100_000 },
  { parameter: 'txHeightM', min: 10, max: 10 },
  { parameter: 'rxHeightM', min: 1.5, max: 22.5 },
  { parameter: 'distanceM', min: 10, max: 5000 },
];

export const RMA_RANGES: readonly ValidRange[] = [
  { parameter: 'frequencyMhz', min: 500, max: 30_000 },
  { parameter: 'txHeightM', min: 10, max: 150 },
  { parameter: 'rxHeightM', min: 1, max: 10 },
  { parameter: 'distanceM', min: 10, max: 10_000 },
];

export const INH_RANGES: readonly ValidRange[] = [
  { parameter: 'frequencyMhz', min: 500, max: 100_000 },
  { parameter: 'distanceM', min: 1, max: 150 },
];
