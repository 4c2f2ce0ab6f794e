import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inProcessExecutor } from '../../../src/executor.ts';
import { readInstance } from '../../../src/input/instance/read-instance.ts';
import { createPool } from '../../../src/parallel/pool.ts';
import { solve } from '../../../src/solve/solve.ts';

const file = fileURLToPath(new URL('../../../data/instances/A-uniform-100x10k.txt.gz', import.meta.url));

describe('a bundled instance in tiles', () => {
  // 253 is the proven optimum of A (shared/instances/planar/README.md).
  it('is the same on two threads as in this one, and its bound and plan enclose the optimum', async () => {
    const problem = await readInstance(file, { share: { numerator: 95, denominator: 100 } });
    const options = { seed: 1, effort: 'quick', timeLimitS: null, gapGoal: 0, tiles: 4 } as const;
    const alone = await solve(problem, { ...options, executor: inProcessExecutor });
    const pool = await createPool({ threads: 2 });
    try {
      expect(await solve(problem, { ...options, executor: pool })).toEqual(alone);
    } finally {
      await pool.close();
    }
    expect(alone.feasible).toBe(true);
    expect(alone.lowerBound).toBeLessThanOrEqual(253);
    expect(alone.cost).toBeGreaterThanOrEqual(253);
    expect(alone.notes.join(' ')).toContain('cut into 4 tiles');
  });
});
