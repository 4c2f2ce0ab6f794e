import { terminalText } from './terminal-text.ts';

/** Longer values are cut. */
const MAX_LENGTH = 1000;

/** Text for HTML content and quoted attributes. */
export function escapeHtml(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** JSON that may stand inside a script element: no `<` can close it, no separator ends a line. */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value)
    .replace(/</g, '\\u003c')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
}

/** Markdown text: characters with a meaning are escaped, line breaks become spaces, control characters visible. */
export function escapeMarkdown(value: string): string {
  const line = terminalText(value.replace(/[\r\n\t]+/g, ' '), MAX_LENGTH);
  return line.replace(/[\\`*_[\]<>|~&]/g, (character) => `\\${character}`);
}

/**
 * One CSV field (RFC 4180). Text that a spreadsheet would take for a formula (= + - @, tab or return first) gets a
 * leading apostrophe, the OWASP advice; numbers stay numbers.
 */
export function csvField(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
