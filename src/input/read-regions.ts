import { area as sphericalArea } from '@turf/turf';
import type { MultiPolygonCoordinates } from '../geo/polygon-locator.ts';
import { createPolygonLocator } from '../geo/polygon-locator.ts';
import type { ProgressListener } from '../progress.ts';
import { compareText } from './canonical-order.ts';
import type { Findings } from './findings.ts';
import { nearestKey } from './nearest-key.ts';
import { asMultiPolygon, crossesItself, polygonProblem } from './ring-checks.ts';
import type { Scenario } from './scenario-schema.ts';
import type { FeatureRow } from './stream/feature-row.ts';
import { showValue, textOf, whereOf } from './stream/feature-row.ts';
import { readFeatures } from './stream/read-features.ts';
import type { Demand, InputFileSummary, RegionTable } from './types.ts';

type Polygon = MultiPolygonCoordinates[number];

export interface ReadPolygonsOptions {
  readonly file: string;
  readonly findings: Findings;
  readonly onProgress?: ProgressListener | undefined;
}

export interface ReadRegionsOptions extends ReadPolygonsOptions {
  readonly spec: NonNullable<Scenario['regions']>;
}

export interface RegionsInput {
  readonly regions: RegionTable;
  readonly summary: InputFileSummary;
}

/**
 * Reads named areas: polygons whose `groupBy` property (default `name`) names the region, features of one value
 * together being one region; `where` keeps only features whose properties equal its values. Sorted by name.
 * @throws InputError where the file cannot be read on, or the findings are full.
 */
export async function readRegions(path: string, options: ReadRegionsOptions): Promise<RegionsInput> {
  const { file, findings, spec } = options;
  const groupBy = spec.groupBy ?? 'name';
  const filters = Object.entries(spec.where ?? {});
  const polygonsOf = new Map<string, Polygon[]>();
  let filteredOut = 0;
  const check = createPolygonCheck(options);
  const facts = await readFeatures(path, {
    file,
    fields: [{ names: [groupBy] }, ...filters.map(([name]) => ({ names: [name] }))],
    findings,
    onRow: (row) => {
      // A property may be both the group and a filter: it is then wanted once, under its first place.
      const wanted = (index: number): unknown =>
        filters[index]?.[0] === groupBy ? row.values[0] : row.values[1 + index];
      if (!filters.every(([, value], index) => textOf(wanted(index)) === String(value))) {
        filteredOut++;
        return;
      }
      const name = textOf(row.values[0]);
      if (name === null) {
        const hint = 'Every region needs a name; regions.groupBy says which property holds it.';
        findings.error(`has no "${groupBy}".`, { code: 'region-name', file, feature: whereOf(row), hint });
        return;
      }
      const polygons = check.polygonsOf(row);
      if (polygons !== null) polygonsOf.set(name, [...(polygonsOf.get(name) ?? []), ...polygons]);
    },
    onProgress: options.onProgress,
  });
  check.report();
  const known = facts.propertyNames;
  for (const name of [groupBy, ...filters.map(([property]) => property)]) {
    if (known.includes(name) || facts.featuresRead === 0) continue;
    const nearest = nearestKey(name, known);
    const hint =
      nearest === null
        ? `Its properties are ${known.slice(0, 12).join(', ')}.`
        : `Did you mean "${nearest}"?`;
    findings.error(`no feature has a property "${name}".`, { code: 'property-missing', file, hint });
  }
  if (polygonsOf.size === 0 && findings.errorCount === 0) {
    const why =
      filteredOut > 0 ? `regions.where leaves none of its ${filteredOut} features.` : 'holds no regions.';
    findings.error(why, { code: 'no-features', file });
  }
  const setAside: Record<string, number> =
    filteredOut > 0 ? { 'left out by regions.where': filteredOut } : {};
  const { sha256, dialect, featuresRead, identifiersDropped } = facts;
  const summary = {
    role: 'regions' as const,
    file: facts.file,
    sha256,
    dialect,
    featuresRead,
    setAside,
    identifiersDropped,
  };
  return { regions: buildTable(polygonsOf), summary };
}

function buildTable(polygonsOf: ReadonlyMap<string, readonly Polygon[]>): RegionTable {
  const names = [...polygonsOf.keys()].sort(compareText);
  const polygons = names.map((name) => {
    const own = [...(polygonsOf.get(name) ?? [])];
    return own.sort((a, b) => compareText(JSON.stringify(a[0]?.[0]), JSON.stringify(b[0]?.[0])));
  });
  const areaKm2 = polygons.map((coordinates) => {
    const mutable = coordinates.map((polygon) => polygon.map((ring) => ring.map(([lon, lat]) => [lon, lat])));
    return sphericalArea({ type: 'MultiPolygon', coordinates: mutable }) / 1e6;
  });
  return { names, polygons, areaKm2 };
}

export interface KeepOutInput {
  readonly polygons: MultiPolygonCoordinates;
  readonly summary: InputFileSummary;
}

/** Reads polygons in which no candidate is to be generated (water, parks). @throws InputError as readRegions. */
export async function readKeepOut(path: string, options: ReadPolygonsOptions): Promise<KeepOutInput> {
  const polygons: Polygon[] = [];
  const check = createPolygonCheck(options);
  const facts = await readFeatures(path, {
    file: options.file,
    fields: [],
    findings: options.findings,
    onRow: (row) => {
      for (const polygon of check.polygonsOf(row) ?? []) polygons.push(polygon);
    },
    onProgress: options.onProgress,
  });
  check.report();
  const { sha256, dialect, featuresRead, identifiersDropped } = facts;
  const summary = {
    role: 'keepOut' as const,
    file: facts.file,
    sha256,
    dialect,
    featuresRead,
    setAside: {},
    identifiersDropped,
  };
  return { polygons, summary };
}

function createPolygonCheck({ file, findings }: ReadPolygonsOptions): {
  polygonsOf(row: FeatureRow): MultiPolygonCoordinates | null;
  report(): void;
} {
  let crossing = 0;
  let first = '';
  return {
    polygonsOf: (row) => {
      const polygons = row.geometry === null ? null : asMultiPolygon(row.geometry);
      const problem =
        polygons === null
          ? {
              code: 'geometry-type',
              message: `is a ${row.geometry?.type ?? 'Point'}, a polygon is expected.`,
            }
          : polygonProblem(polygons);
      if (problem !== null) {
        const { code, message } = problem;
        const hint = 'hint' in problem ? problem.hint : undefined;
        findings.error(message, { code, file, feature: whereOf(row), hint });
        return null;
      }
      if (polygons?.flat().some(crossesItself) === true) {
        if (crossing++ === 0) first = whereOf(row);
      }
      return polygons;
    },
    report: () => {
      if (crossing === 0) return;
      const message = `${crossing} polygons cross themselves (first: ${first}); inside is told by the even-odd rule.`;
      findings.warn(message, { code: 'self-crossing', file });
    },
  };
}

export interface RegionMembership {
  /** [demand.count] index into `names`, -1 = in none. */
  readonly regionOfDemand: Int32Array;
  readonly names: readonly string[];
  /** Demand points that several regions hold; the first by name has them. */
  readonly ties: number;
  readonly outside: number;
}

/** The region of every demand point: that of its own property where the demand says so, else the one that holds its centre. */
export function assignRegions(demand: Demand, regions: RegionTable | null): RegionMembership {
  if (demand.regionNames !== null) return assignByName(demand.regionNames);
  const regionOfDemand = new Int32Array(demand.count).fill(-1);
  if (regions === null) return { regionOfDemand, names: [], ties: 0, outside: demand.count };
  const locator = createPolygonLocator(regions.polygons);
  let ties = 0;
  let outside = 0;
  for (let index = 0; index < demand.count; index++) {
    const lon = demand.lon[index]!;
    const lat = demand.lat[index]!;
    const first = locator.first(lon, lat);
    regionOfDemand[index] = first;
    if (first < 0) outside++;
    else if (locator.count(lon, lat) > 1) ties++;
  }
  return { regionOfDemand, names: regions.names, ties, outside };
}

function assignByName(nameOf: readonly (string | null)[]): RegionMembership {
  const names = [...new Set(nameOf.filter((name) => name !== null))].sort(compareText);
  const indexOf = new Map(names.map((name, index) => [name, index]));
  const regionOfDemand = Int32Array.from(nameOf, (name) => (name === null ? -1 : (indexOf.get(name) ?? -1)));
  return { regionOfDemand, names, ties: 0, outside: nameOf.filter((name) => name === null).length };
}

/** The names a target speaks of; `each` = every region by itself, none = all users (null). @see checkTargets */
export function targetRegions(
  regions: readonly string[] | 'each' | undefined,
  names: readonly string[],
): readonly (string | null)[] {
  if (regions === undefined) return [null];
  return regions === 'each' ? names : regions;
}

/** How a region is shown in a message. */
export function showNames(names: readonly string[]): string {
  const shown = names.slice(0, 8).map(showValue).join(', ');
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}
