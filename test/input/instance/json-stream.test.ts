import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonStream } from '../../../src/input/instance/json-stream.ts';
import type { JsonVisitor } from '../../../src/input/instance/json-visitor.ts';

/** Rebuilds any document: the plainest visitor there is. */
function collector(take: (value: unknown) => void): JsonVisitor {
  let list: unknown[] | null = null;
  let members: [string, unknown][] | null = null;
  return {
    expects: 'anything',
    number: take,
    string: take,
    literal: take,
    item: () => {
      const items = (list ??= []);
      const at = items.length;
      items.push(undefined);
      return collector((value) => (items[at] = value));
    },
    key: (name) => {
      const entries = (members ??= []);
      const entry: [string, unknown] = [name, undefined];
      entries.push(entry);
      return collector((value) => (entry[1] = value));
    },
    close: () => {
      if (list !== null) take(list);
      else if (members !== null) take(Object.fromEntries(members));
      else take('empty');
    },
  };
}

function parse(text: string, cuts: readonly number[]): unknown {
  const bytes = new TextEncoder().encode(text);
  let result: unknown;
  const stream = new JsonStream(
    'x.json',
    collector((value) => (result = value)),
  );
  const borders = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  for (let at = 0; at + 1 < borders.length; at++) stream.write(bytes.subarray(borders[at], borders[at + 1]));
  stream.end();
  return result;
}

/** The collector cannot tell an empty list from an empty object. */
function withEmptyNamed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 0) return 'empty';
  if (Array.isArray(value)) return value.map(withEmptyNamed);
  return Object.fromEntries(entries.map(([key, member]) => [key, withEmptyNamed(member)]));
}

describe('JsonStream', () => {
  it('gives what JSON.parse gives, wherever the chunks are cut', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.array(fc.nat(), { maxLength: 6 }),
        fc.constantFrom(undefined, 2),
        (text, cuts, indent) => {
          const spaced = JSON.stringify(JSON.parse(text), null, indent);
          expect(parse(spaced, cuts)).toEqual(withEmptyNamed(JSON.parse(spaced)));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each(['-0', '1e3', '1.5E-2', '12345678901234567890', '-7', '0.1'])('reads the number %s', (text) => {
    expect(parse(`[${text}]`, [2])).toEqual([JSON.parse(text)]);
  });

  it.each([
    ['', 'ends before'],
    ['[1, 2', 'ends before'],
    ['{"a": "b', 'ends before'],
    ['[1] x', 'more after the end'],
    ['[01]', 'no JSON number'],
    ['[1.]', 'no JSON number'],
    ['[1e999]', 'too large'],
    ['[nul]', 'no JSON value'],
    ['[1 2]', 'expected "," or "]"'],
    ['{1: 2}', 'a key in double quotes'],
    ['{"a" 2}', 'expected ":"'],
    ['[1,]', 'expected a value'],
    ['["\\q"]', 'bad escape'],
    ['["a\nb"]', 'control character'],
    ['['.repeat(70), 'nest too deeply'],
  ])('refuses %j', (text, reason) => {
    expect(() => parse(text, [])).toThrow(reason);
  });

  it('names path and line', () => {
    expect(() => parse('{"a": [1,\n {"b": [true, x]}]}', [])).toThrow('x.json, a[1].b[0], line 2: ');
  });
});
