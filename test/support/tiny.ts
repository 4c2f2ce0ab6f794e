import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { parseScenario, readScenario, type LoadedScenario } from '../../src/input/read-scenario.ts';

/** The scenario of the invented town. */
export const TINY = fileURLToPath(new URL('../fixtures/tiny/scenario.yaml', import.meta.url));
const VERIFY = fileURLToPath(new URL('../../scripts/verify.mjs', import.meta.url));

/** The invented town with some keys of its scenario replaced. */
export async function tinyWith(more: object): Promise<LoadedScenario> {
  const loaded = await readScenario(TINY);
  const { phases, solver, ...rest } = loaded.scenario;
  const value = { ...rest, solver, ...(phases !== null && { phases }), ...more };
  return { ...loaded, scenario: parseScenario({ value, lineOf: () => null }, TINY, [], loaded.baseDir) };
}

/** What the verifier says of a run, and how it ends. */
export function verify(dir: string): { status: number | null; stdout: string } {
  return spawnSync(process.execPath, [VERIFY, dir], { encoding: 'utf8' });
}
