import { numberOf, showValue } from './stream/feature-row.ts';
import type { PerPeriod, SiteRoom } from './types.ts';

/** Properties of a site that say how much it can carry. */
export const ROOM_FIELDS = ['capacity_mbps', 'capacity_users', 'load_mbps', 'load_users'] as const;

/** A site that states nothing: the scenario's `capacity` holds. */
export const NO_ROOM: SiteRoom = { mbps: null, users: null, load: null };

/** Room of one site from the values of `ROOM_FIELDS`; null when it states none, a sentence when one is wrong. */
export function readRoom(values: readonly unknown[]): SiteRoom | string | null {
  const parsed: (PerPeriod | null)[] = [];
  for (const [field, name] of ROOM_FIELDS.entries()) {
    const value = perPeriodOf(values[field]);
    if (value === undefined) {
      return `${name} must be a number of at least 0, or one per period ({"day": 100}), got ${showValue(values[field])}.`;
    }
    parsed.push(value);
  }
  const [mbps = null, users = null, loadMbps = null, loadUsers = null] = parsed;
  if (parsed.every((value) => value === null)) return null;
  if (mbps !== null && users !== null) return 'has capacity_mbps and capacity_users; keep one.';
  if (loadMbps !== null && mbps === null) return 'has load_mbps without capacity_mbps.';
  if (loadUsers !== null && users === null) return 'has load_users without capacity_users.';
  return { mbps, users, load: loadMbps ?? loadUsers };
}

/** A number, or numbers by period as an object or its JSON text; null = nothing, undefined = something else. */
function perPeriodOf(value: unknown): PerPeriod | null | undefined {
  const number = numberOf(value);
  if (number === undefined) return null;
  if (Number.isFinite(number)) return number >= 0 ? number : undefined;
  const object = typeof value === 'string' ? parsedObject(value) : value;
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return undefined;
  const entries = Object.entries(object).map(([period, own]) => [period, numberOf(own)] as const);
  const right = entries.every(([, own]) => own !== undefined && Number.isFinite(own) && own >= 0);
  return right && entries.length > 0 ? (Object.fromEntries(entries) as Record<string, number>) : undefined;
}

function parsedObject(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
