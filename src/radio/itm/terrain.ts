import type { ItmPath } from './path.ts';

/** Heights at equal steps: `intervals + 1` values, transmitter first. */
export interface EvenProfile {
  readonly intervals: number;
  readonly stepM: number;
  readonly heightsM: Float64Array;
}

const MOST_SAMPLES = 245;
const samples = new Float64Array(MOST_SAMPLES);

/** Result of the last line fit: its values at the first and the last point. */
const fit = { firstM: NaN, lastM: NaN };

/**
 * Derives horizons, effective heights and terrain irregularity from a profile. Algorithm, sections 6 and 7
 * (the preparatory routine for the point-to-point mode).
 */
export function analyseTerrain(path: ItmPath, profile: EvenProfile): void {
  const { intervals, stepM, heightsM } = profile;
  const distanceM = intervals * stepM;
  path.distanceM = distanceM;
  findHorizons(path, profile);
  // Terrain counts from some way off the terminals: 15 antenna heights or a tenth of the horizon distance.
  const startM = Math.min(15 * path.txHeightM, 0.1 * path.txHorizonM);
  const endM = distanceM - Math.min(15 * path.rxHeightM, 0.1 * path.rxHorizonM);
  path.irregularityM = terrainIrregularityM(profile, startM, endM);
  const txGroundM = heightsM[0]!;
  const rxGroundM = heightsM[intervals]!;
  if (path.txHorizonM + path.rxHorizonM <= 1.5 * distanceM) {
    fitLine(heightsM, intervals, stepM, startM, 0.9 * path.txHorizonM);
    path.txEffectiveM = path.txHeightM + Math.max(txGroundM - fit.firstM, 0);
    fitLine(heightsM, intervals, stepM, distanceM - 0.9 * path.rxHorizonM, endM);
    path.rxEffectiveM = path.rxHeightM + Math.max(rxGroundM - fit.lastM, 0);
    return;
  }
  // Well within sight of each other: one line through the terrain serves both, horizons are estimated.
  fitLine(heightsM, intervals, stepM, startM, endM);
  path.txEffectiveM = path.txHeightM + Math.max(txGroundM - fit.firstM, 0);
  path.rxEffectiveM = path.rxHeightM + Math.max(rxGroundM - fit.lastM, 0);
  estimateHorizonDistances(path);
  const horizonsM = path.txHorizonM + path.rxHorizonM;
  if (horizonsM <= distanceM) {
    const stretch = (distanceM / horizonsM) ** 2;
    path.txEffectiveM *= stretch;
    path.rxEffectiveM *= stretch;
    estimateHorizonDistances(path);
  }
  path.txAngleRad = estimatedAngleRad(path, path.txEffectiveM, path.txHorizonM);
  path.rxAngleRad = estimatedAngleRad(path, path.rxEffectiveM, path.rxHorizonM);
}

/** Algorithm, equation (3.3), from effective heights and irregularity. */
function estimateHorizonDistances(path: ItmPath): void {
  const { irregularityM, earthRadiusM, txEffectiveM, rxEffectiveM } = path;
  path.txHorizonM = estimatedHorizonM(txEffectiveM, irregularityM, earthRadiusM);
  path.rxHorizonM = estimatedHorizonM(rxEffectiveM, irregularityM, earthRadiusM);
}

function estimatedHorizonM(effectiveM: number, irregularityM: number, earthRadiusM: number): number {
  return (
    Math.sqrt(2 * effectiveM * earthRadiusM) *
    Math.exp(-0.07 * Math.sqrt(irregularityM / Math.max(effectiveM, 5)))
  );
}

/** Algorithm, equation (3.4). */
function estimatedAngleRad(path: ItmPath, effectiveM: number, horizonM: number): number {
  const smoothM = Math.sqrt(2 * effectiveM * path.earthRadiusM);
  return (0.65 * path.irregularityM * (smoothM / horizonM - 1) - 2 * effectiveM) / smoothM;
}

/**
 * Horizons of the area mode, from heights, siting and irregularity alone. Algorithm, equations (3.2) to (3.4).
 *
 * @param txSiting @param rxSiting one of SITING_*
 */
export function estimateTerrain(path: ItmPath, txSiting: number, rxSiting: number): void {
  path.txEffectiveM = sitedHeightM(path.txHeightM, path.irregularityM, txSiting);
  path.rxEffectiveM = sitedHeightM(path.rxHeightM, path.irregularityM, rxSiting);
  estimateHorizonDistances(path);
  path.txAngleRad = estimatedAngleRad(path, path.txEffectiveM, path.txHorizonM);
  path.rxAngleRad = estimatedAngleRad(path, path.rxEffectiveM, path.rxHorizonM);
}

function sitedHeightM(heightM: number, irregularityM: number, siting: number): number {
  if (siting === 0) return heightM;
  const full = siting === 1 ? 4 : 9;
  const bonus = heightM < 5 ? full * Math.sin(0.1 * Math.PI * heightM) : full;
  return heightM + (1 + bonus) * Math.exp(-Math.min(20, (2 * heightM) / Math.max(1e-3, irregularityM)));
}

/** Horizon angles and distances over the effective Earth, as seen from both antennas. TN101, equation (6.15). */
function findHorizons(path: ItmPath, profile: EvenProfile): void {
  const { intervals, stepM, heightsM } = profile;
  const halfCurvature = 1 / (2 * path.earthRadiusM);
  const distanceM = path.distanceM;
  const txM = heightsM[0]! + path.txHeightM;
  const rxM = heightsM[intervals]! + path.rxHeightM;
  let txAngle = (rxM - txM) / distanceM - distanceM * halfCurvature;
  let rxAngle = (txM - rxM) / distanceM - distanceM * halfCurvature;
  let txHorizonM = distanceM;
  let rxHorizonM = distanceM;
  // Distances are summed step by step, as the reference does: where a tenth of a horizon distance falls on a point,
  // the last bit decides which points count.
  let fromTxM = 0;
  let fromRxM = distanceM;
  for (let i = 1; i < intervals; i++) {
    fromTxM += stepM;
    fromRxM -= stepM;
    const heightM = heightsM[i]!;
    const txSlope = (heightM - txM) / fromTxM - fromTxM * halfCurvature;
    const rxSlope = (heightM - rxM) / fromRxM - fromRxM * halfCurvature;
    if (txSlope > txAngle) {
      txAngle = txSlope;
      txHorizonM = fromTxM;
    }
    if (rxSlope > rxAngle) {
      rxAngle = rxSlope;
      rxHorizonM = fromRxM;
    }
  }
  path.txAngleRad = txAngle;
  path.rxAngleRad = rxAngle;
  path.txHorizonM = txHorizonM;
  path.rxHorizonM = rxHorizonM;
}

/**
 * Terrain irregularity delta h: interdecile range of the heights about their trend, scaled to long paths. Up to 245
 * heights are taken from the profile between `startM` and `endM`. Algorithm, section 7; ERL 79-ITS 67, equation (3).
 */
function terrainIrregularityM(profile: EvenProfile, startM: number, endM: number): number {
  const { intervals, stepM, heightsM } = profile;
  const from = startM / stepM;
  const to = endM / stepM;
  if (to - from < 2) return 0;
  const decile = Math.min(Math.max(4, Math.trunc(0.1 * (to - from + 8))), 25);
  const n = 10 * decile - 5;
  const pitch = (to - from) / (n - 1);
  let index = Math.trunc(from);
  // Offset of the sample from the right-hand point of its interval, in steps (at most 0 once caught up).
  let offset = from - (index + 1);
  for (let j = 0; j < n; j++) {
    while (offset > 0 && index + 1 < intervals) {
      offset -= 1;
      index += 1;
    }
    const right = heightsM[index + 1]!;
    samples[j] = right + (right - heightsM[index]!) * offset;
    offset += pitch;
  }
  fitLine(samples, n - 1, 1, 0, n - 1);
  const slope = (fit.lastM - fit.firstM) / (n - 1);
  let trend = fit.firstM;
  for (let j = 0; j < n; j++) {
    samples[j] = samples[j]! - trend;
    trend += slope;
  }
  const lowDecile = selectSmallest(samples, 0, n - 1, decile - 1);
  const highDecile = selectSmallest(samples, decile - 1, n - 1, n - decile);
  return (highDecile - lowDecile) / (1 - 0.8 * Math.exp(-(endM - startM) / 50e3));
}

/**
 * Value of rank `rank` in `values[low..high]`, smallest first; everything before it ends up no greater, everything
 * behind no smaller (Hoare's selection).
 */
function selectSmallest(values: Float64Array, low: number, high: number, rank: number): number {
  while (low < high) {
    const pivot = values[(low + high) >>> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const swap = values[i]!;
      values[i] = values[j]!;
      values[j] = swap;
      i++;
      j--;
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return values[rank]!;
}

/**
 * Least-squares line through the heights between two distances, left in `fit` as its values at both ends of the whole
 * profile. Algorithm, section 7: end points count half.
 */
function fitLine(
  heightsM: Float64Array,
  intervals: number,
  stepM: number,
  startM: number,
  endM: number,
): void {
  let from = Math.trunc(Math.max(startM / stepM, 0));
  let to = intervals - Math.trunc(Math.max(intervals - endM / stepM, 0));
  if (to <= from) {
    from = Math.trunc(Math.max(from - 1, 0));
    to = intervals - Math.trunc(Math.max(intervals - (to + 1), 0));
  }
  const length = to - from;
  let position = -0.5 * length;
  const end = to + position;
  let sum = 0.5 * (heightsM[from]! + heightsM[to]!);
  let moment = 0.5 * (heightsM[from]! - heightsM[to]!) * position;
  for (let i = from + 1; i < to; i++) {
    position += 1;
    sum += heightsM[i]!;
    moment += heightsM[i]! * position;
  }
  const mean = sum / length;
  const slope = (moment * 12) / ((length * length + 2) * length);
  fit.firstM = mean - slope * end;
  fit.lastM = mean + slope * (intervals - end);
}
