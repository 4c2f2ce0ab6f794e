import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../errors.ts';
import { unreadable } from '../file-errors.ts';

/**
 * The text of a run's JSON: of a file, or of `report.json` in the folder of a run.
 * @throws InputError when it cannot be read
 */
export async function readRunFile(path: string): Promise<{ file: string; text: string }> {
  let file = path;
  try {
    if ((await stat(path)).isDirectory()) file = join(path, 'report.json');
    return { file, text: await readFile(file, 'utf8') };
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** @throws InputError naming the file when the text is not JSON */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`this is not JSON: ${(error as Error).message}.`, { code: 'json-syntax', file });
  }
}
