import { elementAttenuationDb, wrapDegrees } from '../radio/antenna.ts';
import type { BoundModel } from '../radio/model.ts';
import { isPlain, panelAttenuationDb, worstAttenuationDb } from '../radio/panel.ts';
import { reachM, solidReachM } from '../radio/reach.ts';
import { bindRule, type LinkRule, type SectorRule } from './link-rule.ts';

/** A link rule made ready for the pair loop: numbers in, yes or no out, no allocation per call. */
export interface LinkTest {
  /** Nobody beyond is served, metres. */
  readonly searchM: number;
  /** Everybody within is served, whatever the direction, metres. */
  readonly everyoneWithinM: number;
  /** Distances the model's source speaks of, metres. */
  readonly minValidM: number;
  readonly maxValidM: number;
  /** Ascending pairs of distances between which the raw model lies below free space and is held there, metres. */
  readonly heldM: Float64Array;
  /** Is a user served at this ground distance and horizontal offset (east, north; metres)? */
  serves(distanceM: number, eastM: number, northM: number): boolean;
}

/** `reachM` ends within a millimetre of the true edge; links this near to it are tested one by one. */
const EDGE_M = 0.002;
/** Slices of distance in the table that decides most links. */
const KNOTS = 2048;
/** Attenuations this near to the table's value are asked of the model, dB: ten times the table's own error. */
const SPARE_SLACK_DB = 0.05;
/** So are directions this near: the chord to a user is longer than its horizontal part by less than this, to 30 km. */
const COSINE_SLACK = 1e-5;
/** Nearer than so many antenna heights the vertical angle changes fast: the model is asked. */
const DROPS_ASKED = 4;
const DEGREES = 180 / Math.PI;

export function linkTest(rule: LinkRule): LinkTest {
  const bound = bindRule(rule);
  const { maxLossDb, locationProbability, extraSigmaDb, maxReachM } = rule;
  const far = reachM(bound, maxLossDb, locationProbability, extraSigmaDb, maxReachM);
  const searchM = far === 0 ? 0 : Math.min(maxReachM, far + EDGE_M);
  const worstDb = rule.sectors === null ? 0 : worstAttenuationDb(rule.sectors.pattern);
  return {
    searchM,
    everyoneWithinM: solidReachM(bound, maxLossDb - worstDb, locationProbability, extraSigmaDb, far),
    minValidM: bound.minDistanceM,
    maxValidM: bound.maxDistanceM,
    heldM: heldRanges(bound, searchM),
    serves: servesOf(rule, bound, far),
  };
}

/** Where the model is held at free space, up to a distance: found on a 1 % grid from 1 m, ends refined to 1 m. */
function heldRanges(bound: BoundModel, upToM: number): Float64Array {
  const ends: number[] = [];
  let held = false;
  let before = 0;
  for (let at = 1; at < upToM; at *= 1.01) {
    if (bound.heldAtFreeSpace(at) !== held) {
      ends.push(before === 0 ? 0 : changeBetween(bound, before, at));
      held = !held;
    }
    before = at;
  }
  if (held) ends.push(upToM + 1);
  return Float64Array.from(ends);
}

function changeBetween(bound: BoundModel, fromM: number, toM: number): number {
  const start = bound.heldAtFreeSpace(fromM);
  let [low, high] = [fromM, toM];
  while (high - low > 1) {
    const middle = (low + high) / 2;
    if (bound.heldAtFreeSpace(middle) === start) low = middle;
    else high = middle;
  }
  return high;
}

function servesOf(rule: LinkRule, bound: BoundModel, farM: number): LinkTest['serves'] {
  const { sectors } = rule;
  if (sectors === null) return omniTest(rule, bound);
  return isPlain(sectors.pattern) ? sectorTest(rule, sectors, bound, farM) : panelTest(rule, sectors, bound);
}

/** Panels from a file, or leaning ones: no symmetry to use, every boresight is asked. */
function panelTest(rule: LinkRule, sectors: SectorRule, bound: BoundModel): LinkTest['serves'] {
  const { maxLossDb, locationProbability, extraSigmaDb } = rule;
  return (distanceM, eastM, northM) => {
    const spareDb = maxLossDb - leastAttenuationDb(rule, sectors, distanceM, eastM, northM);
    return bound.probabilityWithin(spareDb, distanceM, extraSigmaDb) >= locationProbability;
  };
}

/** Attenuation of the sector that looks best towards a horizontal offset over level ground, dB. */
export function leastAttenuationDb(
  { link }: LinkRule,
  { azimuthsDeg, pattern, electricalTiltDeg }: SectorRule,
  distanceM: number,
  eastM: number,
  northM: number,
): number {
  const azimuthDeg = Math.atan2(eastM, northM) * DEGREES;
  const zenithDeg = 90 + Math.atan2(link.txHeightM - link.rxHeightM, distanceM) * DEGREES;
  let least = Infinity;
  for (let s = 0; s < azimuthsDeg.length; s++) {
    const offDeg = wrapDegrees(azimuthDeg - azimuthsDeg[s]!);
    least = Math.min(least, panelAttenuationDb(pattern, offDeg, zenithDeg, electricalTiltDeg));
  }
  return least;
}

function omniTest(rule: LinkRule, bound: BoundModel): LinkTest['serves'] {
  const { maxLossDb, locationProbability, extraSigmaDb } = rule;
  return (distanceM) => bound.probabilityWithin(maxLossDb, distanceM, extraSigmaDb) >= locationProbability;
}

/**
 * The sector whose boresight lies nearest attenuates least (one symmetric pattern for all), so one pattern value and
 * one model value decide. A table holds, by distance, the cosine off the nearest boresight that surely serves and the
 * one that surely does not; between them the model itself is asked, so the answer is always the model's own.
 */
function sectorTest(
  rule: LinkRule,
  sectors: SectorRule,
  bound: BoundModel,
  farM: number,
): LinkTest['serves'] {
  const { maxLossDb, locationProbability, extraSigmaDb } = rule;
  const { pattern, electricalTiltDeg } = sectors;
  const dropM = rule.link.txHeightM - rule.link.rxHeightM;
  const boresights = sectors.azimuthsDeg.length;
  const east = Float64Array.from(sectors.azimuthsDeg, (azimuthDeg) => Math.sin(azimuthDeg / DEGREES));
  const north = Float64Array.from(sectors.azimuthsDeg, (azimuthDeg) => Math.cos(azimuthDeg / DEGREES));
  const nearM = DROPS_ASKED * Math.abs(dropM) + 1;
  const knotsPerM = KNOTS / farM;
  let cosines: Float64Array | null = null;
  return (distanceM, eastM, northM) => {
    cosines ??= decidingCosines(rule, sectors, bound, farM);
    let best = -Infinity;
    for (let s = 0; s < boresights; s++) best = Math.max(best, eastM * east[s]! + northM * north[s]!);
    if (distanceM > nearM && distanceM < farM) {
      const knot = 2 * Math.floor(distanceM * knotsPerM);
      if (best >= cosines[knot]! * distanceM) return true;
      if (best < cosines[knot + 1]! * distanceM) return false;
    }
    const offDeg = Math.acos(Math.max(-1, Math.min(1, best / Math.hypot(eastM, northM)))) * DEGREES;
    const zenithDeg = 90 + Math.atan2(dropM, distanceM) * DEGREES;
    // At the antenna's foot no direction is off boresight.
    const azimuthDeg = Number.isNaN(offDeg) ? 0 : offDeg;
    const attenuationDb = elementAttenuationDb(pattern, azimuthDeg, zenithDeg, electricalTiltDeg);
    return bound.probabilityWithin(maxLossDb - attenuationDb, distanceM, extraSigmaDb) >= locationProbability;
  };
}

/**
 * [2 x KNOTS] per slice of distance: cosine off boresight from which on users are surely served (2 = never), and below
 * which they surely are not (-2 = never). Between the ends of a slice the horizontal attenuation that may still be
 * spent is taken to stay within their values and the slack: dips of the model narrower than 1/2048 of the reach would
 * be missed, as `reachM` misses those narrower than 1 %.
 */
function decidingCosines(rule: LinkRule, sectors: SectorRule, bound: BoundModel, farM: number): Float64Array {
  const spare = Float64Array.from({ length: KNOTS + 1 }, (_, k) =>
    spareAttenuationDb(rule, sectors, bound, (k * farM) / KNOTS),
  );
  const width = sectors.pattern.horizontalBeamwidthDeg;
  const cosine = (attenuationDb: number): number =>
    Math.cos(Math.min(180, width * Math.sqrt(attenuationDb / 12)) / DEGREES);
  const cosines = new Float64Array(2 * KNOTS);
  for (let k = 0; k < KNOTS; k++) {
    const surely = Math.min(spare[k]!, spare[k + 1]!) - SPARE_SLACK_DB;
    const perhaps = Math.max(spare[k]!, spare[k + 1]!) + SPARE_SLACK_DB;
    cosines[2 * k] = surely < 0 ? 2 : surely === Infinity ? -2 : cosine(surely) + COSINE_SLACK;
    cosines[2 * k + 1] = perhaps < 0 ? 2 : cosine(perhaps) - COSINE_SLACK;
  }
  return cosines;
}

/**
 * Horizontal attenuation, dB, that a user at this distance may suffer and still be served: negative when even
 * boresight fails, Infinity when the pattern's floor is enough.
 */
function spareAttenuationDb(
  rule: LinkRule,
  { pattern, electricalTiltDeg }: SectorRule,
  bound: BoundModel,
  distanceM: number,
): number {
  const { maxLossDb, locationProbability, extraSigmaDb } = rule;
  const served = (attenuationDb: number): boolean =>
    bound.probabilityWithin(maxLossDb - attenuationDb, distanceM, extraSigmaDb) >= locationProbability;
  if (served(pattern.maxAttenuationDb)) return Infinity;
  const zenithDeg = 90 + Math.atan2(rule.link.txHeightM - rule.link.rxHeightM, distanceM) * DEGREES;
  const verticalDb = elementAttenuationDb(pattern, 0, zenithDeg, electricalTiltDeg);
  if (!served(verticalDb)) return -Infinity;
  let low = verticalDb;
  let high = pattern.maxAttenuationDb;
  while (high - low > SPARE_SLACK_DB / 10) {
    const middle = (low + high) / 2;
    if (served(middle)) low = middle;
    else high = middle;
  }
  return low - verticalDb;
}
