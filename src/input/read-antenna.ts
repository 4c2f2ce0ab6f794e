import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { InputError } from '../errors.ts';
import { AntennaFileError, parseAntennaFile, type AntennaFile } from '../radio/antenna-file.ts';
import { unreadable } from './file-errors.ts';
import type { InputFileSummary } from './types.ts';

export interface AntennaInput {
  readonly antenna: AntennaFile;
  readonly summary: InputFileSummary;
}

/**
 * Reads an antenna file (MSI / Planet text, `.msi` or `.ant`).
 *
 * @param path file to read, @param shown the name messages use
 * @throws InputError naming the line and what would be right
 */
export async function readAntenna(path: string, shown: string = path): Promise<AntennaInput> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(shown, error);
  }
  try {
    const antenna = parseAntennaFile(text);
    const summary: InputFileSummary = {
      role: 'antenna',
      file: basename(shown),
      sha256: createHash('sha256').update(text).digest('hex'),
      dialect: 'msi-planet',
      featuresRead: 1,
      setAside: {},
      identifiersDropped: {},
    };
    return { antenna, summary };
  } catch (error) {
    if (!(error instanceof AntennaFileError)) throw error;
    throw new InputError(error.problem, {
      code: 'antenna-file',
      file: shown,
      ...(error.line !== null && { feature: `line ${error.line}` }),
      hint: 'An antenna file has the blocks HORIZONTAL 360 and VERTICAL 360, each with one "angle attenuation" line a degree.',
    });
  }
}
