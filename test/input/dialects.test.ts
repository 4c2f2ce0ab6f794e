// Every dialect, as other programs write it, reads as the same table (test/fixtures/dialects/README.md says who wrote
// what); field logs of ../shared/data are read as they are, with the quantity recognised.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { Findings } from '../../src/input/findings.ts';
import { readDemand } from '../../src/input/read-demand.ts';
import { readSites } from '../../src/input/read-sites.ts';
import { geotiffBytes } from '../../src/report/geotiff/geotiff.ts';
import { validateFile } from '../../src/validate.ts';
import { readRows, scratchFolder } from '../support/read-rows.ts';
import { describeShared, sharedPath } from '../support/shared.ts';

const scratch = scratchFolder();
afterAll(() => scratch.remove());
const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/dialects/${name}`, import.meta.url));

interface Users {
  readonly features: {
    readonly id: string;
    readonly geometry: { readonly coordinates: readonly [number, number] };
    readonly properties: { readonly day: number; readonly night: number; readonly place: string };
  }[];
}
const { features } = JSON.parse(readFileSync(fixture('users.geojson'), 'utf8')) as Users;

describe('the same users in every dialect', () => {
  it.each([
    ['users.geojson', 'geojson'],
    ['users.geojsons', 'geojsonseq'],
    ['users.ndjson', 'ndjson'],
    ['users.csv', 'csv'],
    ['users.tsv', 'tsv'],
    ['users.gpkg', 'gpkg'],
    ['users.fgb', 'flatgeobuf'],
    ['users.shp', 'shapefile'],
    ['users.parquet', 'parquet'],
    ['users.geojson.gz', 'geojson+gzip'],
    ['users.geojson.zst', 'geojson+zstd'],
  ])('%s is %s, read to the last digit and letter', async (name, dialect) => {
    const fields = ['day', 'night', 'place'].map((column) => ({ names: [column] }));
    const { rows, facts, findings } = await readRows(fixture(name), fields);
    expect(findings.all).toEqual([]);
    expect(facts).toMatchObject({ dialect, featuresRead: 12 });
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const { id, geometry, properties } of features) {
      const row = byId.get(id)!;
      expect([row.lon, row.lat]).toEqual(geometry.coordinates);
      const [day, night, place] = row.values;
      expect([Number(day), Number(night), place]).toEqual([
        properties.day,
        properties.night,
        properties.place,
      ]);
    }
  });
});

describe('a table of cells (OpenCelliD, MLS)', () => {
  it.each(['cells.csv', 'cells-headerless.csv'])('%s gives base stations', async (name) => {
    const findings = new Findings();
    const path = fixture(name);
    const { sites, summary } = await readSites(path, { file: name, role: 'existing', findings });
    expect(summary).toMatchObject({
      dialect: 'csv-cells',
      featuresRead: 6,
      setAside: { 'neither LTE nor NR': 2 },
    });
    expect(sites.ids).toEqual(['lte-244-91-102000', 'nr-244-91-1000', 'lte-244-91-102001']);
    // 40 observations at 24.941 and 10 at 24.943.
    expect(sites.lon[0]).toBeCloseTo(24.9414, 10);
    expect(sites.lat[0]).toBeCloseTo(60.1714, 10);
    expect(sites.cellIds[0]).toEqual(['26112001', '26112002']);
    expect(sites.technology).toEqual(['lte', 'nr', 'lte']);
    expect(findings.all.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      'warning: is a table of cells: 4 LTE and NR cells make 3 sites.',
    ]);
  });

  it('is told from other tables by validate', async () => {
    const report = await validateFile(fixture('cells-headerless.csv'));
    expect(report).toMatchObject({ kind: 'existing', dialect: 'csv-cells', featuresRead: 6 });
  });
});

describe('population rasters', () => {
  // 3 arc seconds as WorldPop, 1 arc second as HRSL; no-data as they write it. 6 x 4 pixels of 1 .. 24 people.
  it.each([
    ['WorldPop', 3 / 3600, -99999],
    ['HRSL', 1 / 3600, NaN],
  ])('%s: every person is counted once, pixels without data none', async (name, pixel, noData) => {
    const values = Float32Array.from({ length: 24 }, (_, k) => (k === 5 ? noData : k + 1));
    const path = scratch.write(
      `${name}.tif`,
      geotiffBytes({
        columns: 6,
        rows: 4,
        noData,
        west: 36.8,
        north: -1.2,
        cellWidth: pixel,
        cellHeight: pixel,
        epsg: 4326,
        bands: [{ values, overviews: 'mean', description: 'people' }],
      }),
    );
    const findings = new Findings();
    const { demand, summary } = await readDemand(path, {
      file: path,
      spec: { file: path, users: 'population', scale: 1, cellM: 100 },
      periods: ['all'],
      findings,
    });
    findings.throwIfErrors();
    expect(summary.dialect).toBe('geotiff');
    expect(demand.usersMilli[0]!.reduce((sum, users) => sum + users, 0)).toBe(1000 * (300 - 6));
    // Squares of about 100 m: one WorldPop pixel (93 m), three by three HRSL pixels (31 m each).
    expect(demand.count).toBe(name === 'HRSL' ? 4 : 23);
    for (const lat of demand.lat) expect(lat < -1.2 && lat > -1.2 - 4 * pixel).toBe(true);
  });
});

describeShared('field logs as they are', () => {
  // Row counts and quantities: the README beside each table.
  it.each([
    ['cork-5g-lte-drive', 'rsrp', 34_825],
    ['ottawa', 'rsrp', 4_912],
    ['recife-gsm1800', 'path_loss', 6_981],
  ])('%s holds %s', async (folder, quantity, count) => {
    const report = await validateFile(sharedPath(`data/${folder}/measurements.csv`)!, {
      timeZone: 'Europe/Dublin',
    });
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ kind: 'measurements', dialect: 'csv', quantity, featuresRead: count });
  });
});
