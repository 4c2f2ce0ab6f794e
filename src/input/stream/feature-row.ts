import type { Geometry } from 'geojson';

/** One feature as the readers hand it over; the same object is filled again for the next one. */
export interface FeatureRow {
  /** 0-based place in the file. */
  index: number;
  /** 1-based line in text formats; 0 where lines mean nothing. */
  line: number;
  /** As text, whatever type the file has; null when the feature has none. */
  id: string | null;
  /** Of a point, degrees as written (unchecked); NaN for other geometries. */
  lon: number;
  lat: number;
  /** Geometries other than a point; null for a point. */
  geometry: Exclude<Geometry, { type: 'Point' }> | null;
  /** One value per wanted field: undefined where the feature has none, null where it says null. */
  values: unknown[];
}

export function createFeatureRow(fieldCount: number): FeatureRow {
  return {
    index: 0,
    line: 0,
    id: null,
    lon: NaN,
    lat: NaN,
    geometry: null,
    values: new Array<unknown>(fieldCount).fill(undefined),
  };
}

/** `feature 12 (id "K-07")`, or `line 4` in text formats. */
export function whereOf(row: Pick<FeatureRow, 'index' | 'line' | 'id'>): string {
  const place = row.line > 0 ? `line ${row.line}` : `feature ${row.index}`;
  return row.id === null ? place : `${place} (id ${JSON.stringify(shorten(row.id))})`;
}

/** A value as a message shows it: short, on one line, without control characters. */
export function showValue(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return shorten(JSON.stringify(value) ?? String(value));
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

const NUMBER_TEXT = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;

/** A number, or text that is one; undefined when there is nothing (null, blank), NaN when it is something else. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') return NaN;
  if (value.trim() === '') return undefined;
  return NUMBER_TEXT.test(value) ? Number(value) : NaN;
}

/** Text as it is, numbers and booleans as text; null when there is nothing. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}
