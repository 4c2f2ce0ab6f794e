import { InputError } from '../../errors.ts';
import { sharedFloat64, sharedUint32, sharedUint8 } from '../../geo/shared-array.ts';
import { nobodyServed, ownLocations, type InstanceDraft } from './draft.ts';

/**
 * The two whitespace-separated layouts of OR-Library (J. E. Beasley, people.brunel.ac.uk/~mastjjb/jeb/info.html):
 * `scp`: rows, columns, the cost of every column, then per row the number of columns that cover it and their numbers;
 * `rail`: rows, columns, then per column its cost, the number of rows it covers and their numbers. Numbers are 1-based.
 */
export type OrLibraryLayout = 'scp' | 'rail';

/** Everything after the header, with the line of each number kept for messages only where it is needed. */
export interface NumberList {
  readonly values: Float64Array;
  /** 1-based line on which number `index` stands. */
  lineOf(index: number): number;
}

/** A layout that does not fit: which number, and why. */
export interface Misfit {
  readonly message: string;
  readonly line: number;
}

/**
 * Reads numbers split by white space, across chunk borders.
 *
 * @throws InputError at the first field that is no number.
 */
export async function readNumbers(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  onNumbers?: (count: number) => void,
): Promise<NumberList> {
  let values = new Float64Array(1 << 14);
  let count = 0;
  let line = 1;
  const numbersBeforeLine: number[] = [0, 0];
  let field = '';
  const finish = (): void => {
    const value = Number(field);
    if (!/^[+-]?[\d.]+(?:[eE][+-]?\d+)?$/.test(field) || !Number.isFinite(value)) {
      throw notANumber(file, line, field);
    }
    if (count === values.length) {
      const larger = new Float64Array(values.length * 2);
      larger.set(values);
      values = larger;
    }
    values[count++] = value;
    field = '';
  };
  // Plain digits, nearly all there is, are summed up here; anything else is spelled out and parsed by `finish`.
  let whole = -1;
  const push = (value: number): void => {
    field = '0';
    finish();
    values[count - 1] = value;
  };
  for await (const chunk of chunks) {
    onNumbers?.(count);
    for (const byte of chunk) {
      const digit = byte - 48;
      if (digit >= 0 && digit <= 9 && field === '' && whole < 1e14) {
        whole = whole < 0 ? digit : whole * 10 + digit;
      } else if (byte <= 32) {
        if (whole >= 0) push(whole);
        else if (field !== '') finish();
        whole = -1;
        if (byte === 10) numbersBeforeLine[++line] = count;
      } else {
        if (whole >= 0) field = String(whole);
        whole = -1;
        field += String.fromCharCode(byte);
        if (field.length > 64) throw notANumber(file, line, field);
      }
    }
  }
  if (whole >= 0) push(whole);
  else if (field !== '') finish();
  return {
    values: values.subarray(0, count),
    lineOf: (index) => {
      let at = line;
      while (at > 1 && numbersBeforeLine[at]! > index) at--;
      return at;
    },
  };
}

function notANumber(file: string, line: number, field: string): InputError {
  const printable = field.replace(/[^\x20-\x7e]/g, '?').slice(0, 24);
  return new InputError(`"${printable}" is not a number.`, {
    code: 'not-a-number',
    file,
    feature: `line ${line}`,
    hint: 'OR-Library files hold numbers and white space only.',
  });
}

/** The problem that the numbers state in this layout (every row to be covered), or why they do not fit it. */
export function parseOrLibrary(
  file: string,
  numbers: NumberList,
  layout: OrLibraryLayout,
): InstanceDraft | Misfit {
  const header = parseHeader(numbers);
  if ('message' in header) return header;
  const { rows, columns } = header;
  const siteCost = sharedFloat64(columns);
  const siteStart = sharedUint32(columns + 1);
  const lists =
    layout === 'scp'
      ? listsByRow(numbers, rows, columns, siteCost)
      : listsByColumn(numbers, rows, columns, siteCost);
  if ('message' in lists) return lists;
  const demandOfSite =
    layout === 'scp'
      ? columnsOfRows(numbers, lists, columns, siteStart)
      : rowsOfColumns(numbers, lists, siteStart);
  if ('message' in demandOfSite) return demandOfSite;
  return {
    file,
    coverage: { siteCount: columns, demandCount: rows, siteStart, demandOfSite },
    siteIds: Array.from({ length: columns }, (_, column) => String(column + 1)),
    siteCost,
    siteStatus: sharedUint8(columns),
    siteLocation: ownLocations(columns),
    conflicts: sharedUint32(0),
    periods: ['all'],
    users: [new Float64Array(rows).fill(1)],
    usersDecimals: 0,
    servedToday: nobodyServed(1, rows),
    phases: [
      {
        name: 'full cover',
        targets: [{ period: 0, region: null, members: null, share: { numerator: 1, denominator: 1 } }],
      },
    ],
    budget: null,
    phaseOrder: 'nested',
  };
}

function parseHeader(numbers: NumberList): { rows: number; columns: number } | Misfit {
  const [rows, columns] = numbers.values;
  const isCount = (value: number | undefined): value is number =>
    value !== undefined && Number.isInteger(value) && value >= 1 && value <= 0x7fffffff;
  if (!isCount(rows) || !isCount(columns)) {
    return { message: 'the file must begin with the number of rows and the number of columns.', line: 1 };
  }
  // Each row and each column takes at least one number, so a header that promises more is refused before allocating.
  if (rows + columns > numbers.values.length) {
    return {
      message: `the header says ${rows} rows and ${columns} columns, but the file ends before.`,
      line: 1,
    };
  }
  return { rows, columns };
}

/** Where each list of indices begins and ends in the numbers, checked to lie in 1..limit. */
interface Lists {
  readonly from: Float64Array;
  readonly to: Float64Array;
}

function listsByRow(numbers: NumberList, rows: number, columns: number, cost: Float64Array): Lists | Misfit {
  const { values } = numbers;
  for (let column = 0; column < columns; column++) {
    const misfit = costMisfit(numbers, 2 + column, `column ${column + 1}`);
    if (misfit !== null) return misfit;
    cost[column] = values[2 + column]!;
  }
  return sliceLists(numbers, 2 + columns, rows, columns, 'row', 'column', null);
}

function listsByColumn(
  numbers: NumberList,
  rows: number,
  columns: number,
  cost: Float64Array,
): Lists | Misfit {
  return sliceLists(numbers, 2, columns, rows, 'column', 'row', cost);
}

function sliceLists(
  numbers: NumberList,
  start: number,
  listCount: number,
  limit: number,
  owner: string,
  item: string,
  cost: Float64Array | null,
): Lists | Misfit {
  const { values, lineOf } = numbers;
  const from = new Float64Array(listCount);
  const to = new Float64Array(listCount);
  let at = start;
  for (let list = 0; list < listCount; list++) {
    const name = `${owner} ${list + 1}`;
    if (cost !== null) {
      const misfit = costMisfit(numbers, at, name);
      if (misfit !== null) return misfit;
      cost[list] = values[at++]!;
    }
    const length = values[at];
    if (length === undefined) return { message: `the file ends before ${name}.`, line: lineOf(at - 1) };
    if (!Number.isInteger(length) || length < 0 || length > limit) {
      return {
        message: `${name} says it lists ${length} ${item}s; 0 to ${limit} are possible.`,
        line: lineOf(at),
      };
    }
    if (at + length >= values.length) {
      return { message: `the file ends inside ${name}.`, line: lineOf(values.length - 1) };
    }
    from[list] = at + 1;
    at += length + 1;
    to[list] = at;
    for (let index = from[list]!; index < at; index++) {
      const value = values[index]!;
      if (Number.isInteger(value) && value >= 1 && value <= limit) continue;
      return {
        message: `${name} lists ${item} ${value}; there are ${item}s 1 to ${limit}.`,
        line: lineOf(index),
      };
    }
  }
  if (at < values.length) {
    return {
      message: `${values.length - at} numbers are left over after the last ${owner}.`,
      line: lineOf(at),
    };
  }
  return { from, to };
}

function costMisfit(numbers: NumberList, index: number, name: string): Misfit | null {
  const cost = numbers.values[index];
  if (cost !== undefined && cost > 0) return null;
  const line = numbers.lineOf(Math.min(index, numbers.values.length - 1));
  if (cost === undefined) return { message: `the file ends before the cost of ${name}.`, line };
  return { message: `the cost of ${name} must be greater than 0, got ${cost}.`, line };
}

/** Transposes the rows' lists into columns; rows come out ascending. */
function columnsOfRows(
  numbers: NumberList,
  rows: Lists,
  columns: number,
  siteStart: Uint32Array,
): Uint32Array | Misfit {
  const { values } = numbers;
  const rowCount = rows.from.length;
  for (let row = 0; row < rowCount; row++) {
    for (let at = rows.from[row]!; at < rows.to[row]!; at++) siteStart[values[at]!]!++;
  }
  for (let column = 0; column < columns; column++) siteStart[column + 1]! += siteStart[column]!;
  const next = siteStart.slice(0, columns);
  const demandOfSite = sharedUint32(siteStart[columns]!);
  for (let row = 0; row < rowCount; row++) {
    for (let at = rows.from[row]!; at < rows.to[row]!; at++) {
      const column = values[at]! - 1;
      const place = next[column]!;
      if (place > siteStart[column]! && demandOfSite[place - 1] === row) {
        return { message: `row ${row + 1} lists column ${column + 1} twice.`, line: numbers.lineOf(at) };
      }
      demandOfSite[place] = row;
      next[column] = place + 1;
    }
  }
  return demandOfSite;
}

function rowsOfColumns(numbers: NumberList, columns: Lists, siteStart: Uint32Array): Uint32Array | Misfit {
  const columnCount = columns.from.length;
  for (let column = 0; column < columnCount; column++) {
    siteStart[column + 1] = siteStart[column]! + (columns.to[column]! - columns.from[column]!);
  }
  const demandOfSite = sharedUint32(siteStart[columnCount]!);
  for (let column = 0; column < columnCount; column++) {
    const list = numbers.values.slice(columns.from[column], columns.to[column]).sort();
    for (let at = 0; at < list.length; at++) {
      if (at > 0 && list[at] === list[at - 1]) {
        return {
          message: `column ${column + 1} lists row ${list[at]} twice.`,
          line: numbers.lineOf(columns.from[column]!),
        };
      }
      demandOfSite[siteStart[column]! + at] = list[at]! - 1;
    }
  }
  return demandOfSite;
}
