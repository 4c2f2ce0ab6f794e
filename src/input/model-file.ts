import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { schemaWords } from './schema-words.ts';
import type { SpmParameters } from '../radio/spm.ts';
import { unreadable } from './file-errors.ts';
import type { InputFileSummary } from './types.ts';

const finite = z.number();
const statistics = z.looseObject({ samples: z.number().int(), biasDb: finite, sdDb: finite, rmseDb: finite });

/** `mastplan-model`, version 1: a calibrated propagation model as `mastplan calibrate` writes it. */
export const modelFileSchema = z.looseObject({
  format: z.literal('mastplan-model'),
  version: z.literal(1),
  name: z.string(),
  form: z.enum(['log-distance', 'spm']).describe('log-distance: K1 + K2 lg d; spm: K1 ... K6.'),
  status: z.enum(['calibrated', 'too-little-data']),
  frequencyMhz: z.number().positive(),
  offset: z
    .enum(['common', 'per-site'])
    .describe('per-site: the measured levels were relative, K1 is not absolute and new sites cannot use it.'),
  parameters: z
    .record(z.string(), z.strictObject({ value: finite, low: finite, high: finite }))
    .describe('Fitted value and 95 % interval; losses in dB, distances in metres.'),
  sigmaDb: z.number().positive().describe('Standard deviation to plan with: blocked cross-validation, dB.'),
  ranges: z.strictObject({
    distanceM: z.tuple([finite, finite]),
    txHeightM: z.tuple([finite, finite]),
  }),
  terrain: z
    .strictObject({ stepM: finite, clutter: z.boolean() })
    .nullish()
    .describe('Fitted over terrain (and with clutter classes): predictions need both again.'),
  errors: statistics.nullable(),
});

export type ModelFile = z.output<typeof modelFileSchema>;

export interface ModelInput {
  readonly model: ModelFile;
  readonly summary: InputFileSummary;
}

/**
 * Reads a calibrated model.
 * @param path file to read, @param shown the name messages use
 * @throws InputError naming what is wrong: not JSON, not a model of ours, a later version, a model that cannot be used
 */
export async function readModelFile(path: string, shown: string = path): Promise<ModelInput> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(shown, error);
  }
  const model = parseModelFile(text, shown);
  if (model.status !== 'calibrated') {
    throw new InputError('holds no calibrated model: there was too little data.', {
      code: 'model-uncalibrated',
      file: shown,
      hint: 'Name a published model in radio.model, or calibrate with more measurements.',
    });
  }
  if (model.offset === 'per-site') {
    throw new InputError('was fitted to relative levels: its offset is unknown for new sites.', {
      code: 'model-relative',
      file: shown,
      hint: 'Calibrate with RSRP or path loss measurements.',
    });
  }
  const summary: InputFileSummary = {
    role: 'model',
    file: basename(shown),
    sha256: createHash('sha256').update(text).digest('hex'),
    dialect: 'mastplan-model',
    featuresRead: 1,
    setAside: {},
    identifiersDropped: {},
  };
  return { model, summary };
}

/** Checks the text of a model file; every status passes. */
export function parseModelFile(text: string, shown: string): ModelFile {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new InputError('is not JSON.', {
      code: 'model-syntax',
      file: shown,
      hint: 'A model file is written by mastplan calibrate.',
    });
  }
  const parsed = modelFileSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw new InputError(
    `is not a mastplan-model of version 1${where}: ${issue === undefined ? 'unknown shape' : schemaWords(issue.message)}.`,
    {
      code: 'model-shape',
      file: shown,
      hint: 'A model file is written by mastplan calibrate.',
    },
  );
}

/** What binding a calibrated model needs beside the link. */
export interface ModelFileChoice {
  readonly id: 'log-distance' | 'spm';
  /** Path loss exponent, for `log-distance`. */
  readonly exponent: number | undefined;
  /** K1 ... K6, for `spm`. */
  readonly spm: SpmParameters | undefined;
  /** Intercept at 1 m, dB, for `log-distance`. */
  readonly interceptDb: number;
  readonly sigmaDb: number;
}

/** The parameters in the form the radio layer binds. */
export function modelFileChoice(model: ModelFile): ModelFileChoice {
  const value = (name: string): number => model.parameters[name]?.value ?? 0;
  const common = { sigmaDb: model.sigmaDb, interceptDb: value('K1') };
  if (model.form === 'log-distance') {
    return { ...common, id: 'log-distance', exponent: value('K2') / 10, spm: undefined };
  }
  return {
    ...common,
    id: 'spm',
    exponent: undefined,
    spm: {
      k1: value('K1'),
      k2: value('K2'),
      k3: value('K3'),
      k4: value('K4'),
      k5: value('K5'),
      k6: value('K6'),
      clutterDb: clutterLosses(model),
      fittedAtMhz: model.frequencyMhz,
    },
  };
}

const CLUTTER_TERM = /^clutter (\d+)$/;

/** [class] fitted loss of a user's clutter class, dB; 0 for the class the others are counted from. */
function clutterLosses({ parameters }: ModelFile): number[] {
  const terms = Object.entries(parameters).flatMap(([name, { value }]): [number, number][] => {
    const match = CLUTTER_TERM.exec(name);
    return match === null ? [] : [[Number(match[1]), value]];
  });
  if (terms.length === 0) return [];
  const losses = new Array<number>(Math.max(...terms.map(([code]) => code)) + 1).fill(0);
  for (const [code, value] of terms) losses[code] = value;
  return losses;
}
