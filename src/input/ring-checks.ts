import type { Geometry, Position } from 'geojson';
import type { MultiPolygonCoordinates } from '../geo/polygon-locator.ts';
import type { PositionProblem } from './positions.ts';
import { positionProblem } from './positions.ts';

/** Polygon or MultiPolygon coordinates as one type; null for other geometries. */
export function asMultiPolygon(geometry: Geometry): MultiPolygonCoordinates | null {
  if (geometry.type === 'Polygon') return [geometry.coordinates.map(toRing)];
  if (geometry.type === 'MultiPolygon') return geometry.coordinates.map((polygon) => polygon.map(toRing));
  return null;
}

function toRing(ring: readonly Position[]): (readonly [number, number])[] {
  return ring.map((position) => [position[0] ?? NaN, position[1] ?? NaN]);
}

/** What is wrong with a polygon whose structure is sound: its positions, its extent, its area. */
export function polygonProblem(polygons: MultiPolygonCoordinates): PositionProblem | null {
  let west = Infinity;
  let east = -Infinity;
  let corners = 0;
  for (const ring of polygons.flat()) {
    for (const [lon, lat] of ring) {
      const problem = positionProblem(lon, lat);
      if (problem !== null) return problem;
      west = Math.min(west, lon);
      east = Math.max(east, lon);
      corners++;
    }
  }
  if (corners === 0) return { code: 'geometry-empty', message: 'has a polygon without corners.' };
  if (east - west > 180) {
    return {
      code: 'antimeridian',
      message: 'spans more than 180 degrees of longitude.',
      hint: 'Cut it at the antimeridian (RFC 7946, section 3.1.9).',
    };
  }
  const flat = polygons.every((polygon) => Math.abs(ringArea(polygon[0] ?? [])) < 1e-14);
  return flat ? { code: 'geometry-flat', message: 'has a polygon without area.' } : null;
}

function ringArea(ring: readonly (readonly [number, number])[]): number {
  const originLon = ring[0]?.[0] ?? 0;
  const originLat = ring[0]?.[1] ?? 0;
  let twice = 0;
  for (let index = 0; index + 1 < ring.length; index++) {
    const [lonA, latA] = ring[index]!;
    const [lonB, latB] = ring[index + 1]!;
    twice += (lonA - originLon) * (latB - originLat) - (lonB - originLon) * (latA - originLat);
  }
  return twice / 2;
}

/**
 * True when a ring crosses itself at a point inside two edges (touching corners do not count). Edges are sorted by
 * longitude and compared only where their extents meet.
 */
export function crossesItself(ring: readonly (readonly [number, number])[]): boolean {
  const edges = ring.slice(0, -1).map((from, index) => ({ from, to: ring[index + 1]! }));
  const west = (edge: (typeof edges)[number]): number => Math.min(edge.from[0], edge.to[0]);
  edges.sort((a, b) => west(a) - west(b));
  for (let first = 0; first < edges.length; first++) {
    const a = edges[first]!;
    const east = Math.max(a.from[0], a.to[0]);
    for (let second = first + 1; second < edges.length && west(edges[second]!) <= east; second++) {
      const b = edges[second]!;
      const apart =
        turn(a.from, a.to, b.from) * turn(a.from, a.to, b.to) < 0 &&
        turn(b.from, b.to, a.from) * turn(b.from, b.to, a.to) < 0;
      if (apart) return true;
    }
  }
  return false;
}

function turn(
  a: readonly [number, number],
  b: readonly [number, number],
  c: readonly [number, number],
): number {
  return Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
}
