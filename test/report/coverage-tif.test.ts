// coverage.tif of a plan: what stands in its cells, and whether GDAL takes it as a cloud-optimised GeoTIFF.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { distanceM } from '../../src/geo/ellipsoid.ts';
import { readScenario } from '../../src/input/read-scenario.ts';
import { plan } from '../../src/plan.ts';
import type { PlanResult } from '../../src/planning/plan-result.ts';
import type { CoverageRaster } from '../../src/prediction/raster-grid.ts';
import { coverageTif } from '../../src/report/coverage-tif.ts';
import { writePlan } from '../../src/report/write-plan.ts';
import { describeWithTool } from '../support/tools.ts';

let root = '';
let inDegrees: PlanResult;
let inMetres: PlanResult;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'mastplan-coverage-'));
  const loaded = await readScenario('test/fixtures/tiny/scenario.yaml');
  inDegrees = await plan(loaded, { raster: { cellM: 20 } });
  inMetres = await plan(loaded, { raster: { crs: 'utm', cellM: 50 } });
  await writePlan(inDegrees, join(root, 'run'));
}, 60_000);
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

function cellAt(raster: CoverageRaster, lon: number, lat: number): number {
  const column = Math.floor((lon - raster.west) / raster.cellWidth);
  const row = Math.floor((raster.north - lat) / raster.cellHeight);
  expect(column >= 0 && column < raster.columns && row >= 0 && row < raster.rows).toBe(true);
  return row * raster.columns + column;
}

describe('the coverage raster', () => {
  it('holds every user and names the site that stands in a cell as its server', () => {
    const { raster, demand, candidates, existing, solution } = inDegrees;
    for (let i = 0; i < demand.count; i++) cellAt(raster!, demand.lon[i]!, demand.lat[i]!);
    solution.sites.forEach((site, index) => {
      expect(raster!.server[cellAt(raster!, candidates.lon[site]!, candidates.lat[site]!)]).toBe(index + 1);
    });
    for (let k = 0; k < (existing?.count ?? 0); k++) {
      expect(raster!.server[cellAt(raster!, existing!.lon[k]!, existing!.lat[k]!)]).toBe(-(k + 1));
    }
  });

  it('says served where the plan serves: cells well inside a reach pass the probability, those far outside do not', () => {
    const { raster, demand, candidates, existing, solution, configurations, scenario } = inDegrees;
    const reachM = configurations[inDegrees.configurationOfCandidate[solution.sites[0]!]!]!.reachM;
    let inside = 0;
    for (let i = 0; i < demand.count; i++) {
      const [lon, lat] = [demand.lon[i]!, demand.lat[i]!];
      const nearest = Math.min(
        ...Array.from(solution.sites, (site) =>
          distanceM(lon, lat, candidates.lon[site]!, candidates.lat[site]!),
        ),
        ...Array.from({ length: existing?.count ?? 0 }, (_, k) =>
          distanceM(lon, lat, existing!.lon[k]!, existing!.lat[k]!),
        ),
      );
      const probability = raster!.probability[cellAt(raster!, lon, lat)]!;
      if (nearest < 0.9 * reachM) {
        inside++;
        expect(probability).toBeGreaterThanOrEqual(scenario.service.locationProbability);
      } else if (nearest > 1.1 * reachM) {
        expect(probability).toBeLessThan(scenario.service.locationProbability);
      }
    }
    expect(inside).toBeGreaterThan(100);
  });

  it('states the area served, alike in degrees and in metres, regions within their true size', () => {
    const [degrees, metres] = [inDegrees.areas!, inMetres.areas!];
    // Three districts of 4, 12 and 12 km2 (fixture README); cells of 20 and 50 m are counted along their edges.
    const byName = new Map(degrees.map((area) => [area.region, area]));
    expect(byName.get('Centre')!.km2).toBeCloseTo(4, 1);
    expect(byName.get(null)!.km2).toBeCloseTo(28, 0);
    degrees.forEach(({ km2, coveredKm2 }, k) => {
      expect(coveredKm2).toBeLessThanOrEqual(km2);
      expect(Math.abs(metres[k]!.km2 - km2)).toBeLessThan(0.01 * km2 + 0.05);
      expect(Math.abs(metres[k]!.coveredKm2 - coveredKm2)).toBeLessThan(0.02 * km2 + 0.05);
    });
    expect(byName.get(null)!.coveredKm2).toBeGreaterThan(1);
  });

  it('in UTM shows the same signal at the same place', () => {
    const [degrees, metres] = [inDegrees.raster!, inMetres.raster!];
    expect(metres.epsg).toBeGreaterThan(32600);
    expect(metres.cellWidth).toBe(50);
    const mean = (values: Float32Array): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    // The two rasters cover the same area but for their rims: their means differ by less than 1 dB.
    expect(Math.abs(mean(degrees.rsrpDbm) - mean(metres.rsrpDbm))).toBeLessThan(1);
  });
});

describeWithTool('gdalinfo', 'coverage.tif in GDAL', (gdalinfo) => {
  it('has three named bands with no-data, overviews, statistics and the values worked out', () => {
    const raster = inDegrees.raster!;
    const path = join(root, 'run', 'coverage.tif');
    expect(
      readFileSync(path).equals(Buffer.from(coverageTif(raster, inDegrees.scenario.service.rsrpDbm))),
    ).toBe(true);
    const warned = execFileSync('/bin/sh', ['-c', '"$0" -checksum "$1" 2>&1', gdalinfo, path], {
      encoding: 'utf8',
    });
    expect(warned).not.toMatch(/warning|error/i);
    const info = JSON.parse(execFileSync(gdalinfo, ['-json', path], { encoding: 'utf8' })) as GdalInfo;
    expect(info.size).toEqual([raster.columns, raster.rows]);
    expect(info.geoTransform[0]).toBeCloseTo(raster.west, 12);
    expect(info.metadata['IMAGE_STRUCTURE']).toMatchObject({ COMPRESSION: 'DEFLATE', INTERLEAVE: 'BAND' });
    expect(info.bands.map(({ description }) => description.split(/ of | at /)[0])).toEqual([
      'RSRP',
      'Probability',
      'Best server: rank',
    ]);
    for (const band of info.bands) {
      expect(band.block).toEqual([256, 256]);
      expect(band.noDataValue).toBe('NaN');
      expect(band.overviews.length).toBeGreaterThan(0);
      expect(Object.keys(band.metadata[''] ?? {})).toContain('STATISTICS_MEAN');
    }
    const site = inDegrees.solution.sites[0]!;
    const at = cellAt(raster, inDegrees.candidates.lon[site]!, inDegrees.candidates.lat[site]!);
    const [column, row] = [at % raster.columns, Math.floor(at / raster.columns)];
    const read = execFileSync('gdallocationinfo', ['-valonly', path, String(column), String(row)], {
      encoding: 'utf8',
    });
    expect(read.trim().split('\n').map(Number).map(Math.fround)).toEqual([
      raster.rsrpDbm[at],
      raster.probability[at],
      raster.server[at],
    ]);
  });
});

interface GdalInfo {
  readonly size: number[];
  readonly geoTransform: number[];
  readonly metadata: Record<string, Record<string, string>>;
  readonly bands: {
    readonly description: string;
    readonly block: number[];
    readonly noDataValue: unknown;
    readonly overviews: unknown[];
    readonly metadata: Record<string, Record<string, string>>;
  }[];
}
