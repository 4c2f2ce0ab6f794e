import { geoMercatorRaw } from 'd3-geo';
import { unpackIntegers } from '../packed-integers.ts';
import type { PageData, PageScope, PageTarget } from '../page-data-types.ts';

const RADIANS = Math.PI / 180;
const EARTH_RADIUS_M = 6_371_008.8;

/** A scope with its running sums: `servedMilli[n]` users are served with the first n sites. */
export interface Scope {
  readonly period: number;
  readonly region: string | null;
  readonly totalMilli: number;
  readonly servedMilli: Float64Array;
}

export interface Target extends Scope {
  readonly page: PageTarget;
}

/** Demand as drawn: structs of arrays, positions on the unit Mercator plane (y grows to the south). */
export interface Cells {
  readonly count: number;
  readonly merged: boolean;
  readonly points: boolean;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  /** Side on the plane. */
  readonly side: Float64Array;
  readonly sideM: Float64Array;
  readonly members: Float64Array | null;
  readonly rank: Float64Array;
  readonly region: Float64Array;
  readonly usersMilli: readonly Float64Array[];
  /** Per period users who are covered and have no room; null where nobody had to be assigned. */
  readonly noRoomMilli: readonly Float64Array[] | null;
  readonly state: readonly Float64Array[];
  /** Per period step of SINR in the finished plan; null where the scenario does not ask. */
  readonly sinr: readonly Float64Array[] | null;
}

export interface Points {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly lon: Float64Array;
  readonly lat: Float64Array;
}

export interface Model {
  readonly data: PageData;
  readonly cells: Cells;
  readonly sites: Points;
  readonly existing: Points;
  readonly bins: null | (Points & { readonly meanDbm: Float64Array; readonly samples: Float64Array });
  /** All users, by period. */
  readonly scopes: readonly Scope[];
  readonly targets: readonly Target[];
  /** [sites + 1] cost of the first n sites. */
  readonly costAfter: Float64Array;
  /** Plane units of a metre at a latitude. */
  metres(lat: number): number;
}

/** Unit Mercator: radians, y down. */
export function toPlane(lon: number, lat: number): [number, number] {
  const [x, y] = geoMercatorRaw(lon * RADIANS, Math.max(-85, Math.min(85, lat)) * RADIANS);
  return [x, -y];
}

/** The inverse, degrees. */
export function toDegrees(x: number, y: number): [number, number] {
  const [lon, lat] = geoMercatorRaw.invert!(x, -y);
  return [lon / RADIANS, lat / RADIANS];
}

export function metresToPlane(lat: number): number {
  return 1 / (EARTH_RADIUS_M * Math.cos(lat * RADIANS));
}

/** Unpacks the data of the page. */
export function createModel(data: PageData): Model {
  const siteCount = data.sites.length;
  const costAfter = new Float64Array(siteCount + 1);
  data.sites.forEach((site, rank) => (costAfter[rank + 1] = costAfter[rank]! + site.cost));
  return {
    data,
    cells: unpackCells(data),
    sites: points(
      Float64Array.from(data.sites, (site) => site.lon),
      Float64Array.from(data.sites, (site) => site.lat),
    ),
    existing: points(degrees(data.existing.lon), degrees(data.existing.lat)),
    bins: data.bins && {
      ...points(degrees(data.bins.lon), degrees(data.bins.lat)),
      meanDbm: unpackIntegers(data.bins.meanDbm).map((tenths) => tenths / 10),
      samples: unpackIntegers(data.bins.samples),
    },
    scopes: data.scopes.map((scope) => unpackScope(scope, siteCount)),
    targets: data.targets.map((target) => ({ ...unpackScope(target, siteCount), page: target })),
    costAfter,
    metres: metresToPlane,
  };
}

function unpackScope(scope: PageScope, siteCount: number): Scope {
  const added = unpackIntegers(scope.newMilli);
  const servedMilli = new Float64Array(siteCount + 1);
  servedMilli[0] = scope.todayMilli;
  for (let n = 0; n < siteCount; n++) servedMilli[n + 1] = servedMilli[n]! + (added[n] ?? 0);
  return { period: scope.period, region: scope.region, totalMilli: scope.totalMilli, servedMilli };
}

function unpackCells({ cells }: PageData): Cells {
  const { lon, lat, x, y } = points(degrees(cells.lon), degrees(cells.lat));
  const sideM =
    typeof cells.sideM === 'number'
      ? new Float64Array(cells.count).fill(cells.sideM)
      : unpackIntegers(cells.sideM);
  return {
    count: cells.count,
    merged: cells.merged,
    points: cells.points,
    x,
    y,
    lon,
    lat,
    sideM,
    side: sideM.map((side, i) => side * metresToPlane(lat[i]!)),
    members: cells.cells === null ? null : unpackIntegers(cells.cells),
    rank: unpackIntegers(cells.rank),
    region: unpackIntegers(cells.region),
    usersMilli: cells.usersMilli.map((packed) => unpackIntegers(packed)),
    state: cells.state.map((packed) => unpackIntegers(packed)),
    noRoomMilli: cells.noRoomMilli?.map((packed) => unpackIntegers(packed)) ?? null,
    sinr: cells.sinr?.map((packed) => unpackIntegers(packed)) ?? null,
  };
}

function degrees(packed: string): Float64Array {
  return unpackIntegers(packed, true).map((value) => value / 1e5);
}

function points(lon: Float64Array, lat: Float64Array): Points {
  const x = new Float64Array(lon.length);
  const y = new Float64Array(lon.length);
  for (let i = 0; i < lon.length; i++) [x[i], y[i]] = toPlane(lon[i]!, lat[i]!);
  return { x, y, lon, lat };
}
