import { InputError } from '../../errors.ts';
import { fields } from './lines.ts';

/** The formats of design section 8. */
export const INSTANCE_FORMATS = ['scp', 'rail', 'planar', 'bds', 'mclp', 'mclp-lonlat', 'json'] as const;
export type InstanceFormat = (typeof INSTANCE_FORMATS)[number];

const NUMERIC = /^[+-]?[\d.]+(?:[eE][+-]?\d+)?$/;
/** A city file spans less than this, degrees; and lies further from the origin than it spans. */
const CITY_SPAN_DEGREES = 2;

/**
 * Tells the format from the first bytes. The two OR-Library layouts begin alike: they are told apart by which of them
 * the whole file fits.
 *
 * @throws InputError when no format or more than one fits.
 */
export function tellFormat(file: string, head: Uint8Array): InstanceFormat | 'scp-or-rail' {
  const lines = completeLines(head);
  const [first = '', second = ''] = lines;
  if (first.startsWith('{')) return 'json';
  const header = fields(first);
  const next = fields(second);
  if (next[0] === 'F' || next[0] === 'C') return facilityFormat(file, lines);
  if (!NUMERIC.test(header[0] ?? ''))
    throw unknown(file, 'its first line begins with no number, "{" or known mark');
  if (header.length === 2) return 'scp-or-rail';
  if (next.length === 3 && next.every((field) => NUMERIC.test(field)))
    return nodeFormat(file, lines.slice(1));
  if (header.length > 2 && header.every((field) => NUMERIC.test(field))) return 'scp-or-rail';
  throw unknown(file, 'its second line fits no format');
}

/** Non-blank lines of the head; the last one only if the head ends there. */
function completeLines(head: Uint8Array): string[] {
  const text = new TextDecoder().decode(head);
  const lines = text.split('\n');
  if (lines.length > 2 && head.length >= 1 << 16) lines.pop();
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

function facilityFormat(file: string, lines: readonly string[]): InstanceFormat {
  const site = lines.find((line) => line.startsWith('F'));
  const count = site === undefined ? 0 : fields(site).length;
  if (count === 6) return 'planar';
  if (count === 5) return 'bds';
  throw unknown(file, 'its F lines have neither 5 nor 6 fields');
}

/** Nodes in metres or in degrees: told by range, span and distance from the origin, or not at all. */
function nodeFormat(file: string, lines: readonly string[]): InstanceFormat {
  const nodes = lines.map(fields).filter((node) => node.length === 3);
  const first = nodes.map((node) => Number(node[0]));
  const second = nodes.map((node) => Number(node[1]));
  const outside =
    first.some((value) => Math.abs(value) > 90) || second.some((value) => Math.abs(value) > 180);
  if (outside || [...first, ...second].every((value) => Number.isInteger(value))) return 'mclp';
  const looksLikeCity = [first, second].every((values) => {
    const span = Math.max(...values) - Math.min(...values);
    return span <= CITY_SPAN_DEGREES && Math.min(...values.map(Math.abs)) > 5 * span;
  });
  if (looksLikeCity) return 'mclp-lonlat';
  throw new InputError('the coordinates may be plane (mclp) or latitude and longitude (mclp-lonlat).', {
    code: 'format-ambiguous',
    file,
    hint: 'Say which with --format.',
  });
}

function unknown(file: string, reason: string): InputError {
  return new InputError(`the format cannot be told: ${reason}.`, {
    code: 'format-unknown',
    file,
    hint: 'Give --format scp, rail, planar, bds, mclp, mclp-lonlat or json.',
  });
}
