import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromArrayBuffer } from 'geotiff';
import { describe, expect, it } from 'vitest';
import { geotiffBytes } from '../../../src/report/geotiff/geotiff.ts';
import type { Raster } from '../../../src/report/geotiff/raster.ts';
import { describeWithTool } from '../../support/tools.ts';

const columns = 610;
const rows = 530;
const values = Float32Array.from({ length: columns * rows }, (_, i) =>
  i % 97 === 0 ? NaN : -60 - (i % columns) / 8,
);
const raster: Raster = {
  columns,
  rows,
  noData: NaN,
  west: 690_000,
  north: 5_720_000,
  cellWidth: 10,
  cellHeight: 10,
  epsg: 32630,
  bands: [{ values, overviews: 'mean', description: 'RSRP of the best server, dBm' }],
};
const bytes = geotiffBytes(raster);

async function open(file: Uint8Array) {
  return fromArrayBuffer(
    file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer,
  );
}

describe('coverage GeoTIFF', () => {
  it('gives back every value, its place and its no-data value', async () => {
    const image = await (await open(bytes)).getImage();
    const raw = (await image.readRasters({ interleave: true })) as unknown as Float32Array;
    expect([image.getWidth(), image.getHeight()]).toEqual([columns, rows]);
    expect(Array.from(raw)).toEqual(Array.from(values));
    expect(image.getBoundingBox()).toEqual([690_000, 5_720_000 - 5300, 690_000 + 6100, 5_720_000]);
    expect(image.getGeoKeys()?.ProjectedCSTypeGeoKey).toBe(32630);
    expect(image.getGDALNoData()).toBeNaN();
  });

  it('lays directories before pixels and small overviews before large ones', async () => {
    const tiff = await open(bytes);
    const count = await tiff.getImageCount();
    // 610 x 530 -> 305 x 265 -> 153 x 133.
    expect(count).toBe(3);
    const starts: number[] = [];
    for (let k = 0; k < count; k++) {
      const offsets = (await (
        await tiff.getImage(k)
      )
        .getFileDirectory()
        .loadValue('TileOffsets')) as ArrayLike<number>;
      starts.push(Math.min(...Array.from(offsets)));
    }
    expect(starts).toEqual([...starts].sort((a, b) => b - a));
    const second = await (await tiff.getImage(1)).readRasters({ interleave: true });
    // Cells (2, 2), (3, 2), (2, 3), (3, 3) of the full size: none is a multiple of 97.
    const mean =
      [2, 3]
        .flatMap((row) => [2, 3].map((column) => values[row * columns + column]!))
        .reduce((a, b) => a + b) / 4;
    expect((second as unknown as Float32Array)[305 + 1]).toBeCloseTo(mean, 4);
  });

  it('never averages indices and is the same every time', async () => {
    const index = Uint16Array.from({ length: columns * rows }, (_, i) => i % 7);
    const bands = [{ values: index, overviews: 'nearest' as const, description: 'server' }];
    const indexed = { ...raster, noData: 65_535, bands };
    const file = geotiffBytes(indexed);
    expect(Buffer.from(geotiffBytes(indexed)).equals(Buffer.from(file))).toBe(true);
    const small = (await (
      await (await open(file)).getImage(1)
    ).readRasters({ interleave: true })) as unknown as Uint16Array;
    expect(small[1]).toBe(index[2]);
    expect(small[305]).toBe(index[2 * columns]);
  });
});

describeWithTool('gdalinfo', 'GDAL on our GeoTIFF', (gdalinfo) => {
  it('reads place, overviews and statistics', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mastplan-tiff-'));
    try {
      const path = join(folder, 'rsrp.tif');
      writeFileSync(path, bytes);
      const info = JSON.parse(execFileSync(gdalinfo, ['-json', path], { encoding: 'utf8' })) as {
        size: number[];
        geoTransform: number[];
        stac?: { 'proj:epsg'?: number };
        bands: {
          description: string;
          noDataValue: unknown;
          overviews: unknown[];
          metadata: Record<string, Record<string, string>>;
        }[];
      };
      expect(info.size).toEqual([columns, rows]);
      expect(info.geoTransform).toEqual([690_000, 10, 0, 5_720_000, 0, -10]);
      const [first] = info.bands;
      expect(first?.description).toBe('RSRP of the best server, dBm');
      expect(first?.overviews).toHaveLength(2);
      expect(Number(first?.metadata['']?.['STATISTICS_MAXIMUM'])).toBe(-60);
      expect(Number(first?.metadata['']?.['STATISTICS_VALID_PERCENT'])).toBeCloseTo(100 - 100 / 97, 1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
