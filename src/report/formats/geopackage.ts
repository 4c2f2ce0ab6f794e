import { basename } from 'node:path';
import { geojsonToWkb } from 'hyparquet-writer';
import type { Geometry } from 'geojson';
import sqlite from 'node-sqlite3-wasm';
import { EnvironmentError } from '../../errors.ts';
import type { FlatTable, FlatType } from './flat-table.ts';
import { envelopeOf, envelopeOfAll } from './flat-table.ts';
import { qgisStyle } from './qgis-styles.ts';
import { packRtree } from './rtree.ts';

/** 'GPKG' and version 1.2 (OGC 12-128r14). */
const APPLICATION_ID = 0x47504b47;
const USER_VERSION = 10200;
const SRS_ID = 4326;
/** Equal runs give equal bytes, so no file carries the time it was written. */
const FIXED_DATE = '2000-01-01T00:00:00.000Z';

const SQL_TYPES: Readonly<Record<FlatType, string>> = {
  text: 'TEXT',
  integer: 'INTEGER',
  real: 'REAL',
  boolean: 'BOOLEAN',
};

const WGS84 =
  'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]';

type Database = InstanceType<typeof sqlite.Database>;

/**
 * All layers in one GeoPackage with spatial indexes and QGIS styles. `period` colours the demand layer. The file must
 * not exist. The same tables give the same bytes.
 * @throws EnvironmentError where the disk is full or fails
 */
export function writeGeopackage(path: string, tables: readonly FlatTable[], period: string): void {
  try {
    writeDatabase(path, tables, period);
  } catch (error) {
    if (!(error instanceof Error) || !DISK_FAILED.test(error.message)) throw error;
    throw new EnvironmentError(`${basename(path)} cannot be written (${error.message}).`, {
      code: 'out-not-writable',
      hint: 'Check that you may write there and that the disk has room.',
      cause: error,
    });
  }
}

/** What SQLite says of a disk (sqlite3_errstr of FULL, IOERR, CANTOPEN, READONLY). */
const DISK_FAILED = /disk is full|disk I\/O error|unable to open database|readonly database/;

function writeDatabase(path: string, tables: readonly FlatTable[], period: string): void {
  const database = new sqlite.Database(path);
  try {
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${USER_VERSION};`);
    database.exec('BEGIN');
    createMetadata(database);
    for (const table of tables) writeTable(database, table);
    writeStyles(database, tables, period);
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}

function createMetadata(database: Database): void {
  database.exec(`
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name), CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name), CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));`);
  const system = 'INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)';
  database.run(system, [
    'Undefined Cartesian SRS',
    -1,
    'NONE',
    -1,
    'undefined',
    'undefined Cartesian coordinate reference system',
  ]);
  database.run(system, [
    'Undefined geographic SRS',
    0,
    'NONE',
    0,
    'undefined',
    'undefined geographic coordinate reference system',
  ]);
  database.run(system, [
    'WGS 84 geodetic',
    SRS_ID,
    'EPSG',
    SRS_ID,
    WGS84,
    'longitude/latitude coordinates in decimal degrees',
  ]);
}

function writeTable(database: Database, table: FlatTable): void {
  const name = quoted(table.name);
  const columns = table.columns
    .map((column) => `, ${quoted(column.name)} ${SQL_TYPES[column.type]}`)
    .join('');
  const kind = table.geometryType.toUpperCase();
  database.exec(
    `CREATE TABLE ${name} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom ${kind}${columns})`,
  );
  const [west, south, east, north] = envelopeOfAll(table.geometries) ?? [null, null, null, null];
  database.run(
    'INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change, min_x, min_y, max_x, max_y, srs_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    [table.name, 'features', table.name, FIXED_DATE, west, south, east, north, SRS_ID],
  );
  database.run('INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)', [
    table.name,
    'geom',
    kind,
    SRS_ID,
  ]);
  const insert = database.prepare(`INSERT INTO ${name} VALUES (?, ?${', ?'.repeat(table.columns.length)})`);
  try {
    table.geometries.forEach((geometry, row) => {
      insert.run([row + 1, geometryBlob(geometry), ...table.rows[row]!]);
    });
  } finally {
    insert.finalize();
  }
  writeIndex(database, table);
}

/** GeoPackage binary: header with the envelope (not for points), then WKB; both little-endian. */
function geometryBlob(geometry: Geometry): Uint8Array {
  const wkb = geojsonToWkb(geometry as Parameters<typeof geojsonToWkb>[0]);
  const hasEnvelope = geometry.type !== 'Point';
  const headerBytes = hasEnvelope ? 40 : 8;
  const blob = new Uint8Array(headerBytes + wkb.length);
  const view = new DataView(blob.buffer);
  blob.set([0x47, 0x50, 0, hasEnvelope ? 0b11 : 0b01]);
  view.setInt32(4, SRS_ID, true);
  if (hasEnvelope) {
    const [west, south, east, north] = envelopeOf(geometry);
    [west, east, south, north].forEach((value, k) => view.setFloat64(8 + 8 * k, value, true));
  }
  blob.set(wkb, headerBytes);
  return blob;
}

/** The R-tree extension: shadow tables filled here, the virtual table entered in the schema, and its triggers. */
function writeIndex(database: Database, table: FlatTable): void {
  const index = `rtree_${table.name}_geom`;
  const tree = packRtree(
    table.geometries.map((geometry, row) => ({ row: row + 1, box: envelopeOf(geometry) })),
  );
  database.exec(`
CREATE TABLE ${quoted(`${index}_rowid`)}(rowid INTEGER PRIMARY KEY,nodeno);
CREATE TABLE ${quoted(`${index}_node`)}(nodeno INTEGER PRIMARY KEY,data);
CREATE TABLE ${quoted(`${index}_parent`)}(nodeno INTEGER PRIMARY KEY,parentnode);`);
  for (const { node, data } of tree.nodes)
    database.run(`INSERT INTO ${quoted(`${index}_node`)} VALUES (?, ?)`, [node, data]);
  for (const { node, parent } of tree.parents)
    database.run(`INSERT INTO ${quoted(`${index}_parent`)} VALUES (?, ?)`, [node, parent]);
  for (const { row, node } of tree.rowids)
    database.run(`INSERT INTO ${quoted(`${index}_rowid`)} VALUES (?, ?)`, [row, node]);
  database.exec('PRAGMA writable_schema = ON');
  database.run(
    "INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES ('table', ?, ?, 0, ?)",
    [index, index, `CREATE VIRTUAL TABLE ${quoted(index)} USING rtree(id, minx, maxx, miny, maxy)`],
  );
  for (const [suffix, sql] of indexTriggers(table.name, index)) {
    database.run(
      "INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES ('trigger', ?, ?, 0, ?)",
      [`${index}_${suffix}`, table.name, `CREATE TRIGGER ${quoted(`${index}_${suffix}`)} ${sql}`],
    );
  }
  database.exec('PRAGMA writable_schema = OFF');
  database.run('INSERT INTO gpkg_extensions VALUES (?, ?, ?, ?, ?)', [
    table.name,
    'geom',
    'gpkg_rtree_index',
    'http://www.geopackage.org/spec120/#extension_rtree',
    'write-only',
  ]);
}

/** Triggers of the R-tree extension (OGC 12-128r14, annex F.3): the index follows every edit. */
function indexTriggers(table: string, index: string): [string, string][] {
  const [t, r] = [quoted(table), quoted(index)];
  const present = 'NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")';
  const absent = 'NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom")';
  const put = `INSERT OR REPLACE INTO ${r} VALUES (NEW."fid", ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom"));`;
  return [
    ['insert', `AFTER INSERT ON ${t} WHEN (${present}) BEGIN ${put} END`],
    [
      'update1',
      `AFTER UPDATE OF "geom" ON ${t} WHEN OLD."fid" = NEW."fid" AND (${present}) BEGIN ${put} END`,
    ],
    [
      'update2',
      `AFTER UPDATE OF "geom" ON ${t} WHEN OLD."fid" = NEW."fid" AND (${absent}) BEGIN DELETE FROM ${r} WHERE id = OLD."fid"; END`,
    ],
    [
      'update3',
      `AFTER UPDATE ON ${t} WHEN OLD."fid" != NEW."fid" AND (${present}) BEGIN DELETE FROM ${r} WHERE id = OLD."fid"; ${put} END`,
    ],
    [
      'update4',
      `AFTER UPDATE ON ${t} WHEN OLD."fid" != NEW."fid" AND (${absent}) BEGIN DELETE FROM ${r} WHERE id IN (OLD."fid", NEW."fid"); END`,
    ],
    [
      'delete',
      `AFTER DELETE ON ${t} WHEN OLD."geom" NOT NULL BEGIN DELETE FROM ${r} WHERE id = OLD."fid"; END`,
    ],
  ];
}

/** The table QGIS keeps styles in; a default style is applied when the layer is opened. */
function writeStyles(database: Database, tables: readonly FlatTable[], period: string): void {
  database.exec(
    `CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT, f_table_schema TEXT, f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT, ui TEXT, update_time DATETIME)`,
  );
  database.run(
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) VALUES ('layer_styles', 'attributes', 'layer_styles', ?)",
    [FIXED_DATE],
  );
  for (const { name } of tables) {
    const style = qgisStyle(name, period);
    if (style === null) continue;
    database.run(
      "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, update_time) VALUES ('', '', ?, 'geom', 'mastplan', ?, '', 1, 'Colours of the mastplan report', '', ?)",
      [name, style, FIXED_DATE],
    );
  }
}

function quoted(name: string): string {
  return `"${name.replace(/"/g, '""')}"`;
}
