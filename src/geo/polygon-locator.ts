/** GeoJSON MultiPolygon coordinates: polygons of rings of [longitude, latitude]. */
export type MultiPolygonCoordinates = readonly (readonly (readonly (readonly [number, number])[])[])[];

/** Tells which of several areas hold a point. Plane geometry on degrees: edges are straight in longitude and latitude (RFC 7946). */
export interface PolygonLocator {
  /** True when area `index` holds the point (holes excluded; even-odd rule). */
  contains(index: number, lon: number, lat: number): boolean;
  /** Smallest index of an area that holds the point, or -1. */
  first(lon: number, lat: number): number;
  /** How many areas hold the point. */
  count(lon: number, lat: number): number;
}

/** One area: its box, and its edges sorted into horizontal strips so that a point meets only the few beside it. */
interface Strips {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
  readonly stripsPerDeg: number;
  readonly stripStart: Uint32Array;
  readonly edgeOfStrip: Uint32Array;
  /** [4 x edges] lon and lat of the lower end, lon and lat of the upper end. */
  readonly edges: Float64Array;
}

/**
 * Builds the locator. An edge counts for latitudes in [lower end, upper end), so a point on a border shared by two
 * areas without overlap is in exactly one of them. Cost of a look-up: the edges of one strip, about a dozen.
 */
export function createPolygonLocator(areas: readonly MultiPolygonCoordinates[]): PolygonLocator {
  const built = areas.map(buildStrips);
  const contains = (index: number, lon: number, lat: number): boolean => {
    const area = built[index];
    return area !== undefined && holds(area, lon, lat);
  };
  return {
    contains,
    first: (lon, lat) => built.findIndex((area) => holds(area, lon, lat)),
    count: (lon, lat) => built.reduce((sum, area) => sum + (holds(area, lon, lat) ? 1 : 0), 0),
  };
}

function holds(area: Strips, lon: number, lat: number): boolean {
  if (lat < area.south || lat >= area.north || lon < area.west || lon > area.east) return false;
  const { edges, stripStart, edgeOfStrip } = area;
  const strip = Math.min(stripStart.length - 2, Math.floor((lat - area.south) * area.stripsPerDeg));
  let inside = false;
  for (let place = stripStart[strip]!; place < stripStart[strip + 1]!; place++) {
    const at = 4 * edgeOfStrip[place]!;
    const lowerLat = edges[at + 1]!;
    const upperLat = edges[at + 3]!;
    if (lat < lowerLat || lat >= upperLat) continue;
    const lowerLon = edges[at]!;
    const crossing = lowerLon + ((lat - lowerLat) / (upperLat - lowerLat)) * (edges[at + 2]! - lowerLon);
    if (crossing > lon) inside = !inside;
  }
  return inside;
}

function buildStrips(area: MultiPolygonCoordinates): Strips {
  const ends: number[] = [];
  let west = Infinity;
  let south = Infinity;
  let east = -Infinity;
  let north = -Infinity;
  for (const ring of area.flat()) {
    for (let index = 0; index + 1 < ring.length; index++) {
      const [lonA, latA] = ring[index]!;
      const [lonB, latB] = ring[index + 1]!;
      west = Math.min(west, lonA, lonB);
      east = Math.max(east, lonA, lonB);
      south = Math.min(south, latA, latB);
      north = Math.max(north, latA, latB);
      if (latA === latB) continue;
      if (latA < latB) ends.push(lonA, latA, lonB, latB);
      else ends.push(lonB, latB, lonA, latA);
    }
  }
  const edges = Float64Array.from(ends);
  const edgeCount = edges.length / 4;
  const strips = Math.max(1, Math.min(4096, edgeCount >> 1));
  const stripsPerDeg = north > south ? strips / (north - south) : 0;
  const stripOf = (lat: number): number => Math.min(strips - 1, Math.floor((lat - south) * stripsPerDeg));
  const stripStart = new Uint32Array(strips + 1);
  for (let edge = 0; edge < edgeCount; edge++) {
    const last = stripOf(edges[4 * edge + 3]!);
    for (let strip = stripOf(edges[4 * edge + 1]!); strip <= last; strip++) stripStart[strip + 1]!++;
  }
  for (let strip = 0; strip < strips; strip++) stripStart[strip + 1]! += stripStart[strip]!;
  const next = stripStart.slice(0, strips);
  const edgeOfStrip = new Uint32Array(stripStart[strips]!);
  for (let edge = 0; edge < edgeCount; edge++) {
    const last = stripOf(edges[4 * edge + 3]!);
    for (let strip = stripOf(edges[4 * edge + 1]!); strip <= last; strip++)
      edgeOfStrip[next[strip]!++] = edge;
  }
  return { west, south, east, north, stripsPerDeg, stripStart, edgeOfStrip, edges };
}
