import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import geodesic from 'geographiclib-geodesic';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EnvironmentError, InputError } from '../src/errors.ts';
import { buildLineTable, lineLengthM, partOfLine } from '../src/input/line-table.ts';
import { plan } from '../src/plan.ts';
import type { PlanResult } from '../src/planning/plan-result.ts';
import { countPlan } from '../src/report/plan-facts.ts';
import { buildReport } from '../src/report/report-json.ts';
import { reportSchema } from '../src/report/report-schema.ts';
import { summaryMarkdown } from '../src/report/summary-md.ts';
import { writePlan } from '../src/report/write-plan.ts';
import { tinyWith, verify } from './support/tiny.ts';
import { describeWithTool } from './support/tools.ts';

type LonLat = [number, number];

let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-lines-'));
});
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

/** Karney's geodesics, independent of src/geo. */
function geodesicM(positions: readonly LonLat[]): number {
  return positions
    .slice(1)
    .reduce(
      (sum, [lon, lat], k) =>
        sum + geodesic.Geodesic.WGS84.Inverse(positions[k]![1], positions[k]![0], lat, lon).s12!,
      0,
    );
}

/** Three roads through the invented town and out of it, one of two parts; the last has no class. */
const ROADS: { class: string | null; parts: LonLat[][] }[] = [
  {
    class: 'main',
    parts: [
      [
        [-3.76, 40.4],
        [-3.72, 40.401],
        [-3.7, 40.405],
        [-3.64, 40.43],
      ],
    ],
  },
  {
    class: 'lane',
    parts: [
      [
        [-3.7, 40.38],
        [-3.701, 40.43],
      ],
      [
        [-3.71, 40.43],
        [-3.71, 40.47],
      ],
    ],
  },
  {
    class: null,
    parts: [
      [
        [-3.69, 40.41],
        [-3.69, 40.41],
        [-3.688, 40.412],
      ],
    ],
  },
];

function writeRoads(name: string, roads = ROADS): string {
  const features = roads.map(({ class: own, parts }) => ({
    type: 'Feature',
    properties: own === null ? {} : { class: own },
    geometry:
      parts.length === 1
        ? { type: 'LineString', coordinates: parts[0] }
        : { type: 'MultiLineString', coordinates: parts },
  }));
  const file = join(work, name);
  writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features }));
  return file;
}

async function planRoads(more: object = {}, groupBy: string | null = 'class'): Promise<PlanResult> {
  const file = writeRoads('roads.geojson');
  return plan(await tinyWith({ lines: { file, ...(groupBy !== null && { groupBy }) }, ...more }));
}

describe('cutting lines', () => {
  const near = fc.tuple(
    fc.double({ min: 24, max: 25, noNaN: true }),
    fc.double({ min: 60, max: 61, noNaN: true }),
  );
  const positions = fc.uniqueArray(near, { minLength: 2, maxLength: 6, selector: String });

  it('measures them as geodesics do to 1 in a million, and parts sum to the whole', () => {
    fc.assert(
      fc.property(positions, fc.integer({ min: 1, max: 40 }), (given, parts) => {
        const table = buildLineTable([{ group: '', positions: given }]);
        const length = lineLengthM(table, 0);
        const dense = Array.from({ length: table.lon.length }, (_, k): LonLat => [
          table.lon[k]!,
          table.lat[k]!,
        ]);
        expect(Math.abs(length - geodesicM(dense))).toBeLessThan(1e-6 * length + 1e-3);
        let cut = 0;
        let last = given[0]!;
        for (let k = 0; k < parts; k++) {
          const part = partOfLine(table, 0, (k * length) / parts, ((k + 1) * length) / parts);
          expect(Math.hypot(part[0]![0] - last[0], part[0]![1] - last[1])).toBeLessThan(1e-9);
          last = part.at(-1)!;
          cut += geodesicM(part);
        }
        expect(last[0]).toBeCloseTo(given.at(-1)![0], 9);
        expect(Math.abs(cut - length)).toBeLessThan(1e-6 * length + 1e-3);
      }),
      { numRuns: 200 },
    );
  });

  it('does not look at the order of lines in a file', () => {
    const lines = ROADS.flatMap(({ class: own, parts }) =>
      parts.map((part) => ({ group: own ?? '', positions: part })),
    );
    expect(buildLineTable([...lines].reverse())).toEqual(buildLineTable(lines));
  });
});

describe('kilometres of lines served', () => {
  it('sums to the length of the file, by group and region', async () => {
    const { lines } = await planRoads();
    const whole =
      geodesicM(ROADS[0]!.parts[0]!) +
      ROADS.slice(1)
        .flatMap(({ parts }) => parts)
        .reduce((sum, part) => sum + geodesicM(part), 0);
    const [all] = lines!.rows;
    expect(all).toMatchObject({ group: null, region: null });
    // Two decimetres in 25 km: segments are straight in degrees, geodesics bend.
    expect(Math.abs(all!.totalMm / 1000 - whole)).toBeLessThan(1e-5 * whole);
    const groups = lines!.rows.filter(({ group, region }) => group !== null && region === null);
    expect(groups.map(({ group }) => group)).toEqual(['', 'lane', 'main']);
    expect(groups.reduce((sum, { totalMm }) => sum + totalMm, 0)).toBe(all!.totalMm);
    expect(all!.servedTodayMm).toBeLessThanOrEqual(all!.servedMm);
    expect(all!.servedMm).toBeGreaterThan(0);
    expect(all!.servedMm).toBeLessThan(all!.totalMm);
    for (const { region, totalMm } of lines!.rows.filter(({ region: own }) => own !== null)) {
      const own = lines!.rows.find((row) => row.region === region && row.group === null)!;
      expect(totalMm).toBeLessThanOrEqual(own.totalMm);
    }
  });

  it('judges a piece as a user who stands at its middle', async () => {
    const result = await planRoads({ service: { binM: 100 } });
    const { table, runs } = result.lines!;
    // Users at the middles of some pieces, planned with the same required sites: the plan of the lines serves them alike.
    const places: { lon: number; lat: number; served: boolean; today: boolean }[] = [];
    for (const { line, fromM, toM, rank, servedToday } of runs) {
      const pieces = Math.ceil(lineLengthM(table, line) / 100);
      const stepM = lineLengthM(table, line) / pieces;
      const middle = partOfLine(table, line, fromM, Math.min(toM, fromM + stepM / 2)).at(-1)!;
      places.push({ lon: middle[0], lat: middle[1], served: servedToday || rank > 0, today: servedToday });
    }
    const file = join(work, 'middles.csv');
    writeFileSync(
      file,
      `id,lon,lat,users\n${places.map(({ lon, lat }, k) => `m${k},${lon},${lat},1`).join('\n')}\n`,
    );
    const evaluate = { demand: { file, users: 'users' } };
    const { evaluation } = await planRoads({ service: { binM: 100 }, evaluate });
    const { demand, coverage, today } = evaluation!;
    const covered = new Set(coverage.demandOfSite.subarray(0, coverage.siteStart[coverage.siteCount]));
    demand.ids.forEach((id, row) => {
      const place = places[Number(id.slice(1))]!;
      expect(today.served[0]![row] === 1).toBe(place.today);
      expect(place.today || covered.has(row)).toBe(place.served);
    });
    expect(new Set(places.map(({ served }) => served))).toEqual(new Set([true, false]));
  });

  it('writes what the verifier counts again and the schema knows; a length made up is found', async () => {
    const result = await planRoads();
    const dir = join(work, 'run');
    const { files } = await writePlan(result, dir);
    expect(files).toContain('lines.geojson');
    const agreed = verify(dir);
    expect(agreed.stdout).toContain('kilometres of lines served');
    expect(agreed.stdout).toContain('agrees to the last user');
    const facts = countPlan(result);
    const report = reportSchema.parse(buildReport(result, facts, files));
    expect(report.lines!.rows[0]!.km).toBeCloseTo(result.lines!.rows[0]!.totalMm / 1e6, 9);
    expect(report.inputs.map(({ role }) => role)).toContain('lines');
    expect(summaryMarkdown(result, facts, [])).toContain('## Lines');
    const path = join(dir, 'lines.geojson');
    const layer = JSON.parse(readFileSync(path, 'utf8')) as {
      features: { properties: { length_m: number } }[];
    };
    layer.features[0]!.properties.length_m += 1;
    writeFileSync(path, JSON.stringify(layer));
    expect(verify(dir).stdout).toMatch(/length_m is/);
  });

  it('counts lines that no property groups, and says nothing without lines', async () => {
    const { lines } = await planRoads({}, null);
    expect(lines!.rows.every(({ group }) => group === null)).toBe(true);
    expect((await plan(await tinyWith({}))).lines).toBeNull();
  });

  const point = { type: 'Point', coordinates: [-3.7, 40.4] };
  it.each<[string, object, RegExp]>([
    ['a point', point, /is a Point, a line is expected/],
    ['one position', { type: 'LineString', coordinates: [[-3.7, 40.4]] }, /at least two elements/],
    [
      'no globe',
      {
        type: 'LineString',
        coordinates: [
          [-3.7, 40.4],
          [500, 40.4],
        ],
      },
      /500/,
    ],
    [
      'the date line',
      {
        type: 'LineString',
        coordinates: [
          [179.9, 40],
          [-179.9, 40],
        ],
      },
      /180 degree meridian/,
    ],
    [
      'another country',
      {
        type: 'LineString',
        coordinates: [
          [24.9, 60.2],
          [25, 60.2],
        ],
      },
      /km from every demand point/,
    ],
    [
      'no length',
      {
        type: 'LineString',
        coordinates: [
          [-3.7, 40.4],
          [-3.7, 40.4],
        ],
      },
      /holds no lines/,
    ],
  ])('refuses %s in one sentence', async (_, geometry, message) => {
    const file = join(work, 'bad.geojson');
    const features = [{ type: 'Feature', properties: {}, geometry }];
    writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features }));
    const error = await tinyWith({ lines: { file } })
      .then(plan)
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(message);
  });

  it('says how much memory too many pieces would take instead of dying', async () => {
    const file = writeRoads('roads.geojson');
    const loaded = await tinyWith({ lines: { file }, service: { binM: 1e-6 }, solver: { memory: '2 GB' } });
    // No bins of a micrometre for the samples: this is about lines.
    const { measurements, ...scenario } = loaded.scenario;
    expect(measurements).toBeDefined();
    const error = await plan({ ...loaded, scenario }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(EnvironmentError);
    expect((error as Error).message).toMatch(/lines: [\d,]+ pieces/);
  });

  it('refuses a property nobody has, naming the nearest', async () => {
    const file = writeRoads('roads.geojson');
    await expect(plan(await tinyWith({ lines: { file, groupBy: 'clas' } }))).rejects.toThrow(
      /Did you mean "class"/,
    );
  });
});

describeWithTool('ogrinfo', 'lines in GDAL', (ogrinfo) => {
  it('has in lines.geojson and plan.gpkg the length that SpatiaLite measures on the ellipsoid, with a style', async () => {
    const result = await planRoads();
    const dir = join(work, 'gdal');
    await writePlan(result, dir, { formats: ['gpkg', 'fgb', 'parquet', 'csv'] });
    const km = result.lines!.rows[0]!.totalMm / 1e6;
    const sql = 'SELECT SUM(ST_Length(SetSRID(geometry, 4326), 1)) / 1000.0 AS km, COUNT(*) AS n FROM lines';
    for (const [file, layers] of [
      ['lines.geojson', []],
      ['plan.gpkg', ['lines']],
      ['lines.fgb', []],
    ] as const) {
      const copy = join(dir, `gdal-${file}.geojson`);
      execFileSync('ogr2ogr', ['-f', 'GeoJSON', '-nln', 'lines', copy, join(dir, file), ...layers]);
      const text = execFileSync(ogrinfo, ['-q', '-dialect', 'sqlite', '-sql', sql, copy], {
        encoding: 'utf8',
      });
      const measured = Number(/km \(Real\) = ([\d.]+)/.exec(text)?.[1]);
      expect(Math.abs(measured - km)).toBeLessThan(2e-6 * km);
      expect(Number(/n \(Integer\w*\) = (\d+)/.exec(text)?.[1])).toBe(result.lines!.runs.length);
    }
    const styles = execFileSync(
      ogrinfo,
      [
        '-q',
        '-sql',
        "SELECT f_table_name FROM layer_styles WHERE f_table_name = 'lines'",
        join(dir, 'plan.gpkg'),
      ],
      { encoding: 'utf8' },
    );
    expect(styles).toContain('lines');
  });
});
