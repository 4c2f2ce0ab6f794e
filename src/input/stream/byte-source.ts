import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { InputError } from '../../errors.ts';
import { ExpansionGuard } from '../expansion-guard.ts';
import { unreadable } from '../file-errors.ts';

const CHUNK_BYTES = 1 << 20;

export type Compression = 'none' | 'gzip' | 'zstd';

export interface ByteSourceFacts {
  /** Of the file as stored. */
  readonly sha256: string;
  readonly compression: Compression;
  /** Bytes of the file as stored. */
  readonly fileBytes: number;
}

export interface ByteProgress {
  readonly bytesRead: number;
  readonly fileBytes: number;
}

/** Opens a file for reading; folders and unreadable paths are InputErrors. `file` names it in errors. */
export async function openInput(path: string, file: string): Promise<{ handle: FileHandle; bytes: number }> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const stat = await handle.stat();
    if (stat.isDirectory()) throw Object.assign(new Error('folder'), { code: 'EISDIR' });
    return { handle, bytes: stat.size };
  } catch (error) {
    await handle?.close();
    throw unreadable(file, error);
  }
}

/**
 * Reads a file in chunks of about 1 MB, decompresses gzip and zstd (told by their first bytes) and hands over each
 * chunk once; a chunk is only valid during the call. The hash of the stored bytes is taken on the way.
 */
export async function readBytes(
  path: string,
  file: string,
  onChunk: (chunk: Uint8Array) => void,
  onProgress?: (progress: ByteProgress) => void,
): Promise<ByteSourceFacts> {
  const { handle, bytes: fileBytes } = await openInput(path, file);
  try {
    const hash = createHash('sha256');
    let bytesRead = 0;
    const onStored = (chunk: Uint8Array): void => {
      hash.update(chunk);
      bytesRead += chunk.length;
    };
    const { compression, chunks } = await openChunks(handle, file, onStored);
    let plainBytes = 0;
    for await (const chunk of chunks) {
      plainBytes += chunk.length;
      onChunk(chunk);
      onProgress?.({ bytesRead, fileBytes });
    }
    if (plainBytes === 0) {
      throw new InputError('is empty once decompressed.', { code: 'file-empty', file });
    }
    return { sha256: hash.digest('hex'), compression, fileBytes };
  } finally {
    await handle.close();
  }
}

/** The first decompressed bytes of a file, at most `limit`. */
export async function readHead(path: string, file: string, limit: number): Promise<Uint8Array> {
  const { handle } = await openInput(path, file);
  try {
    const { chunks } = await openChunks(handle, file, () => undefined);
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of chunks) {
      parts.push(chunk.slice());
      length += chunk.length;
      if (length >= limit) break;
    }
    return Buffer.concat(parts).subarray(0, limit);
  } finally {
    await handle.close();
  }
}

/** The plain chunks of an open file; `onStored` sees its bytes as they are stored. */
async function openChunks(
  handle: FileHandle,
  file: string,
  onStored: (chunk: Uint8Array) => void,
): Promise<{ compression: Compression; chunks: AsyncIterable<Uint8Array> }> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  const first = await readChunk(handle, file, buffer);
  if (first.length === 0) throw new InputError('is empty.', { code: 'file-empty', file });
  const compression = compressionOf(first);
  // Plain bytes are read into one buffer again and again; a decompressor may still hold the chunk before.
  const reused = compression === 'none' ? buffer : null;
  const stored = storedChunks(handle, file, { first, reused, onStored });
  return { compression, chunks: decompress(compression, stored, file) };
}

interface StoredChunks {
  readonly first: Buffer;
  /** Where all chunks go; null = each gets a buffer of its own. */
  readonly reused: Buffer | null;
  readonly onStored: (chunk: Uint8Array) => void;
}

async function* storedChunks(
  handle: FileHandle,
  file: string,
  { first, reused, onStored }: StoredChunks,
): AsyncGenerator<Uint8Array> {
  for (let chunk = first; chunk.length > 0;) {
    onStored(chunk);
    yield chunk;
    chunk = await readChunk(handle, file, reused ?? Buffer.allocUnsafe(CHUNK_BYTES));
  }
}

/** The next bytes of the file at the start of the buffer; none at its end. */
async function readChunk(handle: FileHandle, file: string, buffer: Buffer): Promise<Buffer> {
  try {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function compressionOf(head: Uint8Array): Compression {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  const zstd = head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd;
  return zstd ? 'zstd' : 'none';
}

function decompress(
  compression: Compression,
  stored: AsyncGenerator<Uint8Array>,
  file: string,
): AsyncIterable<Uint8Array> {
  const guard = new ExpansionGuard(file);
  switch (compression) {
    case 'none':
      return stored;
    case 'gzip':
      return gunzip(watched(stored, guard), file, guard);
    case 'zstd':
      return unzstd(watched(stored, guard), file, guard);
  }
}

async function* watched(
  stored: AsyncGenerator<Uint8Array>,
  guard: ExpansionGuard,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of stored) {
    guard.stored(chunk.length);
    yield chunk;
  }
}

async function* gunzip(
  stored: AsyncGenerator<Uint8Array>,
  file: string,
  guard: ExpansionGuard,
): AsyncGenerator<Uint8Array> {
  const source = Readable.from(stored, { objectMode: false, highWaterMark: CHUNK_BYTES });
  const plain = createGunzip({ chunkSize: CHUNK_BYTES });
  source.on('error', (error) => plain.destroy(error));
  try {
    for await (const chunk of source.pipe(plain)) {
      guard.plain((chunk as Uint8Array).length);
      yield chunk as Uint8Array;
    }
  } catch (error) {
    throw damaged('gzip', error, file);
  } finally {
    source.destroy();
    plain.destroy();
  }
}

async function* unzstd(
  stored: AsyncGenerator<Uint8Array>,
  file: string,
  guard: ExpansionGuard,
): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const plain = new Decompress((chunk) => {
    // Told here, not when it is handed on: one push may unpack gigabytes.
    guard.plain(chunk.length);
    ready.push(chunk);
  });
  try {
    for await (const chunk of stored) {
      plain.push(chunk);
      yield* ready.splice(0);
    }
    plain.push(new Uint8Array(0), true);
  } catch (error) {
    throw damaged('zstd', error, file);
  }
  yield* ready.splice(0);
}

function damaged(format: string, error: unknown, file: string): unknown {
  if (error instanceof InputError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const cut = /unexpected (end of file|eof)/i.test(reason);
  return new InputError(
    cut ? `is cut off: its ${format} data ends too early.` : `holds damaged ${format} data (${reason}).`,
    { code: cut ? 'file-truncated' : 'file-damaged', file, hint: 'Copy or pack the file again.' },
  );
}

/** Checks that text arrives as UTF-8, across chunk borders. */
export class Utf8Check {
  readonly #file: string;
  #tail: Uint8Array = new Uint8Array(0);
  #offset = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** @throws InputError at the first chunk that is not UTF-8. */
  push(chunk: Uint8Array): void {
    const joined = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk]);
    const whole = joined.length - incompleteTail(joined);
    if (!isUtf8(joined.subarray(0, whole))) this.#fail();
    this.#tail = joined.slice(whole);
    this.#offset += chunk.length;
  }

  end(): void {
    if (this.#tail.length > 0) this.#fail();
  }

  #fail(): never {
    const megabyte = Math.floor(this.#offset / CHUNK_BYTES) + 1;
    throw new InputError(`is not UTF-8 text (megabyte ${megabyte}).`, {
      code: 'encoding',
      file: this.#file,
      hint: 'Save it as UTF-8, for example with iconv -t UTF-8.',
    });
  }
}

/** How many bytes at the end begin a UTF-8 sequence that the chunk does not finish. */
function incompleteTail(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? back : 0;
    }
  }
  return 0;
}
