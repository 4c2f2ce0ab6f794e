import { inferSchema, initParser } from 'udsv';
import type { Parser, Schema } from 'udsv';
import { InputError } from '../../errors.ts';
import type { Findings } from '../findings.ts';
import { CELL_TABLE_COLUMNS, isCellRow, isCellTable } from './cell-table.ts';
import { positionColumns } from './columns.ts';
import type { PositionColumns } from './columns.ts';
import { bomLength, delimiterOf } from './dialect.ts';
import type { FeatureRow } from './feature-row.ts';
import { createFeatureRow, numberOf, showValue } from './feature-row.ts';
import type { FieldAction, FieldMap } from './fields.ts';

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const MAX_ROW_BYTES = 16 * 1024 * 1024;

export interface TableReaderOptions {
  readonly file: string;
  readonly fields: FieldMap;
  readonly findings: Findings;
  readonly onRow: (row: FeatureRow) => void;
  /** Default 16 MB. */
  readonly maxRowBytes?: number;
}

/**
 * Reads a table (CSV, TSV, or split by semicolon or bar) with longitude and latitude columns that arrives in chunks.
 * udsv splits the cells; it trusts every row to have all its cells, so rows are counted out before it sees them.
 */
export class TableReader {
  readonly #options: TableReaderOptions;
  readonly #row: FeatureRow;
  #rest: Buffer = Buffer.alloc(0);
  #first = true;
  #parser: Parser | null = null;
  #delimiter = 0x2c;
  #columns: readonly string[] = [];
  #actions: readonly FieldAction[] = [];
  #position: PositionColumns = { lon: 0, lat: 1 };
  #line = 1;
  #lines: number[] = [];
  /** Goes before the first rows: udsv passes the header over once. */
  #header = '';

  constructor(options: TableReaderOptions) {
    this.#options = options;
    this.#row = createFeatureRow(options.fields.fieldCount);
    this.#row.index = -1;
  }

  /** Rows met so far, sound or not. */
  get count(): number {
    return this.#row.index + 1;
  }

  /** True for a table of radio cells as OpenCelliD writes it. */
  get isCellTable(): boolean {
    return isCellTable(this.#columns);
  }

  push(chunk: Uint8Array): void {
    const plain = this.#first ? chunk.subarray(bomLength(chunk)) : chunk;
    this.#first = false;
    this.#rest = this.#wholeRows(Buffer.concat([this.#rest, plain]));
    const { maxRowBytes = MAX_ROW_BYTES } = this.#options;
    if (this.#rest.length > maxRowBytes) {
      throw new InputError(`line ${this.#line} is larger than ${maxRowBytes / 1048576} MB.`, {
        code: 'feature-too-large',
        file: this.#options.file,
        hint: 'A closing quote may be missing.',
      });
    }
  }

  end(): void {
    const { file } = this.#options;
    if (this.#rest.length > 0) this.#rest = this.#wholeRows(Buffer.concat([this.#rest, Buffer.of(NEWLINE)]));
    if (this.#rest.length > 0) {
      const hint = 'The file is cut off, or a quote is not closed.';
      throw new InputError(`line ${this.#line} opens a quote that is never closed.`, {
        code: 'file-truncated',
        file,
        hint,
      });
    }
    if (this.count === 0) throw new InputError('holds a header but no rows.', { code: 'no-features', file });
  }

  /** Hands over every whole row of the bytes and returns what is left. */
  #wholeRows(bytes: Buffer): Buffer {
    const good: Buffer[] = [];
    let from = 0;
    let goodFrom = 0;
    for (;;) {
      const row = this.#rowEnd(bytes, from);
      if (row === null) break;
      if (this.#parser === null) {
        const first = bytes.toString('utf8', from, row.end).trim();
        if (isCellRow(first)) {
          // Its columns are known: the row is data already.
          this.#readHeader(CELL_TABLE_COLUMNS.join(','));
          continue;
        }
        this.#readHeader(first);
        goodFrom = row.end;
      } else if (row.cells === this.#columns.length && !row.blank) {
        this.#lines.push(this.#line);
      } else {
        if (goodFrom < from) good.push(bytes.subarray(goodFrom, from));
        goodFrom = row.end;
        if (!row.blank) this.#ragged(row.cells);
      }
      this.#line += row.lines;
      from = row.end;
    }
    if (goodFrom < from) good.push(bytes.subarray(goodFrom, from));
    if (this.#parser !== null && good.length > 0) {
      const text = (good.length === 1 ? good[0]! : Buffer.concat(good)).toString('utf8');
      this.#parse(this.#parser, text);
    }
    return Buffer.from(bytes.subarray(from));
  }

  /** The row that starts at `from`, or null while its end has not arrived. */
  #rowEnd(bytes: Buffer, from: number): { end: number; cells: number; blank: boolean; lines: number } | null {
    const delimiter = this.#delimiter;
    let cells = 1;
    let quoted = false;
    let lines = 1;
    let blank = true;
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte === NEWLINE) {
        if (!quoted) return { end: at + 1, cells, blank, lines };
        lines++;
      } else if (byte === QUOTE) quoted = !quoted;
      else if (byte === delimiter && !quoted) cells++;
      if (byte > 0x20) blank = false;
    }
    return null;
  }

  #readHeader(header: string): void {
    const { file, fields } = this.#options;
    const sign = delimiterOf(header);
    this.#delimiter = sign.charCodeAt(0);
    const schema = schemaOf(header, sign, file);
    this.#columns = schema.cols.map(({ name }) => name.trim());
    const position = positionColumns(this.#columns);
    if (position === null) {
      throw new InputError(
        `has no longitude and latitude columns; its columns are ${this.#columns.slice(0, 12).join(', ')}.`,
        {
          code: 'no-position-columns',
          file,
          hint: 'Name them lon and lat (WGS 84 degrees).',
        },
      );
    }
    this.#position = position;
    this.#actions = this.#columns.map((name, column) =>
      column === position.lon || column === position.lat
        ? { field: -1, preference: 0 }
        : fields.actionOf(name),
    );
    this.#parser = initParser(schema);
    this.#header = `${header}
`;
  }

  #ragged(cells: number): void {
    this.#row.index++;
    this.#options.findings.error(`has ${cells} cells, the header has ${this.#columns.length}.`, {
      code: 'row-cells',
      file: this.#options.file,
      feature: `line ${this.#line}`,
    });
  }

  #parse(parser: Parser, text: string): void {
    const lines = this.#lines;
    this.#lines = [];
    let place = 0;
    const first = this.#header;
    this.#header = '';
    parser.chunk<string[]>(first + text, parser.stringArrs, (cells) => {
      this.#fill(cells, lines[place++] ?? 0);
    });
  }

  #fill(cells: readonly string[], line: number): void {
    const { fields, onRow } = this.#options;
    const row = this.#row;
    row.index++;
    row.line = line;
    row.id = null;
    row.values.fill(undefined);
    const lon = this.#degrees(cells[this.#position.lon] ?? '', 'longitude');
    const lat = this.#degrees(cells[this.#position.lat] ?? '', 'latitude');
    if (lon === null || lat === null) return;
    row.lon = lon;
    row.lat = lat;
    const preferences: number[] = [];
    for (let column = 0; column < this.#actions.length; column++) {
      const { field, preference, identifies } = this.#actions[column]!;
      const cell = cells[column]!;
      if (cell === '') continue;
      if (identifies === true) fields.countIdentifier(this.#columns[column]!);
      if (field < 0 || (preferences[field] ?? Infinity) < preference) continue;
      preferences[field] = preference;
      row.values[field] = cell;
    }
    onRow(row);
  }

  #degrees(cell: string, what: string): number | null {
    const value = numberOf(cell);
    if (value !== undefined && Number.isFinite(value)) return value;
    const { file, findings } = this.#options;
    const comma = /^-?\d+,\d+$/.test(cell.trim());
    findings.error(
      value === undefined ? `has no ${what}.` : `has ${what} ${showValue(cell)}, a number is expected.`,
      {
        code: 'position-missing',
        file,
        feature: `line ${this.#row.line}`,
        hint: comma ? 'Write decimals with a point.' : undefined,
      },
    );
    return null;
  }
}

/** udsv fails on quotes that open or close inside a name. */
function schemaOf(header: string, sign: string, file: string): Schema {
  try {
    return inferSchema(`${header}\n`, { col: sign, row: '\n', encl: '"', trim: true });
  } catch {
    throw new InputError('has a header whose quotes do not match.', {
      code: 'header-quotes',
      file,
      hint: 'A name that holds a quote is written in quotes, with the quote doubled.',
    });
  }
}
