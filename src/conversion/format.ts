import { basename, extname } from 'node:path';
import { InputError } from '../errors.ts';

/** Put together in memory. */
export type TableFormat = 'gpkg' | 'fgb' | 'parquet';
/** Streamed. */
export type TextFormat = 'geojson' | 'ndjson' | 'geojsonseq' | 'csv' | 'tsv';
export type ConvertFormat = TextFormat | TableFormat;

const EXTENSIONS: Readonly<Record<string, ConvertFormat>> = {
  '.geojson': 'geojson',
  '.json': 'geojson',
  '.ndjson': 'ndjson',
  '.geojsonl': 'ndjson',
  '.jsonl': 'ndjson',
  '.geojsons': 'geojsonseq',
  '.geojsonseq': 'geojsonseq',
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.gpkg': 'gpkg',
  '.fgb': 'fgb',
  '.parquet': 'parquet',
};

/** The format an output's name asks for; `shown` is what messages call it. */
export function formatOf(path: string, shown: string): ConvertFormat {
  const format = EXTENSIONS[extname(path).toLowerCase()];
  if (format !== undefined) return format;
  throw new InputError(`${basename(shown)}: the ending names no format that can be written.`, {
    code: 'output-format',
    hint: `Known are ${Object.keys(EXTENSIONS).join(', ')}; .gz packs the text formats.`,
  });
}

/** True for formats that are files of their own packing: not streamed, never packed again. */
export function isTableFormat(format: ConvertFormat): format is TableFormat {
  return format === 'gpkg' || format === 'fgb' || format === 'parquet';
}
