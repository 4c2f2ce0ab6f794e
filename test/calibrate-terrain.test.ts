// Calibration over terrain and clutter: a synthetic drive with known K4, K6 and clutter losses, and what scenarios make
// of the model file.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calibrate, type CalibrateRequest, type CalibrationResult } from '../src/calibrate.ts';
import { chooseModel } from '../src/planning/choose-model.ts';
import { existingNetwork } from '../src/coverage/existing-network.ts';
import { distanceM } from '../src/geo/ellipsoid.ts';
import { nearestInGrid, type TerrainLayer } from '../src/geo/geo-grid.ts';
import { readInputs } from '../src/input/read-inputs.ts';
import { readScenario } from '../src/input/read-scenario.ts';
import { loadTerrain } from '../src/input/terrain/load-layers.ts';
import { plan } from '../src/plan.ts';
import { bullingtonLossDb } from '../src/radio/p526.ts';
import { createPathProfile, sampleProfile } from '../src/radio/profile.ts';
import { createRandom } from '../src/random.ts';
import { calibrationPage } from '../src/report/calibration-page.ts';
import { openCalibrationOutput, writeCalibration } from '../src/report/write-calibration.ts';
import { geotiffBytes } from '../src/report/geotiff/geotiff.ts';
import { writeHgt } from './support/hgt.ts';

/** K1 + K2 lg d + K3 lg H + K4 Diff + K5 lg d lg H + K6 Hreff + clutter (30 = grass is the reference), noise 5 dB. */
const TRUTH = { k1: 0, k2: 45, k3: 6, k4: 0.35, k5: -6.5, k6: -0.04, trees: 9, built: 5, sd: 5 };
const EPRE_DBM = 72 - 10 * Math.log10(12 * 50);
const SITES = [
  { id: 'A', lon: 24.4, lat: 60.4, heightM: 25 },
  { id: 'B', lon: 24.55, lat: 60.45, heightM: 40 },
  { id: 'C', lon: 24.45, lat: 60.52, heightM: 60 },
];
const heightM = (lon: number, lat: number): number =>
  80 + 50 * Math.sin(lon * 260) * Math.cos(lat * 310) + 20 * Math.sin(lon * 900 + lat * 700);
const classAt = (lon: number, lat: number): number => {
  const wave = Math.sin(lon * 1100) + Math.sin(lat * 1700);
  return wave > 0.6 ? 10 : wave < -0.7 ? 50 : 30;
};

let work = '';
let ground: TerrainLayer;
let result: CalibrationResult;

/** Loss by the formula, term by term (not by the code under test). */
function trueLossDb(site: (typeof SITES)[number], lon: number, lat: number): number {
  const profile = createPathProfile(2000);
  sampleProfile(profile, ground.grid, site.lon, site.lat, lon, lat, ground.stepM);
  const last = profile.count - 1;
  const [txGround, rxGround] = [profile.groundM[0]!, profile.groundM[last]!];
  const diffraction = bullingtonLossDb(
    profile,
    profile.groundM,
    txGround + site.heightM,
    rxGround + 1.5,
    8500,
    0.8,
  );
  const lgD = Math.log10(Math.hypot(distanceM(site.lon, site.lat, lon, lat), site.heightM - 1.5));
  const lgH = Math.log10(site.heightM);
  const code = nearestInGrid(ground.clutter!.classes, lon, lat);
  const { k1, k2, k3, k4, k5, k6, trees, built } = TRUTH;
  const clutter = code === 10 ? trees : code === 50 ? built : 0;
  const rxEffective = 1.5 + rxGround - txGround;
  return k1 + k2 * lgD + k3 * lgH + k4 * diffraction + k5 * lgD * lgH + k6 * rxEffective + clutter;
}

function writeClutter(path: string): void {
  const [columns, rows, cell] = [900, 900, 1 / 2400];
  const values = new Uint16Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      values[row * columns + column] = classAt(24.3 + (column + 0.5) * cell, 60.65 - (row + 0.5) * cell);
    }
  }
  const place = { columns, rows, west: 24.3, north: 60.65, cellWidth: cell, cellHeight: cell, epsg: 4326 };
  const bands = [{ values, overviews: 'nearest' as const, description: 'class' }];
  writeFileSync(path, geotiffBytes({ ...place, noData: 65_535, bands }));
}

const request = (more: Partial<CalibrateRequest> = {}): CalibrateRequest => ({
  sites: join(work, 'sites.csv'),
  measurements: [join(work, 'drive.csv')],
  terrain: join(work, 'N60E024.hgt'),
  clutter: join(work, 'cover.tif'),
  frequencyMhz: 800,
  bandwidthMhz: 10,
  seeds: 1,
  ...more,
});

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-fit-'));
  writeHgt(work, heightM);
  writeClutter(join(work, 'cover.tif'));
  const asked = { terrain: { file: 'N60E024.hgt' }, clutter: { file: 'cover.tif' } };
  ground = (
    await loadTerrain(asked, (file) => join(work, file), {
      west: 24.3,
      south: 60.3,
      east: 24.65,
      north: 60.62,
    })
  ).layer;
  const random = createRandom(7);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const rows: string[] = [];
  for (let k = 0; k < 3600; k++) {
    const site = SITES[k % 3]!;
    const metres = 400 * 10 ** random.next();
    const angle = 2 * Math.PI * random.next();
    const lat = site.lat + (metres * Math.cos(angle)) / 111_400;
    const lon = site.lon + (metres * Math.sin(angle)) / (111_400 * Math.cos((site.lat * Math.PI) / 180));
    const rsrp = EPRE_DBM - trueLossDb(site, lon, lat) + TRUTH.sd * normal();
    rows.push(`${site.id},${lon.toFixed(6)},${lat.toFixed(6)},${rsrp.toFixed(2)}`);
  }
  writeFileSync(join(work, 'drive.csv'), `cell_id,lon,lat,rsrp_dbm\n${rows.join('\n')}\n`);
  const sites = SITES.map(({ id, lon, lat, heightM: mast }) => `${id},${lon},${lat},${mast},72`);
  writeFileSync(join(work, 'sites.csv'), `id,lon,lat,height_m,eirp_dbm\n${sites.join('\n')}\n`);
  result = await calibrate(request());
}, 60_000);
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

const estimate = (name: string, of = result): number =>
  of.estimates.find((one) => one.name === name)?.value ?? NaN;

describe('calibrate over terrain and clutter', () => {
  it('finds diffraction, receiver height and clutter losses', () => {
    expect(result.form).toBe('spm');
    expect(Math.abs(estimate('K4') - TRUTH.k4)).toBeLessThan(0.05);
    expect(Math.abs(estimate('K6') - TRUTH.k6)).toBeLessThan(0.01);
    expect(Math.abs(estimate('clutter 10') - TRUTH.trees)).toBeLessThan(1);
    expect(Math.abs(estimate('clutter 50') - TRUTH.built)).toBeLessThan(1);
    expect(result.errors.sdDb).toBeGreaterThan(4.75);
    expect(result.errors.sdDb).toBeLessThan(5.25);
    // The intervals hold the truth, give or take one in twenty: all four here.
    for (const [name, truth] of [
      ['K4', TRUTH.k4],
      ['clutter 10', TRUTH.trees],
    ] as const) {
      const { low, high } = result.estimates.find((one) => one.name === name)!;
      expect(low).toBeLessThan(truth + 0.5);
      expect(high).toBeGreaterThan(truth - 0.5);
    }
    expect(result.tables.clutter.map(({ group }) => group)).toEqual(['10', '30', '50']);
    expect(calibrationPage(result)).toContain('clutter 10');
  });

  it('does better than without either', async () => {
    const blind = await calibrate(request({ terrain: undefined, clutter: undefined }));
    expect(blind.estimates.map(({ name }) => name)).not.toContain('K4');
    expect(blind.errors.sdDb).toBeGreaterThan(result.errors.sdDb + 1);
    expect(blind.comparisons[0]!.trend.rmseDb).toBeGreaterThan(result.comparisons[0]!.trend.rmseDb + 1);
  });

  it('hands all of it to plans by the model file: predictions over terrain meet the truth', async () => {
    const output = await openCalibrationOutput(join(work, 'model'), false);
    await writeCalibration(result, output);
    await output.close();
    writeFileSync(
      join(work, 'users.csv'),
      `lon,lat,users\n${[0, 1, 2, 3].map((k) => `${24.42 + 0.03 * k},${60.41 + 0.02 * k},5`).join('\n')}\n`,
    );
    const scenario = (more: object): string => {
      const path = join(work, 'scenario.json');
      const radio = { modelFile: 'model/model.json', frequencyMhz: 800, bandwidthMhz: 10 };
      const files = { demand: { file: 'users.csv' }, existing: { file: 'sites.csv' } };
      writeFileSync(path, JSON.stringify({ ...files, radio, ...more }));
      return path;
    };
    const asked = { terrain: { file: 'N60E024.hgt' }, clutter: { file: 'cover.tif' } };
    const loaded = await readScenario(scenario(asked));
    const inputs = await readInputs(loaded);
    const { choice } = chooseModel(loaded.scenario, null, null, inputs.model);
    const random = createRandom(11);
    let [sum, squares, count] = [0, 0, 0];
    for (let k = 0; k < 300; k++) {
      const lon = 24.36 + 0.22 * random.next();
      const lat = 60.37 + 0.17 * random.next();
      const network = existingNetwork(inputs.existing!, loaded.scenario, choice, ground);
      const best = Math.max(...SITES.map((site) => EPRE_DBM - trueLossDb(site, lon, lat)));
      const error = network.predict(lon, lat)!.rsrpDbm - best;
      sum += error;
      squares += error * error;
      count++;
    }
    expect(Math.abs(sum / count)).toBeLessThan(0.6);
    expect(Math.sqrt(squares / count)).toBeLessThan(1.5);
    const planned = await plan(loaded);
    expect(planned.inputs.map(({ role }) => role)).toEqual(
      expect.arrayContaining(['terrain', 'clutter', 'model']),
    );
    expect(planned.warnings.join(' ')).not.toContain('does not look at terrain');
    await expect(plan(await readScenario(scenario({})))).rejects.toThrow(
      'was fitted over terrain, and the scenario gives none',
    );
    await expect(plan(await readScenario(scenario({ terrain: asked.terrain })))).rejects.toThrow(
      'was fitted over clutter, and the scenario gives none',
    );
  });

  it('says in one sentence what is missing', async () => {
    await expect(calibrate(request({ terrain: undefined }))).rejects.toThrow('--clutter needs --terrain.');
    await expect(calibrate(request({ form: 'log-distance' }))).rejects.toThrow('does not look at terrain');
    const far = join(work, 'far.csv');
    writeFileSync(far, 'id,lon,lat,height_m\nA,24.4,60.4,25\nZ,25.05,60.4,30\n');
    await expect(calibrate(request({ sites: far }))).rejects.toThrow(/does not reach site "Z"/);
  });
});
