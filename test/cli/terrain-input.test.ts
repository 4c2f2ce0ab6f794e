// Issue "Propagation a planner trusts", acceptance 5: each mistake about terrain, antenna, frequency or height gives
// one clear finding through the command line. Errors are exit 2; what may be meant is a note and exit 0 or 3.
import { copyFileSync, mkdtempSync, rmSync, writeFileSync, readdirSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatFinding } from '../../src/errors.ts';
import { validateFile } from '../../src/validate.ts';
import { runCli } from '../support/run-cli.ts';
import { writeHgt } from '../support/hgt.ts';

const NO_CRS = fileURLToPath(new URL('../fixtures/terrain/no-crs.tif', import.meta.url));
const point = (lon: number, lat: number, properties: object): object => ({
  type: 'Feature',
  properties,
  geometry: { type: 'Point', coordinates: [lon, lat] },
});

let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-terrain-input-'));
  const write = (name: string, features: object[]): void => {
    writeFileSync(join(work, name), JSON.stringify({ type: 'FeatureCollection', features }));
  };
  // Level ground but for a hole of 0.1 degree around 24.7 E, 60.7 N.
  writeHgt(work, (lon, lat) => (Math.abs(lon - 24.7) < 0.05 && Math.abs(lat - 60.7) < 0.05 ? -32_768 : 10));
  copyFileSync(NO_CRS, join(work, 'no-crs.tif'));
  mkdirSync(join(work, 'tiles'));
  writeHgt(join(work, 'tiles'), () => 10);
  write('users.geojson', [
    point(24.5, 60.5, { id: 'u1', users: 10 }),
    point(24.52, 60.51, { id: 'u2', users: 5 }),
  ]);
  write('sites.geojson', [point(24.51, 60.505, { id: 'S1' })]);
  write('next-tile.geojson', [point(25.02, 60.5, { id: 'S2' })]);
  write('in-hole.geojson', [point(24.7, 60.7, { id: 'S3' })]);
  write('feet.geojson', [point(24.51, 60.505, { id: 'S4', height_m: 131 })]);
  const cut = (rows: number): string => Array.from({ length: rows }, (_, k) => `${k} 0.0`).join('\n');
  writeFileSync(
    join(work, 'short.msi'),
    `NAME X\nFREQUENCY 700\nGAIN 17 dBi\nHORIZONTAL 360\n${cut(359)}\nVERTICAL 360\n${cut(360)}\n`,
  );
});
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

interface Case {
  readonly name: string;
  readonly sites?: string;
  readonly radio?: object;
  readonly terrain?: object | undefined;
  readonly exitCode: number;
  /** Of the one line. */
  readonly says: readonly string[];
  /** Only evaluating links shows it; the others `validate` tells beforehand. */
  readonly predictionOnly?: true;
}

const CASES: readonly Case[] = [
  {
    name: 'a missing tile',
    sites: 'next-tile.geojson',
    terrain: { file: 'tiles' },
    exitCode: 2,
    says: ['the terrain does not reach site "S2" of next-tile.geojson', 'N60E025'],
  },
  {
    name: 'no data under a site',
    sites: 'in-hole.geojson',
    exitCode: 2,
    says: ['has no data under site "S3" of in-hole.geojson', 'gdal_fillnodata'],
  },
  {
    name: 'a projected raster without a coordinate system',
    terrain: { file: 'no-crs.tif' },
    exitCode: 2,
    says: ['no-crs.tif', 'names no coordinate system', 'Give `crs` beside `file`'],
  },
  {
    name: 'a pattern file with 359 rows',
    radio: { antennaFile: 'short.msi', azimuths: [0] },
    exitCode: 2,
    says: ['short.msi', '359'],
  },
  {
    name: 'a frequency outside the model',
    radio: { model: 'hata', frequencyMhz: 3500 },
    terrain: undefined,
    exitCode: 0,
    says: ['hata', 'frequencyMhz', '3500', '1500'],
    predictionOnly: true,
  },
  {
    name: 'heights in feet',
    sites: 'feet.geojson',
    exitCode: 0,
    says: ['site "S4"', '131 m above ground', '131 ft is 39.9 m'],
  },
];

describe('one mistake, one finding', () => {
  it.each(CASES)(
    '$name',
    async ({ sites = 'sites.geojson', radio, exitCode, says, predictionOnly, ...more }) => {
      const terrain = 'terrain' in more ? more.terrain : { file: 'N60E024.hgt' };
      const scenario = join(work, 'scenario.json');
      writeFileSync(
        scenario,
        JSON.stringify({
          demand: { file: 'users.geojson' },
          existing: { file: sites },
          ...(terrain && { terrain }),
          radio: { model: 'p1812', frequencyMhz: 700, bandwidthMhz: 10, ...radio },
        }),
      );
      const out = join(work, 'out');
      const {
        exitCode: code,
        stdout,
        stderr,
      } = await runCli([
        'predict',
        scenario,
        '--resolution',
        '500',
        '--no-progress',
        '--force',
        '--out',
        out,
      ]);
      expect(code).toBe(exitCode);
      const lines = `${exitCode === 2 ? stderr : stdout}`.split('\n').filter((line) => line.trim() !== '');
      const findings = exitCode === 2 ? lines : lines.filter((line) => line.startsWith('Note: '));
      expect(findings).toHaveLength(1);
      for (const text of says) expect(findings[0]).toContain(text);
      expect(stderr).not.toMatch(/\n {4}at /);
      if (exitCode === 2) expect(readdirSync(work)).not.toContain('out');
      else rmSync(out, { recursive: true });
      if (predictionOnly === true) return;
      const { findings: beforehand } = await validateFile(scenario);
      expect(beforehand).toHaveLength(1);
      for (const text of says) expect(formatFinding(beforehand[0]!)).toContain(text);
    },
  );
});
