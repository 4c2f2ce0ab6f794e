import { orderInStrips } from '../../coverage/point-strips.ts';
import { sharedFloat64, sharedUint32 } from '../../geo/shared-array.ts';
import { cutInHalves, itemsOf } from '../tiles/tiling.ts';
import type { RadiusSource } from './radius-source.ts';

/** The plane cut into compact tiles of about equal numbers of points. */
export interface PointTiling {
  readonly itemStart: Uint32Array;
  /** [points] place in the caller's order of every point in tile order. */
  readonly original: Uint32Array;
  /** [tiles] height of the strips in which the points of a tile are. */
  readonly stripHeight: Float64Array;
}

/** Strips per disc that suit a tile: fewer test more points near borders, more look up more strips. */
const STRIPS_PER_DISC = 24;

/** Halves the points again and again along the longer side; within a tile they are in strips that suit its sites. */
export function cutPoints(
  points: { readonly x: Float64Array; readonly y: Float64Array },
  sites: Pick<RadiusSource, 'siteX' | 'siteY' | 'siteRadius'>,
  tileCount: number,
): PointTiling {
  const { x, y } = points;
  const tiling = cutInHalves(new Float64Array(x.length).fill(1), tileCount, (piece) =>
    sortedBy(piece, extent(piece, x).width >= extent(piece, y).width ? x : y),
  );
  const original = sharedUint32(x.length);
  const stripHeight = sharedFloat64(tiling.tileCount);
  for (let tile = 0; tile < tiling.tileCount; tile++) {
    const own = itemsOf(tiling, tile);
    stripHeight[tile] = (2 * typicalRadius(own, points, sites)) / STRIPS_PER_DISC;
    const order = orderInStrips(pick(own, x), pick(own, y), stripHeight[tile]!);
    original.set(
      order.map((place) => own[place]!),
      tiling.itemStart[tile],
    );
  }
  return { itemStart: tiling.itemStart, original, stripHeight };
}

/** Mean radius of the sites within the tile's box; of all sites where there is none. */
function typicalRadius(
  own: Uint32Array,
  { x, y }: { readonly x: Float64Array; readonly y: Float64Array },
  { siteX, siteY, siteRadius }: Pick<RadiusSource, 'siteX' | 'siteY' | 'siteRadius'>,
): number {
  const alongX = extent(own, x);
  const alongY = extent(own, y);
  let inside = 0;
  let sum = 0;
  let all = 0;
  for (let site = 0; site < siteX.length; site++) {
    all += siteRadius[site]!;
    if (siteX[site]! < alongX.low || siteX[site]! > alongX.high) continue;
    if (siteY[site]! < alongY.low || siteY[site]! > alongY.high) continue;
    inside++;
    sum += siteRadius[site]!;
  }
  return inside > 0 ? sum / inside : all / Math.max(1, siteX.length);
}

function extent(points: Uint32Array, along: Float64Array): { low: number; high: number; width: number } {
  let low = Infinity;
  let high = -Infinity;
  for (const point of points) {
    if (along[point]! < low) low = along[point]!;
    if (along[point]! > high) high = along[point]!;
  }
  return { low, high, width: high - low };
}

function pick(points: Uint32Array, along: Float64Array): Float64Array {
  return Float64Array.from(points, (point) => along[point]!);
}

/** Points by coordinate, equal ones by index. Keys and points are sorted side by side: no callback per comparison. */
function sortedBy(points: Uint32Array, along: Float64Array): Uint32Array {
  const keys = Float64Array.from(points, (point) => along[point]!).sort();
  // Places of equal keys are filled in the order in which their points come.
  const next = new Uint32Array(points.length);
  const sorted = new Uint32Array(points.length);
  for (const point of points) {
    const first = firstPlace(keys, along[point]!);
    sorted[first + next[first]!++] = point;
  }
  return sorted;
}

function firstPlace(keys: Float64Array, key: number): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
/**
 * Every `nth` point of each tile with `nth` times its users: a smaller problem whose relaxation is close to that of all
 * points.
 */
export function samplePoints(source: RadiusSource, nth: number): RadiusSource {
  const { itemStart, x, y, targets } = source;
  const tiles = itemStart.length - 1;
  const start = sharedUint32(tiles + 1);
  for (let tile = 0; tile < tiles; tile++)
    start[tile + 1] = start[tile]! + Math.ceil((itemStart[tile + 1]! - itemStart[tile]!) / nth);
  const place = new Uint32Array(start[tiles]!);
  for (let tile = 0; tile < tiles; tile++) {
    for (let index = start[tile]!; index < start[tile + 1]!; index++)
      place[index] = itemStart[tile]! + nth * (index - start[tile]!);
  }
  const sampled = (values: Float64Array, factor: number): Float64Array => {
    const picked = sharedFloat64(place.length);
    place.forEach((point, index) => (picked[index] = factor * values[point]!));
    return picked;
  };
  return {
    ...source,
    ...{ x: sampled(x, 1), y: sampled(y, 1), itemStart: start },
    targets: targets.map(({ users, counts }) => ({
      users: sampled(users, nth),
      counts: counts === null ? null : Uint8Array.from(place, (point) => counts[point]!),
    })),
  };
}
