import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inProcessExecutor } from '../../../src/executor.ts';
import { brokenAssignment } from '../../../src/solve/capacity/recount-assignment.ts';
import { brokenRules } from '../../../src/solve/recount.ts';
import type { Solution, SolveOptions } from '../../../src/solve/solution.ts';
import { solve } from '../../../src/solve/solve.ts';
import { arbitraryCapacityProblem } from '../../support/arbitrary-capacity.ts';
import { capacityOptimum } from '../../support/capacity-reference.ts';

const options: SolveOptions = {
  seed: 1,
  effort: 'quick',
  timeLimitS: null,
  gapGoal: 0,
  executor: inProcessExecutor,
};
const small = { maxSites: 7, maxDemand: 9 };

describe('plans within capacity against HiGHS on a model written point by point', () => {
  it('bound <= optimum <= cost, valid assignments, mean excess at most 1 %, never above 5 %', async () => {
    const excess: number[] = [];
    await fc.assert(
      fc.asyncProperty(arbitraryCapacityProblem({ ...small, backup: true }), async (problem) => {
        const nested = { ...problem, phaseOrder: 'nested' as const };
        const solution = await solve(nested, options);
        const optimum = await capacityOptimum(nested);
        if (optimum === null) {
          expect(solution.feasible).toBe(false);
          return;
        }
        checkPlan(nested, solution, optimum);
        excess.push(optimum === 0 ? 0 : solution.cost / optimum - 1);
      }),
      { numRuns: 200 },
    );
    expect(excess.length).toBeGreaterThan(100);
    const mean = excess.reduce((sum, value) => sum + value, 0) / excess.length;
    expect(mean).toBeLessThanOrEqual(0.01);
    expect(Math.max(...excess)).toBeLessThanOrEqual(0.05);
  });
});

function checkPlan(problem: Parameters<typeof solve>[0], solution: Solution, optimum: number): void {
  expect(solution.feasible).toBe(true);
  expect(brokenRules(problem, solution.sites)).toEqual([]);
  expect(solution.lowerBound).toBeLessThanOrEqual(optimum + 1e-6);
  expect(solution.cost).toBeGreaterThanOrEqual(optimum - 1e-6);
  for (const phase of solution.phases) {
    if (phase.assignment !== undefined) {
      expect(brokenAssignment(problem, phase.sites, phase.assignment)).toEqual([]);
    }
    for (const target of phase.targets) expect(target.servedUsers).toBeGreaterThanOrEqual(target.needUsers);
  }
}
