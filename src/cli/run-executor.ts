import { createHash } from 'node:crypto';
import { Option, type Command } from 'commander';
import { InputError } from '../errors.ts';
import { createPool, type Pool } from '../parallel/pool.ts';
import { openStore } from '../parallel/queue/open-store.ts';
import { queueAddress } from '../parallel/queue/queue-address.ts';
import { openQueueExecutor } from '../parallel/queue/queue-executor.ts';
import { SOFTWARE } from '../version.ts';

/** Where work is done when not in this process. */
export interface QueueFlags {
  readonly queue?: string;
  readonly queuePrefix?: string;
  readonly queueStore?: string;
}

export function addQueueOptions(command: Command): Command {
  return command
    .option('--queue <url>', 'let mastplan worker do the work: redis://HOST:PORT, rediss:// for TLS')
    .option('--queue-prefix <name>', 'first part of every key in the queue (default: mastplan)')
    .addOption(
      new Option(
        '--queue-store <place>',
        'folder that every worker sees, or s3://BUCKET/PREFIX: inputs and results of tasks',
      ).env('MASTPLAN_QUEUE_STORE'),
    );
}

/** The place of tasks that a queue needs beside it. */
export function queueStoreOf({ queueStore }: QueueFlags): string {
  if (queueStore !== undefined) return queueStore;
  throw new InputError(
    '--queue needs --queue-store: a folder that every worker sees, or s3://BUCKET/PREFIX.',
    {
      code: 'queue-store-missing',
      hint: 'On one machine any folder will do.',
    },
  );
}

export interface RunExecutorOptions {
  readonly threads: number;
  readonly flags: QueueFlags;
  /** Name of the run for people, and what tells it from others of that name. */
  readonly name: string;
  readonly identity: string;
  readonly onTick: () => void;
}

/** Threads of this process, or the workers of a queue where one is asked for. `describe` is said beside the progress. */
export async function openRunExecutor(
  options: RunExecutorOptions,
): Promise<Pool & { readonly describe: () => string }> {
  const { threads, flags, name, identity, onTick } = options;
  const address = queueAddress({ url: flags.queue, prefix: flags.queuePrefix, env: process.env });
  const store = address === null ? null : await openStore(queueStoreOf(flags), process.env);
  const pool = await createPool({ threads });
  const describe = (): string => '';
  const here: Pool = {
    threads: pool.threads,
    leavable: pool.leavable,
    map: (...args) => pool.map(...args),
    close: () => pool.close(),
  };
  if (address === null || store === null) return { ...here, describe };
  try {
    const run = `${name.replace(/[^a-z0-9]+/gi, '-').slice(0, 40)}-${hash(identity)}`;
    const queue = await openQueueExecutor({ address, store, run, software: SOFTWARE, local: pool, onTick });
    return {
      threads: queue.threads,
      map: (...args) => queue.map(...args),
      describe: () => queue.describe(),
      close: async () => {
        await queue.close();
        await pool.close();
      },
    };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
