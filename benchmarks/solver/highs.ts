import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runToLimit } from './cbc.ts';
import type { SolverRun } from './mastplan.ts';

const native = fileURLToPath(new URL('./highs-native.py', import.meta.url));
const wasm = fileURLToPath(new URL('./highs-wasm.mjs', import.meta.url));

/** Native HiGHS through SciPy where Python has one of 1.15 or later, else the WebAssembly of npm. */
export function highsKind(): { readonly label: string; readonly isNative: boolean } {
  const { status, stdout } = spawnSync('python3', [native], { encoding: 'utf8' });
  if (status === 0) return { label: `${stdout.trim()} native (SciPy)`, isNative: true };
  return { label: 'HiGHS WebAssembly (npm highs)', isNative: false };
}

/** HiGHS on an MPS file, gap 0, one thread. */
export async function runHighs(mps: string, limitS: number, isNative: boolean): Promise<SolverRun> {
  const [program, script] = isNative ? ['python3', native] : [process.execPath, wasm];
  const { log, wallS } = await runToLimit(program, [script, mps, String(limitS)], limitS);
  const incumbents = log.split('\n').flatMap(incumbentOf);
  const status = /^\s*Status\s+(.+)$/m.exec(log)?.[1] ?? 'no answer';
  const primal = Number(/^\s*Primal bound\s+(\S+)/m.exec(log)?.[1]);
  const dual = Number(/^\s*Dual bound\s+(\S+)/m.exec(log)?.[1]);
  const value = Number.isFinite(primal) ? primal : (incumbents.at(-1)?.cost ?? null);
  return {
    status: status.trim() === 'Optimal' ? 'optimal' : value === null ? 'no solution' : 'stopped',
    value,
    bound: Number.isFinite(dual) ? dual : null,
    gap: null,
    seconds: wallS,
    secondsTo: (cost) => incumbents.find((entry) => entry.cost <= cost + 1e-6)?.seconds ?? null,
    cpuS: Number.NaN,
    peakBytes: null,
    edges: null,
  };
}

/**
 * A line of the MIP log ends in: best bound, best solution, gap, cuts, rows in the LP, conflicts, LP iterations, time.
 */
function incumbentOf(line: string): { cost: number; seconds: number }[] {
  const fields = line.trim().split(/\s+/);
  const time = /^(\d+(?:\.\d+)?)s$/.exec(fields.at(-1) ?? '')?.[1];
  const cost = Number(fields.at(-7));
  return time === undefined || fields.length < 10 || !Number.isFinite(cost)
    ? []
    : [{ cost, seconds: Number(time) }];
}
