import { readFile } from 'node:fs/promises';
import { inferSchema, initParser } from 'udsv';
import { InputError } from '../errors.ts';
import { unreadable } from './file-errors.ts';
import type { Findings } from './findings.ts';
import { nearestKey } from './nearest-key.ts';

/** One row of a table of links; NaN and null where the row says nothing and the run's own value holds. */
export interface LinkRow {
  readonly id: string;
  readonly line: number;
  readonly txLon: number;
  readonly txLat: number;
  readonly rxLon: number;
  readonly rxLat: number;
  readonly txHeightM: number;
  readonly rxHeightM: number;
  readonly frequencyMhz: number;
  readonly eirpDbm: number;
  readonly azimuthDeg: number;
  readonly tiltDeg: number;
  readonly model: string | null;
}

const REQUIRED = ['tx_lon', 'tx_lat', 'rx_lon', 'rx_lat'] as const;
const OPTIONAL = [
  'id',
  'tx_height_m',
  'rx_height_m',
  'frequency_mhz',
  'eirp_dbm',
  'azimuth_deg',
  'tilt_deg',
  'model',
] as const;
const COLUMNS: readonly string[] = [...REQUIRED, ...OPTIONAL];

/**
 * Reads a table of links (CSV with a header). Columns: tx_lon, tx_lat, rx_lon, rx_lat, and where a link differs from
 * the run id, tx_height_m, rx_height_m, frequency_mhz, eirp_dbm, azimuth_deg, tilt_deg, model.
 *
 * @throws InputError when the file cannot be read or lacks a column; single rows are findings
 */
export async function readLinks(path: string, file: string, findings: Findings): Promise<LinkRow[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unreadable(file, error);
  });
  const body = text.replace(/^\uFEFF/, '');
  if (body.trim() === '') throw new InputError('is empty.', { code: 'no-features', file });
  const schema = inferSchema(body);
  const header = schema.cols.map(({ name }) => name.trim().toLowerCase());
  checkHeader(header, file);
  const rows = initParser(schema).stringArrs(body) as string[][];
  const links: LinkRow[] = [];
  rows.forEach((cells, index) => {
    const link = parseRow(header, cells, index + 2, file, findings);
    if (link !== null) links.push(link);
  });
  return links;
}

function checkHeader(header: readonly string[], file: string): void {
  const missing = REQUIRED.filter((name) => !header.includes(name));
  if (missing.length > 0) {
    const near = missing.map((name) => nearestKey(name, header)).find((name) => name !== null);
    throw new InputError(`lacks the column ${missing.join(', ')}.`, {
      code: 'column-missing',
      file,
      hint: `${near === undefined ? '' : `Is "${near}" meant? `}Known columns: ${COLUMNS.join(', ')}.`,
    });
  }
}

function parseRow(
  header: readonly string[],
  cells: readonly string[],
  line: number,
  file: string,
  findings: Findings,
): LinkRow | null {
  const errorsBefore = findings.errorCount;
  const text = (name: string): string => (cells[header.indexOf(name)] ?? '').trim();
  const number = (
    name: string,
    isRight: (value: number) => boolean,
    rule: string,
    required = false,
  ): number => {
    const given = text(name);
    if (given === '' && !required) return NaN;
    const value = Number(given);
    if (given !== '' && Number.isFinite(value) && isRight(value)) return value;
    findings.error(`${name} must be ${rule}, got "${given}".`, {
      code: 'link-value',
      file,
      feature: `line ${line}`,
    });
    return NaN;
  };
  const isLon = (value: number): boolean => Math.abs(value) <= 180;
  const isLat = (value: number): boolean => Math.abs(value) <= 90;
  const isHeight = (value: number): boolean => value > 0 && value <= 3000;
  const link: LinkRow = {
    id: text('id') === '' ? `line ${line}` : text('id'),
    line,
    txLon: number('tx_lon', isLon, 'a longitude in degrees', true),
    txLat: number('tx_lat', isLat, 'a latitude in degrees', true),
    rxLon: number('rx_lon', isLon, 'a longitude in degrees', true),
    rxLat: number('rx_lat', isLat, 'a latitude in degrees', true),
    txHeightM: number('tx_height_m', isHeight, 'above 0 and at most 3000 (metres)'),
    rxHeightM: number('rx_height_m', isHeight, 'above 0 and at most 3000 (metres)'),
    frequencyMhz: number('frequency_mhz', (f) => f > 0 && f <= 100_000, 'above 0 and at most 100000 (MHz)'),
    eirpDbm: number('eirp_dbm', (dbm) => Math.abs(dbm) <= 150, 'between -150 and 150'),
    azimuthDeg: number('azimuth_deg', (deg) => Math.abs(deg) <= 360, 'between -360 and 360'),
    tiltDeg: number('tilt_deg', (deg) => Math.abs(deg) <= 90, 'between -90 and 90'),
    model: text('model') === '' ? null : text('model'),
  };
  return findings.errorCount > errorsBefore ? null : link;
}
