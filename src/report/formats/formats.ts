import { InputError } from '../../errors.ts';
import type { PlanResult } from '../../planning/plan-result.ts';
import type { OutputFolder } from '../atomic.ts';
import type { Layer } from '../layers.ts';
import type { PlanFacts } from '../plan-facts.ts';
import type { Language } from '../words/words.ts';
import { coverageTif } from '../coverage-tif.ts';
import { csvText } from './csv.ts';
import { flattenLayer } from './flat-table.ts';
import { flatgeobufBytes } from './flatgeobuf.ts';
import { writeGeopackage } from './geopackage.ts';
import { geoparquetBytes } from './geoparquet.ts';
import { sitesKml } from './kml.ts';

/** Formats beside GeoJSON, which is always written (reports and the verifier read it). */
export const OUTPUT_FORMATS = ['geojson', 'gpkg', 'fgb', 'parquet', 'csv', 'kml', 'tif'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];
export const DEFAULT_FORMATS: readonly OutputFormat[] = ['geojson', 'gpkg', 'tif'];

/** Formats with one column a value. */
const TABLE_FORMATS: readonly OutputFormat[] = ['gpkg', 'fgb', 'parquet', 'csv'];

const LAYER_NAMES = [
  'sites',
  'candidates',
  'demand',
  'gaps',
  'service-areas',
  'existing',
  'regions',
  'bins',
  'lines',
] as const;
export const FORMAT_FILES: readonly string[] = [
  'plan.gpkg',
  'sites.kml',
  'coverage.tif',
  ...LAYER_NAMES.flatMap((name) => [`${name}.fgb`, `${name}.parquet`, `${name}.csv`]),
];

/**
 * `geojson,gpkg,parquet` as typed.
 * @throws InputError for a name that is not a format
 */
export function parseFormats(text: string): OutputFormat[] {
  return text.split(',').map((part) => {
    const format = OUTPUT_FORMATS.find((name) => name === part.trim().toLowerCase());
    if (format !== undefined) return format;
    throw new InputError(`--formats: "${part.trim()}" is not an output format.`, {
      code: 'unknown-format',
      hint: `Known are ${OUTPUT_FORMATS.join(', ')}.`,
    });
  });
}

/** Stages the layers in the formats asked for and returns the names of the files. */
export async function stageFormats(
  result: PlanResult,
  facts: PlanFacts,
  layers: readonly Layer[],
  output: OutputFolder,
  { formats, language }: { readonly formats: readonly OutputFormat[]; readonly language: Language },
): Promise<string[]> {
  const files: string[] = [];
  const stage = async (name: string, content: Uint8Array | Iterable<string>): Promise<void> => {
    await output.stage(name, content);
    files.push(name);
  };
  const tables = formats.some((format) => TABLE_FORMATS.includes(format)) ? layers.map(flattenLayer) : [];
  if (formats.includes('gpkg')) {
    writeGeopackage(output.stagePath('plan.gpkg'), tables, result.demand.periods[0]!);
    files.push('plan.gpkg');
  }
  for (const table of tables) {
    if (formats.includes('fgb')) await stage(`${table.name}.fgb`, flatgeobufBytes(table));
    if (formats.includes('parquet')) await stage(`${table.name}.parquet`, geoparquetBytes(table));
    if (formats.includes('csv')) await stage(`${table.name}.csv`, csvText(table));
  }
  if (formats.includes('tif') && result.raster !== null) {
    await stage('coverage.tif', coverageTif(result.raster, result.scenario.service.rsrpDbm));
  }
  if (formats.includes('kml')) await stage('sites.kml', sitesKml(result, facts, language));
  return files;
}
