import type { PathProfile } from '../profile.ts';
import { BETA_EARTH_RADIUS_KM } from './meteorology.ts';

/** What P.1812 needs to know of a path's shape (attachment 1 to annex 1, section 5). */
export interface PathGeometry {
  dKm: number;
  /** Antenna heights above sea level, m. */
  txM: number;
  rxM: number;
  transHorizon: boolean;
  /** Distances to the horizons, km; on a line-of-sight path both meet at its Bullington point. */
  txHorizonKm: number;
  rxHorizonKm: number;
  /** Horizon elevation angles and the path's angular distance, mrad. */
  txAngleMrad: number;
  rxAngleMrad: number;
  pathAngleMrad: number;
  /** Smooth-surface heights at the terminals for the diffraction model, m above sea level. */
  diffractionTxM: number;
  diffractionRxM: number;
  /** Effective antenna heights for the ducting model, m. */
  ductTxM: number;
  ductRxM: number;
  /** Terrain roughness between the horizons, m. */
  roughnessM: number;
  /** Steepest slopes from the antennas to the obstructing surface, m/km, over the median and the beta0 Earth. */
  txMedianSlope: number;
  rxMedianSlope: number;
  txBetaSlope: number;
  rxBetaSlope: number;
}

export function createPathGeometry(): PathGeometry {
  return {
    dKm: NaN,
    txM: NaN,
    rxM: NaN,
    transHorizon: false,
    txHorizonKm: NaN,
    rxHorizonKm: NaN,
    txAngleMrad: NaN,
    rxAngleMrad: NaN,
    pathAngleMrad: NaN,
    diffractionTxM: NaN,
    diffractionRxM: NaN,
    ductTxM: NaN,
    ductRxM: NaN,
    roughnessM: NaN,
    txMedianSlope: NaN,
    rxMedianSlope: NaN,
    txBetaSlope: NaN,
    rxBetaSlope: NaN,
  };
}

/**
 * Analyses a profile: horizons, smooth surface, effective heights, roughness. P.1812-8, attachment 1 to annex 1,
 * sections 4 and 5, equations (76) to (95). Clutter obstructs (the four slopes) but does not shape anything else.
 *
 * @param txHeightM @param rxHeightM antenna heights above ground, m
 * @param earthRadiusKm median effective Earth radius
 */
export function analysePath(
  profile: PathProfile,
  txHeightM: number,
  rxHeightM: number,
  earthRadiusKm: number,
  geometry: PathGeometry,
): void {
  const { count, distanceKm, groundM, surfaceM } = profile;
  const last = count - 1;
  const dKm = distanceKm[last]!;
  const txGroundM = groundM[0]!;
  const rxGroundM = groundM[last]!;
  const txM = txGroundM + txHeightM;
  const rxM = rxGroundM + rxHeightM;
  const slope = (rxM - txM) / dKm;
  const halfCurvature = 500 / earthRadiusKm;
  const betaCurvature = 500 / BETA_EARTH_RADIUS_KM;

  let txMedianSlope = -Infinity;
  let rxMedianSlope = -Infinity;
  let txBetaSlope = -Infinity;
  let rxBetaSlope = -Infinity;
  let v1 = 0;
  let v2 = 0;
  let obstruction = -Infinity;
  let txSteepest = -Infinity;
  let rxSteepest = -Infinity;
  let txHorizon = -Infinity;
  let rxHorizon = -Infinity;
  let txIndex = 1;
  let rxIndex = 1;
  let previousKm = 0;
  let previousM = txGroundM;
  for (let i = 1; i < last; i++) {
    const di = distanceKm[i]!;
    const hi = groundM[i]!;
    const width = di - previousKm;
    v1 += width * (hi + previousM);
    v2 += width * (hi * (2 * di + previousKm) + previousM * (di + 2 * previousKm));
    previousKm = di;
    previousM = hi;
    const rest = dKm - di;
    const height = hi - (txM + slope * di);
    if (height > obstruction) obstruction = height;
    // The slopes are those of H(i)/d(i) and H(i)/(d - d(i)); the ray's own slope is taken off after the loop.
    const fromTx = (hi - txM) / di;
    if (fromTx > txSteepest) txSteepest = fromTx;
    const txElevation = fromTx - halfCurvature * di;
    if (txElevation > txHorizon) {
      txHorizon = txElevation;
      txIndex = i;
    }
    const fromRx = (hi - rxM) / rest;
    if (fromRx > rxSteepest) rxSteepest = fromRx;
    const rxElevation = fromRx - halfCurvature * rest;
    if (rxElevation >= rxHorizon) {
      rxHorizon = rxElevation;
      rxIndex = i;
    }
    const clutterM = surfaceM[i]! - hi;
    let toTop = fromTx;
    let toTopFromRx = fromRx;
    if (clutterM !== 0) {
      toTop += clutterM / di;
      toTopFromRx += clutterM / rest;
    }
    const txMedian = toTop + halfCurvature * rest;
    const rxMedian = toTopFromRx + halfCurvature * di;
    const txBeta = toTop + betaCurvature * rest;
    const rxBeta = toTopFromRx + betaCurvature * di;
    if (txMedian > txMedianSlope) txMedianSlope = txMedian;
    if (rxMedian > rxMedianSlope) rxMedianSlope = rxMedian;
    if (txBeta > txBetaSlope) txBetaSlope = txBeta;
    if (rxBeta > rxBetaSlope) rxBetaSlope = rxBeta;
  }
  const width = dKm - previousKm;
  v1 += width * (rxGroundM + previousM);
  v2 += width * (rxGroundM * (2 * dKm + previousKm) + previousM * (dKm + 2 * previousKm));

  // Smooth-Earth surface by least squares: equations (85) to (88).
  const smoothTxM = (2 * v1 * dKm - v2) / (dKm * dKm);
  const smoothRxM = (v2 - v1 * dKm) / (dKm * dKm);
  let liftTxM = 0;
  let liftRxM = 0;
  if (obstruction > 0) {
    const towardsTx = txSteepest - slope;
    const towardsRx = rxSteepest + slope;
    liftTxM = (obstruction * towardsTx) / (towardsTx + towardsRx);
    liftRxM = (obstruction * towardsRx) / (towardsTx + towardsRx);
  }
  geometry.diffractionTxM = Math.min(smoothTxM - liftTxM, txGroundM);
  geometry.diffractionRxM = Math.min(smoothRxM - liftRxM, rxGroundM);

  // Horizons: equations (76) to (84). Elevations here are slopes in m/km, that is mrad before the arc tangent.
  const directTx = slope - halfCurvature * dKm;
  const directRx = -slope - halfCurvature * dKm;
  const transHorizon = txHorizon > directTx;
  if (!transHorizon) {
    txIndex = nearestToRay(profile, txM, slope, halfCurvature);
    rxIndex = txIndex;
  }
  geometry.dKm = dKm;
  geometry.txM = txM;
  geometry.rxM = rxM;
  geometry.transHorizon = transHorizon;
  geometry.txHorizonKm = distanceKm[txIndex]!;
  geometry.rxHorizonKm = dKm - distanceKm[rxIndex]!;
  geometry.txAngleMrad = 1000 * Math.atan((transHorizon ? txHorizon : directTx) / 1000);
  geometry.rxAngleMrad = 1000 * Math.atan((transHorizon ? rxHorizon : directRx) / 1000);
  geometry.pathAngleMrad = (1000 * dKm) / earthRadiusKm + geometry.txAngleMrad + geometry.rxAngleMrad;

  // Ducting model: equations (92) to (95).
  const ductSmoothTxM = Math.min(smoothTxM, txGroundM);
  const ductSmoothRxM = Math.min(smoothRxM, rxGroundM);
  const surfaceSlope = (ductSmoothRxM - ductSmoothTxM) / dKm;
  let roughnessM = -Infinity;
  for (let i = txIndex; i <= rxIndex; i++) {
    const above = groundM[i]! - (ductSmoothTxM + surfaceSlope * distanceKm[i]!);
    if (above > roughnessM) roughnessM = above;
  }
  geometry.ductTxM = txHeightM + txGroundM - ductSmoothTxM;
  geometry.ductRxM = rxHeightM + rxGroundM - ductSmoothRxM;
  geometry.roughnessM = roughnessM;
  geometry.txMedianSlope = txMedianSlope;
  geometry.rxMedianSlope = rxMedianSlope;
  geometry.txBetaSlope = txBetaSlope;
  geometry.rxBetaSlope = rxBetaSlope;
}

/** Point of a line-of-sight path with the greatest diffraction parameter (the last of equals). */
function nearestToRay(profile: PathProfile, txM: number, slope: number, halfCurvature: number): number {
  const { count, distanceKm, groundM } = profile;
  const last = count - 1;
  const dKm = distanceKm[last]!;
  let best = -Infinity;
  let index = 1;
  for (let i = 1; i < last; i++) {
    const di = distanceKm[i]!;
    const product = di * (dKm - di);
    const height = groundM[i]! + halfCurvature * product - (txM + slope * di);
    const signedSquare = (height * Math.abs(height)) / product;
    if (signedSquare >= best) {
      best = signedSquare;
      index = i;
    }
  }
  return index;
}
