import { appendFileSync, closeSync, openSync } from 'node:fs';
import { InputError } from '../errors.ts';
import type { FeatureRow } from '../input/stream/feature-row.ts';
import type { ProgressListener } from '../progress.ts';
import { csvField } from '../report/escape.ts';
import type { FlatValue } from '../report/formats/flat-table.ts';
import type { TextFormat } from './format.ts';
import { geometryOf, propertiesOf } from './row-values.ts';
import { eachFeature, type Survey } from './survey.ts';

/**
 * Streams the features of a file into a text format.
 * @throws InputError for geometries that a table cannot hold.
 */
export async function writeText(
  input: string,
  part: string,
  to: TextFormat,
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

function flatValue(value: unknown): FlatValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return JSON.stringify(value);
}
