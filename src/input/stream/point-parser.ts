import { isBlank } from './json-scan.ts';
import type { FeatureRow } from './feature-row.ts';
import type { FieldAction, FieldMap } from './fields.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const LIST_OPEN = 0x5b;
const LIST_CLOSE = 0x5d;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
/** Every whole number below is exact in a double. */
const EXACT_MANTISSA = 2 ** 53;
/** 10^0 .. 10^22 are exact doubles, so mantissa / power is correctly rounded (Clinger 1990). */
const POWERS_OF_TEN = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
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
 *
 * Every `#read*` and `#skip*` takes the offset it starts at and returns the offset after what it read, or -1; offsets
 * stay in locals, which makes it about twice as fast as a cursor kept in a field.
 */
export class PointParser {
  readonly #fields: FieldMap;
  readonly #row: FeatureRow;
  readonly #preference: Int16Array;
  readonly #identifiers: string[] = [];
  readonly #guesses: KeyGuess[] = [];
  /** Where the last refusal happened. */
  #refusedAt = 0;
  #number = 0;

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
    this.#refusedAt = 0;
    const end = this.#readFeature(buffer, from);
    if (end < 0) return this.#refusedAt >= to ? -1 : 0;
    for (const name of this.#identifiers) this.#fields.countIdentifier(name);
    return end;
  }

  #readFeature(buffer: Buffer, from: number): number {
    if (buffer[from] !== OPEN) return this.#refuse(from);
    let at = from + 1;
    let seen = 0;
    for (;;) {
      const key = skipBlanks(buffer, at);
      const keyEnd = this.#skipPlainString(buffer, key);
      if (keyEnd < 0) return -1;
      at = this.#skipColon(buffer, keyEnd);
      if (at < 0) return -1;
      let member: number;
      const length = keyEnd - key - 2;
      if (length === 4 && isWord(buffer, key + 1, 'type')) {
        member = SEEN_TYPE;
        at = this.#skipWord(buffer, at, '"Feature"');
      } else if (length === 2 && isWord(buffer, key + 1, 'id')) {
        member = SEEN_ID;
        at = this.#readId(buffer, at);
      } else if (length === 8 && isWord(buffer, key + 1, 'geometry')) {
        member = SEEN_GEOMETRY;
        at = this.#readPoint(buffer, at);
      } else if (length === 10 && isWord(buffer, key + 1, 'properties')) {
        member = SEEN_PROPERTIES;
        at = this.#readProperties(buffer, at);
      } else return this.#refuse(at);
      if (at < 0) return -1;
      if ((seen & member) !== 0) return this.#refuse(at);
      seen |= member;
      at = skipBlanks(buffer, at);
      if (buffer[at] !== COMMA) break;
      at++;
    }
    if (buffer[at] !== CLOSE || (seen & SEEN_ALL) !== SEEN_ALL) return this.#refuse(at);
    return at + 1;
  }

  #readPoint(buffer: Buffer, from: number): number {
    if (buffer[from] !== OPEN) return this.#refuse(from);
    let at = from + 1;
    let seen = 0;
    for (;;) {
      const key = skipBlanks(buffer, at);
      const keyEnd = this.#skipPlainString(buffer, key);
      if (keyEnd < 0) return -1;
      at = this.#skipColon(buffer, keyEnd);
      if (at < 0) return -1;
      const length = keyEnd - key - 2;
      let member: number;
      if (length === 4 && isWord(buffer, key + 1, 'type')) {
        member = 1;
        at = this.#skipWord(buffer, at, '"Point"');
      } else if (length === 11 && isWord(buffer, key + 1, 'coordinates')) {
        member = 2;
        at = this.#readPosition(buffer, at);
      } else return this.#refuse(at);
      if (at < 0) return -1;
      if ((seen & member) !== 0) return this.#refuse(at);
      seen |= member;
      at = skipBlanks(buffer, at);
      if (buffer[at] !== COMMA) break;
      at++;
    }
    return buffer[at] === CLOSE && seen === 3 ? at + 1 : this.#refuse(at);
  }

  #readPosition(buffer: Buffer, from: number): number {
    if (buffer[from] !== LIST_OPEN) return this.#refuse(from);
    let at = this.#readNumber(buffer, skipBlanks(buffer, from + 1));
    if (at < 0) return -1;
    this.#row.lon = this.#number;
    at = skipBlanks(buffer, at);
    if (buffer[at] !== COMMA) return this.#refuse(at);
    at = this.#readNumber(buffer, skipBlanks(buffer, at + 1));
    if (at < 0) return -1;
    this.#row.lat = this.#number;
    at = skipBlanks(buffer, at);
    if (buffer[at] === COMMA) {
      at = this.#readNumber(buffer, skipBlanks(buffer, at + 1));
      if (at < 0) return -1;
      at = skipBlanks(buffer, at);
    }
    return buffer[at] === LIST_CLOSE ? at + 1 : this.#refuse(at);
  }

  #readProperties(buffer: Buffer, from: number): number {
    if (buffer[from] !== OPEN) return this.#refuse(from);
    this.#preference.fill(-1);
    let at = skipBlanks(buffer, from + 1);
    if (buffer[at] === CLOSE) return at + 1;
    for (let place = 0; ; place++) {
      const key = skipBlanks(buffer, at);
      const keyEnd = this.#skipPlainString(buffer, key);
      if (keyEnd < 0) return -1;
      const guess = this.#guessKey(buffer, place, key + 1, keyEnd - 1);
      at = this.#skipColon(buffer, keyEnd);
      if (at < 0) return -1;
      const { field, preference, identifies } = guess.action;
      if (identifies === true) this.#identifiers.push(guess.name);
      if (field >= 0) {
        const before = this.#preference[field]!;
        // The same name twice: JSON.parse takes the last one silently, so the other path reports it.
        if (before === preference) return this.#refuse(at);
        const better = before < 0 || preference < before;
        if (better) this.#preference[field] = preference;
        at = better ? this.#readScalar(buffer, at, field) : this.#skipScalar(buffer, at);
      } else at = this.#skipScalar(buffer, at);
      if (at < 0) return -1;
      at = skipBlanks(buffer, at);
      if (buffer[at] !== COMMA) break;
      at++;
    }
    return buffer[at] === CLOSE ? at + 1 : this.#refuse(at);
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
      const end = this.#skipPlainString(buffer, from);
      if (end > 0) this.#row.id = buffer.toString('utf8', from + 1, end - 1);
      return end;
    }
    const end = this.#readNumber(buffer, from);
    if (end > 0) this.#row.id = String(this.#number);
    return end;
  }

  #readScalar(buffer: Buffer, from: number, field: number): number {
    const values = this.#row.values;
    let end: number;
    switch (buffer[from]) {
      case QUOTE:
        end = this.#skipPlainString(buffer, from);
        if (end > 0) values[field] = buffer.toString('utf8', from + 1, end - 1);
        return end;
      case 0x6e:
        values[field] = null;
        return this.#skipWord(buffer, from, 'null');
      case 0x74:
        values[field] = true;
        return this.#skipWord(buffer, from, 'true');
      case 0x66:
        values[field] = false;
        return this.#skipWord(buffer, from, 'false');
      default:
        end = this.#readNumber(buffer, from);
        if (end > 0) values[field] = this.#number;
        return end;
    }
  }

  #skipScalar(buffer: Buffer, from: number): number {
    switch (buffer[from]) {
      case QUOTE:
        return this.#skipPlainString(buffer, from);
      case 0x6e:
        return this.#skipWord(buffer, from, 'null');
      case 0x74:
        return this.#skipWord(buffer, from, 'true');
      case 0x66:
        return this.#skipWord(buffer, from, 'false');
      default:
        return this.#readNumber(buffer, from);
    }
  }

  /** A string without escapes, quotes included. */
  #skipPlainString(buffer: Buffer, from: number): number {
    if (buffer[from] !== QUOTE) return this.#refuse(from);
    let at = from + 1;
    let byte = buffer[at]!;
    while (byte !== QUOTE) {
      if (byte < 0x20 || byte === BACKSLASH) return this.#refuse(at);
      byte = buffer[++at]!;
    }
    return at + 1;
  }

  /** Over the colon after a key to the first byte of the value. */
  #skipColon(buffer: Buffer, from: number): number {
    const at = skipBlanks(buffer, from);
    return buffer[at] === COLON ? skipBlanks(buffer, at + 1) : this.#refuse(at);
  }

  #skipWord(buffer: Buffer, from: number, word: string): number {
    for (let index = 0; index < word.length; index++) {
      if (buffer[from + index] !== word.charCodeAt(index)) return this.#refuse(from + index);
    }
    return from + word.length;
  }

  /** A number by JSON's grammar into `#number`, rounded as JSON.parse rounds it. */
  #readNumber(buffer: Buffer, from: number): number {
    let at = from;
    const negative = buffer[at] === MINUS;
    if (negative) at++;
    const firstDigit = at;
    let mantissa = 0;
    let byte = buffer[at]!;
    while (byte >= ZERO && byte <= NINE) {
      mantissa = mantissa * 10 + (byte - ZERO);
      byte = buffer[++at]!;
    }
    if (at === firstDigit || (buffer[firstDigit] === ZERO && at > firstDigit + 1)) return this.#refuse(at);
    let decimals = 0;
    if (byte === POINT) {
      const point = at;
      byte = buffer[++at]!;
      while (byte >= ZERO && byte <= NINE) {
        mantissa = mantissa * 10 + (byte - ZERO);
        byte = buffer[++at]!;
      }
      decimals = at - point - 1;
      if (decimals === 0) return this.#refuse(at);
    }
    // An exponent is rare enough to be left to JSON.parse; a zero byte may stand where more digits would follow.
    if (byte === 0x65 || byte === 0x45 || byte === 0) return this.#refuse(at);
    if (mantissa < EXACT_MANTISSA && decimals < POWERS_OF_TEN.length) {
      const value = mantissa / POWERS_OF_TEN[decimals]!;
      this.#number = negative ? -value : value;
    } else {
      this.#number = Number(buffer.toString('latin1', from, at));
    }
    return at;
  }

  #refuse(at: number): number {
    this.#refusedAt = at;
    return -1;
  }
}

function skipBlanks(buffer: Buffer, from: number): number {
  let at = from;
  while (buffer[at]! <= 0x20 && isBlank(buffer[at])) at++;
  return at;
}

function isWord(buffer: Buffer, from: number, word: string): boolean {
  for (let index = 0; index < word.length; index++) {
    if (buffer[from + index] !== word.charCodeAt(index)) return false;
  }
  return true;
}
