import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { RecordFile } from '../../src/checkpoint/record-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'mastplan-records-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'log');

const BODIES = [Uint8Array.of(), Uint8Array.of(1, 2, 3), new Uint8Array(1000).fill(7), Uint8Array.of(9)];

function writeAll(): Uint8Array {
  const file = RecordFile.create(path);
  BODIES.forEach((body, index) => file.append({ index }, body));
  file.sync();
  file.close();
  return new Uint8Array(readFileSync(path));
}

function bodiesOf(bytes: Uint8Array): { bodies: Map<number, Uint8Array>; damaged: number; cutOff: number } {
  writeFileSync(path, bytes);
  const { file, records, damaged, bytesCutOff } = RecordFile.open(path);
  const bodies = new Map<number, Uint8Array>();
  for (const place of records) {
    const body = file.read(place);
    if (body !== null) bodies.set((place.description as { index: number }).index, new Uint8Array(body));
  }
  file.close();
  return { bodies, damaged, cutOff: bytesCutOff };
}

describe('a record file', () => {
  const whole = writeAll();

  it('gives every record back, is for its owner alone', () => {
    const { bodies, damaged, cutOff } = bodiesOf(whole);
    expect([...bodies.values()]).toEqual(BODIES);
    expect([damaged, cutOff]).toEqual([0, 0]);
    RecordFile.create(path).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('gives back no body that was damaged after it was opened', () => {
    writeFileSync(path, whole);
    const { file, records } = RecordFile.open(path);
    const place = records[1]!;
    const disk = openSync(path, 'r+');
    writeSync(disk, Uint8Array.of(4), 0, 1, place.bodyAt);
    closeSync(disk);
    expect(file.read(place)).toBeNull();
    expect(file.read(records[2]!)).not.toBeNull();
    file.close();
  });

  it('cut at any byte keeps the records before the cut, and takes new ones after them', () => {
    const ends: number[] = [];
    for (let length = 0; length <= whole.length; length++) {
      const { bodies, damaged } = bodiesOf(whole.subarray(0, length));
      expect(damaged).toBe(0);
      for (const [index, body] of bodies) expect(body).toEqual(BODIES[index]);
      ends[bodies.size] ??= length;
      const { file } = RecordFile.open(path);
      file.append({ index: 99 }, Uint8Array.of(5));
      file.close();
      const again = RecordFile.open(path);
      expect(again.records).toHaveLength(bodies.size + 1);
      again.file.close();
    }
    expect(ends).toHaveLength(BODIES.length + 1);
  });

  it('never gives back a body other than the one written, whichever bytes are changed', () => {
    const change = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = whole.slice();
        for (const [at, by] of changes) bytes[at]! ^= by;
        const { bodies } = bodiesOf(bytes);
        for (const [index, body] of bodies) expect(body).toEqual(BODIES[index]);
      }),
      { numRuns: 300 },
    );
  });

  it('goes on after a record whose content is damaged', () => {
    const bytes = whole.slice();
    bytes[bytes.length - 60]! ^= 1;
    const { bodies, damaged } = bodiesOf(bytes);
    expect(damaged).toBe(1);
    expect([...bodies.keys()]).toEqual([0, 1, 3]);
  });
});
