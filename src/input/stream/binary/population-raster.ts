import { EARTH_RADIUS_M } from '../../../geo/ellipsoid.ts';
import { InputError } from '../../../errors.ts';
import { openRaster, type RasterFile } from '../../raster/raster-file.ts';
import type { BinaryRecord, BinarySource } from './record.ts';
import { wrongCrs } from './record.ts';

/** Names under which a raster's sum may be asked for as users. */
export const RASTER_PROPERTIES = ['users', 'population', 'value'] as const;
const DEGREE = Math.PI / 180;
/** Pixels read at once, and at most, where blocks are high or the squares large: 32 and 512 MB. */
const STRIP_PIXELS = 4_000_000;
const MOST_PIXELS = 64_000_000;

/**
 * The cells of a population raster in degrees (WorldPop, HRSL and the like: people per pixel, band 1), summed to
 * squares of about `rasterCellM`; each is a point at the middle of its people. Pixels without data or people count
 * nothing. Read strip by strip.
 */
export async function* readPopulationRaster(source: BinarySource): AsyncGenerator<BinaryRecord> {
  const { path, file, rasterCellM } = source;
  const raster = await openRaster(path, file);
  try {
    checkPlace(raster, file);
    const { west, north, stepX, stepY } = raster.position;
    const { columns, rows, blockRows } = raster.layout;
    const middle = (north - (rows / 2) * stepY) * DEGREE;
    const metresPerDegree = EARTH_RADIUS_M * DEGREE;
    const across = atLeastOne(rasterCellM / (stepX * metresPerDegree * Math.cos(middle)));
    const down = atLeastOne(rasterCellM / (stepY * metresPerDegree));
    if (columns * Math.min(rows, down) > MOST_PIXELS) {
      throw new InputError(`has ${columns} x ${rows} pixels, ${across} x ${down} to a square.`, {
        code: 'raster-too-fine',
        file,
        hint: 'Sum it to larger pixels first, for example with gdalwarp -r sum -tr.',
      });
    }
    const pixelsAtOnce = Math.min(MOST_PIXELS, Math.max(STRIP_PIXELS, columns * blockRows));
    const stripRows = Math.max(1, Math.floor(pixelsAtOnce / columns / down)) * down;
    const strip = new Float64Array(columns * Math.min(rows, stripRows));
    for (let top = 0; top < rows; top += stripRows) {
      const bottom = Math.min(rows, top + stripRows);
      await raster.read({ left: 0, top, right: columns, bottom }, strip);
      for (const block of sumBlocks(strip, columns, bottom - top, across, down, file)) {
        const lon = west + block.x * stepX;
        const lat = north - (top + block.y) * stepY;
        const properties = Object.fromEntries(RASTER_PROPERTIES.map((name) => [name, block.sum]));
        yield { type: 'Feature', geometry: { type: 'Point', coordinates: [lon, lat] }, properties };
      }
    }
  } finally {
    await raster.close();
  }
}

function atLeastOne(pixels: number): number {
  return Math.max(1, Math.round(pixels));
}

function checkPlace({ geoKey, layout, position }: RasterFile, file: string): void {
  if (geoKey('GTModelTypeGeoKey') === 1) {
    throw wrongCrs(file, `EPSG:${geoKey('ProjectedCSTypeGeoKey') ?? 'unknown'}`);
  }
  const { west, north, stepX, stepY } = position;
  const east = west + layout.columns * stepX;
  const south = north - layout.rows * stepY;
  if (west >= -181 && east <= 361 && south >= -91 && north <= 91) return;
  throw new InputError('has its pixels where no degrees of longitude and latitude are.', {
    code: 'raster-off-earth',
    file,
    hint: 'Reproject it to WGS 84 longitude, latitude (EPSG:4326), for example with gdalwarp -t_srs EPSG:4326.',
  });
}

/** Sums of blocks with people; x and y are the middle of the people in pixels from the strip's upper left corner. */
function* sumBlocks(
  strip: ArrayLike<number>,
  width: number,
  height: number,
  across: number,
  down: number,
  file: string,
): Generator<{ x: number; y: number; sum: number }> {
  for (let top = 0; top < height; top += down) {
    for (let left = 0; left < width; left += across) {
      let sum = 0;
      let sumX = 0;
      let sumY = 0;
      for (let row = top; row < Math.min(height, top + down); row++) {
        for (let column = left; column < Math.min(width, left + across); column++) {
          const people = strip[row * width + column]!;
          if (!(people > 0)) continue;
          if (people > 1e9)
            throw new InputError('has a pixel with more than 1e9 people.', { code: 'raster-value', file });
          sum += people;
          sumX += people * (column + 0.5);
          sumY += people * (row + 0.5);
        }
      }
      if (sum > 0) yield { x: sumX / sum, y: sumY / sum, sum };
    }
  }
}
