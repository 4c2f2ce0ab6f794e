import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { predictRowsKernel, NO_SERVER, type PredictInputs } from '../src/coverage/predict-kernel.ts';
import { createLossTable } from '../src/coverage/loss-table.ts';
import { bindRule, type LinkRule } from '../src/coverage/link-rule.ts';
import { InputError } from '../src/errors.ts';
import { readScenario } from '../src/input/read-scenario.ts';
import { createPool } from '../src/parallel/pool.ts';
import { predict, type PredictOptions } from '../src/predict.ts';
import { elementAttenuationDb } from '../src/radio/antenna.ts';
import { openPredictionOutput, predictionText, writePrediction } from '../src/report/write-prediction.ts';
import { describeWithTool } from './support/tools.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const pool = await createPool({ threads: 2 });
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mastplan-predict-'));
});
afterAll(async () => {
  await pool.close();
  await rm(folder, { recursive: true });
});

const options: PredictOptions = { sites: 'candidates', cellM: 100, box: null, load: 0.5, noiseFigureDb: 7 };
const tiny = () => readScenario(fixture('tiny/scenario.yaml'));

/** Users, one site and a scenario inside the terrain crop of London. */
async function londonScenario(radio: object, more: object = {}): Promise<string> {
  const point = (lon: number, lat: number, properties: object): object => ({
    type: 'Feature',
    properties,
    geometry: { type: 'Point', coordinates: [lon, lat] },
  });
  const collection = (features: object[]): string => JSON.stringify({ type: 'FeatureCollection', features });
  const users = [0, 1, 2, 3, 4].map((k) => point(-0.14 + 0.02 * k, 51.44 + 0.01 * k, { users: 10 }));
  await writeFile(join(folder, 'users.geojson'), collection(users));
  await writeFile(join(folder, 'sites.geojson'), collection([point(-0.1, 51.46, { id: 'S1' })]));
  const scenario = {
    demand: { file: 'users.geojson' },
    existing: { file: 'sites.geojson' },
    terrain: { file: fixture('terrain/london-crop.tif') },
    radio: { frequencyMhz: 700, bandwidthMhz: 10, heightM: 20, ...radio },
    ...more,
  };
  const path = join(folder, 'scenario.json');
  await writeFile(path, JSON.stringify(scenario));
  return path;
}

describe('predict', () => {
  it('is the same on two threads, byte for byte', async () => {
    const one = await predict(await tiny(), options);
    const two = await predict(await tiny(), { ...options, executor: pool });
    for (const layer of ['rsrpDbm', 'sinrDb', 'probability', 'server'] as const) {
      expect(Buffer.from(two[layer].buffer).equals(Buffer.from(one[layer].buffer))).toBe(true);
    }
    expect(two.statistics).toEqual(one.statistics);
  });

  it('counts users and area: parts make the whole, regions lie inside', async () => {
    const { statistics, frame } = await predict(await tiny(), options);
    const all = statistics.areas[0]!;
    expect(all.km2).toBeCloseTo((frame.columns * frame.rows * 100 * 100) / 1e6, 9);
    // Three districts of 4, 12 and 12 km2 (fixture README): counted in cells of 1 ha along their edges.
    const byName = new Map(statistics.areas.map((area) => [area.region, area.km2]));
    expect(Math.abs(byName.get('Centre')! - 4)).toBeLessThan(0.2);
    expect(Math.abs(byName.get('North')! - 12)).toBeLessThan(0.3);
    for (const { usersMilli, coveredMilli } of statistics.users)
      expect(coveredMilli).toBeLessThanOrEqual(usersMilli);
  });

  it('measures the covered part of lines', async () => {
    const lines = join(folder, 'roads.geojson');
    const { demand } = { demand: [-3.7, 40.4] as const };
    const road = { type: 'LineString', coordinates: [demand, [demand[0] + 0.01, demand[1]]] };
    await writeFile(
      lines,
      JSON.stringify({
        type: 'FeatureCollection',
        features: [{ type: 'Feature', properties: {}, geometry: road }],
      }),
    );
    const { statistics } = await predict(await tiny(), { ...options, linesFile: lines });
    // 0.01 degree at latitude 40.4: 0.8488 km on WGS 84.
    expect(statistics.lines!.km).toBeCloseTo(0.8488, 3);
    expect(statistics.lines!.coveredKm).toBeLessThanOrEqual(statistics.lines!.km + 1e-9);
  });

  it('looks at terrain: hills take coverage away, and the report says what level ground means', async () => {
    const strict = { service: { rsrpDbm: -80 } };
    const withTerrain = await predict(await readScenario(await londonScenario({ model: 'p1812' }, strict)), {
      ...options,
      sites: 'existing',
    });
    const path = await londonScenario({ model: 'p1812' }, { ...strict, terrain: undefined });
    const flat = await predict(await readScenario(path), { ...options, sites: 'existing' });
    expect(flat.warnings.join(' ')).toContain('level ground without obstacles');
    expect(withTerrain.warnings.join(' ')).not.toContain('level ground');
    expect(withTerrain.statistics.areas[0]!.coveredKm2).toBeLessThan(flat.statistics.areas[0]!.coveredKm2);
    expect(withTerrain.inputs.map(({ role }) => role)).toContain('terrain');
  });

  it('gives one finding for a site without terrain and for a missing network', async () => {
    const path = await londonScenario({ model: 'itm' });
    const site = {
      type: 'Feature',
      properties: { id: 'far' },
      geometry: { type: 'Point', coordinates: [-0.02, 51.46] },
    };
    await writeFile(
      join(folder, 'sites.geojson'),
      JSON.stringify({ type: 'FeatureCollection', features: [site] }),
    );
    await expect(predict(await readScenario(path), { ...options, sites: 'existing' })).rejects.toThrow(
      /terrain does not reach site "far"/,
    );
    await expect(predict(await readScenario(path), options)).rejects.toThrow(InputError);
  });

  it('writes rasters and a document that names them, and refuses folders of others', async () => {
    const out = join(folder, 'out');
    const prediction = await predict(await tiny(), options);
    const output = await openPredictionOutput(out, false);
    await writePrediction(prediction, output);
    await output.close();
    const document = JSON.parse(await readFile(join(out, 'prediction.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect([document['format'], document['version']]).toEqual(['mastplan-prediction', 1]);
    for (const name of document['files'] as string[])
      expect((await readFile(join(out, name))).length).toBeGreaterThan(500);
    expect(predictionText(prediction)).toContain('all users, day');
    await writeFile(join(folder, 'rsrp.tif'), 'mine');
    await expect(openPredictionOutput(folder, false)).rejects.toThrow(/rsrp.tif/);
  });
});

describeWithTool('gdalinfo', 'rasters of predict in GDAL', (gdalinfo) => {
  it('lie where the prediction says, over terrain: system, corner, cell, and the level at the site', async () => {
    const out = join(folder, 'gdal');
    const path = await londonScenario({ model: 'p1812' });
    const prediction = await predict(await readScenario(path), { ...options, sites: 'existing', cellM: 200 });
    const output = await openPredictionOutput(out, false);
    await writePrediction(prediction, output);
    await output.close();
    const { frame, rsrpDbm } = prediction;
    const file = join(out, 'rsrp.tif');
    const info = JSON.parse(execFileSync(gdalinfo, ['-json', file], { encoding: 'utf8' })) as {
      size: number[];
      geoTransform: number[];
      coordinateSystem: { wkt: string };
    };
    expect(info.size).toEqual([frame.columns, frame.rows]);
    expect(info.geoTransform).toEqual([frame.west, 200, 0, frame.north, 0, -200]);
    // London lies in UTM zone 30 north: EPSG:32630.
    expect(info.coordinateSystem.wkt).toContain('ID["EPSG",32630]');
    const at = ['-valonly', '-wgs84', file, '-0.1', '51.46'];
    const level = Number(execFileSync('gdallocationinfo', at, { encoding: 'utf8' }));
    const [x, y] = frame.zone.toMetres(-0.1, 51.46);
    const column = Math.floor((x - frame.west) / 200);
    const row = Math.floor((frame.north - y) / 200);
    expect(level).toBeCloseTo(rsrpDbm[row * frame.columns + column]!, 3);
    expect(level).toBeGreaterThan(-80);
  });
});

describe('the prediction kernel', () => {
  const rule: LinkRule = {
    modelId: 'hata',
    link: { frequencyMhz: 900, txHeightM: 30, rxHeightM: 1.5, environment: 'medium-city', sigmaDb: null },
    maxLossDb: 140,
    locationProbability: 0.95,
    extraSigmaDb: 0,
    maxReachM: 10_000,
    sectors: {
      azimuthsDeg: [0, 120, 240],
      electricalTiltDeg: 3,
      pattern: { horizontalBeamwidthDeg: 65, verticalBeamwidthDeg: 10, maxAttenuationDb: 30, sideLobeDb: 30 },
    },
  };
  const inputs: PredictInputs = {
    columns: 40,
    cellM: 100,
    x0: -2000,
    y0: 2000,
    siteX: Float64Array.of(-500, 30_000),
    siteY: Float64Array.of(300, 0),
    siteLon: new Float64Array(2),
    siteLat: new Float64Array(2),
    scale: Float64Array.of(1, 1),
    gridNorthRad: new Float64Array(2),
    ruleOfSite: new Uint16Array(2),
    firstServer: Uint16Array.of(0, 3),
    rules: [rule],
    carrierOfRule: new Uint8Array(1),
    carrierCount: 1,
    thresholdDbm: -105,
    noiseDbm: -125,
    load: 0.5,
    terrain: null,
  };

  it('agrees cell by cell with model, pattern and sum of interference', async () => {
    const rows = await predictRowsKernel.run(
      inputs,
      { fromRow: 0, toRow: 41, degrees: null, metres: null },
      { shouldStop: () => false },
    );
    const bound = bindRule(rule);
    for (let cell = 0; cell < rows.rsrpDbm.length; cell += 17) {
      const x = -2000 + (cell % 40) * 100 + 500;
      const y = 2000 - Math.floor(cell / 40) * 100 - 300;
      const distance = Math.hypot(x, y);
      const levels = [0, 120, 240].map((azimuth) => {
        const off = ((((Math.atan2(x, y) * 180) / Math.PI - azimuth + 540) % 360) + 360) % 360;
        const zenith = 90 + (Math.atan2(28.5, distance) * 180) / Math.PI;
        return (
          35 -
          bound.medianLossDb(distance) -
          elementAttenuationDb(rule.sectors!.pattern, off - 180, zenith, 3)
        );
      });
      const best = Math.max(...levels);
      const others = levels.reduce((sum, dbm) => sum + 10 ** (dbm / 10), 0) - 10 ** (best / 10);
      expect(Math.abs(rows.rsrpDbm[cell]! - best)).toBeLessThan(0.002);
      expect(rows.server[cell]).toBe(levels.indexOf(best));
      expect(
        Math.abs(rows.sinrDb[cell]! - (best - 10 * Math.log10(10 ** -12.5 + 0.5 * others))),
      ).toBeLessThan(0.01);
    }
  });

  it('leaves cells beyond every reach empty', async () => {
    const far = { ...inputs, siteX: Float64Array.of(30_000, 40_000) };
    const rows = await predictRowsKernel.run(
      far,
      { fromRow: 0, toRow: 1, degrees: null, metres: null },
      { shouldStop: () => false },
    );
    expect(rows.server.every((server) => server === NO_SERVER)).toBe(true);
    expect(rows.rsrpDbm.every(Number.isNaN)).toBe(true);
  });

  it.each(['hata', 'uma', 'umi', 'rma'] as const)('tabulates %s to 0.02 dB', (modelId) => {
    const bound = bindRule({ ...rule, modelId });
    const table = createLossTable(bound, 10_000);
    for (let d = 1.3; d < 10_000; d *= 1.0137) {
      expect(Math.abs(table.lossDb(d) - bound.medianLossDb(d))).toBeLessThan(0.02);
    }
  });
});
