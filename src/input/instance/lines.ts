import { InputError } from '../../errors.ts';

const MAX_LINE_CHARACTERS = 1 << 20;

/**
 * Calls `onLine` with every non-blank line of a text and its 1-based number. Memory stays at one chunk and one line.
 *
 * @throws InputError when a line is longer than 1 MiB: then it is no text of lines.
 */
export async function eachLine(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  onLine: (line: string, lineNumber: number) => void,
): Promise<void> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  let lineNumber = 0;
  const take = (line: string): void => {
    lineNumber++;
    if (line.trim() !== '') onLine(line, lineNumber);
  };
  for await (const chunk of chunks) {
    const text = rest + decoder.decode(chunk, { stream: true });
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      take(text.slice(from, end));
      from = end + 1;
    }
    rest = text.slice(from);
    if (rest.length > MAX_LINE_CHARACTERS) {
      throw new InputError('a line is longer than 1 MiB, so this is no text instance.', {
        code: 'line-too-long',
        file,
        feature: `line ${lineNumber + 1}`,
      });
    }
  }
  take(rest + decoder.decode());
}

/** The fields of a line, split at blanks and tabs. */
export function fields(line: string): string[] {
  return line.trim().split(/\s+/);
}
