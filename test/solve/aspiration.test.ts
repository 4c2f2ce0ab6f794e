import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aspire, givingUp, narrowBelow } from '../../src/solve/aspiration.ts';
import { buildModel } from '../../src/solve/build-model.ts';
import { findCostGrid, type CostGrid } from '../../src/solve/cost-grid.ts';
import type { CoveringModel } from '../../src/solve/covering-model.ts';
import { highsSolver } from '../../src/solve/highs.ts';
import { allocateDualValue, evaluateDual, type Prices } from '../../src/solve/lagrangian.ts';
import { openWhole } from '../../src/solve/open-model.ts';
import type { CoveringProblem } from '../../src/solve/problem.ts';
import { arbitraryProblem } from '../support/arbitrary-problem.ts';
import { bruteMip } from '../support/brute-mip.ts';
import { leastCost } from '../support/least-cost.ts';

const small = arbitraryProblem({ maxSites: 8, maxDemand: 12, budget: 'never' });
const seedList = fc.array(fc.double({ min: 0, max: 4, noNaN: true }), { minLength: 5, maxLength: 20 });

function modelOf(problem: CoveringProblem): { model: CoveringModel; grid: CostGrid } {
  const grid = findCostGrid(problem.siteCost);
  const targets = problem.phases.flatMap((phase) => phase.targets);
  return { model: buildModel(problem, targets, problem.siteCost, grid).model, grid };
}

/** Any non-negative prices for a model. */
function pricesFor(model: CoveringModel, seeds: readonly number[]): Prices {
  const at = (index: number): number => seeds[index % seeds.length]!;
  return {
    perUser: model.need.map((need, target) => (3 * at(target)) / need),
    perClass: Float64Array.from({ length: model.classCount }, (_, own) => at(own + 7)),
  };
}

describe('what plans cheaper than an aspired bound may build', () => {
  it('holds every one of them: sites and classes fixed at any height take none away', () => {
    fc.assert(
      fc.property(small, seedList, fc.integer({ min: -4, max: 12 }), (problem, seeds, above) => {
        const { model, grid } = modelOf(problem);
        const optimum = leastCost(model);
        if (optimum === Infinity || model.targetCount === 0) return;
        const aspired = optimum + above;
        const rest = narrowBelow(openWhole(model, pricesFor(model, seeds)), aspired, grid);
        const left = rest === null ? Infinity : leastCost(rest.model);
        expect(Math.min(aspired, left)).toBe(Math.min(aspired, optimum));
      }),
      { numRuns: 2000 },
    );
  });

  it('the bound rises by what giving up a class costs when no site that covers it is built', () => {
    fc.assert(
      fc.property(small, seedList, fc.nat(), (problem, seeds, pick) => {
        const { model } = modelOf(problem);
        if (model.classCount === 0) return;
        const prices = pricesFor(model, seeds);
        const value = allocateDualValue(model);
        evaluateDual(model, prices, value);
        const own = pick % model.classCount;
        const coverers = model.siteOfClass.subarray(model.classStart[own], model.classStart[own + 1]);
        const without = leastCost(model, new Set(coverers));
        expect(value.bound + givingUp(model, prices)[own]!).toBeLessThanOrEqual(without + 1e-9);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('aspiring to a bound', () => {
  it.each([
    ['all subsets', bruteMip, 300],
    ['HiGHS', highsSolver, 60],
  ])('never proves more than the optimum, from any prices and any lift (%s)', async (_, mip, numRuns) => {
    await fc.assert(
      fc.asyncProperty(
        small,
        seedList,
        fc.double({ min: 0.01, max: 20, noNaN: true }),
        fc.nat(6),
        async (problem, seeds, lift, above) => {
          const { model, grid } = modelOf(problem);
          const optimum = leastCost(model);
          if (optimum === Infinity || model.targetCount === 0) return;
          const upperBound = optimum + above;
          const prices = pricesFor(model, seeds);
          const task = { prices, grid, proved: 0, upperBound, lift, seed: 1, solverWork: 1e6 };
          const { bound, sites, finished } = await aspire(model, task, mip);
          expect(bound).toBeLessThanOrEqual(optimum);
          if (finished) {
            expect(above === 0 ? optimum : sites!.reduce((sum, site) => sum + model.cost[site]!, 0)).toBe(
              optimum - (above === 0 ? 0 : model.fixedCost),
            );
          }
        },
      ),
      { numRuns },
    );
  });
});
