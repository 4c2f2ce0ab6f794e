import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip, type Gunzip } from 'node:zlib';
import { InputError } from '../../errors.ts';
import { ExpansionGuard } from '../expansion-guard.ts';
import { unreadable } from '../file-errors.ts';

/**
 * Pieces are so small that malloc takes what they are made into from its heap: after a piece of 1 MiB, freed as text of 4 MiB, it would
 * keep up to 8 MiB of what is free in the heap of every thread.
 */
const CHUNK_BYTES = 1 << 16;
const HEAD_BYTES = 1 << 16;

/** The unpacked bytes of a file: `head` (up to 64 KiB, to tell the format by) and everything, head included. */
export interface ByteSource {
  readonly head: Uint8Array;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * Opens a file as a stream of bytes; gzip is recognised by its first two bytes, whatever the name. A byte order mark
 * is taken off.
 *
 * @throws InputError when the path is missing, is no file, is empty, or holds a broken gzip stream (then while reading).
 */
export async function openBytes(path: string): Promise<ByteSource> {
  await checkIsFile(path);
  const raw = createReadStream(path, { highWaterMark: CHUNK_BYTES })[Symbol.asyncIterator]();
  const packed = await takeHead(raw as AsyncIterator<Uint8Array>, 2);
  const bytes = isGzip(packed.head) ? gunzip(path, packed.chunks) : packed.chunks;
  const source = await takeHead(bytes[Symbol.asyncIterator](), HEAD_BYTES);
  if (source.head.length === 0) {
    throw new InputError('the file is empty.', { code: 'empty-file', file: path });
  }
  return hasByteOrderMark(source.head) ? withoutByteOrderMark(source) : source;
}

async function checkIsFile(path: string): Promise<void> {
  try {
    const file = await open(path, 'r');
    const isDirectory = (await file.stat().finally(() => file.close())).isDirectory();
    if (isDirectory) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Reads at least `bytes` bytes (or all there are), and hands them out again at the front of `chunks`. */
async function takeHead(iterator: AsyncIterator<Uint8Array>, bytes: number): Promise<ByteSource> {
  const taken: Uint8Array[] = [];
  let length = 0;
  while (length < bytes) {
    const next = await iterator.next();
    if (next.done === true) break;
    taken.push(next.value);
    length += next.value.length;
  }
  const head = taken.length === 1 ? taken[0]! : Buffer.concat(taken);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield head;
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) return;
      yield next.value;
    }
  }
  return { head, chunks: chunks() };
}

function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

async function* gunzip(path: string, packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const guard = new ExpansionGuard(path);
  const unpack = createGunzip({ chunkSize: CHUNK_BYTES });
  const feed = async (): Promise<void> => {
    for await (const chunk of packed) {
      guard.stored(chunk.length);
      if (!unpack.write(chunk)) await drained(unpack);
      if (unpack.destroyed) return;
    }
    unpack.end();
  };
  const feeding = feed().catch((error: unknown) => unpack.destroy(error as Error));
  try {
    for await (const chunk of unpack) {
      guard.plain((chunk as Uint8Array).length);
      yield chunk as Uint8Array;
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`the gzip stream is broken: ${(error as Error).message}.`, {
      code: 'gzip-broken',
      file: path,
      hint: 'Fetch or pack the file again.',
    });
  }
  await feeding;
}

/** Waits until the stream takes more, or is closed and takes no more. */
async function drained(stream: Gunzip): Promise<void> {
  await new Promise<void>((resolve) => {
    const goOn = (): void => {
      stream.off('drain', goOn);
      stream.off('close', goOn);
      resolve();
    };
    stream.on('drain', goOn);
    stream.on('close', goOn);
  });
}

function hasByteOrderMark(head: Uint8Array): boolean {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
}

function withoutByteOrderMark(source: ByteSource): ByteSource {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let first = true;
    for await (const chunk of source.chunks) {
      yield first ? chunk.subarray(3) : chunk;
      first = false;
    }
  }
  return { head: source.head.subarray(3), chunks: chunks() };
}
