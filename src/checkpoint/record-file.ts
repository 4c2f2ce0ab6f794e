import {
  closeSync,
  constants,
  fsyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { crc32 } from 'node:zlib';

/** First bytes of every record, "MPr1": format and version of the framing. */
const MAGIC = 0x4d507231;
const HEADER_BYTES = 20;
const LARGEST_PART = 2 ** 31 - 1;

/** One record: a short description as JSON and a body of any bytes. */
export interface RecordPlace {
  readonly description: unknown;
  readonly bodyAt: number;
  readonly bodyBytes: number;
  readonly bodyCrc: number;
}

export interface OpenedRecords {
  readonly file: RecordFile;
  readonly records: readonly RecordPlace[];
  /** Records whose content fails its checksum; what follows them is read on. */
  readonly damaged: number;
  /** Bytes after the last readable record: a write that the end of the process cut off, or damage. They are removed. */
  readonly bytesCutOff: number;
}

/**
 * An append-only file of records for the owner alone (mode 0600). A record is a header (magic, lengths and checksum of
 * both parts, checksum of itself), the description and the body, so a process may end at any byte of it: what is not whole is left out on
 * opening. Checksums are CRC-32: they find damage, not forgery.
 */
export class RecordFile {
  readonly #descriptor: number;
  #end: number;

  private constructor(descriptor: number, end: number) {
    this.#descriptor = descriptor;
    this.#end = end;
  }

  /** Starts anew; what stood there is removed. */
  static create(path: string): RecordFile {
    rmSync(path, { force: true });
    return new RecordFile(openSync(path, 'wx+', 0o600), 0);
  }

  /** Opens for reading and appending; checks every record. */
  static open(path: string): OpenedRecords {
    // Never through a link: what is cut off below would be another file's.
    const descriptor = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW);
    const { size } = fstatSync(descriptor);
    const file = new RecordFile(descriptor, 0);
    const records: RecordPlace[] = [];
    let damaged = 0;
    for (;;) {
      const next = file.#scan(size);
      if (next === null) break;
      if (next === 'damaged') damaged++;
      else records.push(next);
    }
    const bytesCutOff = size - file.#end;
    // A file without any record is none of ours.
    if (bytesCutOff > 0 && records.length > 0) ftruncateSync(descriptor, file.#end);
    return { file, records, damaged, bytesCutOff };
  }

  append(description: unknown, body: Uint8Array): RecordPlace {
    const text = Buffer.from(JSON.stringify(description));
    if (body.length > LARGEST_PART) throw new RangeError(`a record of ${body.length} bytes is too large`);
    const header = Buffer.alloc(HEADER_BYTES);
    const bodyCrc = crc32(body);
    [MAGIC, text.length, body.length, crc32(text) ^ bodyCrc].forEach((value, place) =>
      header.writeUInt32BE(value >>> 0, 4 * place),
    );
    header.writeUInt32BE(crc32(header.subarray(0, 16)), 16);
    const start = this.#end;
    for (const part of [header, text, body]) this.#write(part);
    return { description, bodyAt: start + HEADER_BYTES + text.length, bodyBytes: body.length, bodyCrc };
  }

  /** The body again, or null when it no longer matches its checksum. */
  read({ bodyAt, bodyBytes, bodyCrc }: RecordPlace): Buffer | null {
    const body = this.#bytes(bodyAt, bodyBytes);
    return body !== null && crc32(body) === bodyCrc ? body : null;
  }

  /** Makes what was appended outlive a loss of power. */
  sync(): void {
    fsyncSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** The record that starts at the end of what was scanned; null where there is no readable header. */
  #scan(size: number): RecordPlace | 'damaged' | null {
    const header = this.#bytes(this.#end, HEADER_BYTES);
    if (header === null || header.readUInt32BE(0) !== MAGIC) return null;
    if (crc32(header.subarray(0, 16)) !== header.readUInt32BE(16)) return null;
    const textBytes = header.readUInt32BE(4);
    const bodyBytes = header.readUInt32BE(8);
    const textAt = this.#end + HEADER_BYTES;
    const bodyAt = textAt + textBytes;
    if (bodyAt + bodyBytes > size) return null;
    const text = this.#bytes(textAt, textBytes);
    const body = this.#bytes(bodyAt, bodyBytes);
    if (text === null || body === null) return null;
    this.#end = bodyAt + bodyBytes;
    const bodyCrc = crc32(body);
    if ((crc32(text) ^ bodyCrc) >>> 0 !== header.readUInt32BE(12)) return 'damaged';
    return { description: JSON.parse(text.toString()) as unknown, bodyAt, bodyBytes, bodyCrc };
  }

  #bytes(at: number, count: number): Buffer | null {
    const bytes = Buffer.allocUnsafe(count);
    let done = 0;
    while (done < count) {
      const read = readSync(this.#descriptor, bytes, done, count - done, at + done);
      if (read === 0) return null;
      done += read;
    }
    return bytes;
  }

  #write(bytes: Uint8Array): void {
    let done = 0;
    while (done < bytes.length) {
      done += writeSync(this.#descriptor, bytes, done, bytes.length - done, this.#end + done);
    }
    this.#end += bytes.length;
  }
}
