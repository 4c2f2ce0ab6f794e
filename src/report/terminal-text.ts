/**
 * Names come from files and may hold anything. For the terminal every control character (C0, DEL, C1: escape
 * sequences start with one), line and paragraph separators and bidirectional overrides become visible `\u....`
 * text, and very long values are cut.
 */
export function terminalText(value: string, maxLength = 200): string {
  let safe = '';
  for (const character of value) {
    const code = character.codePointAt(0) ?? 0;
    safe += isHazard(code) ? `\\u${code.toString(16).padStart(4, '0')}` : character;
    if (safe.length >= maxLength) return `${safe.slice(0, maxLength - 1)}…`;
  }
  return safe;
}

/** Whole messages: as `terminalText`, but lines stay lines and nothing is cut. */
export function sanitizeForTerminal(text: string): string {
  return text
    .split('\n')
    .map((line) => terminalText(line, Infinity))
    .join('\n');
}

function isHazard(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code <= 0x9f) ||
    code === 0x061c ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0xfeff ||
    (code >= 0xd800 && code <= 0xdfff)
  );
}

/** Columns a string takes on a terminal: East Asian wide characters count two. */
export function displayWidth(value: string): number {
  let width = 0;
  for (const character of value) width += isWide(character.codePointAt(0) ?? 0) ? 2 : 1;
  return width;
}

/** The wide and full-width blocks of Unicode TR 11 that names are written in. */
function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}
