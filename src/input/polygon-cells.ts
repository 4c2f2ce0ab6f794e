import { EARTH_RADIUS_M } from '../geo/ellipsoid.ts';
import type { MultiPolygonCoordinates } from '../geo/polygon-locator.ts';

/** A piece of a polygon: what lies in one square of its grid. */
export interface PolygonCell {
  readonly row: number;
  readonly column: number;
  /** Centroid of the piece, degrees. */
  readonly lon: number;
  readonly lat: number;
  readonly areaM2: number;
}

export const MAX_CELLS_PER_POLYGON = 4_000_000;
const DEGREE = Math.PI / 180;

/** Plane rings in metres as flat x, y pairs, first point not repeated. */
type Ring = Float64Array;

/**
 * Cuts a polygon into the squares of a grid of side at most `cellM` anchored at its south-west corner, each clipped
 * to the polygon: pieces with their centroid and area, rows from the south, columns from the west. Plane: cylindrical
 * equal-area (Snyder 1987, eq. 10-1, 10-2) with its true parallel through the polygon's middle, so shares of area are
 * exact on the sphere. Returns null when there would be more than MAX_CELLS_PER_POLYGON squares.
 *
 * @param beforeCutting told how many squares there will be; may refuse by throwing
 */
export function splitPolygon(
  polygons: MultiPolygonCoordinates,
  cellM: number,
  beforeCutting?: (squares: number) => void,
): PolygonCell[] | null {
  const plane = createPlane(polygons);
  const rings = polygons.flatMap((polygon) =>
    polygon.map((ring, index) => projectRing(ring, index === 0, plane)),
  );
  const columns = Math.max(1, Math.ceil(plane.widthM / cellM - 1e-9));
  const rows = Math.max(1, Math.ceil(plane.heightM / cellM - 1e-9));
  if (columns * rows > MAX_CELLS_PER_POLYGON) return null;
  beforeCutting?.(columns * rows);
  const cellWidth = plane.widthM / columns;
  const cellHeight = plane.heightM / rows;
  const cells: PolygonCell[] = [];
  for (let row = 0; row < rows; row++) {
    const strip = clipAll(
      rings,
      1,
      row === 0 ? -Infinity : row * cellHeight,
      row === rows - 1 ? Infinity : (row + 1) * cellHeight,
    );
    if (strip.length === 0) continue;
    for (let column = 0; column < columns; column++) {
      const from = column === 0 ? -Infinity : column * cellWidth;
      const to = column === columns - 1 ? Infinity : (column + 1) * cellWidth;
      const piece = centroidOf(clipAll(strip, 0, from, to));
      if (piece === null) continue;
      cells.push({ row, column, ...plane.toDegrees(piece.x, piece.y), areaM2: piece.areaM2 });
    }
  }
  return cells;
}

interface Plane {
  readonly widthM: number;
  readonly heightM: number;
  project(lon: number, lat: number): readonly [number, number];
  toDegrees(x: number, y: number): { lon: number; lat: number };
}

function createPlane(polygons: MultiPolygonCoordinates): Plane {
  let west = Infinity;
  let east = -Infinity;
  let south = Infinity;
  let north = -Infinity;
  for (const ring of polygons.flat()) {
    for (const [lon, lat] of ring) {
      west = Math.min(west, lon);
      east = Math.max(east, lon);
      south = Math.min(south, lat);
      north = Math.max(north, lat);
    }
  }
  const cosine = Math.cos(((south + north) / 2) * DEGREE);
  const base = Math.sin(south * DEGREE);
  const project = (lon: number, lat: number): readonly [number, number] => [
    (lon - west) * DEGREE * cosine * EARTH_RADIUS_M,
    ((Math.sin(lat * DEGREE) - base) / cosine) * EARTH_RADIUS_M,
  ];
  const [widthM, heightM] = project(east, north);
  return {
    widthM,
    heightM,
    project,
    toDegrees: (x, y) => ({
      lon: west + x / (DEGREE * cosine * EARTH_RADIUS_M),
      lat: Math.asin(Math.min(1, (y / EARTH_RADIUS_M) * cosine + base)) / DEGREE,
    }),
  };
}

/** Outer rings anticlockwise, holes clockwise, whatever the file says: signed areas then add up. */
function projectRing(ring: readonly (readonly [number, number])[], outer: boolean, plane: Plane): Ring {
  const points = new Float64Array(2 * (ring.length - 1));
  for (let index = 0; index + 1 < ring.length; index++) {
    const [x, y] = plane.project(ring[index]![0], ring[index]![1]);
    points[2 * index] = x;
    points[2 * index + 1] = y;
  }
  return signedArea(points) > 0 === outer ? points : reversed(points);
}

function signedArea(ring: Ring): number {
  let twice = 0;
  for (let at = 0, before = ring.length - 2; at < ring.length; before = at, at += 2) {
    twice += ring[before]! * ring[at + 1]! - ring[at]! * ring[before + 1]!;
  }
  return twice / 2;
}

function reversed(ring: Ring): Ring {
  const turned = new Float64Array(ring.length);
  for (let at = 0; at < ring.length; at += 2) {
    turned[at] = ring[ring.length - 2 - at]!;
    turned[at + 1] = ring[ring.length - 1 - at]!;
  }
  return turned;
}

function clipAll(rings: readonly Ring[], axis: 0 | 1, from: number, to: number): Ring[] {
  return rings
    .map((ring) => clipHalfPlane(clipHalfPlane(ring, axis, from, 1), axis, to, -1))
    .filter((ring) => ring.length >= 6);
}

/** Sutherland and Hodgman (1974): keeps what lies where side x (coordinate - limit) >= 0. */
function clipHalfPlane(ring: Ring, axis: 0 | 1, limit: number, side: 1 | -1): Ring {
  if (!Number.isFinite(limit)) return ring;
  const kept: number[] = [];
  for (let at = 0, before = ring.length - 2; at < ring.length; before = at, at += 2) {
    const distanceBefore = side * (ring[before + axis]! - limit);
    const distance = side * (ring[at + axis]! - limit);
    if (distanceBefore < 0 !== distance < 0) {
      const share = distanceBefore / (distanceBefore - distance);
      kept.push(
        axis === 0 ? limit : ring[before]! + share * (ring[at]! - ring[before]!),
        axis === 1 ? limit : ring[before + 1]! + share * (ring[at + 1]! - ring[before + 1]!),
      );
    }
    if (distance >= 0) kept.push(ring[at]!, ring[at + 1]!);
  }
  return Float64Array.from(kept);
}

/** Centroid and area of rings whose signed areas add up; null for less than a square millimetre. */
function centroidOf(rings: readonly Ring[]): { x: number; y: number; areaM2: number } | null {
  const originX = rings[0]?.[0] ?? 0;
  const originY = rings[0]?.[1] ?? 0;
  let twice = 0;
  let sumX = 0;
  let sumY = 0;
  for (const ring of rings) {
    for (let at = 0, before = ring.length - 2; at < ring.length; before = at, at += 2) {
      const x0 = ring[before]! - originX;
      const y0 = ring[before + 1]! - originY;
      const x1 = ring[at]! - originX;
      const y1 = ring[at + 1]! - originY;
      const cross = x0 * y1 - x1 * y0;
      twice += cross;
      sumX += (x0 + x1) * cross;
      sumY += (y0 + y1) * cross;
    }
  }
  const areaM2 = twice / 2;
  if (areaM2 < 1e-6) return null;
  return { x: originX + sumX / (3 * twice), y: originY + sumY / (3 * twice), areaM2 };
}

/**
 * Splits whole units by weights so that the parts add up exactly (largest remainder; Hamilton's method). Ties go to
 * the earlier part.
 */
export function shareOut(units: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const exact = weights.map((weight) => (units * weight) / total);
  const parts = exact.map(Math.floor);
  const left = units - parts.reduce((sum, part) => sum + part, 0);
  const order = exact.map((_, index) => index);
  order.sort((a, b) => exact[b]! - parts[b]! - (exact[a]! - parts[a]!) || a - b);
  for (const index of order.slice(0, left)) parts[index]!++;
  return parts;
}
