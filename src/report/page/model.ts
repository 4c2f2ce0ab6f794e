import { geoMercatorRaw } from 'd3-geo';
import { unpackIntegers } from '../packed-integers.ts';
import type { PageData, PageScope, PageTarget } from '../page-data-types.ts';
import { cellsByPoint, cellsOfService, type CellParts } from './service-cells.ts';

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
  /** Where a record stands for all services of its point: their own records. */
  readonly parts: CellParts | null;
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
  /** What is drawn of a service; of all of them (null) a record a point. */
  cellsOf(service: number | null): Cells;
  /** The service a record of `cells` wants. */
  serviceOf(record: number): number;
  readonly sites: Points;
  readonly existing: Points;
  readonly bins: null | (Points & { readonly meanDbm: Float64Array; readonly samples: Float64Array });
  /** All users, by period. */
  readonly scopes: readonly Scope[];
  /** By service, users of each by period; empty where there is one. */
  readonly services: readonly { readonly name: string; readonly scopes: readonly Scope[] }[];
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
  const cells = unpackCells(data);
  return {
    data,
    cells,
    ...serviceViews(cells, data),
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
    services: (data.services ?? []).map(({ name, scopes }) => ({
      name,
      scopes: scopes.map((scope) => unpackScope(scope, siteCount)),
    })),
    targets: data.targets.map((target) => ({ ...unpackScope(target, siteCount), page: target })),
    costAfter,
    metres: metresToPlane,
  };
}

/** Made when a service is first looked at. */
function serviceViews(cells: Cells, { cells: { services } }: PageData): Pick<Model, 'cellsOf' | 'serviceOf'> {
  if (services === null) return { cellsOf: () => cells, serviceOf: () => 0 };
  const records = {
    ofRecord: unpackIntegers(services.ofRecord),
    pointOfRecord: unpackIntegers(services.pointOfRecord, true),
  };
  const made = new Map<number | null, Cells>();
  const cellsOf = (service: number | null): Cells => {
    const known = made.get(service);
    if (known !== undefined) return known;
    const own = service === null ? cellsByPoint(cells, records) : cellsOfService(cells, records, service);
    made.set(service, own);
    return own;
  };
  return { cellsOf, serviceOf: (record) => records.ofRecord[record]! };
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
    parts: null,
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
