import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { Findings } from '../../src/input/findings.ts';
import { clutterTable, WORLDCOVER } from '../../src/input/terrain/clutter-table.ts';
import { checkSitesOnGround } from '../../src/input/terrain/ground-findings.ts';
import { hgtName } from '../../src/input/terrain/hgt-source.ts';
import { readTerrain } from '../../src/input/terrain/read-terrain.ts';
import { nearestInGrid, sampleGrid } from '../../src/geo/geo-grid.ts';
import { describeShared, sharedPath } from '../support/shared.ts';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/terrain/${name}`, import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mastplan-terrain-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const read = (path: string, more: { crs?: string; kind?: 'terrain' | 'clutter' } = {}) =>
  readTerrain(path, { file: 'dem.tif', area: null, kind: 'terrain', ...more });

async function findingOf(promise: Promise<unknown>): Promise<InputError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  return error as InputError;
}

/** A tile of 3 arc-seconds whose height is a plane in row and column, with one void. */
async function writeHgt(name: string, height: (row: number, column: number) => number): Promise<string> {
  const bytes = Buffer.alloc(1201 * 1201 * 2);
  for (let row = 0; row < 1201; row++) {
    for (let column = 0; column < 1201; column++) {
      bytes.writeInt16BE(height(row, column), 2 * (row * 1201 + column));
    }
  }
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

describe('reading a GeoTIFF in degrees', () => {
  it('keeps its cells: 23 m at 0.08 W, 51.47 N (gdallocationinfo 3.x says 23)', async () => {
    const { grid, voidCells, resampled } = await read(fixture('london-crop.tif'));
    expect([grid.columns, grid.rows, voidCells, resampled]).toEqual([120, 100, 0, false]);
    // Pixel (0, 0) has its centre half a pixel inside the corner GDAL reports: 0.1504167 W, 51.50375 N.
    expect(grid.west).toBeCloseTo(-0.1504166667 + 0.5 / 1200, 9);
    expect(grid.north).toBeCloseTo(51.50375 - 0.5 / 1200, 9);
    expect(nearestInGrid(grid, -0.08, 51.47)).toBe(23);
  });

  it('reads only what the area needs, with the same heights', async () => {
    const whole = await read(fixture('london-crop.tif'));
    const area = { west: -0.12, south: 51.45, east: -0.1, north: 51.47 };
    const part = await readTerrain(fixture('london-crop.tif'), { file: 'dem.tif', area, kind: 'terrain' });
    expect(part.grid.columns * part.grid.rows).toBeLessThan(30 * 30);
    for (const [lon, lat] of [
      [-0.1199, 51.4501],
      [-0.11, 51.46],
      [-0.1001, 51.4699],
    ] as const) {
      expect(sampleGrid(part.grid, lon, lat)).toBeCloseTo(sampleGrid(whole.grid, lon, lat), 5);
    }
  });
});

describe('reading a GeoTIFF however it is written', () => {
  // The heights of the crop at these pixels, summed: gdalinfo -stats gives a mean of 10.3167 for all of them.
  it.each([
    'none',
    'lzw-predictor',
    'deflate-float',
    'zstd-tiles',
    'packbits',
    'bigtiff',
    'double',
    'planar',
    'pixel-interleave',
  ])('%s: the same heights', async (name) => {
    const plain = await read(fixture('encodings/none.tif'));
    const { grid } = await read(fixture(`encodings/${name}.tif`));
    expect([grid.columns, grid.rows]).toEqual([20, 15]);
    expect(grid.values).toEqual(plain.grid.values);
    expect(grid.values.reduce((sum, height) => sum + height, 0)).toBe(3095);
  });

  it('big-endian, with a table of strips apart from the directory (it was read as zeros)', async () => {
    const { grid } = await read(fixture('encodings/big-endian.tif'));
    expect([grid.columns, grid.rows]).toEqual([20, 300]);
    expect(grid.values.reduce((sum, height) => sum + height, 0)).toBe(20 * 3095);
  });

  it('four bits a pixel, two pixels a byte', async () => {
    const { grid } = await read(fixture('encodings/four-bits.tif'), { kind: 'clutter' });
    expect(grid.values.reduce((sum, code) => sum + code, 0)).toBe(273);
  });

  it.each([
    ['jpeg', 'raster-compression', 'is compressed as JPEG, which is not read.'],
    ['south-up', 'raster-not-georeferenced', 'does not say where its pixels lie (or is rotated).'],
  ])('%s is refused', async (name, code, sentence) => {
    const error = await findingOf(read(fixture(`encodings/${name}.tif`)));
    expect([error.code, error.message.includes(sentence)]).toEqual([code, true]);
  });
});

describe('reading a projected GeoTIFF', () => {
  it('agrees with the unprojected one to a metre or so (both ways interpolated once)', async () => {
    const degrees = await read(fixture('london-crop.tif'));
    const utm = await read(fixture('london-crop-utm.tif'));
    expect(utm.resampled).toBe(true);
    let worst = 0;
    let sum = 0;
    let count = 0;
    for (let i = 0; i < 400; i++) {
      const lon = -0.145 + 0.09 * ((i * 0.618034) % 1);
      const lat = 51.425 + 0.074 * (i / 400);
      const difference = sampleGrid(utm.grid, lon, lat) - sampleGrid(degrees.grid, lon, lat);
      worst = Math.max(worst, Math.abs(difference));
      sum += difference;
      count++;
    }
    expect(Math.abs(sum / count)).toBeLessThan(0.1);
    expect(worst).toBeLessThan(4);
  });

  it('asks for the coordinate system when the file has none, and takes one from the scenario', async () => {
    const error = await findingOf(read(fixture('no-crs.tif')));
    expect(error.code).toBe('raster-without-crs');
    expect(error.message).toMatch(/are not degrees.*Give `crs`/s);
    const given = await read(fixture('no-crs.tif'), { crs: 'EPSG:32630' });
    const { grid } = await read(fixture('london-crop-utm.tif'));
    // Pixels 20 to 59 of the larger file: both resampled onto their own grids of degrees.
    const lon = given.grid.west + (given.grid.columns / 2) * given.grid.stepLonDeg;
    const lat = given.grid.north - (given.grid.rows / 2) * given.grid.stepLatDeg;
    expect(Math.abs(sampleGrid(given.grid, lon, lat) - sampleGrid(grid, lon, lat))).toBeLessThan(2);
    expect((await findingOf(read(fixture('no-crs.tif'), { crs: 'EPSG:99999' }))).code).toBe(
      'raster-crs-unknown',
    );
  });
});

describe('reading SRTM tiles', () => {
  it('joins neighbours, fills a void of one from the next, and knows where holes are', async () => {
    // A plane of 1 m per sample eastwards over two tiles; they share the column on the meridian 0.
    await writeHgt('N10W001.hgt', (row, column) => (row === 600 && column === 600 ? -32768 : column));
    const { grid, voidCells } = await readTerrain(folder, {
      file: 'tiles/',
      area: { west: -0.6, south: 10.4, east: -0.4, north: 10.6 },
      kind: 'terrain',
    });
    expect(voidCells).toBe(1);
    expect(sampleGrid(grid, -0.55, 10.55)).toBeCloseTo(0.45 * 1200, 3);
    expect(sampleGrid(grid, -0.5, 10.5)).toBeNaN();
    await writeHgt('N10E000.hgt', (_, column) => 1200 + column);
    const both = await readTerrain(folder, {
      file: 'tiles/',
      area: { west: -0.1, south: 10.4, east: 0.1, north: 10.6 },
      kind: 'terrain',
    });
    expect(both.summaries.map(({ file }) => file)).toEqual(['N10E000.hgt', 'N10W001.hgt']);
    for (const lon of [-0.05, -0.0001, 0, 0.0001, 0.05]) {
      expect(sampleGrid(both.grid, lon, 10.47)).toBeCloseTo((lon + 1) * 1200, 2);
    }
  });

  it('names the tile of a position by its south-western corner', () => {
    expect([hgtName(-0.1, 51.5), hgtName(0, 0), hgtName(18.4, -33.9)]).toEqual([
      'N51W001',
      'N00E000',
      'S34E018',
    ]);
  });

  it('refuses a file that is no tile, and one without a name', async () => {
    const short = join(folder, 'N20E010.hgt');
    await writeFile(short, Buffer.alloc(1000));
    expect((await findingOf(read(short))).code).toBe('hgt-size');
    await rm(short);
    const unnamed = join(folder, 'tile.hgt');
    await writeFile(unnamed, Buffer.alloc(1000));
    expect((await findingOf(read(unnamed))).code).toBe('hgt-name');
    await rm(unnamed);
  });

  it('says which tiles are missing when the area lies elsewhere', async () => {
    const error = await findingOf(
      readTerrain(fixture('london-crop.tif'), {
        file: 'dem.tif',
        area: { west: 10.2, south: 50.2, east: 11.3, north: 50.4 },
        kind: 'terrain',
      }),
    );
    expect(error.code).toBe('terrain-elsewhere');
    expect(error.message).toContain('N50E010, N50E011');
  });
});

describe('heights that cannot be', () => {
  it('stops at heights no ground has, for example an undeclared -9999', async () => {
    const error = await findingOf(read(fixture('undeclared-nodata.tif')));
    expect(error.code).toBe('terrain-implausible-heights');
    expect(error.message).toContain('-9999');
  });

  it('gives one finding for sites beyond the terrain and one for tall masts', async () => {
    const { grid } = await read(fixture('london-crop.tif'));
    const findings = new Findings();
    const sites = {
      file: 'sites.geojson',
      ids: ['a', 'b', 'c', 'd'],
      lon: [-0.1, 0.4, 0.5, -0.08],
      lat: [51.45, 51.45, 51.45, 51.46],
      heightM: [30, 30, 30, 98.4],
    };
    checkSitesOnGround(sites, { grid, file: 'dem.tif' }, findings);
    expect(findings.all.map(({ code, severity }) => [code, severity])).toEqual([
      ['terrain-missing', 'error'],
      ['mast-height-implausible', 'warning'],
    ]);
    expect(findings.all[0]?.message).toContain('2 sites: "b", "c"');
    expect(findings.all[0]?.hint).toContain('N51E000');
    expect(findings.all[1]?.hint).toContain('98.4 ft is 30.0 m');
  });

  it('gives one finding for a hole under a site', async () => {
    const { grid } = await read(fixture('london-crop-utm.tif'));
    const findings = new Findings();
    const hole = {
      file: 'sites.geojson',
      ids: ['a'],
      lon: [grid.west + 0.0005],
      lat: [grid.north - 0.0005],
      heightM: [30],
    };
    checkSitesOnGround(hole, { grid, file: 'dem.tif' }, findings);
    expect(findings.all.map(({ code }) => code)).toEqual(['terrain-no-data']);
  });
});

describe('clutter classes', () => {
  it('become heights and losses by a table', () => {
    const table = clutterTable({ ...WORLDCOVER, '50': { heightM: 20, lossDb: 3 } }, 'cover.tif');
    expect([
      table.heightOfClass[10],
      table.heightOfClass[50],
      table.lossOfClass[50],
      table.lossOfClass[80],
    ]).toEqual([15, 20, 3, 0]);
    expect(() => clutterTable({ forest: { heightM: 15 } }, 'cover.tif')).toThrow(/"forest" is no class code/);
  });
});

describeShared('Greater London terrain', () => {
  it('reads the tile and the GeoTIFF made from it to the same heights above the sea', async () => {
    const area = { west: -0.3, south: 51.4, east: -0.2, north: 51.5 };
    const tile = await readTerrain(sharedPath('data/london-population-terrain/N51W001.hgt')!, {
      file: 'hgt',
      area,
      kind: 'terrain',
    });
    const tiff = await readTerrain(sharedPath('data/london-population-terrain/greater_london_dem_3s.tif')!, {
      file: 'tif',
      area,
      kind: 'terrain',
    });
    // Heights below 0 were replaced when the GeoTIFF was made.
    for (let k = 0; k <= 20; k++) {
      const [lon, lat] = [-0.3 + 0.005 * k, 51.4 + 0.005 * k];
      const height = nearestInGrid(tile.grid, lon, lat);
      if (height > 0) expect(nearestInGrid(tiff.grid, lon, lat)).toBe(height);
    }
  });
});
