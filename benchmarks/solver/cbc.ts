import { spawn, spawnSync } from 'node:child_process';
import type { SolverRun } from './mastplan.ts';

/** Version of the CBC on PATH (Debian: coinor-cbc), or null. */
export function cbcVersion(): string | null {
  const { stdout, error } = spawnSync('cbc', ['-quit'], { encoding: 'utf8' });
  if (error !== undefined) return null;
  return /Version:\s*(\S+)/.exec(stdout)?.[1] ?? 'unknown version';
}

/** CBC on an MPS file, gap 0, one thread, as long as it likes up to the limit. */
export async function runCbc(mps: string, limitS: number): Promise<SolverRun> {
  const args = [
    mps,
    '-sec',
    String(limitS),
    '-timeMode',
    'elapsed',
    '-ratioGap',
    '0',
    '-allowableGap',
    '0',
    '-solve',
    '-quit',
  ];
  const { log, wallS } = await runToLimit('cbc', args, limitS);
  const incumbents = [
    ...log.matchAll(
      /(?:Cbc0012I Integer solution of|Cbc0004I Integer solution of) (\S+) found.*?\((\S+) seconds\)/g,
    ),
  ].map((match) => ({ cost: Number(match[1]), seconds: Number(match[2]) }));
  const others = [...log.matchAll(/Cbc0038I Solution found of (\S+)/g)].map((match) => Number(match[1]));
  const final = /Objective value:\s+(\S+)/.exec(log)?.[1];
  const bound = /Lower bound:\s+(\S+)/.exec(log)?.[1];
  const optimal = log.includes('Result - Optimal solution found');
  const best = Math.min(
    ...incumbents.map(({ cost }) => cost),
    ...others,
    final === undefined ? Infinity : Number(final),
  );
  const value = Number.isFinite(best) && !log.includes('No feasible solution found') ? best : null;
  return {
    status: optimal ? 'optimal' : value === null ? 'no solution' : 'stopped',
    value,
    bound: optimal ? value : bound === undefined ? null : Number(bound),
    gap: null,
    seconds: wallS,
    secondsTo: (cost) =>
      incumbents.find((entry) => entry.cost <= cost + 1e-6)?.seconds ??
      (value !== null && value <= cost + 1e-6 ? wallS : null),
    cpuS: Number.NaN,
    peakBytes: null,
    edges: null,
  };
}

/** The log of a program that is ended some time after its own limit, should it not look at the clock. */
export function runToLimit(
  program: string,
  args: readonly string[],
  limitS: number,
): Promise<{ log: string; wallS: number }> {
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const timer = setTimeout(() => child.kill('SIGKILL'), (1.5 * limitS + 20) * 1000);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      resolve({ log, wallS: (performance.now() - started) / 1000 });
    });
  });
}
