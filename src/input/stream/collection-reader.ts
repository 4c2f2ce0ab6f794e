import { InputError } from '../../errors.ts';
import type { Findings } from '../findings.ts';
import { bomLength } from './dialect.ts';
import type { FeatureParser } from './feature-parser.ts';
import { BalancedScan, isBlank } from './json-scan.ts';

const OPEN = 0x7b;
const CLOSE = 0x7d;
const LIST_OPEN = 0x5b;
const LIST_CLOSE = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;
const QUOTE = 0x22;
export const MAX_FEATURE_BYTES = 64 * 1024 * 1024;

/** Names of WGS 84 longitude/latitude that old files carry in a `crs` member. */
const WGS84_NAMES = /^urn:ogc:def:crs:(OGC:(1\.3|2|):CRS84|EPSG:[\d.]*:4326)$|^EPSG:4326$|CRS84$|^WGS ?84$/i;

type State = 'start' | 'key' | 'after-key' | 'value' | 'after-value' | 'features' | 'after-feature' | 'end';

/**
 * Reads a FeatureCollection that arrives in chunks. `features` is found as a key of the outermost object, wherever
 * it stands; each feature is handed to the parser as soon as it is whole. Memory: one chunk and one feature.
 */
export class CollectionReader {
  readonly #parser: FeatureParser;
  readonly #findings: Findings;
  readonly #file: string;
  readonly #maxFeatureBytes: number;
  readonly #scan = new BalancedScan();
  #buffer: Buffer = Buffer.alloc(0);
  #length = 0;
  #at = 0;
  /** While a value is incomplete: how far it has been scanned. */
  #scanned = -1;
  #state: State = 'start';
  #key = '';
  #features = 0;
  #type: unknown = undefined;
  #first = true;

  constructor(parser: FeatureParser, findings: Findings, file: string, maxFeatureBytes = MAX_FEATURE_BYTES) {
    this.#parser = parser;
    this.#findings = findings;
    this.#file = file;
    this.#maxFeatureBytes = maxFeatureBytes;
  }

  /** @throws InputError where the file cannot be read on. */
  push(chunk: Uint8Array): void {
    const skip = this.#first ? bomLength(chunk) : 0;
    this.#first = false;
    this.#append(skip === 0 ? chunk : chunk.subarray(skip));
    while (this.#step());
  }

  /** @throws InputError when the file ended too early or is no FeatureCollection. */
  end(): void {
    if (this.#state !== 'end') {
      const count = this.#parser.count;
      this.#fail(
        'file-truncated',
        `is cut off: it ends in the middle, after ${count} whole features.`,
        'Copy or export the file again.',
      );
    }
    if (this.#features === 0) {
      this.#fail('no-features', 'has no "features" at its top level.', 'A FeatureCollection is expected.');
    }
    if (this.#type !== 'FeatureCollection') {
      const got = this.#type === undefined ? 'no "type"' : `type ${JSON.stringify(this.#type)}`;
      this.#fail('not-a-collection', `has ${got} at its top level, "FeatureCollection" is expected.`);
    }
  }

  /** Keeps unread bytes, puts the chunk after them and a zero after that (see PointParser). */
  #append(chunk: Uint8Array): void {
    const kept = this.#length - this.#at;
    const needed = kept + chunk.length;
    if (needed + 1 > this.#buffer.length) {
      const bigger = Buffer.allocUnsafe(Math.max(needed + 1, 2 * this.#buffer.length));
      this.#buffer.copy(bigger, 0, this.#at, this.#length);
      this.#buffer = bigger;
    } else {
      this.#buffer.copyWithin(0, this.#at, this.#length);
    }
    if (this.#scanned >= 0) this.#scanned -= this.#at;
    this.#buffer.set(chunk, kept);
    this.#at = 0;
    this.#length = needed;
    this.#buffer[needed] = 0;
  }

  /** One move of the state machine; false when it needs more bytes. */
  #step(): boolean {
    const buffer = this.#buffer;
    if (this.#scanned < 0) {
      while (this.#at < this.#length && isBlank(buffer[this.#at])) this.#at++;
    }
    if (this.#at >= this.#length) return false;
    const byte = buffer[this.#at];
    switch (this.#state) {
      case 'start':
        if (byte !== OPEN) this.#unexpected('"{"');
        return this.#take('key');
      case 'key':
        if (byte === CLOSE) return this.#take('end');
        return this.#readKey();
      case 'after-key':
        if (byte !== COLON) this.#unexpected('":"');
        return this.#take('value');
      case 'value':
        if (this.#key !== 'features') return this.#readMember();
        if (byte !== LIST_OPEN) this.#fail('features-not-a-list', 'has "features" that is not a list.');
        if (this.#features++ > 0)
          this.#fail('duplicate-key', 'has the key "features" twice at its top level.');
        return this.#take('features');
      case 'after-value':
        if (byte === CLOSE) return this.#take('end');
        if (byte !== COMMA) this.#unexpected('"," or "}"');
        this.#at++;
        this.#state = 'key';
        return true;
      case 'features':
        if (byte === LIST_CLOSE) return this.#take('after-value');
        return this.#readElement();
      case 'after-feature':
        if (byte === LIST_CLOSE) return this.#take('after-value');
        if (byte !== COMMA) this.#unexpected('"," or "]"');
        return this.#take('features');
      case 'end':
        return this.#fail(
          'bytes-after-end',
          'goes on after its closing brace.',
          'One FeatureCollection per file is expected.',
        );
    }
  }

  #take(next: State): boolean {
    this.#at++;
    this.#state = next;
    return true;
  }

  #readKey(): boolean {
    if (this.#buffer[this.#at] !== QUOTE) this.#unexpected('a key in quotes');
    const end = this.#scalarEnd();
    if (end < 0) return false;
    this.#key = String(this.#parseText(this.#at, end));
    this.#at = end;
    this.#state = 'after-key';
    return true;
  }

  #readElement(): boolean {
    const buffer = this.#buffer;
    if (buffer[this.#at] !== OPEN && buffer[this.#at] !== LIST_OPEN) {
      const end = this.#scalarEnd();
      if (end < 0) return false;
      this.#parser.rejectElement(buffer.subarray(this.#at, end), 0);
      this.#at = end;
      this.#state = 'after-feature';
      return true;
    }
    if (this.#scanned < 0) {
      const end = this.#parser.tryPoint(buffer, this.#at, this.#length, 0);
      if (end > 0) {
        this.#at = end;
        this.#state = 'after-feature';
        return true;
      }
    }
    const end = this.#valueEnd();
    if (end < 0) return false;
    this.#parser.parse(buffer.subarray(this.#at, end), 0);
    this.#at = end;
    this.#state = 'after-feature';
    return true;
  }

  /** A top-level member other than `features`: type and crs are looked at, the rest is passed over. */
  #readMember(): boolean {
    const byte = this.#buffer[this.#at];
    const end = byte === OPEN || byte === LIST_OPEN ? this.#valueEnd() : this.#scalarEnd();
    if (end < 0) return false;
    if (this.#key === 'type') this.#type = this.#parseText(this.#at, end);
    if (this.#key === 'crs') this.#checkCrs(this.#parseText(this.#at, end));
    this.#at = end;
    this.#state = 'after-value';
    return true;
  }

  #checkCrs(crs: unknown): void {
    if (crs === null) return;
    const name = (crs as { properties?: { name?: unknown } }).properties?.name;
    if (typeof name === 'string' && WGS84_NAMES.test(name)) return;
    const shown = typeof name === 'string' ? name : JSON.stringify(crs).slice(0, 80);
    this.#findings.error(`has the coordinate system ${shown}.`, {
      code: 'crs',
      file: this.#file,
      hint: 'Reproject it to WGS 84 longitude, latitude (EPSG:4326), for example with ogr2ogr -t_srs EPSG:4326.',
    });
  }

  /** Offset after the object or list at `#at`, or -1 while it is incomplete. */
  #valueEnd(): number {
    if (this.#scanned < 0) {
      this.#scan.reset();
      this.#scanned = this.#at;
    }
    const end = this.#scan.run(this.#buffer, this.#scanned, this.#length);
    this.#scanned = end < 0 ? this.#length : -1;
    if (end < 0) this.#checkSize(this.#length - this.#at);
    return end;
  }

  /** Offset after the string, number or word at `#at`, or -1 while it is incomplete. */
  #scalarEnd(): number {
    const buffer = this.#buffer;
    if (buffer[this.#at] === QUOTE) {
      for (let at = this.#at + 1; at < this.#length; at++) {
        if (buffer[at] === 0x5c) at++;
        else if (buffer[at] === QUOTE) return at + 1;
      }
    } else {
      for (let at = this.#at; at < this.#length; at++) {
        const byte = buffer[at];
        if (byte === COMMA || byte === CLOSE || byte === LIST_CLOSE || isBlank(byte)) {
          if (at === this.#at) this.#unexpected('a value');
          return at;
        }
      }
    }
    this.#checkSize(this.#length - this.#at);
    return -1;
  }

  #checkSize(bytes: number): void {
    if (bytes <= this.#maxFeatureBytes) return;
    const limit = `${Math.floor(this.#maxFeatureBytes / 1048576)} MB`;
    const inFeatures = this.#state === 'features';
    const what = inFeatures
      ? `feature ${this.#parser.count} is larger than ${limit}.`
      : `"${this.#key}" is larger than ${limit}.`;
    this.#fail(
      'feature-too-large',
      what,
      'A quote or bracket may be missing; else split or simplify the feature.',
    );
  }

  #parseText(from: number, to: number): unknown {
    try {
      return JSON.parse(this.#buffer.toString('utf8', from, to));
    } catch {
      return this.#unexpected('a JSON value');
    }
  }

  #unexpected(expected: string): never {
    const got = this.#buffer.toString('utf8', this.#at, Math.min(this.#length, this.#at + 12));
    const place = this.#features > 0 ? ` after ${this.#parser.count} features` : '';
    this.#fail(
      'json-syntax',
      `is not valid JSON${place}: ${expected} is expected, got ${JSON.stringify(got)}.`,
    );
  }

  #fail(code: string, message: string, hint?: string): never {
    throw new InputError(message, { code, file: this.#file, hint });
  }
}
