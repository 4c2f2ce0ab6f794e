import type { Feature, Geometry } from 'geojson';
import { isFeature } from 'geojson-validation';
import type { Findings } from '../findings.ts';
import { findDuplicateKey } from './duplicate-key.ts';
import type { FeatureRow } from './feature-row.ts';
import { createFeatureRow, textOf, whereOf } from './feature-row.ts';
import type { FieldMap } from './fields.ts';
import { BalancedScan } from './json-scan.ts';
import { PointParser } from './point-parser.ts';

/** Nesting beyond this is no geometry: a multipolygon's coordinates lie seven brackets deep. */
export const MAX_DEPTH = 64;

export interface FeatureParserOptions {
  readonly file: string;
  readonly fields: FieldMap;
  readonly findings: Findings;
  readonly onRow: (row: FeatureRow) => void;
  /** Read plain points without JSON.parse (default true). */
  readonly fastPoints?: boolean;
}

/** What is wrong with the structure of a feature, or null. The library trips over rings without a first place. */
function structureProblem(feature: object): string | null {
  try {
    return isFeature(feature, true).at(-1) ?? null;
  } catch {
    return 'a ring is empty or does not begin with a position';
  }
}

/** Turns the bytes of one feature into a row: plain points straight from the bytes, the rest by JSON.parse. */
export class FeatureParser {
  readonly #options: FeatureParserOptions;
  readonly #row: FeatureRow;
  readonly #points: PointParser | null;
  readonly #scan = new BalancedScan();
  #count = 0;

  constructor(options: FeatureParserOptions) {
    this.#options = options;
    this.#row = createFeatureRow(options.fields.fieldCount);
    this.#points = options.fastPoints === false ? null : new PointParser(options.fields, this.#row);
  }

  /** Features met so far, sound or not. */
  get count(): number {
    return this.#count;
  }

  /**
   * See PointParser.parse: the offset after a plain point that was handed over, -1 for "more bytes", 0 for "no". In a
   * line (1-based; 0 = lines mean nothing) the point must end where the line ends.
   */
  tryPoint(buffer: Buffer, from: number, to: number, line: number): number {
    if (this.#points === null) return 0;
    const end = this.#points.parse(buffer, from, to);
    if (line > 0 && end !== to) return 0;
    if (end > 0) {
      this.#row.index = this.#count++;
      this.#row.line = line;
      this.#options.onRow(this.#row);
    }
    return end;
  }

  /** The bytes hold one whole feature. */
  parse(bytes: Buffer, line: number): void {
    const row = this.#row;
    row.index = this.#count++;
    row.line = line;
    row.id = null;
    this.#scan.reset();
    this.#scan.run(bytes, 0, bytes.length);
    if (this.#scan.maxDepth > MAX_DEPTH) {
      this.#error('nesting', `is nested ${this.#scan.maxDepth} deep; at most ${MAX_DEPTH} levels are read.`);
      return;
    }
    const text = bytes.toString('utf8');
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      this.#syntaxError(text, error);
      return;
    }
    const duplicate = findDuplicateKey(bytes, MAX_DEPTH);
    if (duplicate !== null) {
      this.#error('duplicate-key', `has the key ${JSON.stringify(duplicate)} twice.`, 'Keep one of them.');
      return;
    }
    if (this.#isFeature(value)) this.#fill(value);
  }

  /** A feature that is an object already. */
  accept(feature: unknown): void {
    this.#row.index = this.#count++;
    this.#row.line = 0;
    this.#row.id = null;
    if (this.#isFeature(feature)) this.#fill(feature);
  }

  /** An element of the list that is no object at all. */
  rejectElement(bytes: Buffer, line: number): void {
    this.#row.index = this.#count++;
    this.#row.line = line;
    this.#row.id = null;
    this.#error('not-a-feature', `is ${bytes.toString('utf8').slice(0, 40)}, not a feature.`);
  }

  #isFeature(value: unknown): value is Feature {
    const row = this.#row;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.#error('not-a-feature', 'is not a feature.');
      return false;
    }
    const { id, properties, geometry, type } = value as Record<string, unknown>;
    row.id = textOf(id) ?? textOf((properties as Record<string, unknown> | null | undefined)?.['id']);
    if (type !== 'Feature') {
      this.#error('not-a-feature', `has type ${JSON.stringify(type) ?? 'missing'}, "Feature" is expected.`);
      return false;
    }
    if (geometry === null || geometry === undefined) {
      this.#error('geometry-empty', 'has no geometry.', 'Give it coordinates or leave it out.');
      return false;
    }
    const problem = structureProblem(value);
    if (problem !== null) {
      this.#error('geometry-structure', `is not well formed: ${problem}.`, 'See RFC 7946.');
      return false;
    }
    return true;
  }

  #fill(feature: Feature): void {
    const row = this.#row;
    const geometry: Geometry = feature.geometry;
    const isPoint = geometry.type === 'Point';
    row.geometry = isPoint ? null : geometry;
    row.lon = isPoint ? (geometry.coordinates[0] ?? NaN) : NaN;
    row.lat = isPoint ? (geometry.coordinates[1] ?? NaN) : NaN;
    row.id = textOf(feature.id);
    fillValues(row, Object.entries(feature.properties ?? {}), this.#options.fields);
    this.#options.onRow(row);
  }

  #syntaxError(text: string, error: unknown): void {
    const word = /[:[,]\s*(-?(?:NaN|Infinity|nan|inf))\b/.exec(text)?.[1];
    if (word !== undefined) {
      this.#error('json-syntax', `holds ${word}, which JSON does not know.`, 'Use null or leave it out.');
      return;
    }
    const reason = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 120) : String(error);
    this.#error('json-syntax', `is not valid JSON (${reason}).`);
  }

  #error(code: string, message: string, hint?: string): void {
    const { file, findings } = this.#options;
    const place = whereOf(this.#row);
    findings.error(message, { code, file, feature: place, hint });
  }
}

/** Sorts named values into the row's wanted fields by preference; identifiers are counted, never kept. */
export function fillValues(
  row: FeatureRow,
  entries: Iterable<readonly [string, unknown]>,
  fields: FieldMap,
): void {
  row.values.fill(undefined);
  const preferences: number[] = [];
  for (const [name, value] of entries) {
    const { field, preference, identifies } = fields.actionOf(name);
    if (identifies === true) fields.countIdentifier(name);
    if (field < 0) continue;
    const before = preferences[field];
    if (before !== undefined && before < preference) continue;
    preferences[field] = preference;
    row.values[field] = value;
  }
}
