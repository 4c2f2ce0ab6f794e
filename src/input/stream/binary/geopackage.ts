import sqlite from 'node-sqlite3-wasm';
import { InputError } from '../../../errors.ts';
import type { BinaryRecord, BinarySource } from './record.ts';
import { isWgs84, plainValue, unreadableKind, wrongCrs } from './record.ts';
import { parseWkb } from './wkb.ts';

/** Bytes of the envelope in a GeoPackage geometry header by its envelope code (OGC 12-128r19, section 2.1.3). */
const ENVELOPE_BYTES = [0, 32, 48, 48, 64] as const;

/** The features of a GeoPackage's only layer (OGC 12-128r19), row by row straight from the file. */
export function* readGeopackage({ path, file }: BinarySource): Generator<BinaryRecord> {
  const database = open(path, file);
  try {
    const { table, column, srs } = onlyLayer(database, file);
    if (!isWgs84(srs)) throw wrongCrs(file, `EPSG:${String(srs)}`);
    const key = primaryKey(database, table);
    const rows = database.prepare(`SELECT * FROM ${quoted(table)}`);
    try {
      for (const row of rows.iterate()) {
        const { [column]: blob, ...columns } = row as Record<string, unknown>;
        if (key !== null) Reflect.deleteProperty(columns, key);
        const properties = Object.fromEntries(
          Object.entries(columns).map(([name, value]) => [name, plainValue(value)]),
        );
        const geometry = blob instanceof Uint8Array ? parseWkb(blob.subarray(headerBytes(blob))) : null;
        yield { type: 'Feature', geometry, properties };
      }
    } finally {
      rows.finalize();
    }
  } catch (error) {
    throw unreadableKind(file, 'GeoPackage', error);
  } finally {
    database.close();
  }
}

function open(path: string, file: string): InstanceType<typeof sqlite.Database> {
  try {
    return new sqlite.Database(path, { fileMustExist: true, readOnly: true });
  } catch (error) {
    throw unreadableKind(file, 'GeoPackage', error);
  }
}

function onlyLayer(
  database: InstanceType<typeof sqlite.Database>,
  file: string,
): { table: string; column: string; srs: unknown } {
  const layers = database.all(
    `SELECT g.table_name AS name, g.column_name AS geometry, s.organization_coordsys_id AS srs
     FROM gpkg_geometry_columns g JOIN gpkg_contents c ON c.table_name = g.table_name
     LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id
     WHERE c.data_type = 'features' ORDER BY g.table_name`,
  ) as Record<string, unknown>[];
  const [layer] = layers;
  if (layer === undefined) throw new InputError('holds no feature layer.', { code: 'no-features', file });
  if (layers.length > 1) {
    throw new InputError(
      `holds ${layers.length} layers: ${layers.map(({ name }) => String(name)).join(', ')}.`,
      {
        code: 'several-layers',
        file,
        hint: 'Keep one, for example with ogr2ogr one.gpkg all.gpkg LAYER.',
      },
    );
  }
  return { table: String(layer['name']), column: String(layer['geometry']), srs: plainValue(layer['srs']) };
}

function primaryKey(database: InstanceType<typeof sqlite.Database>, table: string): string | null {
  const columns = database.all(`PRAGMA table_info(${quoted(table)})`) as Record<string, unknown>[];
  const key = columns.find(({ pk, type }) => Number(pk) === 1 && /^int/i.test(String(type)));
  const name = key === undefined ? null : String(key['name']);
  return name === 'id' ? null : name;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function headerBytes(blob: Uint8Array): number {
  if (blob[0] !== 0x47 || blob[1] !== 0x50) throw new RangeError('a geometry does not begin with GP');
  return 8 + (ENVELOPE_BYTES[((blob[3] ?? 0) >> 1) & 7] ?? 0);
}
