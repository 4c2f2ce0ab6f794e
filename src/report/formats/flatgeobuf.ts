import { ColumnType } from 'flatgeobuf/lib/mjs/flat-geobuf/column-type.js';
import { GeometryType } from 'flatgeobuf/lib/mjs/flat-geobuf/geometry-type.js';
import { magicbytes } from 'flatgeobuf/lib/mjs/constants.js';
import { buildFeature } from 'flatgeobuf/lib/mjs/generic/feature.js';
import { buildHeader } from 'flatgeobuf/lib/mjs/generic/featurecollection.js';
import { parseGeometry } from 'flatgeobuf/lib/mjs/geojson/geometry.js';
import type { FlatTable } from './flat-table.ts';

const COLUMN_TYPES = {
  text: ColumnType.String,
  integer: ColumnType.Long,
  real: ColumnType.Double,
  boolean: ColumnType.Bool,
} as const;

const GEOMETRY_TYPES = {
  Point: GeometryType.Point,
  LineString: GeometryType.LineString,
  Polygon: GeometryType.Polygon,
  MultiPolygon: GeometryType.MultiPolygon,
} as const;

/** One layer as FlatGeobuf in EPSG:4326, without its optional index; columns are typed over all features. */
export function flatgeobufBytes(table: FlatTable): Uint8Array {
  const header = {
    geometryType: GEOMETRY_TYPES[table.geometryType],
    columns: table.columns.map(({ name, type }) => ({
      name,
      type: COLUMN_TYPES[type],
      title: null,
      description: null,
      width: -1,
      precision: -1,
      scale: -1,
      nullable: true,
      unique: false,
      primary_key: false,
    })),
    envelope: null,
    featuresCount: table.rows.length,
    indexNodeSize: 0,
    crs: null,
    title: table.name,
    description: null,
    metadata: null,
  };
  const parts = [magicbytes, buildHeader(header, 4326)];
  table.geometries.forEach((geometry, row) => {
    const properties = Object.fromEntries(
      table.columns.map(({ name }, column) => [name, table.rows[row]![column] ?? null]),
    );
    parts.push(
      buildFeature(parseGeometry(geometry as Parameters<typeof parseGeometry>[0]), properties, header),
    );
  });
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
