/**
 * Diffraction losses of Recommendation ITU-R P.526-15. Distances along the path in km, heights in m above sea
 * level, frequency in GHz: the units of the Recommendation, so that page and code can be laid side by side.
 */

import { sphericalEarthLossDb, WAVELENGTH_M_GHZ, type Polarisation } from './spherical-earth.ts';

/** Up to this value of v the knife-edge loss is taken as zero (P.526, section 4.1). */
export const V_NO_LOSS = -0.78;

/** Points of a path: the first `count` entries, transmitter first; distances ascend from 0. */
export interface PathPoints {
  readonly count: number;
  /** Distance from the transmitter, km. */
  readonly distanceKm: Float64Array;
}

/**
 * Single knife-edge loss J(v), dB. P.526-15, section 4.1, equation (31); zero for v <= -0.78.
 *
 * @param v Fresnel-Kirchhoff parameter, dimensionless
 */
export function knifeEdgeLossDb(v: number): number {
  if (!(v > V_NO_LOSS)) return 0;
  const shifted = v - 0.1;
  return 6.9 + 20 * Math.log10(Math.sqrt(shifted * shifted + 1) + shifted);
}

/**
 * Fresnel-Kirchhoff parameter v = h sqrt(2 d / (lambda d1 d2)) of an edge `heightM` above the straight line between
 * the terminals. P.526-15, section 4.1, equation (26).
 */
export function diffractionParameter(
  heightM: number,
  d1Km: number,
  d2Km: number,
  frequencyGhz: number,
): number {
  const wavelengthM = WAVELENGTH_M_GHZ / frequencyGhz;
  return heightM * Math.sqrt((0.002 * (d1Km + d2Km)) / (wavelengthM * d1Km * d2Km));
}

/**
 * Bullington diffraction loss over a path, dB. P.526-15, section 4.5.1, equations (48) to (54); P.1812-8, section
 * 4.3.1 is the same method.
 *
 * @param surfaceM height of the obstructing surface at every point, m above sea level; ends are not looked at
 * @param txM @param rxM antenna heights, m above sea level
 * @param earthRadiusKm effective Earth radius
 */
export function bullingtonLossDb(
  path: PathPoints,
  surfaceM: Float64Array,
  txM: number,
  rxM: number,
  earthRadiusKm: number,
  frequencyGhz: number,
): number {
  const { count, distanceKm } = path;
  const last = count - 1;
  const d = distanceKm[last]!;
  const halfCurvature = 500 / earthRadiusKm;
  let txSlope = -Infinity;
  let rxSlope = -Infinity;
  for (let i = 1; i < last; i++) {
    const di = distanceKm[i]!;
    const rest = d - di;
    const height = surfaceM[i]! + halfCurvature * di * rest;
    const fromTx = (height - txM) / di;
    const fromRx = (height - rxM) / rest;
    if (fromTx > txSlope) txSlope = fromTx;
    if (fromRx > rxSlope) rxSlope = fromRx;
  }
  return bullingtonFromSlopesDb(path, surfaceM, txM, rxM, txSlope, rxSlope, earthRadiusKm, frequencyGhz);
}

/**
 * `bullingtonLossDb` where the steepest slopes from both antennas to the surface over the effective Earth, m/km
 * (equations (48) and (51)), are known already: one pass over a profile serves several Earth radii.
 */
export function bullingtonFromSlopesDb(
  path: PathPoints,
  surfaceM: Float64Array,
  txM: number,
  rxM: number,
  txSlope: number,
  rxSlope: number,
  earthRadiusKm: number,
  frequencyGhz: number,
): number {
  const d = path.distanceKm[path.count - 1]!;
  const edgeDb =
    txSlope < (rxM - txM) / d
      ? knifeEdgeLossDb(greatestParameter(path, surfaceM, txM, rxM, earthRadiusKm, frequencyGhz))
      : bullingtonPointLossDb(d, txM, rxM, txSlope, rxSlope, frequencyGhz);
  return bullingtonTotalDb(edgeDb, d);
}

/**
 * The same loss over a smooth Earth (all profile heights zero) sampled at the points of the path; `txM`, `rxM` are
 * then heights above that surface. P.526-15, section 4.5.2 asks for it beside the real path.
 */
export function bullingtonSmoothLossDb(
  path: PathPoints,
  txM: number,
  rxM: number,
  earthRadiusKm: number,
  frequencyGhz: number,
): number {
  const { count, distanceKm } = path;
  const last = count - 1;
  const d = distanceKm[last]!;
  const halfCurvature = 500 / earthRadiusKm;
  const txSlope = smoothHorizonSlope(path, txM, halfCurvature, false);
  if (txSlope < (rxM - txM) / d) {
    return bullingtonTotalDb(
      knifeEdgeLossDb(greatestSmoothParameter(path, txM, rxM, halfCurvature, frequencyGhz)),
      d,
    );
  }
  const rxSlope = smoothHorizonSlope(path, rxM, halfCurvature, true);
  return bullingtonTotalDb(bullingtonPointLossDb(d, txM, rxM, txSlope, rxSlope, frequencyGhz), d);
}

/** P.526-15, equation (54): the allowance for what one edge leaves out. */
function bullingtonTotalDb(edgeDb: number, dKm: number): number {
  return edgeDb + (1 - Math.exp(-edgeDb / 6)) * (10 + 0.02 * dKm);
}

/** Knife-edge loss at the point where the two horizon rays meet: equations (51) and (52). */
function bullingtonPointLossDb(
  d: number,
  txM: number,
  rxM: number,
  txSlope: number,
  rxSlope: number,
  frequencyGhz: number,
): number {
  const db = (rxM - txM + rxSlope * d) / (txSlope + rxSlope);
  const clearanceM = txM + txSlope * db - (txM * (d - db) + rxM * db) / d;
  return knifeEdgeLossDb(diffractionParameter(clearanceM, db, d - db, frequencyGhz));
}

/** The largest v on a line-of-sight path, equation (50). Compared by signed squares: one root in all. */
function greatestParameter(
  path: PathPoints,
  surfaceM: Float64Array,
  txM: number,
  rxM: number,
  earthRadiusKm: number,
  frequencyGhz: number,
): number {
  const { count, distanceKm } = path;
  const last = count - 1;
  const d = distanceKm[last]!;
  const halfCurvature = 500 / earthRadiusKm;
  const slope = (rxM - txM) / d;
  let best = -Infinity;
  for (let i = 1; i < last; i++) {
    const di = distanceKm[i]!;
    const product = di * (d - di);
    const height = surfaceM[i]! + halfCurvature * product - (txM + slope * di);
    const signedSquare = (height * Math.abs(height)) / product;
    if (signedSquare > best) best = signedSquare;
  }
  return signedRoot((best * 0.002 * d * frequencyGhz) / WAVELENGTH_M_GHZ);
}

function signedRoot(signedSquare: number): number {
  return signedSquare < 0 ? -Math.sqrt(-signedSquare) : Math.sqrt(signedSquare);
}

/**
 * Over a smooth Earth the slope C/2 (d - x) - h/x towards a point at distance x rises up to x = sqrt(h / (C/2)) and
 * falls from there: of the sampled points only the two beside that distance can be the horizon.
 */
function smoothHorizonSlope(
  path: PathPoints,
  heightM: number,
  halfCurvature: number,
  fromRx: boolean,
): number {
  const { count, distanceKm } = path;
  const last = count - 1;
  const d = distanceKm[last]!;
  const peak = Math.sqrt(Math.max(heightM, 0) / halfCurvature);
  const position = fromRx ? d - peak : peak;
  const after = Math.min(Math.max(firstPointFrom(path, position), 1), last - 1);
  const before = Math.max(after - 1, 1);
  const afterKm = fromRx ? d - distanceKm[after]! : distanceKm[after]!;
  const beforeKm = fromRx ? d - distanceKm[before]! : distanceKm[before]!;
  return Math.max(
    halfCurvature * (d - afterKm) - heightM / afterKm,
    halfCurvature * (d - beforeKm) - heightM / beforeKm,
  );
}

function greatestSmoothParameter(
  path: PathPoints,
  txM: number,
  rxM: number,
  halfCurvature: number,
  frequencyGhz: number,
): number {
  const { count, distanceKm } = path;
  const last = count - 1;
  const d = distanceKm[last]!;
  const slope = (rxM - txM) / d;
  let best = -Infinity;
  for (let i = 1; i < last; i++) {
    const di = distanceKm[i]!;
    const product = di * (d - di);
    const height = halfCurvature * product - (txM + slope * di);
    const signedSquare = (height * Math.abs(height)) / product;
    if (signedSquare > best) best = signedSquare;
  }
  return signedRoot((best * 0.002 * d * frequencyGhz) / WAVELENGTH_M_GHZ);
}

/** Index of the first point at or beyond `km` (binary search); `count` when there is none. */
function firstPointFrom(path: PathPoints, km: number): number {
  let low = 0;
  let high = path.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (path.distanceKm[middle]! < km) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Diffraction loss of a general terrestrial path by the delta-Bullington method, dB. P.526-15, section 4.5.2,
 * equations (55) to (63) (P.1812-8, section 4.3.4): the Bullington loss of the real path, corrected by what it misses
 * over a smooth Earth.
 *
 * @param smoothTxM @param smoothRxM heights of the smooth surface at the terminals, m above sea level (see
 * `smoothEarthHeights`), at or below the ground there
 */
export function deltaBullingtonLossDb(
  path: PathPoints,
  surfaceM: Float64Array,
  txM: number,
  rxM: number,
  smoothTxM: number,
  smoothRxM: number,
  earthRadiusKm: number,
  frequencyGhz: number,
  seaShare: number,
  polarisation: Polarisation,
): number {
  const actualDb = bullingtonLossDb(path, surfaceM, txM, rxM, earthRadiusKm, frequencyGhz);
  const effectiveTxM = txM - smoothTxM;
  const effectiveRxM = rxM - smoothRxM;
  return (
    actualDb +
    smoothEarthCorrectionDb(
      path,
      effectiveTxM,
      effectiveRxM,
      earthRadiusKm,
      frequencyGhz,
      seaShare,
      polarisation,
    )
  );
}

/**
 * What the Bullington method misses over a smooth Earth, dB, never negative: spherical-Earth loss less Bullington loss
 * for antennas at their effective heights. P.526-15, section 4.5.2.
 */
export function smoothEarthCorrectionDb(
  path: PathPoints,
  effectiveTxM: number,
  effectiveRxM: number,
  earthRadiusKm: number,
  frequencyGhz: number,
  seaShare: number,
  polarisation: Polarisation,
): number {
  const dKm = path.distanceKm[path.count - 1]!;
  const sphericalDb = sphericalEarthLossDb(
    dKm,
    effectiveTxM,
    effectiveRxM,
    earthRadiusKm,
    frequencyGhz,
    seaShare,
    polarisation,
  );
  if (sphericalDb === 0) return 0;
  const smoothDb = bullingtonSmoothLossDb(path, effectiveTxM, effectiveRxM, earthRadiusKm, frequencyGhz);
  return Math.max(sphericalDb - smoothDb, 0);
}
