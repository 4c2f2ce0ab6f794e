import type { GeoTIFFImage } from 'geotiff';
import { fromFile } from 'geotiff';
import { EARTH_RADIUS_M } from '../../../geo/ellipsoid.ts';
import { InputError } from '../../../errors.ts';
import type { BinaryRecord, BinarySource } from './record.ts';
import { unreadableKind, wrongCrs } from './record.ts';

/** Names under which a raster's sum may be asked for as users. */
export const RASTER_PROPERTIES = ['users', 'population', 'value'] as const;
const DEGREE = Math.PI / 180;
const STRIP_PIXELS = 4_000_000;

/**
 * The cells of a population raster in degrees (WorldPop, HRSL and the like: people per pixel, band 1), summed to
 * squares of about `rasterCellM`; each is a point at the middle of its people. Pixels without data or people count
 * nothing. Read strip by strip.
 */
export async function* readPopulationRaster(source: BinarySource): AsyncGenerator<BinaryRecord> {
  const { path, file, rasterCellM } = source;
  try {
    const image = await (await fromFile(path)).getImage();
    checkCrs(image, file);
    const [pixelLon, pixelLat] = pixelDegrees(image);
    const [originLon, originLat] = image.getOrigin() as [number, number];
    const middle = (originLat - (image.getHeight() / 2) * pixelLat) * DEGREE;
    const metresPerDegree = EARTH_RADIUS_M * DEGREE;
    const across = atLeastOne(rasterCellM / (pixelLon * metresPerDegree * Math.cos(middle)));
    const down = atLeastOne(rasterCellM / (pixelLat * metresPerDegree));
    const width = image.getWidth();
    const height = image.getHeight();
    const stripRows = Math.max(1, Math.floor(STRIP_PIXELS / width / down)) * down;
    const noData = image.getGDALNoData();
    for (let top = 0; top < height; top += stripRows) {
      const bottom = Math.min(height, top + stripRows);
      const bands = await image.readRasters({ window: [0, top, width, bottom], samples: [0] });
      const strip = bands[0] as ArrayLike<number>;
      for (const block of sumBlocks(strip, width, bottom - top, across, down, noData)) {
        const lon = originLon + block.x * pixelLon;
        const lat = originLat - (top + block.y) * pixelLat;
        const properties = Object.fromEntries(RASTER_PROPERTIES.map((name) => [name, block.sum]));
        yield { type: 'Feature', geometry: { type: 'Point', coordinates: [lon, lat] }, properties };
      }
    }
  } catch (error) {
    throw unreadableKind(file, 'GeoTIFF', error);
  }
}

function atLeastOne(pixels: number): number {
  return Math.max(1, Math.round(pixels));
}

function checkCrs(image: GeoTIFFImage, file: string): void {
  const keys = (image.getGeoKeys() ?? {}) as { GTModelTypeGeoKey?: number; ProjectedCSTypeGeoKey?: number };
  if (keys.GTModelTypeGeoKey === 1) throw wrongCrs(file, `EPSG:${keys.ProjectedCSTypeGeoKey ?? 'unknown'}`);
}

function pixelDegrees(image: GeoTIFFImage): [number, number] {
  const [x = NaN, y = NaN] = image.getResolution() as number[];
  if (!(x > 0) || !(y < 0))
    throw new RangeError('its rows must run from north to south and its columns from west to east');
  return [x, -y];
}

/** Sums of blocks with people; x and y are the middle of the people in pixels from the strip's upper left corner. */
function* sumBlocks(
  strip: ArrayLike<number>,
  width: number,
  height: number,
  across: number,
  down: number,
  noData: number | null,
): Generator<{ x: number; y: number; sum: number }> {
  for (let top = 0; top < height; top += down) {
    for (let left = 0; left < width; left += across) {
      let sum = 0;
      let sumX = 0;
      let sumY = 0;
      for (let row = top; row < Math.min(height, top + down); row++) {
        for (let column = left; column < Math.min(width, left + across); column++) {
          const people = strip[row * width + column]!;
          if (people === noData || !(people > 0)) continue;
          if (people > 1e9)
            throw new InputError('has a pixel with more than 1e9 people.', { code: 'raster-value' });
          sum += people;
          sumX += people * (column + 0.5);
          sumY += people * (row + 0.5);
        }
      }
      if (sum > 0) yield { x: sumX / sum, y: sumY / sum, sum };
    }
  }
}
