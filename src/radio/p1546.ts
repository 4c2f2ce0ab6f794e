import { normalQuantile } from './normal.ts';
import {
  P1546_DISTANCES_KM,
  P1546_FREQUENCIES_MHZ,
  P1546_HEIGHTS_M,
  P1546_TIMES_PERCENT,
  p1546LandCurves,
} from './p1546-curves.ts';
import type { ValidRange } from './validity.ts';

export const P1546_RANGES: readonly ValidRange[] = [
  { parameter: 'frequencyMhz', min: 30, max: 4000 },
  { parameter: 'txHeightM', min: -Infinity, max: 3000 },
  { parameter: 'rxHeightM', min: 1, max: 3000 },
  { parameter: 'distanceM', min: 1000, max: 1_000_000 },
];

/** Ground cover around the receiver; R is its representative height. */
export type P1546Area = 'rural' | 'suburban' | 'urban' | 'dense-urban';

/** A land path without terrain information. */
export interface P1546Link {
  readonly frequencyMhz: number;
  /** Percentage of time for which the field is exceeded, 1-50. */
  readonly timePercent: number;
  /** Effective height of the base antenna over the ground 3-15 km away, metres. */
  readonly effectiveHeightM: number;
  readonly rxHeightM: number;
  readonly clutterHeightM: number;
  readonly area: P1546Area;
  /** Path length, metres, at least 1 km. */
  readonly distanceM: number;
}

/**
 * Field strength over land exceeded at half the locations, dB(uV/m) for 1 kW e.r.p.
 * ITU-R P.1546-6, annex 6 steps 1 to 20 for an all-land path without terrain information: curves of annex 2 (land), height
 * (annex 5, section 4), distance (5), frequency (6), time (7), receiving antenna (9), never above free space (2).
 */
export function p1546FieldStrengthDbuv(link: P1546Link): number {
  const distanceKm = link.distanceM / 1000;
  const heightM = Math.min(3000, link.effectiveHeightM);
  const mostDb = 106.9 - 20 * Math.log10(distanceKm);
  const [lowTime, highTime] = bracket(P1546_TIMES_PERCENT, link.timePercent);
  const at = (time: number): number => atTimeDb(link.frequencyMhz, time, heightM, distanceKm, mostDb);
  let fieldDb = at(highTime);
  if (lowTime !== highTime) {
    // Qi(x) = -Phi^-1(x): equation (16) of annex 5.
    const share =
      (normalQuantile(link.timePercent / 100) - normalQuantile(lowTime / 100)) /
      (normalQuantile(highTime / 100) - normalQuantile(lowTime / 100));
    fieldDb = at(lowTime) * (1 - share) + fieldDb * share;
  }
  return Math.min(mostDb, fieldDb + receiverCorrectionDb(link, heightM, distanceKm));
}

/** Basic transmission loss, dB: 139.3 - E + 20 lg f (annex 5, section 17). */
export function p1546LossDb(link: P1546Link): number {
  return 139.3 - p1546FieldStrengthDbuv(link) + 20 * Math.log10(link.frequencyMhz);
}

/** The nominal values around a value: the value twice when it is one; the nearest two outside. */
function bracket(nominal: readonly number[], value: number): [number, number] {
  if (nominal.includes(value)) return [value, value];
  let above = nominal.findIndex((candidate) => candidate > value);
  if (above < 0) above = nominal.length - 1;
  above = Math.max(1, above);
  return [nominal[above - 1]!, nominal[above]!];
}

/** Linear between (or beyond) two values in the logarithm of the argument. */
function inLogarithm(low: number, high: number, x: number, atLow: number, atHigh: number): number {
  return low === high ? atHigh : atLow + ((atHigh - atLow) * Math.log10(x / low)) / Math.log10(high / low);
}

function atTimeDb(
  frequencyMhz: number,
  timePercent: number,
  heightM: number,
  distanceKm: number,
  mostDb: number,
): number {
  const [low, high] = bracket(P1546_FREQUENCIES_MHZ, frequencyMhz);
  const at = (nominalMhz: number): number => {
    const curves = p1546LandCurves(nominalMhz, timePercent);
    return heightM >= 10
      ? Math.min(mostDb, atHeightDb(curves, heightM, distanceKm))
      : lowHeightDb(curves, nominalMhz, heightM, distanceKm);
  };
  const fieldDb = inLogarithm(low, high, frequencyMhz, at(low), at(high));
  return frequencyMhz > 2000 ? Math.min(mostDb, fieldDb) : fieldDb;
}

/** Annex 5, section 4.1: base antennas from 10 m. */
function atHeightDb(curves: readonly Float64Array[], heightM: number, distanceKm: number): number {
  const [low, high] = bracket(P1546_HEIGHTS_M, heightM);
  const at = (nominalM: number): number => {
    const curve = curves[P1546_HEIGHTS_M.findIndex((candidate) => candidate === nominalM)]!;
    return atDistanceDb(curve, distanceKm);
  };
  return inLogarithm(low, high, heightM, at(low), at(high));
}

/** Annex 5, section 5. */
function atDistanceDb(curve: Float64Array, distanceKm: number): number {
  const [low, high] = bracket(P1546_DISTANCES_KM, distanceKm);
  const at = (nominalKm: number): number => curve[P1546_DISTANCES_KM.indexOf(nominalKm)]!;
  return inLogarithm(low, high, distanceKm, at(low), at(high));
}

/** K of equation (12b) by nominal frequency. */
const K_NU: Readonly<Record<number, number>> = { 100: 1.35, 600: 3.31, 2000: 6 };

/** Loss over an edge at 9 km for a base antenna below the average ground: equation (12), always negative. */
function negativeHeightDb(nominalMhz: number, heightM: number): number {
  const angleDeg = (Math.atan(-heightM / 9000) * 180) / Math.PI;
  return 6.03 - knifeEdgeDb(K_NU[nominalMhz]! * angleDeg);
}

/** Annex 5, sections 4.2 and 4.3: land paths with base antennas under 10 m. */
function lowHeightDb(
  curves: readonly Float64Array[],
  nominalMhz: number,
  heightM: number,
  distanceKm: number,
): number {
  const at10Db = atHeightDb(curves, 10, distanceKm);
  const at20Db = atHeightDb(curves, 20, distanceKm);
  const at0Db = at10Db + 0.5 * (at10Db - at20Db + negativeHeightDb(nominalMhz, -10));
  if (heightM < 0) return at0Db + negativeHeightDb(nominalMhz, heightM);
  return at0Db + 0.1 * heightM * (at10Db - at0Db);
}

/** J(v) of annex 5, equation (12a). */
function knifeEdgeDb(v: number): number {
  if (v <= -0.7806) return 0;
  return 6.9 + 20 * Math.log10(Math.sqrt((v - 0.1) ** 2 + 1) + v - 0.1);
}

/** Receiving antenna against clutter height: annex 5, section 9, equations (27) to (28b). */
function receiverCorrectionDb(link: P1546Link, heightM: number, distanceKm: number): number {
  const { frequencyMhz, rxHeightM, clutterHeightM, area } = link;
  const perDecadeDb = 3.2 + 6.2 * Math.log10(frequencyMhz);
  if (area === 'rural') return perDecadeDb * Math.log10(rxHeightM / 10);
  const distanceM = 1000 * distanceKm;
  const clutterM = Math.max(1, (distanceM * clutterHeightM - 15 * heightM) / (distanceM - 15));
  const lowClutterDb = clutterM < 10 ? perDecadeDb * Math.log10(10 / clutterM) : 0;
  if (rxHeightM >= clutterM) return perDecadeDb * Math.log10(rxHeightM / clutterM) - lowClutterDb;
  const belowM = clutterM - rxHeightM;
  const angleDeg = (Math.atan(belowM / 27) * 180) / Math.PI;
  const v = 0.0108 * Math.sqrt(frequencyMhz) * Math.sqrt(belowM * angleDeg);
  return 6.03 - knifeEdgeDb(v) - lowClutterDb;
}
