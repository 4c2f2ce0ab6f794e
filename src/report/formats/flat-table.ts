import type { Feature, Geometry } from 'geojson';
import type { Layer } from '../layers.ts';

export type FlatValue = string | number | boolean | null;
export type FlatType = 'text' | 'integer' | 'real' | 'boolean';

export interface FlatColumn {
  readonly name: string;
  readonly type: FlatType;
}

/** A layer without nested values: a period's value is a column of its own (`share_after_night`), lists are text. */
export interface FlatTable {
  readonly name: string;
  readonly columns: readonly FlatColumn[];
  /** One array per feature, in the order of `columns`. */
  readonly rows: readonly (readonly FlatValue[])[];
  readonly geometries: readonly Geometry[];
  readonly geometryType: 'Point' | 'LineString' | 'Polygon' | 'MultiPolygon';
}

/** Lists (azimuths, covering sites) become one text. */
const LIST_SEPARATOR = ';';

/** Flattens a layer; a column is as wide as its values need: boolean, integer, real or text. */
export function flattenLayer(layer: Layer): FlatTable {
  const features = [...layer.features()];
  const flattened = features.map(({ properties }) => new Map(flatEntries(properties ?? {})));
  const names = [...new Set(flattened.flatMap((values) => [...values.keys()]))];
  const columns = names.map((name) => ({
    name,
    type: typeOf(flattened.map((values) => values.get(name) ?? null)),
  }));
  return {
    name: layer.name,
    columns,
    rows: flattened.map((values) => names.map((name) => values.get(name) ?? null)),
    geometries: features.map(({ geometry }) => geometry),
    geometryType: geometryType(layer.name, features),
  };
}

function geometryType(layer: string, features: readonly Feature[]): FlatTable['geometryType'] {
  const type = features[0]?.geometry.type;
  if (type === 'Point' || type === 'LineString' || type === 'Polygon' || type === 'MultiPolygon') return type;
  if (type !== undefined) throw new RangeError(`${layer}: no format writes ${type}`);
  // An empty layer keeps the type it has when it is not empty.
  return layer === 'gaps' || layer === 'regions'
    ? 'MultiPolygon'
    : layer === 'service-areas'
      ? 'Polygon'
      : 'Point';
}

function flatEntries(properties: object): [string, FlatValue][] {
  return Object.entries(properties).flatMap(([name, value]): [string, FlatValue][] => {
    if (Array.isArray(value)) return [[name, value.join(LIST_SEPARATOR)]];
    if (value === null || typeof value !== 'object') return [[name, value as FlatValue]];
    return Object.entries(value).map(([key, item]): [string, FlatValue] => [
      `${name}_${key}`,
      item as FlatValue,
    ]);
  });
}

function typeOf(values: readonly FlatValue[]): FlatType {
  const present = values.filter((value) => value !== null);
  if (present.length === 0) return 'text';
  if (present.every((value) => typeof value === 'boolean')) return 'boolean';
  if (!present.every((value) => typeof value === 'number')) return 'text';
  return present.every((value) => Number.isSafeInteger(value)) &&
    !present.some((value) => Object.is(value, -0))
    ? 'integer'
    : 'real';
}

/** West, south, east, north of a geometry. */
export function envelopeOf(geometry: Geometry): [number, number, number, number] {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (coordinates: unknown): void => {
    if (!Array.isArray(coordinates)) return;
    if (typeof coordinates[0] === 'number') {
      const [lon, lat] = coordinates as [number, number];
      west = Math.min(west, lon);
      east = Math.max(east, lon);
      south = Math.min(south, lat);
      north = Math.max(north, lat);
    } else coordinates.forEach(visit);
  };
  if ('coordinates' in geometry) visit(geometry.coordinates);
  return [west, south, east, north];
}

/** The envelope of all of them; null for none. */
export function envelopeOfAll(geometries: readonly Geometry[]): [number, number, number, number] | null {
  if (geometries.length === 0) return null;
  return geometries
    .map(envelopeOf)
    .reduce((all, one) => [
      Math.min(all[0], one[0]),
      Math.min(all[1], one[1]),
      Math.max(all[2], one[2]),
      Math.max(all[3], one[3]),
    ]);
}
