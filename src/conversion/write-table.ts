import { rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Feature } from 'geojson';
import { InputError } from '../errors.ts';
import type { ProgressListener } from '../progress.ts';
import { flattenLayer } from '../report/formats/flat-table.ts';
import { flatgeobufBytes } from '../report/formats/flatgeobuf.ts';
import { writeGeopackage } from '../report/formats/geopackage.ts';
import { geoparquetBytes } from '../report/formats/geoparquet.ts';
import type { TableFormat } from './format.ts';
import { geometryOf, propertiesOf } from './row-values.ts';
import { eachFeature, type Survey } from './survey.ts';

/**
 * Puts all features of a file together and writes them as one layer, named after `output`.
 * @throws InputError for geometries that one layer cannot hold.
 */
export async function writeTable(
  input: string,
  part: string,
  to: TableFormat,
  survey: Survey,
  { output, onProgress }: { readonly output: string; readonly onProgress: ProgressListener },
): Promise<void> {
  const features: Feature[] = [];
  await eachFeature(input, survey.names, onProgress, (row) => {
    const properties = propertiesOf(row, survey);
    features.push({
      type: 'Feature',
      geometry: geometryOf(row),
      properties: row.id === null ? properties : { id: row.id, ...properties },
    });
  });
  const name = basename(output, extname(output));
  const table = flattenLayer({ name, features: () => ofOneType(features, input) });
  rmSync(part, { force: true });
  if (to === 'gpkg') writeGeopackage(part, [table], '');
  else await writeFile(part, to === 'fgb' ? flatgeobufBytes(table) : geoparquetBytes(table));
}

/** Layers of these formats hold one type: points, or polygons (as multipolygons where some are). */
function ofOneType(features: readonly Feature[], file: string): Feature[] {
  const types = new Set(features.map(({ geometry }) => geometry.type));
  const [only] = types;
  if (types.size === 1 && (only === 'Point' || only === 'Polygon' || only === 'MultiPolygon'))
    return [...features];
  return features.map((feature) => {
    const { geometry } = feature;
    if (geometry.type === 'MultiPolygon') return feature;
    if (geometry.type === 'Polygon') {
      return { ...feature, geometry: { type: 'MultiPolygon', coordinates: [geometry.coordinates] } };
    }
    throw new InputError(`holds ${[...types].join(' and ')}; a layer holds points, or polygons.`, {
      code: 'geometry-type',
      file,
      hint: 'Convert to .geojson or .ndjson, which hold anything.',
    });
  });
}
