import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { formatOf, isTableFormat, type ConvertFormat } from './conversion/format.ts';
import { surveyFile } from './conversion/survey.ts';
import { writeTable } from './conversion/write-table.ts';
import { writeText } from './conversion/write-text.ts';
import { InputError } from './errors.ts';
import { DEFAULT_MAX_ERRORS } from './input/findings.ts';
import { untilAborted, type ProgressListener } from './progress.ts';

export type { ConvertFormat } from './conversion/format.ts';

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
  if (packed && isTableFormat(to)) {
    throw new InputError(`${basename(output)}: ${to} is packed already.`, {
      code: 'output-format',
      hint: 'Leave .gz out.',
    });
  }
  const { signal } = options;
  const onProgress = untilAborted(options.onProgress, signal);
  const onWritten: ProgressListener = (event) => onProgress?.({ ...event, stage: 'write' });
  const survey = await surveyFile(input, options.maxErrors ?? DEFAULT_MAX_ERRORS, onProgress);
  const part = `${output}.part`;
  try {
    if (isTableFormat(to)) await writeTable(input, part, to, survey, { output, onProgress: onWritten });
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
