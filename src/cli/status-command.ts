import { Command } from 'commander';
import { InputError } from '../errors.ts';
import { connect } from '../parallel/queue/connect.ts';
import { softwareText } from '../parallel/queue/jobs.ts';
import { Presence, workersLine, type RunState, type WorkerState } from '../parallel/queue/presence.ts';
import { queueAddress, type QueueAddress } from '../parallel/queue/queue-address.ts';
import { jsonText } from '../report/json-text.ts';
import { formatCost, formatGap } from '../report/numbers.ts';
import { terminalText } from '../report/terminal-text.ts';
import { readRunStatus, type Checkpointed, type RunStatus } from '../run-status.ts';
import { SOFTWARE } from '../version.ts';
import type { QueueFlags } from './run-executor.ts';

const EXAMPLES = `
Examples:
  mastplan status out/ottawa
  mastplan status --queue redis://queue.example:6379

Exit codes: 0 told, 2 no such folder, 4 the queue cannot be reached.`;

interface Options extends Pick<QueueFlags, 'queue' | 'queuePrefix'> {
  readonly json?: boolean;
}

interface QueueStatus {
  readonly queue: string;
  readonly workers: readonly WorkerState[];
  readonly runs: readonly RunState[];
}

/** `mastplan status [run]`: a run by its output folder, the workers and runs of a queue, or both. */
export function statusCommand(): Command {
  return new Command('status')
    .description('Look at a run, or at the workers and runs of a queue; change nothing.')
    .argument('[run]', 'output folder of a plan')
    .option('--queue <url>', 'the queue: redis://HOST:PORT, rediss:// for TLS')
    .option('--queue-prefix <name>', 'first part of every key in the queue (default: mastplan)')
    .option('--json', 'as one JSON document on stdout')
    .addHelpText('after', EXAMPLES)
    .action(runStatus);
}

async function runStatus(dir: string | undefined, options: Options): Promise<void> {
  const address = queueAddress({ url: options.queue, prefix: options.queuePrefix, env: process.env });
  if (dir === undefined && address === null) {
    throw new InputError('nothing to look at: name the output folder of a run, or --queue.', {
      code: 'status-nothing',
    });
  }
  const run = dir === undefined ? null : await readRunStatus(dir, Date.now());
  const queue = address === null ? null : await readQueueStatus(address);
  if (options.json === true) {
    process.stdout.write(jsonText({ ...(run !== null && { run }), ...(queue !== null && { queue }) }));
    return;
  }
  if (run !== null) process.stdout.write(`${terminalText(`${dir}: ${runText(run)}`)}\n`);
  if (queue !== null) process.stdout.write(queueText(queue));
}

async function readQueueStatus(address: QueueAddress): Promise<QueueStatus> {
  const client = await connect(address);
  try {
    const presence = new Presence(client, address.prefix);
    return { queue: address.shown, workers: await presence.workers(), runs: await presence.runs() };
  } finally {
    client.disconnect();
  }
}

function runText(run: RunStatus): string {
  switch (run.state) {
    case 'complete': {
      const cost = run.cost === null ? '' : `, cost ${formatCost(run.cost)}`;
      return `complete: ${run.status}${cost}${run.gap === null ? '' : `, gap ${formatGap(run.gap)}`}.`;
    }
    case 'running':
      return `running (process ${run.pid} on ${run.host})${checkpointText(run.checkpoint)}.`;
    case 'ended':
      return `ended before it was complete${checkpointText(run.checkpoint)}. mastplan plan --resume goes on.`;
    case 'none':
      return 'no run of mastplan stands here.';
  }
}

function checkpointText(checkpoint: Checkpointed): string {
  if (checkpoint === null) return '';
  const megabytes = (checkpoint.bytes / 1e6).toFixed(1);
  return `; its checkpoint has ${megabytes} MB, written ${Math.round(checkpoint.ageS)} s ago`;
}

function queueText({ queue, workers, runs }: QueueStatus): string {
  const own = softwareText(SOFTWARE);
  const lines = [`${queue}: ${workersLine(workers, own)}`];
  for (const { id, threads, busy, done, software } of workers) {
    const version = software === own ? '' : `, ${software}`;
    lines.push(`  worker ${id}: ${busy} of ${threads} threads busy, ${done} tasks done${version}`);
  }
  for (const { run, stage, done, waiting } of runs) {
    lines.push(
      `  run ${run}: ${done} tasks done, ${waiting} at work or waiting${stage === '' ? '' : ` (${stage})`}`,
    );
  }
  return `${lines.map((line) => terminalText(line)).join('\n')}\n`;
}
