// A feature over the size limit, in each text dialect: one clear finding, and never more in memory than the limit.
import { describe, expect, it } from 'vitest';
import { Findings } from '../../../src/input/findings.ts';
import { CollectionReader } from '../../../src/input/stream/collection-reader.ts';
import { FeatureParser } from '../../../src/input/stream/feature-parser.ts';
import { FieldMap } from '../../../src/input/stream/fields.ts';
import { RecordReader } from '../../../src/input/stream/record-reader.ts';
import { TableReader } from '../../../src/input/stream/table-reader.ts';

const CHUNK = Buffer.alloc(1 << 20, 'x');
/** In place of the 64 MB of a feature or line and the 16 MB of a row of a table. */
const LIMIT_BYTES = 3 << 20;
const MAX_CHUNKS = 5;

function readers() {
  const fields = new FieldMap([{ names: ['users'] }]);
  const findings = new Findings();
  const options = { file: 'big', fields, findings, onRow: () => undefined };
  const parser = new FeatureParser(options);
  return {
    geojson: new CollectionReader(parser, findings, 'big', LIMIT_BYTES),
    ndjson: new RecordReader(parser, 'big', 'ndjson', LIMIT_BYTES),
    csv: new TableReader({ ...options, maxRowBytes: LIMIT_BYTES }),
  };
}

const STARTS = {
  geojson: '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"',
  ndjson: '{"type":"Feature","properties":{"name":"',
  csv: 'lon,lat,users,name\n25,60,1,"',
};

describe('a feature over the size limit', () => {
  it.each([
    ['geojson', 'big: feature 0 is larger than 3 MB. A quote or bracket may be missing'],
    ['ndjson', 'big: line 1 is larger than 3 MB. One feature per line is expected.'],
    ['csv', 'big: line 2 is larger than 3 MB. A closing quote may be missing.'],
  ] as const)('is one clear finding in %s', (dialect, message) => {
    const reader = readers()[dialect];
    reader.push(Buffer.from(STARTS[dialect]));
    const feed = (): void => {
      for (let k = 0; k < MAX_CHUNKS; k++) reader.push(CHUNK);
    };
    expect(feed).toThrow(message);
  });

  it('is refused among the other members of a collection too', () => {
    const reader = readers().geojson;
    reader.push(Buffer.from('{"type":"FeatureCollection","name":"'));
    expect(() => {
      for (let k = 0; k < MAX_CHUNKS; k++) reader.push(CHUNK);
    }).toThrow('big: "name" is larger than 3 MB.');
  });
});
