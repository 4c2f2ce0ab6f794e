import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildModel } from '../../src/solve/build-model.ts';
import { findCostGrid } from '../../src/solve/cost-grid.ts';
import { CoverState } from '../../src/solve/cover-state.ts';
import { addGreedily } from '../../src/solve/greedy.ts';
import { mergePlans } from '../../src/solve/merge-plans.ts';
import { arbitraryProblem } from '../support/arbitrary-problem.ts';
import { bruteMip } from '../support/brute-mip.ts';
import { leastCost } from '../support/least-cost.ts';

describe('merging of plans', () => {
  it('gives the cheapest plan that builds the kept sites and others that join, by trying them all', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryProblem({ maxSites: 8, maxDemand: 12, budget: 'never' }),
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        fc.nat({ max: 8 }),
        fc.constantFrom(1, 1e9),
        async (problem, chosen, joining, solverWork) => {
          const targets = problem.phases.flatMap((phase) => phase.targets);
          const { model } = buildModel(problem, targets, problem.siteCost, findCostGrid(problem.siteCost));
          const state = new CoverState(model);
          addGreedily(state);
          if (!state.isFeasible() || model.targetCount === 0) return;
          const start = Uint32Array.from(state.sites());
          const all = Array.from({ length: model.siteCount }, (_, site) => site);
          const kept = start.filter((site) => chosen[site] === true);
          const others = Uint32Array.from(all.filter((site) => state.chosen[site] === 0));
          const task = { seed: 1, start, kept, others, joining, solverWork };
          const merged = await mergePlans(model, task, bruteMip);
          const left = new Set(others.subarray(merged.joined));
          expect(merged.finished).toBe(true);
          expect(merged.cost).toBe(leastCost(model, left, kept));
          const plan = new CoverState(model, merged.sites);
          expect(plan.isFeasible()).toBe(true);
          expect(plan.cost).toBe(merged.cost);
        },
      ),
      { numRuns: 400 },
    );
  });
});
