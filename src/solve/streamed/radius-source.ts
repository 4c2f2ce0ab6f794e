import { coverSpans, emptySpans, openStrips } from '../../coverage/point-strips.ts';
import { SpanTile, type TileRows, type TileWeights } from './span-tile.ts';
import type { StreamedTile } from './streamed-tile.ts';

/** Who is counted for a target. */
export interface TargetUsers {
  /** [demand, in the order of the source] */
  readonly users: Float64Array;
  /** [demand] 1 = the users of the point count and are still to be served; null = everywhere. */
  readonly counts: Uint8Array | null;
}

/**
 * Tiles of demand points and sites with a reach in the plane: only positions are held, and what a site covers in a tile is
 * looked up when the tile is worked on.
 */
export interface RadiusSource {
  readonly kind: 'radius';
  /** Points in tile order. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** [tiles + 1] points of tile `t` are `itemStart[t] .. itemStart[t + 1]`. */
  readonly itemStart: Uint32Array;
  /** [tiles] height of the strips in which the points of a tile are. */
  readonly stripHeight: Float64Array;
  readonly siteX: Float64Array;
  readonly siteY: Float64Array;
  readonly siteRadius: Float64Array;
  readonly targets: readonly TargetUsers[];
}

/** Spans of the tile being looked up; those of a tile that is kept are copied from here. */
const scratch = emptySpans(1 << 12);
/** Bytes of spans that one thread keeps per source: looking them up takes four times as long as a pass over them. */
const KEPT_BYTES = 2 ** 29;

interface KeptRows {
  bytes: number;
  readonly ofTile: Map<number, TileRows>;
}

const keptRows = new WeakMap<RadiusSource, KeptRows>();

export function openRadiusTile(source: RadiusSource, tile: number): StreamedTile {
  const first = source.itemStart[tile]!;
  const end = source.itemStart[tile + 1]!;
  return new SpanTile(rowsOfTile(source, tile), end - first, weightsOf(source.targets, first, end));
}

function rowsOfTile(source: RadiusSource, tile: number): TileRows {
  const kept = keptRows.get(source) ?? { bytes: 0, ofTile: new Map<number, TileRows>() };
  keptRows.set(source, kept);
  const known = kept.ofTile.get(tile);
  if (known !== undefined) return known;
  const rows = findRows(source, tile);
  const { count } = scratch;
  const bytes = 8 * (count + rows.siteOf.length);
  if (kept.bytes + bytes > KEPT_BYTES) return rows;
  const copy = { ...rows, from: rows.from.slice(0, count), to: rows.to.slice(0, count) };
  kept.bytes += bytes;
  kept.ofTile.set(tile, copy);
  return copy;
}

function findRows(
  { x, y, itemStart, stripHeight, siteX, siteY, siteRadius }: RadiusSource,
  tile: number,
): TileRows {
  const first = itemStart[tile]!;
  const end = itemStart[tile + 1]!;
  const strips = openStrips(x.subarray(first, end), y.subarray(first, end), stripHeight[tile]!);
  const siteOf: number[] = [];
  const spanStart: number[] = [0];
  scratch.count = 0;
  for (let site = 0; site < siteX.length; site++) {
    const before = scratch.count;
    coverSpans(strips, siteX[site]!, siteY[site]!, siteRadius[site]!, scratch);
    if (scratch.count === before) continue;
    siteOf.push(site);
    spanStart.push(scratch.count);
  }
  return {
    siteOf: Uint32Array.from(siteOf),
    spanStart: Uint32Array.from(spanStart),
    from: scratch.from,
    to: scratch.to,
  };
}

/** What the items `first .. end - 1` carry. */
export function weightsOf(targets: readonly TargetUsers[], first: number, end: number): TileWeights {
  const most = (end - first) * targets.length;
  const weightStart = new Uint32Array(end - first + 1);
  const weightTarget = new Uint32Array(most);
  const weightUsers = new Float64Array(most);
  let write = 0;
  for (let point = first; point < end; point++) {
    for (let target = 0; target < targets.length; target++) {
      const { users, counts } = targets[target]!;
      if (users[point] === 0 || (counts !== null && counts[point] === 0)) continue;
      weightTarget[write] = target;
      weightUsers[write++] = users[point]!;
    }
    weightStart[point - first + 1] = write;
  }
  return { weightStart, weightTarget, weightUsers };
}
