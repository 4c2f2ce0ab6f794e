import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { emptyNodeBytes, runNode } from '../support/run-node.ts';

/** The checkout that is measured: this one, or the one compare.ts names. Its dist/ must be built. */
const checkout = process.env['MASTPLAN_CHECKOUT'] ?? fileURLToPath(new URL('../../', import.meta.url));

export interface SolverRun {
  readonly status: string;
  /** Cost, or users covered with a budget; null = no plan that meets the targets. */
  readonly value: number | null;
  readonly bound: number | null;
  readonly gap: number | null;
  /** Wall seconds of the search, reading not included. */
  readonly seconds: number;
  /** Seconds until an incumbent of at most this cost stood; null = never. */
  secondsTo(cost: number): number | null;
  readonly cpuS: number;
  readonly peakBytes: number | null;
  readonly edges: number | null;
}

interface Answer {
  readonly status: string;
  readonly feasible: boolean;
  readonly cost: number;
  readonly lowerBound: number | null;
  readonly gap: number;
  readonly covered?: number;
  readonly upperBound?: number;
  readonly seconds: number;
  readonly edges: number;
}

interface TracedEntry {
  readonly seconds: number;
  readonly incumbent: number | null;
}

/** Runs `mastplan solve` on an instance in a process of its own. `peakBytes` is counted from an empty Node. */
export async function runMastplan(instance: string, args: readonly string[]): Promise<SolverRun> {
  const folder = mkdtempSync(join(tmpdir(), 'mastplan-bench-'));
  const traceFile = join(folder, 'trace.json');
  try {
    const program = join(checkout, 'bin/mastplan.js');
    const run = await runNode([
      program,
      'solve',
      instance,
      ...args,
      '--json',
      '--no-progress',
      '--trace',
      traceFile,
    ]);
    if (run.exitCode !== 0 && run.exitCode !== 3) {
      throw new Error(`mastplan solve ${instance} ended with ${run.exitCode}: ${run.stderr}`);
    }
    const answer = JSON.parse(run.stdout) as Answer;
    const { trace } = JSON.parse(readFileSync(traceFile, 'utf8')) as { trace: TracedEntry[] };
    return {
      status: answer.status,
      value: answer.feasible ? (answer.covered ?? answer.cost) : null,
      bound: answer.upperBound ?? answer.lowerBound,
      gap: answer.gap,
      seconds: answer.seconds,
      secondsTo: (cost) =>
        trace.find(({ incumbent }) => incumbent !== null && incumbent <= cost + 1e-6)?.seconds ?? null,
      cpuS: run.cpuS,
      peakBytes: run.peakBytes - (await emptyNodeBytes()),
      edges: answer.edges,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes the model of an instance for other solvers and returns what was written. */
export async function writeModel(instance: string, args: readonly string[], mps: string): Promise<void> {
  const program = join(checkout, 'bin/mastplan.js');
  // The search itself is cut at once: only the model is wanted.
  const run = await runNode([
    program,
    'solve',
    instance,
    ...args,
    '--quiet',
    '--write-mps',
    mps,
    '--time-limit',
    '0.001',
  ]);
  if (run.exitCode !== 0 && run.exitCode !== 3) throw new Error(`no model of ${instance}: ${run.stderr}`);
}
