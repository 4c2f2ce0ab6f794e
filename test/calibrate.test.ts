import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calibrate, type CalibrationResult } from '../src/calibrate.ts';
import { chooseModel } from '../src/planning/choose-model.ts';
import { bindRule, defaultConfiguration, linkRule } from '../src/coverage/link-rule.ts';
import { parseModelFile, readModelFile } from '../src/input/model-file.ts';
import { parseScenario } from '../src/input/read-scenario.ts';
import { modelDocument } from '../src/report/calibration-document.ts';
import { calibrationPage } from '../src/report/calibration-page.ts';
import { jsonText } from '../src/report/json-text.ts';
import { openCalibrationOutput, writeCalibration } from '../src/report/write-calibration.ts';
import { describeShared, sharedPath } from './support/shared.ts';

const tiny = (name: string): string => fileURLToPath(new URL(`fixtures/tiny/${name}`, import.meta.url));
let folder = '';
let town: CalibrationResult;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mastplan-calibrate-'));
  town = await calibrate({
    sites: tiny('sites.geojson'),
    measurements: [tiny('drive.geojson')],
    timeZone: 'Europe/Madrid',
    seeds: 1,
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const scenario = (radio: object): ReturnType<typeof parseScenario> =>
  parseScenario(
    { value: { demand: { file: 'users.geojson' }, radio }, lineOf: () => null },
    undefined,
    [],
    '.',
  );

describe('calibrate on the synthetic town (38 dB per decade, 5 dB of spread)', () => {
  it('finds slope and spread', () => {
    expect(town.status).toBe('calibrated');
    const slope = town.estimates.find(({ name }) => name === 'K2')!;
    expect(slope.low).toBeLessThan(38);
    expect(slope.high).toBeGreaterThan(34);
    expect(town.errors.sdDb).toBeGreaterThan(3.5);
    expect(town.errors.sdDb).toBeLessThan(6);
  });

  it('gives the same bytes twice', async () => {
    const again = await calibrate({
      sites: tiny('sites.geojson'),
      measurements: [tiny('drive.geojson')],
      timeZone: 'Europe/Madrid',
      seeds: 1,
    });
    expect(jsonText(modelDocument(again))).toBe(jsonText(modelDocument(town)));
    expect(calibrationPage(again)).toBe(calibrationPage(town));
  });

  it('writes a model that scenarios use: median loss = K1 + K2 lg d', async () => {
    const out = join(folder, 'model');
    const output = await openCalibrationOutput(out, false);
    expect((await writeCalibration(town, output)).sort()).toEqual(['calibration.html', 'model.json']);
    await output.close();
    const { model, summary } = await readModelFile(join(out, 'model.json'), 'model.json');
    expect(summary.role).toBe('model');
    const chosen = chooseModel(scenario({ modelFile: 'model.json' }), null, null, model);
    expect(chosen.summary.calibrated).toBe(true);
    const rule = linkRule(
      defaultConfiguration(scenario({ frequencyMhz: model.frequencyMhz }).radio),
      scenario({}),
      chosen.choice,
    );
    const [k1, k2] = ['K1', 'K2'].map((name) => model.parameters[name]!.value) as [number, number];
    const slantM = Math.hypot(2000, 28.5);
    expect(bindRule(rule).medianLossDb(2000)).toBeCloseTo(k1 + k2 * Math.log10(slantM), 6);
    expect(bindRule(rule).sigmaDb).toBe(model.sigmaDb);
  });

  it('shows squares of at least five samples only, loads nothing and escapes what it shows', async () => {
    const page = calibrationPage({ ...town, warnings: ['<img src=x onerror=alert(1)>'] });
    expect(page).toContain("default-src 'none'");
    expect(page).not.toContain('<img');
    expect(page).not.toContain('<script');
    const out = join(folder, 'again');
    const output = await openCalibrationOutput(out, false);
    await writeCalibration(town, output);
    await output.close();
    expect(await readFile(join(out, 'model.json'), 'utf8')).not.toMatch(/"lon"|"lat"/);
  });

  it('keeps the published model where there is too little data, and says so', async () => {
    const few = join(folder, 'few.csv');
    const rows = Array.from({ length: 30 }, (_, i) => `A,${-3.7 + i * 0.0005},40.41,${-80 - i / 3}`);
    await writeFile(few, `cell_id,lon,lat,rsrp_dbm\n${rows.join('\n')}\n`);
    const sites = join(folder, 'one.csv');
    await writeFile(sites, 'id,lon,lat,height_m\nA,-3.7,40.4,30\n');
    const result = await calibrate({ sites, measurements: [few] });
    expect(result.status).toBe('too-little-data');
    expect(result.reason).toMatch(/averaged samples remain; 100 are needed/);
    expect(parseModelFile(jsonText(modelDocument(result)), 'model.json').status).toBe('too-little-data');
  });
});

describe('model files', () => {
  it.each([
    ['{', /is not JSON/],
    ['{"format":"something"}', /is not a mastplan-model of version 1 at format/],
  ])('%s is one clear error', (text, message) => {
    expect(() => parseModelFile(text, 'model.json')).toThrow(message);
  });

  it('a model of relative levels cannot plan new sites', async () => {
    const path = join(folder, 'relative.json');
    await writeFile(path, jsonText({ ...modelDocument(town), offset: 'per-site' }));
    await expect(readModelFile(path)).rejects.toThrow(/relative levels/);
  });
});

describeShared('calibrate on Recife (GSM 1800, three sectors)', () => {
  const recife = (name: string): string => sharedPath(`data/recife-gsm1800/${name}`) ?? '';
  let result: CalibrationResult;
  beforeAll(async () => {
    result = await calibrate({
      sites: recife('sites.geojson'),
      measurements: [recife('measurements.csv')],
      seeds: 2,
    });
  }, 180_000);

  it('names BTS_03 as contradicting its azimuth, and only it', () => {
    const wrong = result.sectorChecks.filter(({ contradicts }) => contradicts);
    expect(wrong.map(({ sectorId }) => sectorId)).toEqual(['BTS_03']);
    // The data's own README finds 280 to 290 degrees.
    expect(wrong[0]!.bestDeg).toBeGreaterThanOrEqual(270);
    expect(wrong[0]!.bestDeg).toBeLessThanOrEqual(305);
    expect(result.warnings.join(' ')).toMatch(/Sector BTS_03 contradicts its azimuth/);
  });

  it.each(['BTS_01', 'BTS_02'])(
    '%s: cross-validated error under 9 dB and a twentieth under inverse distance',
    (id) => {
      const sector = result.comparisons.find(({ group }) => group === id)!;
      expect(sector.regressionKriging.rmseDb).toBeLessThan(9);
      expect(sector.regressionKriging.rmseDb).toBeLessThan(0.95 * sector.inverseDistance.rmseDb);
      expect(sector.regressionKriging.rmseDb).toBeLessThan(sector.uncalibrated!.rmseDb);
    },
  );
});
