import { geojsonToWkb, parquetWriteBuffer } from 'hyparquet-writer';
import type { FlatTable, FlatType } from './flat-table.ts';
import { envelopeOfAll } from './flat-table.ts';

const COLUMN_TYPES = {
  text: 'STRING',
  integer: 'DOUBLE',
  real: 'DOUBLE',
  boolean: 'BOOLEAN',
} as const satisfies Record<FlatType, string>;

/**
 * One layer as GeoParquet 1.1: a WKB column `geometry` with the `geo` metadata; longitude, latitude (OGC:CRS84 is the
 * default of the format). Whole numbers are doubles, as in the GeoJSON.
 */
export function geoparquetBytes(table: FlatTable): Uint8Array {
  const bbox = envelopeOfAll(table.geometries);
  const geo = {
    version: '1.1.0',
    primary_column: 'geometry',
    columns: {
      geometry: { encoding: 'WKB', geometry_types: [table.geometryType], ...(bbox !== null && { bbox }) },
    },
  };
  const buffer = parquetWriteBuffer({
    columnData: [
      ...table.columns.map(({ name, type }, column) => ({
        name,
        type: COLUMN_TYPES[type],
        nullable: true,
        data: table.rows.map((row) => row[column] ?? null),
      })),
      {
        name: 'geometry',
        type: 'BYTE_ARRAY' as const,
        nullable: false,
        data: table.geometries.map((geometry) =>
          geojsonToWkb(geometry as Parameters<typeof geojsonToWkb>[0]),
        ),
      },
    ],
    kvMetadata: [{ key: 'geo', value: JSON.stringify(geo) }],
    createdBy: 'mastplan',
  });
  return new Uint8Array(buffer);
}
