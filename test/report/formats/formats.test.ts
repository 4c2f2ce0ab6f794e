import { DuckDBInstance } from '@duckdb/node-api';
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import sqlite from 'node-sqlite3-wasm';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Feature, Geometry } from 'geojson';
import { deserialize } from 'flatgeobuf/lib/mjs/geojson.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertFile } from '../../../src/convert.ts';
import { parseFormats, OUTPUT_FORMATS } from '../../../src/report/formats/formats.ts';
import { packRtree } from '../../../src/report/formats/rtree.ts';
import { writePlan } from '../../../src/report/write-plan.ts';
import { syntheticPlan } from '../../support/synthetic-plan.ts';
import { geopackageFaults } from '../../support/geopackage-faults.ts';
import { describeWithTool } from '../../support/tools.ts';

let root = '';
let dir = '';
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'mastplan-formats-'));
  dir = join(root, 'run');
  await writePlan(syntheticPlan(), dir, { formats: OUTPUT_FORMATS });
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const LAYERS = ['sites', 'demand', 'gaps', 'service-areas', 'existing', 'regions', 'bins'];
const features = (layer: string): Feature[] =>
  (JSON.parse(readFileSync(join(dir, `${layer}.geojson`), 'utf8')) as { features: Feature[] }).features;
const counts = Object.fromEntries(LAYERS.map((layer) => [layer, () => features(layer).length]));

/** The flat value a GeoJSON property has in the other formats. */
function flat(properties: Record<string, unknown>, column: string): unknown {
  if (column in properties) {
    const value = properties[column];
    return Array.isArray(value) ? value.join(';') : value;
  }
  for (const [name, value] of Object.entries(properties)) {
    if (column.startsWith(`${name}_`) && value !== null && typeof value === 'object') {
      return (value as Record<string, unknown>)[column.slice(name.length + 1)];
    }
  }
  throw new Error(`no property for ${column}`);
}

/** All coordinates of a geometry, one after the other. */
function numbersIn(geometry: Geometry): number[] {
  if (geometry.type === 'GeometryCollection') return geometry.geometries.flatMap(numbersIn);
  return (geometry.coordinates as unknown[]).flat(4) as number[];
}

describe('GeoPackage', () => {
  it('holds every layer with CRS, extent, spatial index and a QGIS style, values equal to the GeoJSON', () => {
    const database = new sqlite.Database(join(dir, 'plan.gpkg'), { readOnly: true });
    const all = (sql: string): Record<string, unknown>[] => database.all(sql) as Record<string, unknown>[];
    expect(all('PRAGMA application_id')).toEqual([{ application_id: 0x47504b47 }]);
    for (const layer of LAYERS) {
      const rows = all(`SELECT * FROM "${layer}" ORDER BY fid`);
      const written = features(layer);
      expect(rows).toHaveLength(written.length);
      rows.forEach((row, k) => {
        for (const [column, value] of Object.entries(row)) {
          if (column === 'fid' || column === 'geom') continue;
          const expected = flat(written[k]!.properties!, column);
          expect(value, `${layer}.${column}`).toEqual(
            typeof expected === 'boolean' ? Number(expected) : expected,
          );
        }
      });
      expect(all(`SELECT count(*) n FROM "rtree_${layer}_geom_rowid"`)).toEqual([{ n: written.length }]);
      expect(all(`SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = '${layer}'`)).toEqual([
        { srs_id: 4326 },
      ]);
      expect(all(`SELECT useAsDefault d FROM layer_styles WHERE f_table_name = '${layer}'`)).toEqual([
        { d: 1 },
      ]);
    }
    expect(all('PRAGMA foreign_key_check')).toEqual([]);
    database.close();
  });

  it('passes the checks of OGC 12-128r18, as do those of convert', async () => {
    await convertFile(join(dir, 'regions.geojson'), join(root, 'regions.gpkg'));
    await convertFile(join(dir, 'sites.geojson'), join(root, 'sites.gpkg'));
    for (const file of [join(dir, 'plan.gpkg'), join(root, 'regions.gpkg'), join(root, 'sites.gpkg')]) {
      const database = new sqlite.Database(file, { readOnly: true });
      expect(geopackageFaults(database), file).toEqual([]);
      database.close();
    }
  });

  it('is the same bytes when written again', async () => {
    await writePlan(syntheticPlan(), join(root, 'again'), { formats: OUTPUT_FORMATS });
    for (const name of ['plan.gpkg', 'demand.fgb', 'demand.parquet', 'demand.csv', 'sites.kml']) {
      expect(readFileSync(join(root, 'again', name)).equals(readFileSync(join(dir, name))), name).toBe(true);
    }
  });
});

describe('the packed R-tree', () => {
  it('holds every row once, in nodes of at most 51 whose parents cover them', () => {
    const boxes = Array.from({ length: 6000 }, (_, row) => {
      const [x, y] = [(row * 7919) % 1000, (row * 104729) % 997];
      return { row: row + 1, box: [x / 10, y / 10, x / 10 + 0.1, y / 10 + 0.3] as const };
    });
    const tree = packRtree(boxes);
    expect(tree.rowids.map(({ row }) => row)).toEqual(boxes.map(({ row }) => row));
    const view = (node: number): DataView =>
      new DataView(tree.nodes.find((entry) => entry.node === node)!.data.buffer);
    expect(view(1).getUint16(0)).toBe(2);
    const cellsOf = (node: number): { id: number; box: number[] }[] =>
      Array.from({ length: view(node).getUint16(2) }, (_, k) => ({
        id: Number(view(node).getBigInt64(4 + 24 * k)),
        box: [0, 1, 2, 3].map((axis) => view(node).getFloat32(12 + 24 * k + 4 * axis)),
      }));
    for (const { node, parent } of tree.parents) {
      const own = cellsOf(parent).find(({ id }) => id === node)!.box;
      for (const { box } of cellsOf(node)) {
        expect(own[0]! <= box[0]! && own[1]! >= box[1]! && own[2]! <= box[2]! && own[3]! >= box[3]!).toBe(
          true,
        );
      }
    }
    for (const { row, node } of tree.rowids.slice(0, 500)) {
      const [west, south, east, north] = boxes[row - 1]!.box;
      const [minX, maxX, minY, maxY] = cellsOf(node).find(({ id }) => id === row)!.box;
      expect(minX! <= west && maxX! >= east && minY! <= south && maxY! >= north).toBe(true);
    }
  });
});

describe('GeoParquet, FlatGeobuf and CSV', () => {
  it.each(LAYERS)('hold the values of %s', async (layer) => {
    const written = features(layer);
    const bytes = readFileSync(join(dir, `${layer}.parquet`));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
    const metadata = await parquetMetadataAsync(file);
    const geo = JSON.parse(metadata.key_value_metadata!.find(({ key }) => key === 'geo')!.value!);
    expect(geo).toMatchObject({ version: '1.1.0', primary_column: 'geometry' });
    const rows = await parquetReadObjects({ file });
    const flown: Feature[] = [];
    for await (const feature of deserialize(new Uint8Array(readFileSync(join(dir, `${layer}.fgb`)))))
      flown.push(feature as Feature);
    expect(rows).toHaveLength(written.length);
    expect(flown).toHaveLength(written.length);
    written.forEach(({ properties, geometry }, k) => {
      expect(flown[k]!.geometry).toEqual(geometry);
      expect(rows[k]!['geometry']).toEqual(geometry);
      for (const [column, value] of Object.entries(rows[k]!)) {
        if (column === 'geometry') continue;
        const expected = flat(properties!, column);
        expect(value ?? null, column).toEqual(expected);
        const fgb = (flown[k]!.properties as Record<string, unknown>)[column] ?? null;
        expect(typeof fgb === 'bigint' ? Number(fgb) : fgb, column).toEqual(expected);
      }
    });
  });

  it('never let a name become a formula', async () => {
    const out = join(root, 'hostile');
    await writePlan(syntheticPlan({ side: 10, namePrefix: '=cmd()' }), out, {
      formats: ['csv', 'kml', 'gpkg'],
    });
    const lines = readFileSync(join(out, 'sites.csv'), 'utf8').trim().split('\r\n').slice(1);
    for (const line of lines) expect(line).toMatch(/^[\d.]+,[\d.]+,'=cmd\(\)S-/);
  });
});

describe('GeoParquet in DuckDB', () => {
  it.each(LAYERS)('reads %s with its geometry, to the last digit', async (layer) => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const result = await connection.runAndReadAll(
      `SELECT *, ST_AsText(geometry) AS text FROM '${join(dir, `${layer}.parquet`)}'`,
    );
    const types = result.columnTypes().map(String);
    expect(types[result.columnNames().indexOf('geometry')]).toBe("GEOMETRY('OGC:CRS84')");
    const written = features(layer);
    const rows = result.getRowObjectsJS();
    expect(rows).toHaveLength(written.length);
    rows.forEach(({ text, ...values }, k) => {
      const { properties, geometry } = written[k]!;
      for (const [column, value] of Object.entries(values)) {
        if (column === 'geometry') continue;
        expect(value, column).toEqual(flat(properties!, column));
      }
      expect((text as string).match(/-?[\d.]+(e-?\d+)?/g)!.map(Number)).toEqual(numbersIn(geometry));
    });
    connection.closeSync();
    instance.closeSync();
  });
});

describe('--formats', () => {
  it('names what it does not know and what it knows', () => {
    expect(parseFormats('gpkg, PARQUET')).toEqual(['gpkg', 'parquet']);
    expect(() => parseFormats('gpkg,shp')).toThrow('"shp" is not an output format. Known are geojson, gpkg');
  });
});

describeWithTool('ogrinfo', 'GDAL', (ogrinfo) => {
  it('opens every file without a warning and counts the same features', () => {
    const read = (...args: string[]): string =>
      execFileSync('/bin/sh', ['-c', '"$@" 2>&1', 'sh', ogrinfo, ...args], { encoding: 'utf8' });
    const featureCount = (text: string): number => Number(/Feature Count: (\d+)/.exec(text)?.[1]);
    for (const layer of LAYERS) {
      const readings = [
        read('-ro', '-so', '-al', join(dir, `${layer}.geojson`)),
        read('-ro', '-so', '-al', join(dir, `${layer}.fgb`)),
        read('-ro', '-so', join(dir, 'plan.gpkg'), layer),
      ];
      for (const text of readings) {
        expect(text).not.toMatch(/warning|error/i);
        expect(featureCount(text), text).toBe(counts[layer]!());
      }
    }
    expect(read('-ro', '-so', '-al', join(dir, 'sites.kml'))).not.toMatch(/warning|error/i);
  });

  it('finds the same features through the spatial index as without one', () => {
    const box = ['-spat', '24.83', '60.1', '24.85', '60.12'];
    const read = (file: string): string =>
      execFileSync(ogrinfo, ['-ro', '-so', join(dir, file), 'demand', ...box], { encoding: 'utf8' });
    expect(/Feature Count: \d+/.exec(read('plan.gpkg'))?.[0]).toBe(
      /Feature Count: \d+/.exec(read('demand.geojson'))?.[0],
    );
  });
});
