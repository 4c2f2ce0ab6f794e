import { pointsWithin } from './circle.ts';
import { distanceM, earthCentred, EARTH_RADIUS_M, writeEarthCentred } from './ellipsoid.ts';
import { buildGridIndex } from './grid-index.ts';

export type LonLat = readonly [lon: number, lat: number];

/** The place of a line nearest to a position. */
export interface NearestPlace {
  readonly distanceM: number;
  readonly lon: number;
  readonly lat: number;
}

export interface LineIndex {
  /** Null when there is no line at all. */
  nearest(lonDeg: number, latDeg: number): NearestPlace | null;
}

/** Lines are cut into pieces of at most this length: a piece and its chord then lie within 1 cm of each other. */
const PIECE_M = 500;
/** The first circle looked at; it doubles until a piece lies inside. */
const FIRST_RADIUS_M = 2 * PIECE_M;

/**
 * Indexes lines (and points: lines of one position). Between two positions a line is straight in longitude and
 * latitude (RFC 7946, section 3.1.1), taken the short way round. Distances are ground distances on the ellipsoid,
 * within 1 cm up to 50 km (`distanceM`, and the chord of a piece in place of the piece).
 */
export function indexLines(lines: readonly (readonly LonLat[])[]): LineIndex {
  const pieces = cutToPieces(lines);
  const count = pieces.length / 4;
  if (count === 0) return { nearest: () => null };
  const middle = (axis: 0 | 1): Float64Array =>
    Float64Array.from({ length: count }, (_, k) => (pieces[4 * k + axis]! + pieces[4 * k + 2 + axis]!) / 2);
  const grid = buildGridIndex(middle(0), middle(1), PIECE_M);
  const ends = [0, 2].map((end) =>
    earthCentred(
      Float64Array.from({ length: count }, (_, k) => pieces[4 * k + end]!),
      Float64Array.from({ length: count }, (_, k) => pieces[4 * k + end + 1]!),
    ),
  ) as [Float64Array, Float64Array];
  const place = new Float64Array(3);
  const alongPiece = (piece: number): number => {
    let dot = 0;
    let length2 = 0;
    for (let axis = 0; axis < 3; axis++) {
      const from = ends[0][3 * piece + axis]!;
      const step = ends[1][3 * piece + axis]! - from;
      dot += (place[axis]! - from) * step;
      length2 += step * step;
    }
    return length2 === 0 ? 0 : Math.min(1, Math.max(0, dot / length2));
  };
  return {
    nearest: (lonDeg, latDeg) => {
      writeEarthCentred(place, 0, lonDeg, latDeg);
      const best = { distanceM: Infinity, lon: NaN, lat: NaN };
      const look = (piece: number): void => {
        const t = alongPiece(piece);
        const at = 4 * piece;
        const lon = pieces[at]! + (pieces[at + 2]! - pieces[at]!) * t;
        const lat = pieces[at + 1]! + (pieces[at + 3]! - pieces[at + 1]!) * t;
        const metres = distanceM(lonDeg, latDeg, lon, lat);
        if (metres < best.distanceM) Object.assign(best, { distanceM: metres, lon, lat });
      };
      let near: number[] = [];
      for (let radiusM = FIRST_RADIUS_M; near.length === 0; radiusM *= 2) {
        near =
          radiusM < EARTH_RADIUS_M
            ? pointsWithin(grid, lonDeg, latDeg, radiusM)
            : Array.from({ length: count }, (_, k) => k);
      }
      near.forEach(look);
      // A nearer piece has its middle at most half a piece beyond the best distance; 1 m covers rounding.
      const widestM = best.distanceM + PIECE_M / 2 + 1;
      if (widestM < EARTH_RADIUS_M) pointsWithin(grid, lonDeg, latDeg, widestM).forEach(look);
      return best;
    },
  };
}

/** [4 x pieces] longitude and latitude of both ends of every piece. */
function cutToPieces(lines: readonly (readonly LonLat[])[]): Float64Array {
  const pieces: number[] = [];
  for (const line of lines) {
    if (line.length === 1) pieces.push(...line[0]!, ...line[0]!);
    for (let k = 0; k + 1 < line.length; k++) {
      const [lon, lat] = line[k]!;
      const [lonTo, latTo] = line[k + 1]!;
      const turn = lonTo - lon;
      const east = turn - 360 * Math.round(turn / 360);
      const north = latTo - lat;
      const cuts = Math.max(1, Math.ceil(distanceM(lon, lat, lonTo, latTo) / (PIECE_M - 1)));
      for (let cut = 0; cut < cuts; cut++) {
        const at = (step: number): [number, number] => [
          lon + (east * step) / cuts,
          lat + (north * step) / cuts,
        ];
        pieces.push(...at(cut), ...at(cut + 1));
      }
    }
  }
  return Float64Array.from(pieces);
}
