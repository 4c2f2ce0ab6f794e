/**
 * What may stand at one place of a JSON document and who takes it. A method that is absent means that kind of value
 * is wrong there. Visitors report bad values by throwing {@link JsonShapeError}.
 */
export interface JsonVisitor {
  /** In words, for messages: `a list of demand indices`. */
  readonly expects: string;
  /** An object: called at each key, returns the visitor of its value. */
  key?(name: string): JsonVisitor;
  /** An array: called before each item, returns the visitor of the item. */
  item?(): JsonVisitor;
  /** `text()` gives the number as it is written. */
  number?(value: number, text: () => string): void;
  string?(value: string): void;
  literal?(value: boolean | null): void;
  /** After the closing bracket of an object or array. */
  close?(): void;
}

/** A value that does not belong where it stands; the stream adds file and path. */
export class JsonShapeError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
