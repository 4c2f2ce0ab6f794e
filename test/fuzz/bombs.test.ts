// Files that are small on disk and large in memory are refused on the way, with what is wrong in one sentence.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { Findings } from '../../src/input/findings.ts';
import { readInstance } from '../../src/input/instance/read-instance.ts';
import { readFeatures } from '../../src/input/stream/read-features.ts';
import { readHgt } from '../../src/input/terrain/hgt-source.ts';

let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-bombs-'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

const MEGABYTE = 2 ** 20;

/** A zstd frame (RFC 8878) of `blocks` blocks that each repeat one byte 128 kB long in 4 bytes. */
function zstdOfBlanks(blocks: number): Buffer {
  const blockBytes = 128 * 1024;
  // Frame header: single segment off, window of 128 kB (exponent 7), no content size.
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]);
  const body = Buffer.alloc(4 * blocks);
  for (let block = 0; block < blocks; block++) {
    body.writeUIntLE((blockBytes << 3) | (1 << 1) | (block === blocks - 1 ? 1 : 0), 4 * block, 3);
    body[4 * block + 3] = 0x20;
  }
  return Buffer.concat([head, body]);
}

async function reading(name: string, bytes: Uint8Array): Promise<unknown> {
  const path = join(work, name);
  writeFileSync(path, bytes);
  const findings = new Findings();
  return readFeatures(path, { file: name, fields: [], findings, onRow: () => undefined }).catch(
    (error: unknown) => error,
  );
}

function expectRefused(outcome: unknown, sentence: string): void {
  expect(outcome).toBeInstanceOf(InputError);
  expect((outcome as InputError).message).toContain(sentence);
}

const TOO_FAR = 'unpacks to more than 250 times its size, as no file of data does.';

describe('a file that expands out of proportion', () => {
  it('as gzip, with features', async () => {
    const start = Buffer.from('{"type":"FeatureCollection","features":[');
    expectRefused(
      await reading('bomb.geojson', gzipSync(Buffer.concat([start, Buffer.alloc(96 * MEGABYTE, 0x20)]))),
      TOO_FAR,
    );
  });

  it('as zstd, where 64 kB hold 2 GB', async () => {
    expectRefused(await reading('bomb.zst', zstdOfBlanks(16_000)), TOO_FAR);
  });

  it('as a covering instance', async () => {
    const path = join(work, 'bomb.json');
    writeFileSync(
      path,
      gzipSync(Buffer.concat([Buffer.from('{"sites":['), Buffer.alloc(96 * MEGABYTE, 0x20)])),
    );
    expectRefused(await readInstance(path, {}).catch((error: unknown) => error), TOO_FAR);
  });

  it('as a terrain tile', async () => {
    const path = join(work, 'N60E025.hgt.gz');
    writeFileSync(path, gzipSync(Buffer.alloc(160 * MEGABYTE)));
    expectRefused(await readHgt(path, 'N60E025.hgt.gz').catch((error: unknown) => error), 'N60E025.hgt.gz');
  });

  it('and one that is merely dull is read', async () => {
    const row =
      '{"type":"Feature","geometry":{"type":"Point","coordinates":[25,60]},"properties":{"users":1}}\n';
    const facts = await reading('dull.ndjson', gzipSync(row.repeat(20_000)));
    expect(facts).toMatchObject({ featuresRead: 20_000 });
  });
});
