import { readFlatgeobuf } from './flatgeobuf.ts';
import { readGeopackage } from './geopackage.ts';
import { readGeoparquet } from './geoparquet.ts';
import type { BinaryKind } from './kind.ts';
import { readPopulationRaster } from './population-raster.ts';
import type { BinaryRecord, BinarySource } from './record.ts';
import { readShapefile } from './shapefile.ts';

/** The features of a file in a binary format, one after the other. @throws InputError where it cannot be read on. */
export function readBinary(
  kind: BinaryKind,
  source: BinarySource,
): AsyncIterable<BinaryRecord> | Iterable<BinaryRecord> {
  switch (kind) {
    case 'gpkg':
      return readGeopackage(source);
    case 'flatgeobuf':
      return readFlatgeobuf(source);
    case 'parquet':
      return readGeoparquet(source);
    case 'geotiff':
      return readPopulationRaster(source);
    case 'shapefile':
      return readShapefile(source);
  }
}
