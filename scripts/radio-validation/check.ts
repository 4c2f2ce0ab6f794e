/** How reference files are checked: a row in, what was expected and what mastplan says out. */

/** One line of a CSV by column name. */
export type Row = Readonly<Record<string, string>>;

/** One number of a row against ours. */
export interface Comparison {
  readonly what: string;
  readonly expected: number;
  readonly got: number;
  /** Largest allowed absolute difference, inclusive. */
  readonly tolerance: number;
}

/** Files beside the one being checked (profiles, official path files). */
export interface ReferenceFolder {
  /** The file's text, or null when the folder lacks it. `name` is relative to the folder. */
  text(name: string): string | null;
}

/** A reference file we know how to check. */
export interface FileCheck {
  /** Path relative to the folder. */
  readonly file: string;
  /** Columns that must be there; checked before the first row. Unused with `readRows`. */
  readonly columns: readonly string[];
  /** For files that are not a plain header-and-rows CSV. */
  readonly readRows?: (text: string) => readonly Row[];
  /** All comparisons of one row; a row is within tolerance when each of them is. Throws when the row cannot be read. */
  readonly check: (row: Row, folder: ReferenceFolder, index: number) => readonly Comparison[];
}

/** Splits a CSV without quoted fields (none of the reference files has any) into rows by header name. */
export function parseTable(text: string): Row[] {
  const lines = text.split(/\r\n|\n/).filter((line) => line.trim() !== '');
  const header = (lines[0] ?? '').split(',').map((name) => name.trim());
  return lines.slice(1).map((line) => {
    const fields = line.split(',');
    return Object.fromEntries(header.map((name, i) => [name, (fields[i] ?? '').trim()]));
  });
}

/** A number column; throws with the column's name. */
export function numberOf(row: Row, column: string): number {
  const text = row[column];
  const value = Number(text);
  if (text === undefined || text === '' || !Number.isFinite(value)) {
    throw new Error(
      `column ${column} must hold a number, got ${text === undefined ? 'nothing' : `"${text}"`}`,
    );
  }
  return value;
}

/** A number column that may be empty. */
export function numberOr(row: Row, column: string, fallback: number): number {
  return (row[column] ?? '') === '' ? fallback : numberOf(row, column);
}

/** A text column; throws with the column's name. */
export function textOf(row: Row, column: string): string {
  const text = row[column];
  if (text === undefined) throw new Error(`column ${column} is missing`);
  return text;
}

/** Reads `a=1;b=2` as numbers. */
export function settingsOf(text: string): Record<string, number> {
  const pairs = text.split(';').filter((part) => part.includes('='));
  return Object.fromEntries(pairs.map((part) => part.split('=')).map(([key, value]) => [key, Number(value)]));
}

/** A setting by name; throws when it is missing. */
export function settingOf(settings: Readonly<Record<string, number>>, key: string): number {
  const value = settings[key];
  if (value === undefined || !Number.isFinite(value)) throw new Error(`setting ${key} is missing`);
  return value;
}
