import { nearestKey } from '../nearest-key.ts';
import { JsonShapeError, type JsonVisitor } from './json-visitor.ts';

/** Visitors for the plain shapes that a document is put together from. */

/** An object of known members. Unknown, repeated and missing keys are errors. */
export function objectShape(
  expects: string,
  members: Readonly<Record<string, () => JsonVisitor>>,
  required: readonly string[],
  onClose?: () => void,
): JsonVisitor {
  const seen = new Set<string>();
  return {
    expects,
    key: (name) => {
      const member = Object.hasOwn(members, name) ? members[name] : undefined;
      if (member === undefined) {
        const known = Object.keys(members);
        const near = nearestKey(name.slice(0, 40), known);
        const hint = near === null ? `known are ${known.join(', ')}` : `did you mean "${near}"?`;
        throw new JsonShapeError('unknown-key', `"${name.slice(0, 40)}" is no key here; ${hint}`);
      }
      if (seen.has(name)) throw new JsonShapeError('duplicate-key', `"${name}" stands twice.`);
      seen.add(name);
      return member();
    },
    close: () => {
      const missing = required.find((name) => !seen.has(name));
      if (missing !== undefined) throw new JsonShapeError('key-missing', `"${missing}" is missing.`);
      onClose?.();
    },
  };
}

/** A list whose items are visited by `item()`. */
export function listShape(expects: string, item: () => JsonVisitor, onClose?: () => void): JsonVisitor {
  return onClose === undefined ? { expects, item } : { expects, item, close: onClose };
}

/** An object with a value of one shape under every name. */
export function mapShape(expects: string, value: (name: string) => JsonVisitor): JsonVisitor {
  const seen = new Set<string>();
  return {
    expects,
    key: (name) => {
      if (seen.has(name)) throw new JsonShapeError('duplicate-key', `"${name.slice(0, 40)}" stands twice.`);
      seen.add(name);
      return value(name);
    },
  };
}

/** A 0-based index that a uint32 holds. */
export function indexShape(expects: string, take: (index: number) => void): JsonVisitor {
  return {
    expects,
    number: (value) => {
      if (!Number.isInteger(value) || value < 0 || value > 0xffff_fffe) {
        throw new JsonShapeError('bad-index', `expected ${expects}, found ${value}.`);
      }
      take(value);
    },
  };
}

export function numberShape(expects: string, take: (value: number, text: () => string) => void): JsonVisitor {
  return { expects, number: take };
}

export function textShape(expects: string, take: (value: string) => void): JsonVisitor {
  return { expects, string: take };
}
