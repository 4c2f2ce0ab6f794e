import { InputError } from '../../errors.ts';

/** Where the queue is. Only `shown` may appear in messages. */
export interface QueueAddress {
  /** `redis://queue.example:6379`: without user and password. */
  readonly shown: string;
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** First part of every key. */
  readonly prefix: string;
}

export interface QueueSettings {
  /** `redis://` or `rediss://` (TLS); default: MASTPLAN_QUEUE. */
  readonly url: string | undefined;
  readonly prefix: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const DEFAULT_PORT = 6379;
const DEFAULT_PREFIX = 'mastplan';

/**
 * The address from a flag or MASTPLAN_QUEUE; user and password from it or from MASTPLAN_QUEUE_USER and
 * MASTPLAN_QUEUE_PASSWORD, which keep them out of the list of processes. Null when no queue is asked for.
 * @throws InputError that shows nothing of what was given: it may hold a password.
 */
export function queueAddress({ url, prefix, env }: QueueSettings): QueueAddress | null {
  const text = url ?? env['MASTPLAN_QUEUE'];
  if (text === undefined || text === '') return null;
  const parsed = URL.canParse(text) ? new URL(text) : null;
  const db = parsed === null ? null : databaseOf(parsed);
  const known = parsed?.protocol === 'redis:' || parsed?.protocol === 'rediss:';
  if (parsed === null || db === null || !known || parsed.hostname === '') {
    throw new InputError('--queue must be redis://HOST:PORT, or rediss://HOST:PORT for TLS.', {
      code: 'queue-address',
      hint: 'User and password may stand in MASTPLAN_QUEUE_USER and MASTPLAN_QUEUE_PASSWORD.',
    });
  }
  const port = parsed.port === '' ? DEFAULT_PORT : Number(parsed.port);
  const database = db === 0 ? '' : `/${db}`;
  return {
    shown: `${parsed.protocol}//${parsed.hostname}:${port}${database}`,
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port,
    db,
    tls: parsed.protocol === 'rediss:',
    username: decoded(parsed.username) ?? env['MASTPLAN_QUEUE_USER'],
    password: decoded(parsed.password) ?? env['MASTPLAN_QUEUE_PASSWORD'],
    prefix: prefixOf(prefix),
  };
}

/** Number of the database in the path; null where the path is something else. */
function databaseOf({ pathname }: URL): number | null {
  if (pathname === '' || pathname === '/') return 0;
  return /^\/\d{1,4}$/.test(pathname) ? Number(pathname.slice(1)) : null;
}

function decoded(text: string): string | undefined {
  if (text === '') return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function prefixOf(prefix: string | undefined): string {
  if (prefix === undefined) return DEFAULT_PREFIX;
  if (/^[\w.-]{1,100}$/.test(prefix)) return prefix;
  throw new InputError(
    `--queue-prefix must be letters, digits, dot, hyphen or underscore, got "${prefix}".`,
    {
      code: 'queue-prefix',
    },
  );
}
