import type { FileHandle } from 'node:fs/promises';

/** Of a directory: what real ones take many times over, so that none makes the reader fetch the file again and again. */
const FREE_BYTES = 2 ** 16;

/**
 * Pieces of an open file for the TIFF library, never more than the file holds: a directory that speaks of 4 GB in a
 * file of 1 kB is refused before anything is allocated.
 */
export class FileSlices {
  readonly #handle: FileHandle;
  readonly #size: number;
  #left: number;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.#size = size;
    this.#left = 4 * size + FREE_BYTES;
  }

  get fileSize(): number {
    return this.#size;
  }

  /** The library asks for some bytes more than it needs: what lies beyond the end is left out. */
  async fetch(slices: readonly { offset: number; length: number }[]): Promise<ArrayBuffer[]> {
    const pieces: ArrayBuffer[] = [];
    for (const { offset, length } of slices) pieces.push(await this.#piece(offset, length));
    return pieces;
  }

  async fetchSlice(slice: {
    offset: number;
    length: number;
  }): Promise<{ offset: number; length: number; data: ArrayBuffer }> {
    return { ...slice, data: await this.#piece(slice.offset, slice.length) };
  }

  async #piece(offset: number, length: number): Promise<ArrayBuffer> {
    const tooMuch = length > 2 * this.#size + FREE_BYTES;
    if (!(offset >= 0 && offset < this.#size) || !(length >= 0) || tooMuch) {
      throw new RangeError('its directory points past the end of the file');
    }
    const take = Math.min(length, this.#size - offset);
    this.#left -= take;
    if (this.#left < 0) throw new RangeError('its directory names the same bytes again and again');
    return this.exactly(offset, take);
  }

  /** @throws RangeError where the file does not hold all of it */
  async exactly(offset: number, length: number): Promise<ArrayBuffer> {
    const inside = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
    if (!inside || offset + length > this.#size)
      throw new RangeError('a block lies past the end of the file');
    const bytes = new Uint8Array(length);
    let at = 0;
    while (at < length) {
      const { bytesRead } = await this.#handle.read(bytes, at, length - at, offset + at);
      if (bytesRead === 0) throw new RangeError('the file became shorter while it was read');
      at += bytesRead;
    }
    return bytes.buffer;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
