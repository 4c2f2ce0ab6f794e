import type { Redis, RedisOptions } from 'ioredis';
import { EnvironmentError } from '../../errors.ts';
import type { QueueAddress } from './queue-address.ts';

/** How long the first contact may take. */
const FIRST_CONTACT_MS = 10_000;
/** Pause before the next attempt to find a queue that was lost: longer each time, up to this. */
const LONGEST_PAUSE_MS = 1_000;

/**
 * A connection that has been tried. What is lost later is looked for again without end; whoever uses it decides how
 * long to wait. The client is loaded only here: without a queue there is no network code in the process.
 * @throws EnvironmentError that names neither user nor password.
 */
export async function connect(address: QueueAddress): Promise<Redis> {
  const { Redis: Client } = await import('ioredis');
  let contacted = false;
  const options: RedisOptions = {
    host: address.host,
    port: address.port,
    db: address.db,
    ...(address.username !== undefined && { username: address.username }),
    ...(address.password !== undefined && { password: address.password }),
    ...(address.tls && { tls: { servername: address.host } }),
    lazyConnect: true,
    connectTimeout: FIRST_CONTACT_MS,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (contacted ? Math.min(100 * times, LONGEST_PAUSE_MS) : null),
  };
  const client = new Client(options);
  let lastError: Error | null = null;
  client.on('error', (error: Error) => (lastError = error));
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    client.disconnect();
    throw unreachable(address, lastError ?? (error as Error));
  }
  contacted = true;
  return client;
}

/** The driver's error may carry the command with the password: only its kind is handed on. */
function unreachable({ shown, tls }: QueueAddress, error: Error & { code?: string }): EnvironmentError {
  if (/WRONGPASS|NOAUTH|NOPERM|invalid password/i.test(error.message)) {
    return new EnvironmentError(`The queue ${shown} refuses this user or password.`, {
      code: 'queue-password',
      hint: 'Give them with MASTPLAN_QUEUE_USER and MASTPLAN_QUEUE_PASSWORD.',
    });
  }
  const kind = error.code ?? (/timed? ?out/i.test(error.message) ? 'ETIMEDOUT' : error.name);
  return new EnvironmentError(`The queue ${shown} cannot be reached (${kind}).`, {
    code: 'queue-unreachable',
    hint: tls
      ? 'Is a Redis server with TLS listening there? Own certificates: NODE_EXTRA_CA_CERTS.'
      : 'Is a Redis server listening there? With TLS the address begins with rediss://.',
  });
}
