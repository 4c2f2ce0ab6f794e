import { Command, InvalidArgumentError } from 'commander';
import { InputError } from '../errors.ts';
import { openStore } from '../parallel/queue/open-store.ts';
import { queueAddress, type QueueAddress } from '../parallel/queue/queue-address.ts';
import { startQueueWorker } from '../parallel/queue/queue-worker.ts';
import { SOFTWARE } from '../version.ts';
import { withInterrupt } from './interrupt.ts';
import { createProgress } from './progress.ts';
import { addQueueOptions, queueStoreOf, type QueueFlags } from './run-executor.ts';
import { threadCount } from './threads.ts';

const EXAMPLES = `
Examples:
  mastplan worker --queue redis://queue.example:6379 --queue-store /mnt/mastplan
  MASTPLAN_QUEUE_PASSWORD=... mastplan worker --queue rediss://queue.example --queue-store s3://bucket/mastplan

The first Ctrl-C (or SIGTERM) finishes what runs and takes nothing new; the second ends at once: another worker does the
rest. docs/cluster.md says how to run workers on several machines.`;

interface Options extends QueueFlags {
  readonly concurrency?: number;
  readonly quiet?: boolean;
  readonly progress: boolean;
}

/** `mastplan worker`: takes the tasks of plans from a queue. */
export function workerCommand(): Command {
  return addQueueOptions(
    new Command('worker').description('Take tasks of plans from a queue, until it is ended.'),
  )
    .option('--concurrency <count>', 'tasks at once, a thread each (default: available cores)', threads)
    .option('--quiet', 'say nothing but errors')
    .option('--no-progress', 'no progress lines')
    .addHelpText('after', EXAMPLES)
    .action(runWorker);
}

function threads(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 1024) return count;
  throw new InvalidArgumentError('It must be a whole number from 1 to 1024.');
}

/** The queue that a command cannot do without. */
export function neededQueue(flags: QueueFlags): QueueAddress {
  const address = queueAddress({ url: flags.queue, prefix: flags.queuePrefix, env: process.env });
  if (address !== null) return address;
  throw new InputError('no queue is named.', {
    code: 'queue-missing',
    hint: 'Give it with --queue redis://HOST:PORT or MASTPLAN_QUEUE.',
  });
}

async function runWorker(options: Options): Promise<void> {
  const address = neededQueue(options);
  const store = await openStore(queueStoreOf(options), process.env);
  const quiet = options.quiet === true;
  const progress = createProgress({ enabled: options.progress && !quiet, stream: process.stderr });
  const say = (sentence: string): void => {
    if (!quiet) process.stderr.write(`${sentence}\n`);
  };
  const count = threadCount(options.concurrency);
  const worker = await startQueueWorker({
    ...{ address, store, software: SOFTWARE, threads: count },
    onNotice: seldom(say),
  });
  say(`Worker ${worker.id} takes tasks from ${address.shown}, ${count} at once.`);
  const timer = setInterval(() => {
    const { busy, done } = worker.state();
    progress.report({ stage: 'worker', message: `${busy} of ${count} threads busy, ${done} tasks done` });
  }, 1_000);
  try {
    await withInterrupt(async ({ signal, exitCode }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await worker.close();
      process.exitCode = exitCode() ?? 0;
    }, 'finishing the tasks that run');
  } finally {
    clearInterval(timer);
    progress.end();
  }
  say(`Worker ${worker.id} has left after ${worker.state().done} tasks.`);
}

/** The same sentence at most once in a minute: a lost queue is looked for every second. */
function seldom(say: (sentence: string) => void): (sentence: string) => void {
  const saidMs = new Map<string, number>();
  return (sentence) => {
    const now = performance.now();
    if (now - (saidMs.get(sentence) ?? -Infinity) < 60_000) return;
    saidMs.set(sentence, now);
    say(sentence);
  };
}
