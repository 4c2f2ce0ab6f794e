import { utmZoneAt } from '../../src/geo/utm.ts';
import { NO_PERIOD } from '../../src/input/read-measurements.ts';
import { parseScenario } from '../../src/input/read-scenario.ts';
import { parseScenarioText } from '../../src/input/scenario-text.ts';
import type { Scenario } from '../../src/input/scenario-schema.ts';
import type { Demand, MeasurementTable, SiteTable } from '../../src/input/types.ts';

/** UTM 35N near Helsinki; places of the tests are metres east and north of a corner of the 50 m bins. */
export const zone = utmZoneAt(24.9, 60.2);
const EAST = 385_000;
const NORTH = 6_673_000;

export function at(eastM: number, northM: number): [lon: number, lat: number] {
  return zone.toDegrees(EAST + eastM, NORTH + northM);
}

export interface Reading {
  readonly eastM: number;
  readonly northM: number;
  readonly level: number;
  readonly timeS?: number;
  readonly period?: number;
  readonly cell?: number;
}

export function measurementTable(readings: readonly Reading[]): MeasurementTable {
  const places = readings.map(({ eastM, northM }) => at(eastM, northM));
  return {
    count: readings.length,
    quantity: 'rsrp',
    lon: Float64Array.from(places, ([lon]) => lon),
    lat: Float64Array.from(places, ([, lat]) => lat),
    level: Float64Array.from(readings, ({ level }) => level),
    timeS: Float64Array.from(readings, ({ timeS }) => timeS ?? NaN),
    period: Uint8Array.from(readings, ({ period }) => period ?? NO_PERIOD),
    cell: Int32Array.from(readings, ({ cell }) => cell ?? -1),
    cellNames: ['cell-0', 'cell-1', 'cell-2'],
    frequencyMhz: new Float64Array(readings.length).fill(1800),
    accuracyM: new Float64Array(readings.length).fill(5),
  };
}

export interface User {
  readonly eastM: number;
  readonly northM: number;
  readonly cellM?: number;
  /** One number per period; default 1 user in the one period. */
  readonly users?: readonly number[];
}

export function demandTable(users: readonly User[], periods: readonly string[] = ['all']): Demand {
  const places = users.map(({ eastM, northM }) => at(eastM, northM));
  return {
    count: users.length,
    ids: users.map((_, i) => `d${i}`),
    lon: Float64Array.from(places, ([lon]) => lon),
    lat: Float64Array.from(places, ([, lat]) => lat),
    cellM: Float32Array.from(users, ({ cellM }) => cellM ?? 0),
    periods,
    usersMilli: periods.map((_, p) => Float64Array.from(users, (user) => 1000 * (user.users?.[p] ?? 1))),
    regionNames: null,
  };
}

export interface Site {
  readonly id: string;
  readonly eastM: number;
  readonly northM: number;
  readonly status?: SiteTable['status'][number];
  readonly cost?: number;
  readonly heightM?: number;
  readonly eirpDbm?: number;
  readonly azimuthsDeg?: readonly number[];
}

/** Sorted by (lon, lat, id), as reading leaves it. */
export function siteTable(given: readonly Site[]): SiteTable {
  const sites = given.toSorted((a, b) => {
    const [lonA, latA] = at(a.eastM, a.northM);
    const [lonB, latB] = at(b.eastM, b.northM);
    return lonA - lonB || latA - latB || (a.id < b.id ? -1 : 1);
  });
  const places = sites.map(({ eastM, northM }) => at(eastM, northM));
  const none = (): Float64Array => new Float64Array(sites.length).fill(NaN);
  return {
    count: sites.length,
    ids: sites.map(({ id }) => id),
    lon: Float64Array.from(places, ([lon]) => lon),
    lat: Float64Array.from(places, ([, lat]) => lat),
    status: sites.map(({ status }) => status ?? 'candidate'),
    cost: Float64Array.from(sites, ({ cost }) => cost ?? NaN),
    heightM: Float64Array.from(sites, ({ heightM }) => heightM ?? NaN),
    eirpDbm: Float64Array.from(sites, ({ eirpDbm }) => eirpDbm ?? NaN),
    frequencyMhz: none(),
    tiltDeg: none(),
    technology: sites.map(() => null),
    azimuthsDeg: sites.map(({ azimuthsDeg }) => azimuthsDeg ?? []),
    cellIds: sites.map(() => []),
  };
}

/** A scenario as the schema completes it from these keys (YAML). */
export function scenario(text = ''): Scenario {
  const source = parseScenarioText(`demand: { file: users.geojson }\n${text}`, 'scenario.yaml');
  return parseScenario(source, 'scenario.yaml', [], '.');
}
