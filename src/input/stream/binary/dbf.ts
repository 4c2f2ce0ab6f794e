import { readFile, stat } from 'node:fs/promises';
import { InputError } from '../../../errors.ts';
import { unreadable } from '../../file-errors.ts';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly from: number;
  readonly to: number;
}

/** Of .prj and .cpg: real ones have less than 10 kB. */
const LARGEST_TEXT_BYTES = 2 ** 20;
/** dBASE itself ends at 2 GB, as does a buffer of Node. */
const LARGEST_TABLE_BYTES = 2 ** 31 - 1;
const HEADER_BYTES = 32;

/** The text of a small file beside a shapefile. */
export async function smallText(path: string, file: string): Promise<string> {
  return (await readWhole(path, file, LARGEST_TEXT_BYTES)).toString('utf8');
}

/**
 * Reads an attribute table (dBASE III) whole, it is small beside the shapes, and hands out the properties of a record.
 * @throws InputError for a table that is cut off, and later for a record that it does not have
 */
export async function openAttributes(
  path: string,
  encoding: string | null,
  file: string,
): Promise<(index: number) => Record<string, unknown>> {
  const refuse = (message: string): InputError =>
    new InputError(message, {
      code: 'shapefile-dbf',
      file,
      hint: 'Copy .shp and .dbf again, from the same place.',
    });
  const bytes = await readWhole(path, file, LARGEST_TABLE_BYTES);
  const named = encoding === null ? 'latin1' : (await smallText(encoding, file)).trim();
  if (bytes.length < HEADER_BYTES) throw refuse('has a .dbf beside it that is cut off.');
  const decoder = new TextDecoder(/utf-?8/i.test(named) ? 'utf-8' : 'latin1');
  const rows = bytes.readUInt32LE(4);
  const start = bytes.readUInt16LE(8);
  const rowBytes = bytes.readUInt16LE(10);
  // Some programs leave out the mark at the end, none a part of a row.
  if (start + rows * rowBytes > bytes.length) throw refuse('has a .dbf beside it that is cut off.');
  const columns = columnsOf(bytes, start, decoder);
  if (columns.some(({ to }) => to > rowBytes)) {
    throw refuse('has a .dbf beside it whose columns are longer than its rows.');
  }
  return (index) => {
    if (index >= rows) throw refuse(`has more shapes than its .dbf has rows (${rows}).`);
    const at = start + index * rowBytes;
    return Object.fromEntries(
      columns.map(({ name, type, from, to }) => {
        const text = decoder.decode(bytes.subarray(at + from, at + to)).trim();
        if (text === '' || /^\*+$/.test(text)) return [name, null];
        return [name, type === 'N' || type === 'F' ? Number(text) : text];
      }),
    );
  };
}

function columnsOf(bytes: Buffer, start: number, decoder: InstanceType<typeof TextDecoder>): Column[] {
  const columns: Column[] = [];
  let from = 1;
  for (let at = HEADER_BYTES; at + 32 <= start && bytes[at] !== 0x0d; at += 32) {
    const name = decoder
      .decode(bytes.subarray(at, at + 11))
      .replace(/\0.*$/s, '')
      .trim();
    const to = from + (bytes[at + 16] ?? 0);
    columns.push({ name, type: String.fromCharCode(bytes[at + 11] ?? 0), from, to });
    from = to;
  }
  return columns;
}

async function readWhole(path: string, file: string, limit: number): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > limit) throw new RangeError(`a file beside it has ${size} bytes`);
    return await readFile(path);
  } catch (error) {
    throw unreadable(file, error);
  }
}
