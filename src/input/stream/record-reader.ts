import { InputError } from '../../errors.ts';
import { MAX_FEATURE_BYTES } from './collection-reader.ts';
import { bomLength } from './dialect.ts';
import type { FeatureParser } from './feature-parser.ts';
import { isBlank } from './json-scan.ts';

const NEWLINE = 0x0a;
const RECORD_SEPARATOR = 0x1e;

/**
 * Reads one feature per record: newline-delimited GeoJSON (a record is a line) or GeoJSON text sequences (RFC 8142,
 * a record follows 0x1E and may span lines). Memory: one chunk and one record.
 */
export class RecordReader {
  readonly #parser: FeatureParser;
  readonly #file: string;
  readonly #separator: number;
  readonly #maxFeatureBytes: number;
  #buffer: Buffer = Buffer.alloc(0);
  #line = 1;
  #first = true;

  constructor(
    parser: FeatureParser,
    file: string,
    dialect: 'ndjson' | 'geojsonseq',
    maxFeatureBytes = MAX_FEATURE_BYTES,
  ) {
    this.#maxFeatureBytes = maxFeatureBytes;
    this.#parser = parser;
    this.#file = file;
    this.#separator = dialect === 'ndjson' ? NEWLINE : RECORD_SEPARATOR;
  }

  push(chunk: Uint8Array): void {
    const plain = this.#first ? chunk.subarray(bomLength(chunk)) : chunk;
    this.#first = false;
    // One zero byte after the text: see PointParser.
    const buffer = Buffer.allocUnsafe(this.#buffer.length + plain.length + 1);
    buffer.set(this.#buffer, 0);
    buffer.set(plain, this.#buffer.length);
    const length = buffer.length - 1;
    buffer[length] = 0;
    let from = 0;
    for (;;) {
      const found = buffer.indexOf(this.#separator, from);
      if (found < 0 || found >= length) break;
      this.#record(buffer, from, found);
      from = found + 1;
    }
    this.#buffer = buffer.subarray(from, length);
    if (this.#buffer.length > this.#maxFeatureBytes) {
      throw new InputError(`line ${this.#line} is larger than ${this.#maxFeatureBytes / 1048576} MB.`, {
        code: 'feature-too-large',
        file: this.#file,
        hint: 'One feature per line is expected.',
      });
    }
  }

  end(): void {
    const rest = Buffer.concat([this.#buffer, Buffer.of(0)]);
    this.#record(rest, 0, rest.length - 1);
    if (this.#parser.count === 0) {
      throw new InputError('holds no feature.', { code: 'no-features', file: this.#file });
    }
  }

  #record(buffer: Buffer, from: number, to: number): void {
    const line = this.#line;
    if (this.#separator === NEWLINE) this.#line++;
    else for (let at = from; at < to; at++) if (buffer[at] === NEWLINE) this.#line++;
    let start = from;
    let end = to;
    while (start < end && isBlank(buffer[start])) start++;
    while (end > start && isBlank(buffer[end - 1])) end--;
    if (start === end) return;
    if (this.#parser.tryPoint(buffer, start, end, line) > 0) return;
    this.#parser.parse(buffer.subarray(start, end), line);
  }
}
