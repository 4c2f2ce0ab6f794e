import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureRow } from '../../../src/input/stream/feature-row.ts';
import { createFeatureRow, textOf } from '../../../src/input/stream/feature-row.ts';
import { FieldMap } from '../../../src/input/stream/fields.ts';
import { PointParser } from '../../../src/input/stream/point-parser.ts';

const FIELDS = ['users', 'name', 'users_night'];

function parseFast(text: string): { row: FeatureRow; end: number; length: number } {
  const bytes = Buffer.from(`${text}\0`);
  const row = createFeatureRow(FIELDS.length);
  const parser = new PointParser(new FieldMap(FIELDS.map((name) => ({ names: [name] }))), row);
  return { row, end: parser.parse(bytes, 0, bytes.length - 1), length: bytes.length - 1 };
}

/** What the row must be according to JSON.parse. */
function expectEqualToJsonParse(text: string, row: FeatureRow): void {
  const feature = JSON.parse(text) as {
    id?: unknown;
    geometry: { type: string; coordinates: number[] };
    properties: Record<string, unknown>;
  };
  expect(feature.geometry.type).toBe('Point');
  expect(Object.is(row.lon, feature.geometry.coordinates[0])).toBe(true);
  expect(Object.is(row.lat, feature.geometry.coordinates[1])).toBe(true);
  expect(row.id).toBe(textOf(feature.id) ?? (feature.id === '' ? '' : null));
  FIELDS.forEach((name, field) => expect(Object.is(row.values[field], feature.properties[name])).toBe(true));
}

const plainText = fc.string({ unit: 'grapheme', maxLength: 12 });
const scalar = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  plainText,
  fc.boolean(),
  fc.constant(null),
);
const propertyName = fc.oneof(fc.constantFrom(...FIELDS), plainText);
const feature = fc.record(
  {
    type: fc.constant('Feature'),
    id: fc.oneof(plainText, fc.integer({ min: 0 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
    geometry: fc.record({
      type: fc.constant('Point'),
      coordinates: fc.array(fc.double({ min: -180, max: 180, noNaN: true }), { minLength: 2, maxLength: 3 }),
    }),
    properties: fc.dictionary(propertyName, scalar, { maxKeys: 6 }),
  },
  { requiredKeys: ['type', 'geometry', 'properties'] },
);

describe('PointParser', () => {
  it('reads what JSON.parse reads, or leaves it to JSON.parse', () => {
    fc.assert(
      fc.property(feature, fc.constantFrom(undefined, 1, 2, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const { row, end, length } = parseFast(text);
        if (end === 0) return;
        expect(end).toBe(length);
        expectEqualToJsonParse(text, row);
      }),
      { numRuns: 2000 },
    );
  });

  it('handles the plain points it is there for', () => {
    const text =
      '{"type":"Feature","id":17,"geometry":{"type":"Point","coordinates":[24.856034,-60.39994100]},"properties":{"municipality":"Espoo","users":82.125,"name":"ä"}}';
    const { row, end, length } = parseFast(text);
    expect(end).toBe(length);
    expectEqualToJsonParse(text, row);
  });

  it('never takes for a feature what JSON.parse refuses: one byte changed, removed or added', () => {
    const base =
      '{"type":"Feature","id":"a1","geometry":{"type":"Point","coordinates":[-75.34217,45.514185,12]},"properties":{"users":94.50,"name":"x","other":true,"none":null}}';
    const bytes = fc.integer({ min: 1, max: 127 });
    fc.assert(
      fc.property(
        fc.nat({ max: base.length - 1 }),
        bytes,
        fc.constantFrom('change', 'remove', 'add'),
        (at, byte, how) => {
          const letter = String.fromCharCode(byte);
          const cut = how === 'add' ? 0 : 1;
          const text = base.slice(0, at) + (how === 'remove' ? '' : letter) + base.slice(at + cut);
          const { row, end } = parseFast(text);
          if (end > 0) expectEqualToJsonParse(text.slice(0, end), row);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('asks for more bytes when the feature is cut anywhere', () => {
    const base =
      '{"type": "Feature", "id": "a1", "geometry": {"type": "Point", "coordinates": [-75.3, 45.5]}, "properties": {"users": 94.5, "name": "x", "b": false}}';
    for (let length = 1; length < base.length; length++) {
      expect(parseFast(base.slice(0, length)).end, base.slice(0, length)).toBe(-1);
    }
  });

  it.each([
    [
      'a key twice',
      '{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"users":1,"users":2}}',
    ],
    [
      'a nested value',
      '{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"users":{"a":1}}}',
    ],
    [
      'another geometry',
      '{"type":"Feature","geometry":{"type":"LineString","coordinates":[[1,2],[3,4]]},"properties":{}}',
    ],
    ['no geometry', '{"type":"Feature","geometry":null,"properties":{}}'],
    ['a leading zero', '{"type":"Feature","geometry":{"type":"Point","coordinates":[01,2]},"properties":{}}'],
    ['an exponent', '{"type":"Feature","geometry":{"type":"Point","coordinates":[1e2,2]},"properties":{}}'],
  ])('leaves %s to the careful path', (_, text) => {
    expect(parseFast(text).end).toBe(0);
  });
});
