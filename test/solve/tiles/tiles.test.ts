import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inProcessExecutor, type Executor } from '../../../src/executor.ts';
import type { CoveringProblem } from '../../../src/solve/problem.ts';
import { brokenRules } from '../../../src/solve/recount.ts';
import type { Solution, SolveOptions } from '../../../src/solve/solution.ts';
import { solve } from '../../../src/solve/solve.ts';
import { arbitraryProblem } from '../../support/arbitrary-problem.ts';
import { bruteMip } from '../../support/brute-mip.ts';
import { enumerate, servedUsers } from '../../support/enumerate.ts';

const small = arbitraryProblem({ maxSites: 8, maxDemand: 14, budget: 'never' });
const options: SolveOptions = {
  seed: 1,
  effort: 'quick',
  timeLimitS: null,
  gapGoal: 0,
  executor: inProcessExecutor,
};

/** bound <= optimum (all subsets tried) <= cost, all targets met and all rules kept. */
function checkTiledPlan(problem: CoveringProblem, solution: Solution): void {
  const { leastCost } = enumerate(problem);
  expect(solution.feasible).toBe(leastCost !== null);
  if (leastCost === null) return;
  expect(brokenRules(problem, solution.sites)).toEqual([]);
  for (const target of problem.phases.flatMap((phase) => phase.targets))
    expect(servedUsers(problem, target, solution.sites)).toBeGreaterThanOrEqual(target.needUsers);
  expect(solution.lowerBound).toBeLessThanOrEqual(leastCost + 1e-9);
  expect(solution.cost).toBeGreaterThanOrEqual(leastCost - 1e-9);
  // As built, the lines speak of what is still to build given the earlier phase's sites.
  if (problem.phaseOrder === 'as-built') return;
  for (const line of solution.trace.filter((entry) => entry.phase === problem.phases.at(-1)!.name))
    expect(line.lowerBound).toBeLessThanOrEqual(leastCost + 1e-9);
}

describe('tiles and prices against enumeration of all subsets', () => {
  // Tiles of a few classes each: nearly every site straddles a seam, locations and conflicts too.
  it('bound <= optimum <= plan with straddling sites, several targets, conflicts, locations, required sites', async () => {
    await fc.assert(
      fc.asyncProperty(small, fc.integer({ min: 2, max: 5 }), async (problem, tiles) =>
        checkTiledPlan(problem, await solve(problem, { ...options, tiles, mip: bruteMip })),
      ),
      { numRuns: 400 },
    );
  });

  it('holds with the relaxations of HiGHS', async () => {
    await fc.assert(
      fc.asyncProperty(small, fc.integer({ min: 2, max: 5 }), async (problem, tiles) =>
        checkTiledPlan(problem, await solve(problem, { ...options, tiles })),
      ),
      { numRuns: 40 },
    );
  });

  it('does not depend on the order in which tiles finish', async () => {
    await fc.assert(
      fc.asyncProperty(small, async (problem) => {
        const tiled = { ...options, tiles: 3 };
        expect(await solve(problem, { ...tiled, executor: backwards })).toEqual(await solve(problem, tiled));
      }),
      { numRuns: 10 },
    );
  });
});

/** Finishes tasks in reverse order: whoever merges by arrival instead of task order differs. */
const backwards: Executor = {
  threads: 4,
  async map(kernel, shared, tasks) {
    const results = new Array(tasks.length);
    for (let task = tasks.length - 1; task >= 0; task--)
      results[task] = await kernel.run(shared, tasks[task]!, { shouldStop: () => false });
    return results;
  },
};
