import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inProcessExecutor } from '../../src/executor.ts';
import { buildModel } from '../../src/solve/build-model.ts';
import { SolveContext } from '../../src/solve/context.ts';
import { findCostGrid } from '../../src/solve/cost-grid.ts';
import type { MipSolver } from '../../src/solve/mip.ts';
import { searchModel } from '../../src/solve/search.ts';
import { arbitraryProblem } from '../support/arbitrary-problem.ts';
import { bruteMip } from '../support/brute-mip.ts';
import { leastCost } from '../support/least-cost.ts';

/** Branch and cut that always runs into its limit, with nothing to show. */
const weary: MipSolver = {
  ...bruteMip,
  solveMip: () => Promise.resolve({ status: 'limit', bound: -Infinity, values: null, iterations: 1 }),
};

/** Branch and cut that stops short of a proof with a bound above the truth by most of what its tolerances allow. */
const tolerant: MipSolver = {
  ...bruteMip,
  solveMip: async (model, limits, start) => {
    const { bound } = await bruteMip.solveMip(model, limits, start);
    return { status: 'limit', bound: bound + 0.9e-6 * (1 + Math.abs(bound)), values: null, iterations: 1 };
  },
};

describe('a search whose branch and cut ends without a proof', () => {
  it.each([
    ['gives up', weary],
    ['is above the truth within its tolerances', tolerant],
  ])('claims no bound above the optimum when it %s, however many rounds go by', async (_, mip) => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryProblem({ maxSites: 8, maxDemand: 12, budget: 'never' }),
        fc.boolean(),
        async (problem, improvePlan) => {
          const grid = findCostGrid(problem.siteCost);
          const targets = problem.phases.flatMap((phase) => phase.targets);
          const { model } = buildModel(problem, targets, problem.siteCost, grid);
          const context = new SolveContext({
            seed: 1,
            effort: 'quick',
            timeLimitS: null,
            gapGoal: 0,
            executor: inProcessExecutor,
            mip,
          });
          // No walks: the plan stays what greedy made of it, mostly dearer than the best.
          Object.assign(context, { effort: { ...context.effort, walkWork: 0 } });
          const rounds = 5;
          const settings = { phase: 'all', grid, rounds, start: [], improvePlan };
          const { bound } = await searchModel(context, model, settings);
          expect(bound).toBeLessThanOrEqual(leastCost(model));
        },
      ),
      { numRuns: 300 },
    );
  });
});
