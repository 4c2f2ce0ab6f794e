import { distanceM } from '../geo/ellipsoid.ts';
import { compareText } from './canonical-order.ts';

/** Lines as read: structs of arrays, sorted by group and place. Positions are WGS 84 degrees. */
export interface LineTable {
  /** Names, ascending; '' = lines without the property. Without `lines.groupBy` the one group ''. */
  readonly groups: readonly string[];
  readonly count: number;
  /** [count] index into `groups`. */
  readonly groupOf: Uint32Array;
  /** [count + 1] line `l` has the positions `start[l] .. start[l + 1]`. */
  readonly start: Uint32Array;
  /** [positions] */
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  /** [positions] metres on the ellipsoid from the start of the line. */
  readonly alongM: Float64Array;
}

/** A line of a file: its group and positions. */
export interface RawLine {
  readonly group: string;
  readonly positions: readonly (readonly [number, number])[];
}

/**
 * Segments longer than this get positions in between: a segment is straight in longitude and latitude (RFC 7946, 3.1.1), and
 * up to here that line and the geodesic are equally long to 1e-6 (2e-7 at 60 degrees, where (d/R)^2 tan^2(lat) / 24 is the difference).
 */
const LONGEST_SEGMENT_M = 5000;

/** Lines in an order that does not depend on the file's. */
export function buildLineTable(lines: readonly RawLine[]): LineTable {
  const groups = [...new Set(lines.map(({ group }) => group))].sort(compareText);
  const sorted = [...lines].sort(compareLines);
  const lon: number[] = [];
  const lat: number[] = [];
  const alongM: number[] = [];
  const start = new Uint32Array(lines.length + 1);
  sorted.forEach(({ positions }, line) => {
    let along = 0;
    positions.forEach((position, k) => {
      if (k > 0) along = addSegment(lon, lat, alongM, along, position);
      else add(lon, lat, alongM, position[0], position[1], 0);
    });
    start[line + 1] = lon.length;
  });
  return {
    groups,
    count: lines.length,
    groupOf: Uint32Array.from(sorted, ({ group }) => groups.indexOf(group)),
    start,
    lon: Float64Array.from(lon),
    lat: Float64Array.from(lat),
    alongM: Float64Array.from(alongM),
  };
}

function addSegment(
  lon: number[],
  lat: number[],
  alongM: number[],
  fromM: number,
  [toLon, toLat]: readonly [number, number],
): number {
  const fromLon = lon.at(-1)!;
  const fromLat = lat.at(-1)!;
  const parts = Math.max(1, Math.ceil(distanceM(fromLon, fromLat, toLon, toLat) / LONGEST_SEGMENT_M));
  let along = fromM;
  for (let part = 1; part <= parts; part++) {
    const nextLon = part === parts ? toLon : fromLon + ((toLon - fromLon) * part) / parts;
    const nextLat = part === parts ? toLat : fromLat + ((toLat - fromLat) * part) / parts;
    along += distanceM(lon.at(-1)!, lat.at(-1)!, nextLon, nextLat);
    add(lon, lat, alongM, nextLon, nextLat, along);
  }
  return along;
}

function add(
  lon: number[],
  lat: number[],
  alongM: number[],
  nextLon: number,
  nextLat: number,
  along: number,
): void {
  lon.push(nextLon);
  lat.push(nextLat);
  alongM.push(along);
}

function compareLines(a: RawLine, b: RawLine): number {
  const byGroup = compareText(a.group, b.group);
  if (byGroup !== 0) return byGroup;
  const size = Math.min(a.positions.length, b.positions.length);
  for (let k = 0; k < size; k++) {
    const [lonA, latA] = a.positions[k]!;
    const [lonB, latB] = b.positions[k]!;
    if (lonA !== lonB || latA !== latB) return lonA - lonB || latA - latB;
  }
  return a.positions.length - b.positions.length;
}

/** Metres of a line. */
export function lineLengthM({ start, alongM }: LineTable, line: number): number {
  return alongM[start[line + 1]! - 1]!;
}

/** The part of a line between two places, metres from its start: its ends and every position between them. */
export function partOfLine(table: LineTable, line: number, fromM: number, toM: number): [number, number][] {
  const { start, lon, lat, alongM } = table;
  const end = start[line + 1]!;
  const part: [number, number][] = [];
  let k = start[line]!;
  while (k + 1 < end && alongM[k + 1]! <= fromM) k++;
  part.push(positionAt(table, k, fromM));
  for (k++; k < end && alongM[k]! < toM; k++) part.push([lon[k]!, lat[k]!]);
  part.push(positionAt(table, Math.min(k, end - 1) - 1, toM));
  return part;
}

/** The place on segment `k` (from position k to k + 1) that lies so many metres along the line. */
export function positionAt({ lon, lat, alongM }: LineTable, k: number, atM: number): [number, number] {
  const span = alongM[k + 1]! - alongM[k]!;
  const share = span > 0 ? Math.max(0, Math.min(1, (atM - alongM[k]!) / span)) : 0;
  return [lon[k]! + share * (lon[k + 1]! - lon[k]!), lat[k]! + share * (lat[k + 1]! - lat[k]!)];
}
