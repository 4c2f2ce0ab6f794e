import { diffractionDb } from './diffraction.ts';
import {
  ITM_DIFFRACTION,
  ITM_ERROR,
  ITM_LINE_OF_SIGHT,
  ITM_SUCCESS,
  ITM_TROPOSCATTER,
  ITM_WARNING,
} from './codes.ts';
import { lineOfSightDb } from './line-of-sight.ts';
import type { ItmPath } from './path.ts';
import { troposcatterDb, type ScatterMemory } from './troposcatter.ts';

/** Outcome of the reference attenuation: the median loss beyond free space before variability. */
export interface ItmReference {
  attenuationDb: number;
  /** One of ITM_LINE_OF_SIGHT, ITM_DIFFRACTION, ITM_TROPOSCATTER; 0 = none. */
  mode: number;
  /** Mask of ITM_WARNING bits, added to. */
  warnings: number;
}

/** The straight line diffraction follows beyond the horizons: loss = interceptDb + slopeDbPerM * d. */
const line = { slopeDbPerM: NaN, interceptDb: NaN };
const scatterMemory: ScatterMemory = { gainDb: -1 };

/**
 * Reference attenuation of the Longley-Rice model, dB beyond free space. Algorithm, section 4 (equation (4.1) with
 * its three ranges: line of sight, diffraction, troposcatter).
 *
 * @param path heights, horizons and surroundings set; the sums of horizons are filled in here
 * @returns a return code; below ITM_ERROR's values `reference` is valid
 */
export function referenceAttenuation(path: ItmPath, pointToPoint: boolean, reference: ItmReference): number {
  const { earthRadiusM, distanceM } = path;
  const txSmoothM = Math.sqrt(2 * path.txEffectiveM * earthRadiusM);
  const rxSmoothM = Math.sqrt(2 * path.rxEffectiveM * earthRadiusM);
  path.smoothHorizonsM = txSmoothM + rxSmoothM;
  path.horizonsM = path.txHorizonM + path.rxHorizonM;
  path.sightAngleRad = -Math.max(path.txAngleRad + path.rxAngleRad, -path.horizonsM / earthRadiusM);
  reference.warnings |= horizonWarnings(path, txSmoothM, rxSmoothM);
  const code = checkSurroundings(path);
  if (code !== ITM_SUCCESS) return code;
  if (path.surfaceRefractivityN < 250) reference.warnings |= ITM_WARNING.surfaceRefractivity;
  fitDiffractionLine(path, pointToPoint);
  reference.warnings |= distanceWarnings(path);
  if (distanceM < path.smoothHorizonsM) {
    reference.attenuationDb = Math.max(withinSightDb(path), 0);
    reference.mode = ITM_LINE_OF_SIGHT;
  } else {
    beyondHorizon(path, reference);
  }
  return ITM_SUCCESS;
}

/** Horizons the small-angle geometry was not made for. */
function horizonWarnings(path: ItmPath, txSmoothM: number, rxSmoothM: number): number {
  let mask = 0;
  if (Math.abs(path.txAngleRad) > 0.2) mask |= ITM_WARNING.txHorizonAngle;
  if (Math.abs(path.rxAngleRad) > 0.2) mask |= ITM_WARNING.rxHorizonAngle;
  if (path.txHorizonM < 0.1 * txSmoothM) mask |= ITM_WARNING.txHorizonNear;
  if (path.rxHorizonM < 0.1 * rxSmoothM) mask |= ITM_WARNING.rxHorizonNear;
  if (path.txHorizonM > 3 * txSmoothM) mask |= ITM_WARNING.txHorizonFar;
  if (path.rxHorizonM > 3 * rxSmoothM) mask |= ITM_WARNING.rxHorizonFar;
  return mask;
}

function checkSurroundings(path: ItmPath): number {
  if (path.surfaceRefractivityN < 150) return ITM_ERROR.surfaceRefractivityLow;
  if (path.surfaceRefractivityN > 400) return ITM_ERROR.surfaceRefractivityHigh;
  if (path.earthRadiusM < 4_000_000 || path.earthRadiusM > 13_333_333) return ITM_ERROR.effectiveEarth;
  if (path.impedanceRe <= Math.abs(path.impedanceIm)) return ITM_ERROR.groundImpedance;
  return ITM_SUCCESS;
}

function distanceWarnings(path: ItmPath): number {
  const { distanceM } = path;
  let mask = 0;
  if (distanceM < Math.abs(path.txEffectiveM - path.rxEffectiveM) / 0.2)
    mask |= ITM_WARNING.pathShortForHeights;
  if (distanceM < 1e3) mask |= ITM_WARNING.pathShort;
  if (distanceM > 1000e3) mask |= ITM_WARNING.pathLong;
  if (distanceM > 2000e3) mask |= ITM_WARNING.pathVeryLong;
  return mask;
}

/** Cube root of a²/f: the length over which diffraction over the Earth develops, m. */
function diffractionScaleM(path: ItmPath): number {
  return Math.cbrt((path.earthRadiusM * path.earthRadiusM) / path.frequencyMhz);
}

/** Draws the diffraction line through two distances well beyond the horizons. Algorithm, equations (4.4) to (4.8). */
function fitDiffractionLine(path: ItmPath, pointToPoint: boolean): void {
  const scaleM = diffractionScaleM(path);
  const nearM = Math.max(path.smoothHorizonsM, path.horizonsM + 5 * scaleM);
  const farM = nearM + 10 * scaleM;
  const nearDb = diffractionDb(path, nearM, pointToPoint);
  const farDb = diffractionDb(path, farM, pointToPoint);
  line.slopeDbPerM = (farDb - nearDb) / (farM - nearM);
  line.interceptDb = nearDb - line.slopeDbPerM * nearM;
}

/**
 * Attenuation inside the smooth-Earth horizon: A0 + k1 d + k2 ln d through three distances. ERL 79-ITS 67, equations
 * (3.16) to (3.21).
 */
function withinSightDb(path: ItmPath): number {
  const { slopeDbPerM, interceptDb } = line;
  const edgeM = path.smoothHorizonsM;
  const edgeDb = edgeM * slopeDbPerM + interceptDb;
  let nearM = 0.04 * path.frequencyMhz * path.txEffectiveM * path.rxEffectiveM;
  let middleM: number;
  if (interceptDb >= 0) {
    nearM = Math.min(nearM, 0.5 * path.horizonsM);
    middleM = nearM + 0.25 * (path.horizonsM - nearM);
  } else {
    middleM = Math.max(-interceptDb / slopeDbPerM, 0.25 * path.horizonsM);
  }
  const middleDb = lineOfSightDb(path, middleM, slopeDbPerM, interceptDb);
  let k1 = 0;
  let k2 = 0;
  let fitted = false;
  if (nearM < middleM) {
    const nearDb = lineOfSightDb(path, nearM, slopeDbPerM, interceptDb);
    const logEdge = Math.log(edgeM / nearM);
    k2 = Math.max(
      0,
      ((edgeM - nearM) * (middleDb - nearDb) - (middleM - nearM) * (edgeDb - nearDb)) /
        ((edgeM - nearM) * Math.log(middleM / nearM) - (middleM - nearM) * logEdge),
    );
    fitted = interceptDb > 0 || k2 > 0;
    if (fitted) {
      k1 = (edgeDb - nearDb - k2 * logEdge) / (edgeM - nearM);
      if (k1 < 0) {
        k1 = 0;
        k2 = Math.max(edgeDb - nearDb, 0) / logEdge;
        if (k2 === 0) k1 = slopeDbPerM;
      }
    }
  }
  if (!fitted) {
    k1 = Math.max(edgeDb - middleDb, 0) / (edgeM - middleM);
    k2 = 0;
    if (k1 === 0) k1 = slopeDbPerM;
  }
  const constantDb = edgeDb - k1 * edgeM - k2 * Math.log(edgeM);
  return constantDb + k1 * path.distanceM + k2 * Math.log(path.distanceM);
}

/** Diffraction, or troposcatter from the distance at which its line takes over. Algorithm, section 4.4. */
function beyondHorizon(path: ItmPath, reference: ItmReference): void {
  const { slopeDbPerM, interceptDb } = line;
  const nearM = path.horizonsM + 200e3;
  const farM = path.horizonsM + 400e3;
  scatterMemory.gainDb = -1;
  const farDb = troposcatterDb(path, farM, scatterMemory);
  const nearDb = troposcatterDb(path, nearM, scatterMemory);
  let scatterSlope = slopeDbPerM;
  let scatterInterceptDb = interceptDb;
  let takeoverM = 10e6;
  if (nearDb < 1000) {
    scatterSlope = (farDb - nearDb) / 200e3;
    takeoverM = Math.max(
      path.smoothHorizonsM,
      path.horizonsM + 1.088 * diffractionScaleM(path) * Math.log(path.frequencyMhz),
      (nearDb - interceptDb - scatterSlope * nearM) / (slopeDbPerM - scatterSlope),
    );
    scatterInterceptDb = (slopeDbPerM - scatterSlope) * takeoverM + interceptDb;
  }
  const scatters = path.distanceM > takeoverM;
  const lossDb = scatters
    ? scatterSlope * path.distanceM + scatterInterceptDb
    : slopeDbPerM * path.distanceM + interceptDb;
  reference.attenuationDb = Math.max(lossDb, 0);
  reference.mode = scatters ? ITM_TROPOSCATTER : ITM_DIFFRACTION;
}
