import type { Raster, RasterBand } from './raster.ts';

/** OGC 19-008r4, chapter 7: pixel is area; a geographic system in degrees (4326) or a projected one in metres. */
export function geoKeys(epsg: number): number[] {
  return epsg === 4326
    ? [1, 1, 0, 4, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, epsg, 2054, 0, 1, 9102]
    : [1, 1, 0, 4, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, epsg, 3076, 0, 1, 9001];
}

/** Names and statistics of the bands as GDAL keeps them, so that viewers need not scan the file. */
export function gdalMetadata({ bands, noData }: Raster): string {
  const lines = bands.flatMap((band, sample) => [
    `  <Item name="DESCRIPTION" sample="${sample}" role="description">${escapeXml(band.description)}</Item>`,
    ...statistics(band, noData).map(
      ([name, value]) => `  <Item name="STATISTICS_${name}" sample="${sample}">${value}</Item>`,
    ),
  ]);
  return `<GDALMetadata>\n${lines.join('\n')}\n</GDALMetadata>\n`;
}

function statistics({ values }: RasterBand, noData: number): [string, number][] {
  let count = 0;
  let sum = 0;
  let squares = 0;
  let least = Infinity;
  let greatest = -Infinity;
  for (const value of values) {
    if (value === noData || Number.isNaN(value)) continue;
    count++;
    sum += value;
    squares += value * value;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  if (count === 0) return [];
  const mean = sum / count;
  return [
    ['MAXIMUM', greatest],
    ['MEAN', mean],
    ['MINIMUM', least],
    ['STDDEV', Math.sqrt(Math.max(0, squares / count - mean * mean))],
    ['VALID_PERCENT', (100 * count) / values.length],
  ];
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
