// Issue 5, acceptance 3: the same demand in every format gives the same table, and so the same plan.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { convertFile } from '../src/convert.ts';
import { Findings } from '../src/input/findings.ts';
import { readDemand } from '../src/input/read-demand.ts';
import type { Demand, RegionTable } from '../src/input/types.ts';
import { readRegions } from '../src/input/read-regions.ts';
import { readScenario } from '../src/input/read-scenario.ts';
import { plan } from '../src/plan.ts';
import { writePlan } from '../src/report/write-plan.ts';
import { validateFile } from '../src/validate.ts';
import { scratchFolder } from './support/read-rows.ts';
import { describeWithTool } from './support/tools.ts';

const scratch = scratchFolder();
afterAll(() => scratch.remove());
const at = (name: string): string => join(scratch.path, name);

const USERS = 'test/fixtures/tiny/users.geojson';
const DISTRICTS = 'test/fixtures/tiny/districts.geojson';

async function demandOf(path: string): Promise<{ demand: Demand; dialect: string }> {
  const findings = new Findings();
  const spec = { file: path, users: { day: 'users_day', night: 'users_night' }, scale: 1, cellM: 100 };
  const { demand, summary } = await readDemand(path, {
    file: path,
    spec,
    periods: ['day', 'night'],
    findings,
  });
  findings.throwIfErrors();
  return { demand, dialect: summary.dialect };
}

async function regionsOf(path: string): Promise<RegionTable> {
  const findings = new Findings();
  const { regions } = await readRegions(path, { file: path, spec: { file: path }, findings });
  findings.throwIfErrors();
  return regions;
}

/** A zstd frame of stored blocks (RFC 8878, sections 3.1.1 and 3.1.1.2.1): what an encoder may always write. */
function zstdStored(content: Buffer): Buffer {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0]);
  header.writeUInt32LE(content.length, 5);
  const parts: Buffer[] = [header];
  const BLOCK = 100_000;
  for (let from = 0; from < content.length; from += BLOCK) {
    const block = content.subarray(from, from + BLOCK);
    const last = from + BLOCK >= content.length ? 1 : 0;
    const word = (block.length << 3) | last;
    parts.push(Buffer.from([word & 255, (word >> 8) & 255, (word >> 16) & 255]), block);
  }
  return Buffer.concat(parts);
}

describe('convertFile', () => {
  let expected: Demand;
  beforeAll(async () => {
    expected = (await demandOf(USERS)).demand;
  });

  it.each([
    ['users.geojson', 'geojson'],
    ['users.ndjson', 'ndjson'],
    ['users.geojsons', 'geojsonseq'],
    ['users.csv', 'csv'],
    ['users.tsv', 'tsv'],
    ['users.csv.gz', 'csv+gzip'],
    ['users.geojson.gz', 'geojson+gzip'],
    ['users.gpkg', 'gpkg'],
    ['users.fgb', 'flatgeobuf'],
    ['users.parquet', 'parquet'],
  ])('writes %s, which reads back as the same demand', async (name, dialect) => {
    const result = await convertFile(USERS, at(name));
    expect(result.features).toBe(300);
    const read = await demandOf(at(name));
    expect(read.dialect).toBe(dialect);
    expect(read.demand).toEqual(expected);
  });

  it('reads the same demand from zstd', async () => {
    const path = scratch.write('users.geojson.zst', zstdStored(readFileSync(USERS)));
    const read = await demandOf(path);
    expect(read.dialect).toBe('geojson+zstd');
    expect(read.demand).toEqual(expected);
  });

  it.each(['d.gpkg', 'd.fgb', 'd.parquet', 'd.ndjson'])('keeps polygons in %s', async (name) => {
    await convertFile(DISTRICTS, at(name));
    expect(await regionsOf(at(name))).toEqual(await regionsOf(DISTRICTS));
  });

  it('leaves nothing behind when it is interrupted, in either of its two passes', async () => {
    for (const stage of ['read', 'write']) {
      for (const name of ['stopped.csv', 'stopped.csv.gz', 'stopped.gpkg']) {
        const controller = new AbortController();
        const stopped = convertFile(USERS, at(name), {
          signal: controller.signal,
          onProgress: (event) => {
            if (event.stage === stage) controller.abort(new Error('SIGINT'));
          },
        });
        await expect(stopped).rejects.toThrow(/SIGINT|aborted/);
      }
    }
    expect(readdirSync(scratch.path).filter((name) => name.startsWith('stopped'))).toEqual([]);
    const signal = AbortSignal.abort(new Error('SIGTERM'));
    await expect(validateFile(USERS, { signal })).rejects.toThrow('SIGTERM');
  });

  it('comes back to the same GeoJSON by way of every format', async () => {
    await convertFile(USERS, at('first.geojson'));
    let from = at('first.geojson');
    for (const name of ['way.csv', 'way.parquet', 'way.gpkg', 'way.fgb', 'way.geojsons', 'last.geojson']) {
      await convertFile(from, at(name));
      from = at(name);
    }
    const sorted = (path: string): string[] =>
      readFileSync(path, 'utf8').replaceAll('},\n', '}\n').split('\n').sort();
    expect(sorted(at('last.geojson'))).toEqual(sorted(at('first.geojson')));
  });

  it('drops identifiers, keeps text that looks like a number, and disarms formulas', async () => {
    const csv = scratch.write('in.csv', 'lon,lat,imei,code,note,users\n1,2,35123,007,=1+1,12.5\n');
    const result = await convertFile(csv, at('out.geojson'));
    expect(result.identifiersDropped).toEqual({ imei: 1 });
    const { features } = JSON.parse(readFileSync(at('out.geojson'), 'utf8')) as {
      features: { properties: object }[];
    };
    expect(features[0]?.properties).toEqual({ code: '007', note: '=1+1', users: 12.5 });
    await convertFile(at('out.geojson'), at('out.csv'));
    expect(readFileSync(at('out.csv'), 'utf8')).toBe("lon,lat,code,note,users\n1,2,007,'=1+1,12.5\n");
  });

  it.each([
    [USERS, 'users.xlsx', 'the ending names no format that can be written'],
    [USERS, 'users.gpkg.gz', 'gpkg is packed already'],
    [DISTRICTS, 'd.csv', 'holds geometries other than points'],
    ['test/fixtures/tiny/nowhere.csv', 'x.geojson', 'no such file'],
  ])('refuses %s to %s and writes nothing', async (input, output, message) => {
    await expect(convertFile(input, at(`refused-${output}`))).rejects.toThrow(message);
    expect(existsSync(at(`refused-${output}`))).toBe(false);
    expect(existsSync(at(`refused-${output}.part`))).toBe(false);
  });
});

/** Every layer of the plan for the users in this file, and the report without what it says of the file itself. */
async function planFor(file: string): Promise<Record<string, string>> {
  const loaded = await readScenario('test/fixtures/tiny/scenario.yaml', [
    { key: 'demand.file', value: file, flag: '--demand' },
  ]);
  const dir = at(`plan-${file.replaceAll(/\W/g, '-')}`);
  await writePlan(await plan(loaded), dir, { formats: ['geojson'] });
  const report = JSON.parse(readFileSync(`${dir}/report.json`, 'utf8')) as {
    inputs: { role: string }[];
    scenario: { demand: { file: string } };
  };
  report.scenario.demand.file = '';
  const inputs = report.inputs.filter(({ role }) => role !== 'demand');
  const layers = readdirSync(dir).filter((name) => /\.(geojson|gpkg|parquet)$/.test(name));
  expect(layers.length).toBeGreaterThan(6);
  return {
    report: JSON.stringify({ ...report, inputs }),
    ...Object.fromEntries(layers.map((name) => [name, readFileSync(`${dir}/${name}`, 'base64')])),
  };
}

describe('the plan', () => {
  it('is the same, byte for byte, whatever the format of the demand', async () => {
    const expected = await planFor(join(process.cwd(), USERS));
    const names = ['p.ndjson', 'p.geojsons', 'p.csv', 'p.tsv', 'p.gpkg', 'p.fgb', 'p.parquet', 'p.csv.gz'];
    for (const name of names) await convertFile(USERS, at(name));
    scratch.write('p.geojson.gz', gzipSync(readFileSync(USERS)));
    scratch.write('p.geojson.zst', zstdStored(readFileSync(USERS)));
    for (const name of [...names, 'p.geojson.gz', 'p.geojson.zst']) {
      expect(await planFor(at(name)), name).toEqual(expected);
    }
  }, 60_000);
});

describeWithTool('ogr2ogr', 'files written by GDAL', (ogr2ogr) => {
  it.each([
    ['gdal.gpkg', 'GPKG'],
    ['gdal.fgb', 'FlatGeobuf'],
    ['gdal.shp', 'ESRI Shapefile'],
    ['gdal.geojsonl', 'GeoJSONSeq'],
  ])('%s is read as the same regions', async (name, driver) => {
    execFileSync(ogr2ogr, ['-f', driver, at(name), DISTRICTS]);
    const regions = await regionsOf(at(name));
    const expected = await regionsOf(DISTRICTS);
    expect(regions.names).toEqual(expected.names);
    regions.areaKm2.forEach((area, index) => expect(area).toBeCloseTo(expected.areaKm2[index] ?? NaN, 9));
  });

  it('in another coordinate system are refused with what to do', async () => {
    execFileSync(ogr2ogr, ['-f', 'GPKG', '-t_srs', 'EPSG:25830', at('utm.gpkg'), DISTRICTS]);
    await expect(regionsOf(at('utm.gpkg'))).rejects.toThrow(
      'has the coordinate system EPSG:25830. Reproject it',
    );
  });
});
