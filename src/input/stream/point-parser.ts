import { isBlank } from './json-scan.ts';
import type { FeatureRow } from './feature-row.ts';
import type { FieldAction, FieldMap } from './fields.ts';
import { FIELD_IDENTIFIER } from './fields.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = 0x7b;
const CLOSE = 0x7d;
/** Every whole number below is exact in a double. */
const EXACT_MANTISSA = 2 ** 53;
/** 10^0 .. 10^22 are exact doubles, so mantissa / power is correctly rounded (Clinger 1990). */
const POWERS_OF_TEN = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const SEEN_TYPE = 1;
const SEEN_ID = 2;
const SEEN_GEOMETRY = 4;
const SEEN_PROPERTIES = 8;

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
 */
export class PointParser {
  readonly #fields: FieldMap;
  readonly #row: FeatureRow;
  readonly #preference: Int16Array;
  readonly #identifiers: string[] = [];
  #guesses: KeyGuess[] = [];
  #buffer: Buffer = Buffer.alloc(0);
  /** Offset of the next unread byte; meaningful while `#read*` methods succeed. */
  #at = 0;
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
    this.#buffer = buffer;
    this.#at = from;
    const row = this.#row;
    row.id = null;
    row.geometry = null;
    row.values.fill(undefined);
    this.#identifiers.length = 0;
    if (this.#readFeature()) {
      for (const name of this.#identifiers) this.#fields.countIdentifier(name);
      return this.#at;
    }
    return this.#at >= to ? -1 : 0;
  }

  #readFeature(): boolean {
    const buffer = this.#buffer;
    let seen = 0;
    if (buffer[this.#at] !== OPEN) return false;
    this.#at++;
    do {
      const start = this.#readKey();
      if (start < 0) return false;
      const length = this.#at - start;
      if (!this.#skipColon()) return false;
      const first = buffer[start];
      let member: number;
      let ok: boolean;
      if (length === 4 && first === 0x74 && this.#is(start, 'type')) {
        member = SEEN_TYPE;
        ok = this.#readText('"Feature"');
      } else if (length === 2 && first === 0x69 && this.#is(start, 'id')) {
        member = SEEN_ID;
        ok = this.#readId();
      } else if (length === 8 && this.#is(start, 'geometry')) {
        member = SEEN_GEOMETRY;
        ok = this.#readPoint();
      } else if (length === 10 && this.#is(start, 'properties')) {
        member = SEEN_PROPERTIES;
        ok = this.#readProperties();
      } else return false;
      if (!ok || (seen & member) !== 0) return false;
      seen |= member;
    } while (this.#skipComma());
    const whole = SEEN_TYPE | SEEN_GEOMETRY | SEEN_PROPERTIES;
    return (seen & whole) === whole && this.#skipByte(CLOSE);
  }

  #readPoint(): boolean {
    if (!this.#skipByte(OPEN)) return false;
    let seen = 0;
    do {
      const start = this.#readKey();
      if (start < 0) return false;
      const length = this.#at - start;
      if (!this.#skipColon()) return false;
      if (length === 4 && this.#is(start, 'type')) {
        if ((seen & 1) !== 0 || !this.#readText('"Point"')) return false;
        seen |= 1;
      } else if (length === 11 && this.#is(start, 'coordinates')) {
        if ((seen & 2) !== 0 || !this.#readPosition()) return false;
        seen |= 2;
      } else return false;
    } while (this.#skipComma());
    return seen === 3 && this.#skipByte(CLOSE);
  }

  #readPosition(): boolean {
    if (!this.#skipByte(0x5b)) return false;
    this.#blanks();
    if (!this.#readNumber()) return false;
    this.#row.lon = this.#number;
    if (!this.#skipByte(COMMA)) return false;
    this.#blanks();
    if (!this.#readNumber()) return false;
    this.#row.lat = this.#number;
    if (this.#skipByte(COMMA)) {
      this.#blanks();
      if (!this.#readNumber()) return false;
    }
    return this.#skipByte(0x5d);
  }

  #readProperties(): boolean {
    const buffer = this.#buffer;
    if (!this.#skipByte(OPEN)) return false;
    this.#preference.fill(-1);
    this.#blanks();
    if (buffer[this.#at] === CLOSE) {
      this.#at++;
      return true;
    }
    let place = 0;
    do {
      const start = this.#readKey();
      if (start < 0) return false;
      const guess = this.#guessKey(place++, start, this.#at);
      if (guess === null || !this.#skipColon()) return false;
      const { field, preference } = guess.action;
      if (field >= 0) {
        const before = this.#preference[field]!;
        // The same name twice: JSON.parse takes the last one silently, so the other path reports it.
        if (before === preference) return false;
        if (before >= 0 && before < preference) {
          if (!this.#skipScalar()) return false;
        } else {
          this.#preference[field] = preference;
          if (!this.#readScalar(field)) return false;
        }
      } else {
        if (field === FIELD_IDENTIFIER) this.#identifiers.push(guess.name);
        if (!this.#skipScalar()) return false;
      }
    } while (this.#skipComma());
    return this.#skipByte(CLOSE);
  }

  /** The key at `start..quoteAt` (the closing quote's successor is `#at`), by the guess for its place or by look-up. */
  #guessKey(place: number, start: number, end: number): KeyGuess | null {
    const buffer = this.#buffer;
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
    if (place < 256) this.#guesses[place] = fresh;
    return fresh;
  }

  #readId(): boolean {
    const first = this.#buffer[this.#at];
    if (first === QUOTE) {
      const start = this.#at + 1;
      if (!this.#skipPlainString()) return false;
      this.#row.id = this.#sliceText(start, this.#at - 1);
      return true;
    }
    const start = this.#at;
    if (!this.#readNumber()) return false;
    this.#row.id = String(this.#number);
    return this.#at > start;
  }

  #readScalar(field: number): boolean {
    const values = this.#row.values;
    switch (this.#buffer[this.#at]) {
      case QUOTE: {
        const start = this.#at + 1;
        if (!this.#skipPlainString()) return false;
        values[field] = this.#sliceText(start, this.#at - 1);
        return true;
      }
      case 0x6e:
        values[field] = null;
        return this.#readText('null');
      case 0x74:
        values[field] = true;
        return this.#readText('true');
      case 0x66:
        values[field] = false;
        return this.#readText('false');
      default:
        if (!this.#readNumber()) return false;
        values[field] = this.#number;
        return true;
    }
  }

  #skipScalar(): boolean {
    switch (this.#buffer[this.#at]) {
      case QUOTE:
        return this.#skipPlainString();
      case 0x6e:
        return this.#readText('null');
      case 0x74:
        return this.#readText('true');
      case 0x66:
        return this.#readText('false');
      default:
        return this.#readNumber();
    }
  }

  /** Opening quote to closing quote without escapes; `#at` ends after the closing quote. */
  #skipPlainString(): boolean {
    const buffer = this.#buffer;
    let at = this.#at + 1;
    for (;;) {
      const byte = buffer[at]!;
      if (byte === QUOTE) break;
      if (byte < 0x20 || byte === 0x5c) {
        this.#at = at;
        return false;
      }
      at++;
    }
    this.#at = at + 1;
    return true;
  }

  /** Start of a key's text (its end is `#at`, on the closing quote), or -1. */
  #readKey(): number {
    this.#blanks();
    if (this.#buffer[this.#at] !== QUOTE) return -1;
    const start = this.#at + 1;
    if (!this.#skipPlainString()) return -1;
    this.#at--;
    return start;
  }

  /** From the closing quote of a key over the colon to the first byte of the value. */
  #skipColon(): boolean {
    this.#at++;
    this.#blanks();
    if (this.#buffer[this.#at] !== COLON) return false;
    this.#at++;
    this.#blanks();
    return true;
  }

  #skipComma(): boolean {
    return this.#skipByte(COMMA);
  }

  #skipByte(byte: number): boolean {
    this.#blanks();
    if (this.#buffer[this.#at] !== byte) return false;
    this.#at++;
    return true;
  }

  #blanks(): void {
    const buffer = this.#buffer;
    let at = this.#at;
    while (buffer[at]! <= 0x20 && isBlank(buffer[at])) at++;
    this.#at = at;
  }

  #readText(text: string): boolean {
    const buffer = this.#buffer;
    for (let index = 0; index < text.length; index++) {
      if (buffer[this.#at] !== text.charCodeAt(index)) return false;
      this.#at++;
    }
    return true;
  }

  #is(start: number, word: string): boolean {
    const buffer = this.#buffer;
    for (let index = 0; index < word.length; index++) {
      if (buffer[start + index] !== word.charCodeAt(index)) return false;
    }
    return true;
  }

  /** A number by JSON's grammar into `#number`, rounded as JSON.parse rounds it. */
  #readNumber(): boolean {
    const buffer = this.#buffer;
    const start = this.#at;
    let at = start;
    const negative = buffer[at] === 0x2d;
    if (negative) at++;
    const firstDigit = at;
    let mantissa = 0;
    let byte = buffer[at]!;
    while (byte >= 0x30 && byte <= 0x39) {
      mantissa = mantissa * 10 + (byte - 0x30);
      byte = buffer[++at]!;
    }
    this.#at = at;
    if (at === firstDigit || (buffer[firstDigit] === 0x30 && at > firstDigit + 1)) return false;
    let decimals = 0;
    if (byte === 0x2e) {
      const point = at;
      byte = buffer[++at]!;
      while (byte >= 0x30 && byte <= 0x39) {
        mantissa = mantissa * 10 + (byte - 0x30);
        byte = buffer[++at]!;
      }
      decimals = at - point - 1;
      this.#at = at;
      if (decimals === 0) return false;
    }
    // An exponent is rare enough to be left to JSON.parse; a zero byte may stand where more digits would follow.
    if (byte === 0x65 || byte === 0x45 || byte === 0) return false;
    if (mantissa < EXACT_MANTISSA && decimals < POWERS_OF_TEN.length) {
      const value = mantissa / POWERS_OF_TEN[decimals]!;
      this.#number = negative ? -value : value;
    } else {
      this.#number = Number(buffer.toString('latin1', start, at));
    }
    return true;
  }

  #sliceText(start: number, end: number): string {
    return this.#buffer.toString('utf8', start, end);
  }
}
