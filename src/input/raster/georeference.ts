import { InputError } from '../../errors.ts';
import type { TagReader } from './raster-layout.ts';

/** Where pixels lie in the raster's own coordinates: outer corner of the first one and the (positive) size of each. */
export interface Georeference {
  readonly west: number;
  readonly north: number;
  readonly stepX: number;
  readonly stepY: number;
}

/** Larger coordinates are no places: metres of the largest projections stay below 1e8. */
const FARTHEST = 1e9;

/**
 * The position by ModelPixelScale and ModelTiepoint, or by ModelTransformation (OGC GeoTIFF 1.1, section 7.2.3 and
 * annex B.6), north up and not rotated.
 *
 * @param pointPixels pixels stand for points (GTRasterTypeGeoKey 2): the position is that of their centres
 * @throws InputError where there is none or it is another
 */
export function georeferenceOf(tag: TagReader, pointPixels: boolean, file: string): Georeference {
  const [scaleX = NaN, scaleY = NaN] = numbers(tag('ModelPixelScale'));
  const [column = NaN, row = NaN, , x = NaN, y = NaN] = numbers(tag('ModelTiepoint'));
  const [a = NaN, b, , d = NaN, e, f = NaN, , h = NaN] = numbers(tag('ModelTransformation'));
  const upright = b === 0 && e === 0;
  const [stepX, stepY] = scaleX > 0 ? [scaleX, scaleY] : upright ? [a, -f] : [NaN, NaN];
  const [left, top] = scaleX > 0 ? [x - column * scaleX, y + row * scaleY] : [d, h];
  const half = pointPixels ? 0.5 : 0;
  const west = left - half * stepX;
  const north = top + half * stepY;
  const placed = Math.abs(west) < FARTHEST && Math.abs(north) < FARTHEST;
  // A hundred millionth of a degree is a millimetre.
  const sized = stepX > 1e-8 && stepY > 1e-8 && stepX < FARTHEST && stepY < FARTHEST;
  if (placed && sized) return { west, north, stepX, stepY };
  throw new InputError('does not say where its pixels lie (or is rotated).', {
    code: 'raster-not-georeferenced',
    file,
    hint: 'Write it as GeoTIFF with north up, for example with gdalwarp.',
  });
}

function numbers(value: unknown): number[] {
  return Array.isArray(value) || ArrayBuffer.isView(value)
    ? Array.from(value as unknown as ArrayLike<number>)
    : [];
}
