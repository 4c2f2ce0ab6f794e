import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { decompress as zstdDecompress } from 'fzstd';
import type { AsyncBuffer, Compressors, FileMetaData } from 'hyparquet';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { InputError } from '../../../errors.ts';
import { positionColumns } from '../columns.ts';
import type { BinaryRecord, BinarySource } from './record.ts';
import { isWgs84, plainValue, unreadableKind, wrongCrs } from './record.ts';

const ROWS_AT_ONCE = 20_000;

const compressors: Compressors = {
  GZIP: (input, length) => gunzipSync(input, { maxOutputLength: pageLimit(length) }),
  ZSTD: (input, length) => zstdDecompress(input, new Uint8Array(pageLimit(length))),
  BROTLI: (input, length) => brotliDecompressSync(input, { maxOutputLength: pageLimit(length) }),
};

/** Pages are about 1 MB; what the file states of one is believed up to here. */
const LARGEST_PAGE_BYTES = 2 ** 29;

function pageLimit(stated: number): number {
  return Math.min(Math.max(1, stated), LARGEST_PAGE_BYTES);
}

/** How the rows say where they are: a geometry column, or longitude and latitude columns. */
interface Layout {
  readonly geometry: string | null;
  readonly lon: string;
  readonly lat: string;
}

/** The rows of a GeoParquet file (geometry as WKB), or of a plain Parquet table with lon and lat columns. */
export async function* readGeoparquet({ path, file }: BinarySource): AsyncGenerator<BinaryRecord> {
  try {
    const buffer = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(buffer);
    const layout = layoutOf(metadata, file);
    const rows = Number(metadata.num_rows);
    for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
      yield* readRows(buffer, metadata, layout, from, Math.min(rows, from + ROWS_AT_ONCE));
    }
  } catch (error) {
    throw unreadableKind(file, 'Parquet', error);
  }
}

async function* readRows(
  file: AsyncBuffer,
  metadata: FileMetaData,
  layout: Layout,
  rowStart: number,
  rowEnd: number,
): AsyncGenerator<BinaryRecord> {
  for (const row of await parquetReadObjects({ file, metadata, rowStart, rowEnd, compressors })) {
    const entries = Object.entries(row).map(([name, value]) => [name, plainValue(value)] as const);
    const properties: Record<string, unknown> = Object.fromEntries(entries);
    if (layout.geometry !== null) {
      const geometry = properties[layout.geometry] ?? null;
      Reflect.deleteProperty(properties, layout.geometry);
      yield { type: 'Feature', geometry, properties };
      continue;
    }
    const coordinates = [properties[layout.lon], properties[layout.lat]];
    Reflect.deleteProperty(properties, layout.lon);
    Reflect.deleteProperty(properties, layout.lat);
    yield { type: 'Feature', geometry: { type: 'Point', coordinates }, properties };
  }
}

function layoutOf(metadata: FileMetaData, file: string): Layout {
  const names = metadata.schema.slice(1).map(({ name }) => name);
  const text = metadata.key_value_metadata?.find(({ key }) => key === 'geo')?.value;
  if (text !== undefined) {
    const geo = JSON.parse(text) as {
      primary_column?: string;
      columns?: Record<
        string,
        { encoding?: string; crs?: { id?: { code?: unknown; authority?: string } } | null }
      >;
    };
    const geometry = geo.primary_column ?? 'geometry';
    const crs = geo.columns?.[geometry]?.crs;
    if (crs !== undefined && crs !== null && !isWgs84(crs.id?.code)) {
      throw wrongCrs(file, `${crs.id?.authority ?? 'unknown'}:${String(crs.id?.code ?? 'unknown')}`);
    }
    return { geometry, lon: '', lat: '' };
  }
  const position = positionColumns(names);
  if (position === null) {
    throw new InputError(
      'is Parquet without geometry: it has neither "geo" metadata nor lon and lat columns.',
      {
        code: 'no-position-columns',
        file,
        hint: `Its columns are ${names.slice(0, 12).join(', ')}.`,
      },
    );
  }
  return { geometry: null, lon: names[position.lon] ?? '', lat: names[position.lat] ?? '' };
}
