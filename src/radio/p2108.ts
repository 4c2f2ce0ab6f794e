import { normalQuantile } from './normal.ts';
import type { ValidRange } from './validity.ts';

/** Terminal surroundings of ITU-R P.2108-1, Table 3, with their default representative clutter heights, metres. */
export const CLUTTER_HEIGHT_M = {
  water: 10,
  'open-rural': 10,
  suburban: 10,
  urban: 15,
  trees: 15,
  'dense-urban': 20,
} as const;

export type ClutterType = keyof typeof CLUTTER_HEIGHT_M;

export const P2108_HEIGHT_GAIN_RANGES: readonly ValidRange[] = [
  { parameter: 'frequencyMhz', min: 30, max: 3000 },
];

export const P2108_TERRESTRIAL_RANGES: readonly ValidRange[] = [
  { parameter: 'frequencyMhz', min: 500, max: 67_000 },
  { parameter: 'distanceM', min: 250, max: Infinity },
];

/** Default street width ws, metres (ITU-R P.2108-1, section 3.1). */
export const STREET_WIDTH_M = 27;

/**
 * Height-gain terminal correction, dB: what must be added because the terminal stands below the clutter around it.
 * ITU-R P.2108-1, section 3.1, equations (1) and (2); 0.03-3 GHz. 0 when the antenna stands at clutter height or above.
 *
 * @param antennaHeightM height above ground, metres
 * @param clutterHeightM representative clutter height R, metres
 */
export function terminalClutterLossDb(
  clutter: ClutterType,
  frequencyMhz: number,
  antennaHeightM: number,
  clutterHeightM: number = CLUTTER_HEIGHT_M[clutter],
  streetWidthM: number = STREET_WIDTH_M,
): number {
  if (antennaHeightM >= clutterHeightM) return 0;
  const frequencyGhz = frequencyMhz / 1000;
  if (clutter === 'water' || clutter === 'open-rural') {
    const kh2 = 21.8 + 6.2 * Math.log10(frequencyGhz);
    return -kh2 * Math.log10(antennaHeightM / clutterHeightM);
  }
  const differenceM = clutterHeightM - antennaHeightM;
  const angleDeg = (Math.atan(differenceM / streetWidthM) * 180) / Math.PI;
  const v = 0.342 * Math.sqrt(frequencyGhz) * Math.sqrt(differenceM * angleDeg);
  const knifeEdgeDb = 6.9 + 20 * Math.log10(Math.sqrt((v - 0.1) ** 2 + 1) + v - 0.1);
  return (v <= -0.78 ? 0 : knifeEdgeDb) - 6.03;
}

/**
 * Clutter loss not exceeded for a share of locations on a terrestrial path, one end in urban or suburban clutter, dB.
 * ITU-R P.2108-1, section 3.2, equations (3) to (5); 0.5-67 GHz, at least 0.25 km; never above its value at 2 km.
 *
 * @param distanceM path length, metres
 * @param probability share of locations with a smaller loss, in (0, 1)
 */
export function terrestrialClutterLossDb(
  frequencyMhz: number,
  distanceM: number,
  probability: number,
): number {
  const hereDb = terrestrialAt(frequencyMhz / 1000, distanceM / 1000, probability);
  return Math.min(hereDb, terrestrialAt(frequencyMhz / 1000, 2, probability));
}

function terrestrialAt(frequencyGhz: number, distanceKm: number, probability: number): number {
  const lgF = Math.log10(frequencyGhz);
  const longDb = -2 * Math.log10(10 ** (-5 * lgF - 12.5) + 10 ** -16.5);
  const shortDb = 32.98 + 23.9 * Math.log10(distanceKm) + 3 * lgF;
  const longWeight = 10 ** (-0.2 * longDb);
  const shortWeight = 10 ** (-0.2 * shortDb);
  const total = longWeight + shortWeight;
  const sigmaDb = Math.sqrt((16 * longWeight + 36 * shortWeight) / total);
  return -5 * Math.log10(total) + sigmaDb * normalQuantile(probability);
}
