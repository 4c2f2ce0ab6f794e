import { sharedFloat64 } from './shared-array.ts';

/** WGS 84 (NIMA TR8350.2, table 3.1): semi-major axis and flattening. */
const SEMI_MAJOR_M = 6_378_137;
const FLATTENING = 1 / 298.257223563;
const ECCENTRICITY2 = FLATTENING * (2 - FLATTENING);
const RADIANS = Math.PI / 180;

/** Mean radius (2a + b) / 3, metres. */
export const EARTH_RADIUS_M = (SEMI_MAJOR_M * (3 - FLATTENING)) / 3;
/** Smallest radius of curvature anywhere on the ellipsoid (meridian at the equator), metres. */
export const SMALLEST_RADIUS_M = SEMI_MAJOR_M * (1 - ECCENTRICITY2);

/**
 * Earth-centred coordinates of points on the ellipsoid, [3 x count] x, y, z in metres, shared between threads.
 * Differences of them are straight chords: three multiplications a pair, anywhere on Earth, no projection.
 */
export function earthCentred(lon: ArrayLike<number>, lat: ArrayLike<number>): Float64Array {
  const xyz = sharedFloat64(3 * lon.length);
  for (let i = 0; i < lon.length; i++) writeEarthCentred(xyz, 3 * i, lon[i]!, lat[i]!);
  return xyz;
}

/** Distance from the axis and height over the equator's plane of points at a latitude, metres. */
export function parallelAt(latDeg: number): { readonly axisM: number; readonly planeM: number } {
  const sinLat = Math.sin(latDeg * RADIANS);
  const primeVerticalM = SEMI_MAJOR_M / Math.sqrt(1 - ECCENTRICITY2 * sinLat * sinLat);
  return {
    axisM: primeVerticalM * Math.cos(latDeg * RADIANS),
    planeM: primeVerticalM * (1 - ECCENTRICITY2) * sinLat,
  };
}

/** Writes x, y, z of one point of the ellipsoid to `xyz[at ..]`. */
export function writeEarthCentred(xyz: Float64Array, at: number, lonDeg: number, latDeg: number): void {
  const sinLat = Math.sin(latDeg * RADIANS);
  const cosLat = Math.cos(latDeg * RADIANS);
  const primeVerticalM = SEMI_MAJOR_M / Math.sqrt(1 - ECCENTRICITY2 * sinLat * sinLat);
  xyz[at] = primeVerticalM * cosLat * Math.cos(lonDeg * RADIANS);
  xyz[at + 1] = primeVerticalM * cosLat * Math.sin(lonDeg * RADIANS);
  xyz[at + 2] = primeVerticalM * (1 - ECCENTRICITY2) * sinLat;
}

/**
 * Ground distance of two points whose chord is known, metres: the arc over the chord on a sphere of mean radius.
 * Along the ellipsoid radii of curvature differ from it by up to 0.6 %, which moves only the small difference
 * between arc and chord (c³ / 24 R²): within 2 mm of the geodesic up to 50 km, within 1 m up to 400 km.
 */
export function distanceOfChordM(chordM: number): number {
  const half = chordM / (2 * EARTH_RADIUS_M);
  if (half > 0.01) return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, half));
  // asin as its series: below 127 km the first term left out is under a nanometre.
  const half2 = half * half;
  return chordM * (1 + half2 * (1 / 6 + half2 * (3 / 40 + half2 * (5 / 112))));
}

/** The chord of a ground distance: the inverse of `distanceOfChordM`, so that tests of either agree. */
export function chordOfDistanceM(distanceM: number): number {
  return 2 * EARTH_RADIUS_M * Math.sin(Math.min(Math.PI / 2, distanceM / (2 * EARTH_RADIUS_M)));
}

const pair = new Float64Array(6);

/** Ground distance of two positions in degrees, metres; accuracy as `distanceOfChordM`. */
export function distanceM(lonA: number, latA: number, lonB: number, latB: number): number {
  writeEarthCentred(pair, 0, lonA, latA);
  writeEarthCentred(pair, 3, lonB, latB);
  return distanceOfChordM(Math.hypot(pair[3]! - pair[0]!, pair[4]! - pair[1]!, pair[5]! - pair[2]!));
}

/** Unit vectors east and north at a position, [6]: a difference of earth-centred points splits along them. */
export function eastNorth(lonDeg: number, latDeg: number): Float64Array {
  const sinLon = Math.sin(lonDeg * RADIANS);
  const cosLon = Math.cos(lonDeg * RADIANS);
  const sinLat = Math.sin(latDeg * RADIANS);
  const cosLat = Math.cos(latDeg * RADIANS);
  return Float64Array.of(-sinLon, cosLon, 0, -sinLat * cosLon, -sinLat * sinLon, cosLat);
}

/** Direction from A to B at A, degrees clockwise from north in [0, 360): the normal section, 0.01 degrees at 50 km. */
export function bearingDeg(lonA: number, latA: number, lonB: number, latB: number): number {
  writeEarthCentred(pair, 0, lonA, latA);
  writeEarthCentred(pair, 3, lonB, latB);
  const axes = eastNorth(lonA, latA);
  const dx = pair[3]! - pair[0]!;
  const dy = pair[4]! - pair[1]!;
  const dz = pair[5]! - pair[2]!;
  const east = axes[0]! * dx + axes[1]! * dy;
  const north = axes[3]! * dx + axes[4]! * dy + axes[5]! * dz;
  const degrees = Math.atan2(east, north) / RADIANS;
  return degrees < 0 ? degrees + 360 : degrees;
}
