import { basename } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { InputError } from '../../errors.ts';
import type { ProgressListener } from '../../progress.ts';
import type { Findings } from '../findings.ts';
import type { InputFileSummary } from '../types.ts';
import type { BinaryKind } from './binary/kind.ts';
import { binaryKindOf } from './binary/kind.ts';
import { readBinary } from './binary/read-binary.ts';
import { readBytes, readHead, Utf8Check } from './byte-source.ts';
import { CollectionReader } from './collection-reader.ts';
import type { TextDialect } from './dialect.ts';
import { textDialectOf } from './dialect.ts';
import { FeatureParser } from './feature-parser.ts';
import type { FeatureRow } from './feature-row.ts';
import { textOf } from './feature-row.ts';
import type { FieldSpec } from './fields.ts';
import { FieldMap } from './fields.ts';
import { RecordReader } from './record-reader.ts';
import { TableReader } from './table-reader.ts';

const HEAD_BYTES = 65_536;
/** Records between two looks at progress and at what the user pressed: about a twentieth of a second. */
const RECORDS_A_TURN = 8192;

export interface ReadFeaturesOptions {
  /** The file as messages and reports name it. */
  readonly file: string;
  readonly fields: readonly FieldSpec[];
  readonly findings: Findings;
  readonly onRow: (row: FeatureRow) => void;
  readonly onProgress?: ProgressListener | undefined;
  /** Read plain points straight from their bytes (default true); false sends everything through JSON.parse. */
  readonly fastPoints?: boolean | undefined;
  /** Pixels of a population raster are summed to squares of about this side, metres (default 100). */
  readonly rasterCellM?: number | undefined;
}

/** What is known of a file once it has been read to its end. */
export interface FeatureFileFacts extends Pick<
  InputFileSummary,
  'file' | 'sha256' | 'dialect' | 'featuresRead' | 'identifiersDropped'
> {
  /** Property names met (at most 200). */
  readonly propertyNames: readonly string[];
}

interface ChunkReader {
  push(chunk: Uint8Array): void;
  end(): void;
  readonly count: number;
  /** Whether a table is one of cell towers (OpenCelliD, MLS). */
  readonly isCellTable?: boolean;
}

/**
 * Streams the features of a file, whatever its dialect (told by content), row by row. The values of a row are those
 * of `fields`, in their order. Findings about single features are collected; the reading goes on.
 * @throws InputError where the file cannot be read on, or the findings are full.
 */
export async function readFeatures(path: string, options: ReadFeaturesOptions): Promise<FeatureFileFacts> {
  const { file, onProgress } = options;
  const head = await readHead(path, file, HEAD_BYTES);
  const binary = binaryKindOf(head);
  const inner = withOwnIds(options);
  const { fields } = inner;
  if (binary !== null) return readBinaryFeatures(path, binary, inner);
  const dialect = textDialectOf(head, file);
  const reader = textReader(dialect, inner);
  const started = performance.now();
  const { sha256, compression } = await readBytes(
    path,
    file,
    (chunk) => reader.push(chunk),
    onProgress === undefined
      ? undefined
      : ({ bytesRead, fileBytes }) => {
          onProgress(progressOf(file, reader.count, bytesRead, fileBytes, performance.now() - started));
        },
  );
  reader.end();
  return {
    file: basename(file),
    sha256,
    dialect: dialectName(reader.isCellTable === true ? 'csv-cells' : dialect, compression),
    featuresRead: reader.count,
    identifiersDropped: fields.identifiersDropped,
    propertyNames: fields.namesMet,
  };
}

function dialectName(dialect: string, compression: string): string {
  return compression === 'none' ? dialect : `${dialect}+${compression}`;
}

/** Features of text that is already in memory, in pieces as they would come from a file: what `readFeatures` does after decompression. */
export function parseFeatures(
  pieces: readonly Uint8Array[],
  options: ReadFeaturesOptions,
): { readonly featuresRead: number; readonly dialect: TextDialect } {
  const { file } = options;
  const inner = withOwnIds(options);
  const dialect = textDialectOf(pieces[0] ?? new Uint8Array(), file);
  const text = textReader(dialect, inner);
  for (const piece of pieces) text.push(piece);
  text.end();
  return { featuresRead: text.count, dialect };
}

type MappedOptions = Omit<ReadFeaturesOptions, 'fields'> & { readonly fields: FieldMap };

async function readBinaryFeatures(
  path: string,
  kind: BinaryKind,
  options: MappedOptions,
): Promise<FeatureFileFacts> {
  const { file, fields, findings, onRow, onProgress, rasterCellM = 100 } = options;
  const parser = new FeatureParser({ file, fields, findings, onRow });
  const { sha256, compression } = await readBytes(path, file, () => undefined);
  if (compression !== 'none') {
    throw new InputError(`is ${kind} inside ${compression}.`, {
      code: 'binary-packed',
      file,
      hint: 'Unpack it first.',
    });
  }
  const started = performance.now();
  for await (const record of readBinary(kind, { path, file, rasterCellM })) {
    parser.accept(record);
    if (parser.count % RECORDS_A_TURN !== 0 || onProgress === undefined) continue;
    const perSecond = Math.round(parser.count / Math.max((performance.now() - started) / 1000, 1e-3));
    const message = `${basename(file)}: ${parser.count.toLocaleString('en')} features, ${perSecond.toLocaleString('en')}/s`;
    onProgress({ stage: 'read', message });
    await turn();
  }
  return {
    file: basename(file),
    sha256,
    dialect: kind,
    featuresRead: parser.count,
    identifiersDropped: fields.identifiersDropped,
    propertyNames: fields.namesMet,
  };
}

/** The fields asked for and, last, an `id` among the properties for features that have none of their own. */
function withOwnIds(options: ReadFeaturesOptions): MappedOptions {
  const fields = new FieldMap([...options.fields, { names: ['id'], anyCase: true }]);
  const idField = options.fields.length;
  const onRow = (row: FeatureRow): void => {
    row.id ??= textOf(row.values[idField]);
    options.onRow(row);
  };
  return { ...options, fields, onRow };
}

/** The reader of a dialect behind a check that it is fed UTF-8. */
function textReader(dialect: TextDialect, options: MappedOptions): ChunkReader {
  const utf8 = new Utf8Check(options.file);
  const reader = createReader(dialect, options);
  return {
    push: (chunk) => {
      utf8.push(chunk);
      reader.push(chunk);
    },
    end: () => {
      utf8.end();
      reader.end();
    },
    get count() {
      return reader.count;
    },
    get isCellTable() {
      return reader.isCellTable ?? false;
    },
  };
}

function createReader(dialect: TextDialect, options: MappedOptions): ChunkReader {
  const { file, findings, fields, onRow, fastPoints = true } = options;
  if (dialect === 'csv' || dialect === 'tsv') return new TableReader({ file, fields, findings, onRow });
  const parser = new FeatureParser({ file, fields, findings, onRow, fastPoints });
  const reader =
    dialect === 'geojson'
      ? new CollectionReader(parser, findings, file)
      : new RecordReader(parser, file, dialect);
  return {
    push: (chunk) => reader.push(chunk),
    end: () => reader.end(),
    get count() {
      return parser.count;
    },
  };
}

function progressOf(
  file: string,
  features: number,
  bytesRead: number,
  fileBytes: number,
  elapsedMs: number,
): { stage: string; fraction?: number; message: string } {
  const rate = bytesRead / 1048576 / Math.max(elapsedMs / 1000, 1e-3);
  const message = `${basename(file)}: ${features.toLocaleString('en')} features, ${rate.toFixed(0)} MB/s`;
  return fileBytes > 0
    ? { stage: 'read', fraction: bytesRead / fileBytes, message }
    : { stage: 'read', message };
}
