import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { InputError } from '../errors.ts';

export interface ScenarioText {
  /** The document as plain data. */
  readonly value: unknown;
  /** 1-based line of the node at a path (of the nearest written node above it), or null. */
  lineOf(path: readonly PropertyKey[]): number | null;
}

/** YAML 1.2 or JSON (its subset) to plain data. `file` names it in errors. */
export function parseScenarioText(text: string, file: string): ScenarioText {
  if (text.includes('\u0000')) {
    throw new InputError('is not a text file.', {
      code: 'scenario-not-text',
      file,
      hint: 'A scenario is YAML or JSON.',
    });
  }
  const lines = new LineCounter();
  const document = parseShallow(text, file, lines);
  const problem = document.errors[0];
  if (problem !== undefined) {
    throw new InputError(`is not valid YAML or JSON: ${oneLine(problem.message)}.`, {
      code: 'scenario-syntax',
      file,
      feature: `line ${lines.linePos(problem.pos[0]).line}`,
    });
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new InputError(
      `cannot be read: ${oneLine(error instanceof Error ? error.message : String(error))}.`,
      {
        code: 'scenario-syntax',
        file,
      },
    );
  }
  const lineOf = (path: readonly PropertyKey[]): number | null => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return null;
  };
  return { value, lineOf };
}

/** Deeper than any scenario; a parser that calls itself per level must not be asked to go further. */
const MAX_DEPTH = 100;
/** Of which a scenario of 72 periods has some 600. The parser compares every key of a group with every other. */
const MAX_KEYS = 10_000;

function parseShallow(text: string, file: string, lineCounter: LineCounter): Document {
  const tooDeep = (): InputError =>
    new InputError(`is nested more than ${MAX_DEPTH} deep.`, { code: 'scenario-depth', file });
  if (bracketDepth(text) > MAX_DEPTH) throw tooDeep();
  if (text.split(':', MAX_KEYS + 2).length > MAX_KEYS + 1) {
    throw new InputError(`holds more than ${MAX_KEYS} keys.`, { code: 'scenario-keys', file });
  }
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' });
  } catch (error) {
    // Blocks can be nested without brackets: the stack ends first.
    if (error instanceof RangeError) throw tooDeep();
    throw error;
  }
}

/** The deepest place in open brackets, those inside of strings and comments counted too. */
function bracketDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const sign of text.matchAll(/[[\]{}]/g)) {
    depth = sign[0] === '[' || sign[0] === '{' ? depth + 1 : Math.max(0, depth - 1);
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function oneLine(message: string): string {
  return message.replace(/\s+/g, ' ').replace(/\.$/, '');
}
