/**
 * Tables of radio cells as OpenCelliD and the Mozilla Location Service publish them: one row a cell. Files by country
 * come without a header. Column names: OpenCelliD wiki, "Database format"; MLS cell export, the same columns.
 */
export const CELL_TABLE_COLUMNS = [
  'radio',
  'mcc',
  'net',
  'area',
  'cell',
  'unit',
  'lon',
  'lat',
  'range',
  'samples',
  'changeable',
  'created',
  'updated',
  'averageSignal',
] as const;

/** A row of such a table: radio, then whole numbers for country, network, area and cell. */
const CELL_ROW = /^"?(GSM|CDMA|UMTS|LTE|NR)"?,\d+,\d+,\d+,\d+,-?\d*,-?\d+(\.\d+)?,-?\d+(\.\d+)?,/;

/** True for the first line of a cell table without header. */
export function isCellRow(line: string): boolean {
  return CELL_ROW.test(line);
}

/** True where these columns (or properties) are those of a cell table. */
export function isCellTable(columns: readonly string[]): boolean {
  const lower = new Set(columns.map((name) => name.toLowerCase()));
  return ['radio', 'mcc', 'net', 'area', 'cell'].every((name) => lower.has(name));
}
