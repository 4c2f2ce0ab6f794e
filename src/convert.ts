import { appendFileSync, closeSync, createReadStream, createWriteStream, openSync, rmSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Feature, Geometry } from 'geojson';
import { InputError } from './errors.ts';
import { DEFAULT_MAX_ERRORS, Findings } from './input/findings.ts';
import { positionProblem } from './input/positions.ts';
import { asMultiPolygon, polygonProblem } from './input/ring-checks.ts';
import type { FeatureRow } from './input/stream/feature-row.ts';
import { whereOf } from './input/stream/feature-row.ts';
import { isIdentifier } from './input/stream/fields.ts';
import type { FeatureFileFacts } from './input/stream/read-features.ts';
import { readFeatures } from './input/stream/read-features.ts';
import { untilAborted, type ProgressListener } from './progress.ts';
import { csvField } from './report/escape.ts';
import type { FlatValue } from './report/formats/flat-table.ts';
import { flattenLayer } from './report/formats/flat-table.ts';
import { flatgeobufBytes } from './report/formats/flatgeobuf.ts';
import { writeGeopackage } from './report/formats/geopackage.ts';
import { geoparquetBytes } from './report/formats/geoparquet.ts';

export type ConvertFormat = 'geojson' | 'ndjson' | 'geojsonseq' | 'csv' | 'tsv' | 'gpkg' | 'fgb' | 'parquet';

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

/** More properties than this are not carried over. */
const MAX_PROPERTIES = 200;

export interface ConvertOptions {
  readonly maxErrors?: number;
  readonly onProgress?: ProgressListener;
  /** Ends the conversion; nothing is written then. */
  readonly signal?: AbortSignal;
}

export interface ConvertResult {
  /** As recognised. */
  readonly from: string;
  readonly to: ConvertFormat;
  readonly features: number;
  readonly identifiersDropped: Readonly<Record<string, number>>;
}

/** What a first look at the file found: which properties there are, and whether all features are points. */
interface Survey {
  readonly facts: FeatureFileFacts;
  readonly names: readonly string[];
  readonly onlyPoints: boolean;
  readonly hasIds: boolean;
}

/**
 * Rewrites the features of a file in the format that the output's name asks for (`.gz` packs text formats). Values
 * and coordinates are kept to the last digit; properties that identify someone are dropped. Text formats are
 * streamed; GeoPackage, FlatGeobuf and GeoParquet are put together in memory. The output appears whole or not at all.
 * @throws InputError for an unknown ending, or listing what is wrong with the input.
 */
export async function convertFile(
  input: string,
  output: string,
  options: ConvertOptions = {},
): Promise<ConvertResult> {
  const packed = /\.gz$/i.test(output);
  const to = formatOf(packed ? output.slice(0, -3) : output, output);
  if (packed && (to === 'gpkg' || to === 'fgb' || to === 'parquet')) {
    throw new InputError(`${basename(output)}: ${to} is packed already.`, {
      code: 'output-format',
      hint: 'Leave .gz out.',
    });
  }
  const { signal } = options;
  const onProgress = untilAborted(options.onProgress, signal);
  const onWritten: ProgressListener = (event) => onProgress?.({ ...event, stage: 'write' });
  const survey = await surveyFile(input, { ...options, ...(onProgress && { onProgress }) });
  const part = `${output}.part`;
  try {
    if (to === 'gpkg' || to === 'fgb' || to === 'parquet')
      await writeTable(input, part, to, survey, { output, onProgress: onWritten });
    else await writeText(input, part, to, survey, onWritten);
    if (packed) {
      const plain = `${output}.plain`;
      await rename(part, plain);
      try {
        await pipeline(createReadStream(plain), createGzip({ level: 9 }), createWriteStream(part), {
          signal,
        });
      } finally {
        rmSync(plain, { force: true });
      }
    }
    signal?.throwIfAborted();
    await rename(part, output);
  } finally {
    rmSync(part, { force: true });
  }
  const { dialect, featuresRead, identifiersDropped } = survey.facts;
  return { from: dialect, to, features: featuresRead, identifiersDropped };
}

function formatOf(path: string, shown: string): ConvertFormat {
  const format = EXTENSIONS[extname(path).toLowerCase()];
  if (format !== undefined) return format;
  throw new InputError(`${basename(shown)}: the ending names no format that can be written.`, {
    code: 'output-format',
    hint: `Known are ${Object.keys(EXTENSIONS).join(', ')}; .gz packs the text formats.`,
  });
}

async function surveyFile(input: string, options: ConvertOptions): Promise<Survey> {
  const findings = new Findings(options.maxErrors ?? DEFAULT_MAX_ERRORS);
  let onlyPoints = true;
  let hasIds = false;
  const facts = await readFeatures(input, {
    file: input,
    fields: [],
    findings,
    onProgress: options.onProgress,
    onRow: (row) => {
      onlyPoints &&= row.geometry === null;
      hasIds ||= row.id !== null;
      const polygons = row.geometry === null ? null : asMultiPolygon(row.geometry);
      const problem = polygons === null ? pointProblem(row) : polygonProblem(polygons);
      if (problem === null) return;
      const { code, message, hint } = problem;
      findings.error(message, { code, file: input, feature: whereOf(row), hint });
    },
  });
  if (facts.featuresRead === 0) findings.error('holds no features.', { code: 'no-features', file: input });
  if (facts.propertyNames.length >= MAX_PROPERTIES) {
    const hint = 'Leave out what is not needed.';
    findings.error(`has ${MAX_PROPERTIES} properties or more.`, {
      code: 'too-many-properties',
      file: input,
      hint,
    });
  }
  findings.throwIfErrors();
  const names = facts.propertyNames.filter((name) => name.toLowerCase() !== 'id' && !isIdentifier(name));
  return { facts, names, onlyPoints, hasIds };
}

function pointProblem(row: FeatureRow): ReturnType<typeof positionProblem> {
  return row.geometry === null ? positionProblem(row.lon, row.lat) : null;
}

/** Hands over every feature with the values of `names`, in the order of the file. */
async function eachFeature(
  input: string,
  names: readonly string[],
  onProgress: ProgressListener,
  visit: (row: FeatureRow) => void,
): Promise<void> {
  const findings = new Findings();
  const fields = names.map((name) => ({ names: [name] }));
  await readFeatures(input, { file: input, fields, findings, onRow: visit, onProgress });
  findings.throwIfErrors();
}

async function writeText(
  input: string,
  part: string,
  to: Exclude<ConvertFormat, 'gpkg' | 'fgb' | 'parquet'>,
  survey: Survey,
  onProgress: ProgressListener,
): Promise<void> {
  const isTable = to === 'csv' || to === 'tsv';
  if (isTable && !survey.onlyPoints) {
    throw new InputError('holds geometries other than points, which a table of lon and lat cannot hold.', {
      code: 'geometry-type',
      file: input,
      hint: 'Convert to .geojson, .gpkg, .fgb or .parquet.',
    });
  }
  const out = openSync(part, 'w');
  try {
    let pending: string[] = [];
    const flush = (): void => {
      // Not writeSync: on a disk that is nearly full that writes a part and says so only by its count.
      appendFileSync(out, pending.join(''));
      pending = [];
    };
    const put = (text: string): void => {
      pending.push(text);
      if (pending.length >= 10_000) flush();
    };
    const line = isTable ? tableLine(survey, to === 'csv' ? ',' : '\t') : featureLine(survey);
    const { head, before, between, after, tail } = isTable
      ? tableFrame(survey, to === 'csv' ? ',' : '\t')
      : FRAMES[to];
    put(head);
    let first = true;
    await eachFeature(input, survey.names, onProgress, (row) => {
      put(`${first ? '' : between}${before}${line(row)}${after}`);
      first = false;
    });
    put(tail);
    flush();
  } finally {
    closeSync(out);
  }
}

/** What stands around the features of a text format. */
interface Frame {
  readonly head: string;
  readonly before: string;
  readonly between: string;
  readonly after: string;
  readonly tail: string;
}

const FRAMES: Readonly<Record<'geojson' | 'ndjson' | 'geojsonseq', Frame>> = {
  geojson: {
    head: '{"type":"FeatureCollection","features":[\n',
    before: '',
    between: ',\n',
    after: '',
    tail: '\n]}\n',
  },
  ndjson: { head: '', before: '', between: '', after: '\n', tail: '' },
  geojsonseq: { head: '', before: '\u001e', between: '', after: '\n', tail: '' },
};

function tableFrame({ names, hasIds }: Survey, separator: string): Frame {
  const header = [...(hasIds ? ['id'] : []), 'lon', 'lat', ...names].map((name) => csvField(name));
  return { head: `${header.join(separator)}\n`, before: '', between: '', after: '\n', tail: '' };
}

function tableLine({ hasIds }: Survey, separator: string): (row: FeatureRow) => string {
  const cell = (value: unknown): string => {
    const text = csvField(flatValue(value));
    return separator === '\t' ? text.replaceAll('\t', ' ') : text;
  };
  return (row) =>
    [
      ...(hasIds ? [cell(row.id)] : []),
      String(row.lon),
      String(row.lat),
      ...row.values.slice(0, -1).map(cell),
    ].join(separator);
}

function featureLine(survey: Survey): (row: FeatureRow) => string {
  return (row) =>
    JSON.stringify({
      type: 'Feature',
      ...(row.id !== null && { id: row.id }),
      geometry: geometryOf(row),
      properties: propertiesOf(row, survey),
    });
}

function geometryOf(row: FeatureRow): Geometry {
  return row.geometry ?? { type: 'Point', coordinates: [row.lon, row.lat] };
}

function propertiesOf(row: FeatureRow, { names, facts }: Survey): Record<string, unknown> {
  const isTable = /^(csv|tsv)/.test(facts.dialect);
  const properties: Record<string, unknown> = {};
  names.forEach((name, index) => {
    const value = row.values[index];
    if (value !== undefined) properties[name] = isTable ? typedCell(value) : value;
  });
  return properties;
}

/** A cell of a table as the number it writes, where the number writes the same cell: `007` and `1e3` stay text. */
function typedCell(value: unknown): unknown {
  return typeof value === 'string' && value !== '' && String(Number(value)) === value && value !== 'NaN'
    ? Number(value)
    : value;
}

function flatValue(value: unknown): FlatValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return JSON.stringify(value);
}

async function writeTable(
  input: string,
  part: string,
  to: 'gpkg' | 'fgb' | 'parquet',
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
