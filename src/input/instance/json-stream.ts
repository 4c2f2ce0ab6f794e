import { InputError } from '../../errors.ts';
import { JsonShapeError, type JsonVisitor } from './json-visitor.ts';

interface Frame {
  readonly visitor: JsonVisitor;
  readonly isArray: boolean;
  index: number;
  key: string;
}

const enum State {
  Value,
  ValueOrClose,
  Key,
  KeyOrClose,
  Colon,
  CommaOrClose,
  String,
  Number,
  Word,
  End,
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MAX_NUMBER_BYTES = 64;
const MAX_STRING_BYTES = 1 << 20;
const MAX_DEPTH = 64;
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** Parses JSON (RFC 8259) byte by byte: no text, object or array of the document is ever held as a whole. */
export class JsonStream {
  readonly #file: string;
  readonly #root: JsonVisitor;
  readonly #frames: Frame[] = [];
  #state: State = State.Value;
  #line = 1;
  /** Where the string being read goes: a key or a value. */
  #stringIsKey = false;
  #escaped = false;
  #bytes = new Uint8Array(256);
  #length = 0;
  #whole = 0;
  #plain = true;
  readonly #numberText = (): string => this.#text();

  constructor(file: string, root: JsonVisitor) {
    this.#file = file;
    this.#root = root;
  }

  /** @throws InputError naming the place of the first thing that is wrong. */
  write(chunk: Uint8Array): void {
    try {
      this.#consume(chunk);
    } catch (error) {
      if (error instanceof JsonShapeError) throw this.#located(error.code, error.message);
      throw error;
    }
  }

  /** @throws InputError when the document is not complete. */
  end(): void {
    this.write(Uint8Array.of(0x20));
    if (this.#state === State.End) return;
    throw this.#located(
      'json-truncated',
      'the file ends before the document does.',
      'The file may be cut short.',
    );
  }

  #consume(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (this.#state === State.Number) {
        if (this.#takeNumberByte(byte)) continue;
        this.#finishNumber();
      } else if (this.#state === State.String) {
        this.#takeStringByte(byte);
        continue;
      } else if (this.#state === State.Word) {
        if (byte >= 0x61 && byte <= 0x7a) {
          this.#append(byte, MAX_NUMBER_BYTES);
          continue;
        }
        this.#finishWord();
      }
      if (byte === 0x20 || byte === 0x09 || byte === 0x0d) continue;
      if (byte === 0x0a) this.#line++;
      else this.#takeStructure(byte);
    }
  }

  #takeStructure(byte: number): void {
    switch (this.#state) {
      case State.ValueOrClose:
        if (byte === 0x5d) this.#close();
        else this.#startValue(byte);
        return;
      case State.Value:
        this.#startValue(byte);
        return;
      case State.KeyOrClose:
        if (byte === 0x7d) this.#close();
        else this.#startKey(byte);
        return;
      case State.Key:
        this.#startKey(byte);
        return;
      case State.Colon:
        if (byte !== 0x3a) throw unexpected(byte, '":"');
        this.#state = State.Value;
        return;
      case State.CommaOrClose:
        this.#takeCommaOrClose(byte);
        return;
      default:
        throw new JsonShapeError('json-trailing', 'there is more after the end of the document.');
    }
  }

  #takeCommaOrClose(byte: number): void {
    const frame = this.#frames.at(-1);
    const closing = frame?.isArray === true ? 0x5d : 0x7d;
    if (byte === closing) this.#close();
    else if (byte === 0x2c) this.#state = frame?.isArray === true ? State.Value : State.Key;
    else throw unexpected(byte, `"," or "${String.fromCharCode(closing)}"`);
  }

  #startKey(byte: number): void {
    if (byte !== QUOTE) throw unexpected(byte, 'a key in double quotes');
    this.#startString(true);
  }

  #startString(isKey: boolean): void {
    this.#stringIsKey = isKey;
    this.#escaped = false;
    this.#length = 0;
    this.#state = State.String;
  }

  #startValue(byte: number): void {
    if (byte === QUOTE) this.#startString(false);
    else if (byte === 0x7b || byte === 0x5b) this.#open(byte === 0x5b);
    else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) {
      this.#length = 0;
      this.#whole = 0;
      this.#plain = true;
      this.#state = State.Number;
      this.#takeNumberByte(byte);
    } else if (byte >= 0x61 && byte <= 0x7a) {
      this.#length = 0;
      this.#append(byte, MAX_NUMBER_BYTES);
      this.#state = State.Word;
    } else throw unexpected(byte, 'a value');
  }

  /** The visitor of the value that stands here; counts array items. */
  #visitorHere(): JsonVisitor {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return this.#root;
    if (!frame.isArray) return frame.visitor.key!(frame.key);
    frame.index++;
    return frame.visitor.item!();
  }

  #open(isArray: boolean): void {
    const visitor = this.#visitorHere();
    if ((isArray ? visitor.item : visitor.key) === undefined) {
      throw wrongKind(visitor, isArray ? 'a list' : 'an object');
    }
    if (this.#frames.length >= MAX_DEPTH)
      throw new JsonShapeError('json-too-deep', 'values nest too deeply.');
    this.#frames.push({ visitor, isArray, index: -1, key: '' });
    this.#state = isArray ? State.ValueOrClose : State.KeyOrClose;
  }

  #close(): void {
    const frame = this.#frames.at(-1);
    frame?.visitor.close?.();
    this.#frames.pop();
    this.#afterValue();
  }

  #afterValue(): void {
    this.#state = this.#frames.length === 0 ? State.End : State.CommaOrClose;
  }

  #append(byte: number, limit: number): void {
    if (this.#length === this.#bytes.length) {
      if (this.#length >= limit) throw new JsonShapeError('json-too-long', 'a value is too long.');
      const larger = new Uint8Array(this.#length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }

  #text(): string {
    return new TextDecoder().decode(this.#bytes.subarray(0, this.#length));
  }

  #takeNumberByte(byte: number): boolean {
    if (byte >= 0x30 && byte <= 0x39) {
      this.#whole = this.#whole * 10 + (byte - 0x30);
    } else if (byte === 0x2e || byte === 0x2d || byte === 0x2b || byte === 0x65 || byte === 0x45) {
      this.#plain = false;
    } else return false;
    this.#append(byte, MAX_NUMBER_BYTES);
    return true;
  }

  #finishNumber(): void {
    const simple = this.#plain && this.#length < 16 && (this.#length === 1 || this.#bytes[0] !== 0x30);
    let value = this.#whole;
    if (!simple) {
      const text = this.#text();
      if (!JSON_NUMBER.test(text)) throw new JsonShapeError('json-syntax', `"${text}" is no JSON number.`);
      value = Number(text);
      if (!Number.isFinite(value)) throw new JsonShapeError('not-finite', `"${text}" is too large a number.`);
    }
    const visitor = this.#visitorHere();
    if (visitor.number === undefined) throw wrongKind(visitor, 'a number');
    visitor.number(value, this.#numberText);
    this.#afterValue();
  }

  #takeStringByte(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) {
      this.#finishString();
      return;
    } else if (byte < 0x20)
      throw new JsonShapeError('json-syntax', 'a string holds a bare control character.');
    this.#append(byte, MAX_STRING_BYTES);
  }

  #finishString(): void {
    const value = this.#unescaped();
    const frame = this.#frames.at(-1);
    if (this.#stringIsKey && frame !== undefined) {
      frame.key = value;
      this.#state = State.Colon;
      return;
    }
    const visitor = this.#visitorHere();
    if (visitor.string === undefined) throw wrongKind(visitor, `the text "${value.slice(0, 40)}"`);
    visitor.string(value);
    this.#afterValue();
  }

  #unescaped(): string {
    const text = this.#text();
    if (!text.includes('\\')) return text;
    try {
      return JSON.parse(`"${text}"`) as string;
    } catch {
      throw new JsonShapeError('json-syntax', 'a string holds a bad escape.');
    }
  }

  #finishWord(): void {
    const word = this.#text();
    const value = WORDS[word];
    if (value === undefined)
      throw new JsonShapeError('json-syntax', `"${word.slice(0, 40)}" is no JSON value.`);
    const visitor = this.#visitorHere();
    if (visitor.literal === undefined) throw wrongKind(visitor, word);
    visitor.literal(value);
    this.#afterValue();
  }

  #located(code: string, message: string, hint?: string): InputError {
    let path = '';
    for (const frame of this.#frames) {
      if (frame.isArray) path += frame.index < 0 ? '' : `[${frame.index}]`;
      else if (frame.key !== '') path += path === '' ? frame.key : `.${frame.key}`;
    }
    const feature = [path, `line ${this.#line}`].filter((part) => part !== '').join(', ');
    return new InputError(message, { code, file: this.#file, feature, hint });
  }
}

function wrongKind(visitor: JsonVisitor, found: string): JsonShapeError {
  return new JsonShapeError('wrong-kind', `expected ${visitor.expects}, found ${found}.`);
}

function unexpected(byte: number, wanted: string): JsonShapeError {
  const found = byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte 0x${byte.toString(16)}`;
  return new JsonShapeError('json-syntax', `this is not JSON: expected ${wanted}, found ${found}.`);
}
