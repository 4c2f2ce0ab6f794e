import type { FeatureRow } from './feature-row.ts';
import type { FieldAction, FieldMap } from './fields.ts';
import { isWord, PlainJson, skipBlanks } from './plain-json.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const LIST_OPEN = 0x5b;
const LIST_CLOSE = 0x5d;
const SEEN_TYPE = 1;
const SEEN_ID = 2;
const SEEN_GEOMETRY = 4;
const SEEN_PROPERTIES = 8;
/** What a feature must have; an id may be missing. */
const SEEN_ALL = SEEN_TYPE | SEEN_GEOMETRY | SEEN_PROPERTIES;
/** Places of a feature for which the key is remembered. */
const MAX_GUESSES = 256;

/** A property key as it stood at one place of the feature before: most files repeat the same keys in the same order. */
interface KeyGuess {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly action: FieldAction;
}

/**
 * Reads a point feature straight from its bytes, without objects: coordinates, id and the wanted properties.
 * Whatever is not plain (escapes in what is kept, nested values, other members, anything ill-formed) is left to
 * `JSON.parse`: the parser then says "not handled". What it does handle equals what JSON.parse gives (property test).
 * Every `#read*` takes the offset it starts at and returns the offset after what it read, or -1 (`PlainJson`).
 */
export class PointParser {
  readonly #fields: FieldMap;
  readonly #row: FeatureRow;
  readonly #preference: Int16Array;
  readonly #identifiers: string[] = [];
  readonly #guesses: KeyGuess[] = [];
  readonly #json = new PlainJson();

  constructor(fields: FieldMap, row: FeatureRow) {
    this.#fields = fields;
    this.#row = row;
    this.#preference = new Int16Array(fields.fieldCount);
  }

  /**
   * Fills the row from the feature at `from`. Returns the offset after it, -1 when the bytes end at `to` inside it,
   * or 0 when it is not handled. `buffer[to]` must be 0 (a byte that no JSON holds), so that every scan stops there.
   */
  parse(buffer: Buffer, from: number, to: number): number {
    const row = this.#row;
    row.id = null;
    row.geometry = null;
    row.values.fill(undefined);
    this.#identifiers.length = 0;
    this.#json.refusedAt = 0;
    const end = this.#readFeature(buffer, from);
    if (end < 0) return this.#json.refusedAt >= to ? -1 : 0;
    for (const name of this.#identifiers) this.#fields.countIdentifier(name);
    return end;
  }

  #readFeature(buffer: Buffer, from: number): number {
    if (buffer[from] !== OPEN) return this.#json.refuse(from);
    let at = from + 1;
    let seen = 0;
    for (;;) {
      const key = skipBlanks(buffer, at);
      const keyEnd = this.#json.skipPlainString(buffer, key);
      if (keyEnd < 0) return -1;
      at = this.#json.skipColon(buffer, keyEnd);
      if (at < 0) return -1;
      let member: number;
      const length = keyEnd - key - 2;
      if (length === 4 && isWord(buffer, key + 1, 'type')) {
        member = SEEN_TYPE;
        at = this.#json.skipWord(buffer, at, '"Feature"');
      } else if (length === 2 && isWord(buffer, key + 1, 'id')) {
        member = SEEN_ID;
        at = this.#readId(buffer, at);
      } else if (length === 8 && isWord(buffer, key + 1, 'geometry')) {
        member = SEEN_GEOMETRY;
        at = this.#readPoint(buffer, at);
      } else if (length === 10 && isWord(buffer, key + 1, 'properties')) {
        member = SEEN_PROPERTIES;
        at = this.#readProperties(buffer, at);
      } else return this.#json.refuse(at);
      if (at < 0) return -1;
      if ((seen & member) !== 0) return this.#json.refuse(at);
      seen |= member;
      at = skipBlanks(buffer, at);
      if (buffer[at] !== COMMA) break;
      at++;
    }
    if (buffer[at] !== CLOSE || (seen & SEEN_ALL) !== SEEN_ALL) return this.#json.refuse(at);
    return at + 1;
  }

  #readPoint(buffer: Buffer, from: number): number {
    if (buffer[from] !== OPEN) return this.#json.refuse(from);
    let at = from + 1;
    let seen = 0;
    for (;;) {
      const key = skipBlanks(buffer, at);
      const keyEnd = this.#json.skipPlainString(buffer, key);
      if (keyEnd < 0) return -1;
      at = this.#json.skipColon(buffer, keyEnd);
      if (at < 0) return -1;
      const length = keyEnd - key - 2;
      let member: number;
      if (length === 4 && isWord(buffer, key + 1, 'type')) {
        member = 1;
        at = this.#json.skipWord(buffer, at, '"Point"');
      } else if (length === 11 && isWord(buffer, key + 1, 'coordinates')) {
        member = 2;
        at = this.#readPosition(buffer, at);
      } else return this.#json.refuse(at);
      if (at < 0) return -1;
      if ((seen & member) !== 0) return this.#json.refuse(at);
      seen |= member;
      at = skipBlanks(buffer, at);
      if (buffer[at] !== COMMA) break;
      at++;
    }
    return buffer[at] === CLOSE && seen === 3 ? at + 1 : this.#json.refuse(at);
  }

  #readPosition(buffer: Buffer, from: number): number {
    if (buffer[from] !== LIST_OPEN) return this.#json.refuse(from);
    let at = this.#json.readNumber(buffer, skipBlanks(buffer, from + 1));
    if (at < 0) return -1;
    this.#row.lon = this.#json.number;
    at = skipBlanks(buffer, at);
    if (buffer[at] !== COMMA) return this.#json.refuse(at);
    at = this.#json.readNumber(buffer, skipBlanks(buffer, at + 1));
    if (at < 0) return -1;
    this.#row.lat = this.#json.number;
    at = skipBlanks(buffer, at);
    if (buffer[at] === COMMA) {
      at = this.#json.readNumber(buffer, skipBlanks(buffer, at + 1));
      if (at < 0) return -1;
      at = skipBlanks(buffer, at);
    }
    return buffer[at] === LIST_CLOSE ? at + 1 : this.#json.refuse(at);
  }

  #readProperties(buffer: Buffer, from: number): number {
    if (buffer[from] !== OPEN) return this.#json.refuse(from);
    this.#preference.fill(-1);
    let at = skipBlanks(buffer, from + 1);
    if (buffer[at] === CLOSE) return at + 1;
    for (let place = 0; ; place++) {
      const key = skipBlanks(buffer, at);
      const keyEnd = this.#json.skipPlainString(buffer, key);
      if (keyEnd < 0) return -1;
      const guess = this.#guessKey(buffer, place, key + 1, keyEnd - 1);
      at = this.#json.skipColon(buffer, keyEnd);
      if (at < 0) return -1;
      const { field, preference, identifies } = guess.action;
      if (identifies === true) this.#identifiers.push(guess.name);
      if (field >= 0) {
        const before = this.#preference[field]!;
        // The same name twice: JSON.parse takes the last one silently, so the other path reports it.
        if (before === preference) return this.#json.refuse(at);
        const better = before < 0 || preference < before;
        if (better) this.#preference[field] = preference;
        at = better ? this.#readScalar(buffer, at, field) : this.#json.skipScalar(buffer, at);
      } else at = this.#json.skipScalar(buffer, at);
      if (at < 0) return -1;
      at = skipBlanks(buffer, at);
      if (buffer[at] !== COMMA) break;
      at++;
    }
    return buffer[at] === CLOSE ? at + 1 : this.#json.refuse(at);
  }

  /** The key with its text at `start..end`, by the guess for its place or by look-up. */
  #guessKey(buffer: Buffer, place: number, start: number, end: number): KeyGuess {
    const guess = this.#guesses[place];
    if (guess !== undefined && guess.bytes.length === end - start) {
      const { bytes } = guess;
      let index = 0;
      while (index < bytes.length && bytes[index] === buffer[start + index]) index++;
      if (index === bytes.length) return guess;
    }
    const bytes = Uint8Array.from(buffer.subarray(start, end));
    const name = buffer.toString('utf8', start, end);
    const fresh = { bytes, name, action: this.#fields.actionOf(name) };
    if (place < MAX_GUESSES) this.#guesses[place] = fresh;
    return fresh;
  }

  #readId(buffer: Buffer, from: number): number {
    if (buffer[from] === QUOTE) {
      const end = this.#json.skipPlainString(buffer, from);
      if (end > 0) this.#row.id = buffer.toString('utf8', from + 1, end - 1);
      return end;
    }
    const end = this.#json.readNumber(buffer, from);
    if (end > 0) this.#row.id = String(this.#json.number);
    return end;
  }

  #readScalar(buffer: Buffer, from: number, field: number): number {
    const values = this.#row.values;
    let end: number;
    switch (buffer[from]) {
      case QUOTE:
        end = this.#json.skipPlainString(buffer, from);
        if (end > 0) values[field] = buffer.toString('utf8', from + 1, end - 1);
        return end;
      case 0x6e:
        values[field] = null;
        return this.#json.skipWord(buffer, from, 'null');
      case 0x74:
        values[field] = true;
        return this.#json.skipWord(buffer, from, 'true');
      case 0x66:
        values[field] = false;
        return this.#json.skipWord(buffer, from, 'false');
      default:
        end = this.#json.readNumber(buffer, from);
        if (end > 0) values[field] = this.#json.number;
        return end;
    }
  }
}
