/**
 * Path profiles: heights sampled along the great circle between two points. The buffers are allocated once and
 * refilled for every path; the first `count` entries are valid, transmitter first.
 */

import { nearestInGrid, valueAt, type GeoGrid } from '../geo/geo-grid.ts';

/** Radio-climatic zones as P.1812 numbers them. */
export const ZONE_SEA = 1;
export const ZONE_COASTAL = 3;
export const ZONE_INLAND = 4;

const EARTH_RADIUS_KM = 6371;
const DEGREE = Math.PI / 180;

/** A path profile in reusable buffers. */
export interface PathProfile {
  count: number;
  /** Distance from the transmitter, km, ascending from 0. */
  readonly distanceKm: Float64Array;
  /** Bare ground, metres above sea level. */
  readonly groundM: Float64Array;
  /** Ground plus representative clutter; at both ends the bare ground. */
  readonly surfaceM: Float64Array;
  /** One of ZONE_*. */
  readonly zone: Uint8Array;
  /** Clutter class at the receiver's end, -1 = unknown; see `addClutter`. */
  rxClass: number;
}

/** Buffers for profiles of up to `capacity` points, inland everywhere. */
export function createPathProfile(capacity: number): PathProfile {
  return {
    count: 0,
    distanceKm: new Float64Array(capacity),
    groundM: new Float64Array(capacity),
    surfaceM: new Float64Array(capacity),
    zone: new Uint8Array(capacity).fill(ZONE_INLAND),
    rxClass: -1,
  };
}

/** Great-circle distance on the sphere of 6371 km the ITU-R terrain methods use (haversine), km. */
export function greatCircleKm(fromLon: number, fromLat: number, toLon: number, toLat: number): number {
  const sinLat = Math.sin(((toLat - fromLat) * DEGREE) / 2);
  const sinLon = Math.sin(((toLon - fromLon) * DEGREE) / 2);
  const h = sinLat * sinLat + Math.cos(fromLat * DEGREE) * Math.cos(toLat * DEGREE) * sinLon * sinLon;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Initial bearing of the great circle, radians clockwise from north. */
function bearingRad(fromLon: number, fromLat: number, toLon: number, toLat: number): number {
  const deltaLon = (toLon - fromLon) * DEGREE;
  const sinFrom = Math.sin(fromLat * DEGREE);
  const cosFrom = Math.cos(fromLat * DEGREE);
  const cosTo = Math.cos(toLat * DEGREE);
  const north = cosFrom * Math.sin(toLat * DEGREE) - sinFrom * cosTo * Math.cos(deltaLon);
  return Math.atan2(cosTo * Math.sin(deltaLon), north);
}

/**
 * Latitude of the point `distanceKm` along the great circle, degrees: the path centre of P.1812 (attachment 3 to
 * annex 1; Recommendation P.2001, attachment H.3).
 */
export function latitudeAlongPath(
  fromLon: number,
  fromLat: number,
  toLon: number,
  toLat: number,
  distanceKm: number,
): number {
  const angle = distanceKm / EARTH_RADIUS_KM;
  const bearing = bearingRad(fromLon, fromLat, toLon, toLat);
  const sinLat =
    Math.sin(fromLat * DEGREE) * Math.cos(angle) +
    Math.cos(fromLat * DEGREE) * Math.sin(angle) * Math.cos(bearing);
  return Math.asin(sinLat) / DEGREE;
}

/** Between exact great-circle points this far apart positions are interpolated: less than 0.2 m off below 70°. */
const KNOT_SPACING_KM = 2;

/**
 * Fills a profile with ground heights along the great circle. Equal steps of at most `stepM`, at least `minPoints`
 * points, bilinear between cell centres; a step of one cell is the finest that tells anything new.
 * Gaps (NaN) stay: see `fillGaps`. The surface is set to the ground; see `addClutter`.
 *
 * @returns the path length, km
 */
export function sampleProfile(
  profile: PathProfile,
  grid: GeoGrid,
  fromLon: number,
  fromLat: number,
  toLon: number,
  toLat: number,
  stepM: number,
  minPoints = 5,
): number {
  const { distanceKm, groundM } = profile;
  const { values, columns, rows } = grid;
  const lengthKm = greatCircleKm(fromLon, fromLat, toLon, toLat);
  const segments = Math.min(
    Math.max(Math.ceil((lengthKm * 1000) / stepM), minPoints - 1),
    distanceKm.length - 1,
  );
  profile.count = segments + 1;
  profile.rxClass = -1;
  const spacingKm = lengthKm / segments;
  const knots = Math.max(1, Math.ceil(lengthKm / KNOT_SPACING_KM));
  const path = greatCircle(fromLon, fromLat, toLon, toLat, lengthKm / EARTH_RADIUS_KM);
  let x0 = (fromLon - grid.west) / grid.stepLonDeg;
  let y0 = (grid.north - fromLat) / grid.stepLatDeg;
  let index = 0;
  for (let knot = 1; knot <= knots; knot++) {
    const atEnd = knot === knots;
    if (!atEnd) moveAlong(path, knot / knots);
    const x1 = ((atEnd ? toLon : path.lon) - grid.west) / grid.stepLonDeg;
    const y1 = (grid.north - (atEnd ? toLat : path.lat)) / grid.stepLatDeg;
    const startKm = ((knot - 1) / knots) * lengthKm;
    const perKm = lengthKm > 0 ? knots / lengthKm : 0;
    const until = atEnd ? segments : Math.floor((knot * segments) / knots);
    for (; index <= until; index++) {
      const km = index * spacingKm;
      const t = (km - startKm) * perKm;
      const x = x0 + (x1 - x0) * t;
      const y = y0 + (y1 - y0) * t;
      distanceKm[index] = km;
      if (x >= 0 && y >= 0 && x < columns - 1 && y < rows - 1) {
        const column = x | 0;
        const row = y | 0;
        const fx = x - column;
        const base = row * columns + column;
        const topLeft = values[base]!;
        const bottomLeft = values[base + columns]!;
        const top = topLeft + (values[base + 1]! - topLeft) * fx;
        const bottom = bottomLeft + (values[base + columns + 1]! - bottomLeft) * fx;
        groundM[index] = top + (bottom - top) * (y - row);
      } else {
        groundM[index] = valueAt(values, columns, rows, x, y);
      }
    }
    x0 = x1;
    y0 = y1;
  }
  distanceKm[segments] = lengthKm;
  profile.surfaceM.set(groundM.subarray(0, profile.count));
  return lengthKm;
}

interface GreatCircle {
  readonly angle: number;
  readonly sinAngle: number;
  readonly from: readonly [number, number, number];
  readonly to: readonly [number, number, number];
  lon: number;
  lat: number;
}

function unitVector(lon: number, lat: number): readonly [number, number, number] {
  const cosLat = Math.cos(lat * DEGREE);
  return [cosLat * Math.cos(lon * DEGREE), cosLat * Math.sin(lon * DEGREE), Math.sin(lat * DEGREE)];
}

function greatCircle(
  fromLon: number,
  fromLat: number,
  toLon: number,
  toLat: number,
  angle: number,
): GreatCircle {
  return {
    angle,
    sinAngle: Math.sin(angle),
    from: unitVector(fromLon, fromLat),
    to: unitVector(toLon, toLat),
    lon: fromLon,
    lat: fromLat,
  };
}

/** Moves to the point at fraction `t` of the great circle (spherical linear interpolation). */
function moveAlong(path: GreatCircle, t: number): void {
  const a = Math.sin((1 - t) * path.angle) / path.sinAngle;
  const b = Math.sin(t * path.angle) / path.sinAngle;
  const x = a * path.from[0] + b * path.to[0];
  const y = a * path.from[1] + b * path.to[1];
  path.lon = Math.atan2(y, x) / DEGREE;
  path.lat = Math.atan2(a * path.from[2] + b * path.to[2], Math.sqrt(x * x + y * y)) / DEGREE;
}

/**
 * Bridges gaps (NaN) inside a profile on a straight line between their neighbours.
 *
 * @returns the number of points bridged, or -1 when an end of the path has no height
 */
export function fillGaps(heightsM: Float64Array, count: number): number {
  if (Number.isNaN(heightsM[0]!) || Number.isNaN(heightsM[count - 1]!)) return -1;
  let bridged = 0;
  let lastKnown = 0;
  for (let i = 1; i < count; i++) {
    if (Number.isNaN(heightsM[i]!)) continue;
    const gap = i - lastKnown;
    const slope = (heightsM[i]! - heightsM[lastKnown]!) / gap;
    for (let k = 1; k < gap; k++) heightsM[lastKnown + k] = heightsM[lastKnown]! + slope * k;
    bridged += gap - 1;
    lastKnown = i;
  }
  return bridged;
}

/**
 * Adds representative clutter heights to the obstructing surface at every point but the two ends (P.1812-8, section
 * 3.2), and keeps the class at the receiver. Classes come from the nearest cell; a class without an entry, or outside
 * the raster, has none.
 *
 * @param heightOfClass [class] clutter height, m
 * @returns clutter height at the receiver's end, m
 */
export function addClutter(
  profile: PathProfile,
  classes: GeoGrid,
  heightOfClass: Float64Array,
  fromLon: number,
  fromLat: number,
  toLon: number,
  toLat: number,
): number {
  const { count, groundM, surfaceM } = profile;
  const last = count - 1;
  for (let i = 1; i < last; i++) {
    const t = i / last;
    const clutterM = clutterAt(
      classes,
      heightOfClass,
      fromLon + (toLon - fromLon) * t,
      fromLat + (toLat - fromLat) * t,
    );
    surfaceM[i] = groundM[i]! + clutterM;
  }
  const rxClass = nearestInGrid(classes, toLon, toLat);
  profile.rxClass = Number.isNaN(rxClass) ? -1 : rxClass;
  return heightOfClass[profile.rxClass] ?? 0;
}

/** Representative clutter height at a position, m. */
export function clutterAt(classes: GeoGrid, heightOfClass: Float64Array, lon: number, lat: number): number {
  const code = nearestInGrid(classes, lon, lat);
  return Number.isNaN(code) ? 0 : (heightOfClass[code] ?? 0);
}
