import { isNode, LineCounter, parseDocument } from 'yaml';
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
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
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

function oneLine(message: string): string {
  return message.replace(/\s+/g, ' ').replace(/\.$/, '');
}
