import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aspire, givingUp, narrowBelow } from '../../src/solve/aspiration.ts';
import { buildModel } from '../../src/solve/build-model.ts';
import { findCostGrid, type CostGrid } from '../../src/solve/cost-grid.ts';
import { CoverState } from '../../src/solve/cover-state.ts';
import type { CoveringModel } from '../../src/solve/covering-model.ts';
import { highsSolver } from '../../src/solve/highs.ts';
import { allocateDualValue, evaluateDual, type Prices } from '../../src/solve/lagrangian.ts';
import type { MipSolver } from '../../src/solve/mip.ts';
import { openWhole } from '../../src/solve/open-model.ts';
import { findPrices } from '../../src/solve/prices.ts';
import type { CoveringProblem } from '../../src/solve/problem.ts';
import { arbitraryProblem } from '../support/arbitrary-problem.ts';
import { bruteMip } from '../support/brute-mip.ts';
import { leastCost } from '../support/least-cost.ts';

const small = arbitraryProblem({ maxSites: 8, maxDemand: 12, budget: 'never' });
/** Passes of the search for prices, and what those are multiplied by: near the best, poor, and beyond what is sensible. */
const pricing = fc.record({ passes: fc.nat(60), factor: fc.constantFrom(1, 1, 1, 0.5, 1.3) });
type Pricing = Parameters<Parameters<typeof pricing.map>[0]>[0];

function modelOf(problem: CoveringProblem): { model: CoveringModel; grid: CostGrid } {
  const grid = findCostGrid(problem.siteCost);
  const targets = problem.phases.flatMap((phase) => phase.targets);
  return { model: buildModel(problem, targets, problem.siteCost, grid).model, grid };
}

function pricesFor(model: CoveringModel, { passes, factor }: Pricing): Prices {
  const { perUser, perClass } = findPrices(model, leastCost(model), passes).prices;
  return {
    perUser: perUser.map((price) => factor * price),
    perClass: perClass.map((price) => factor * price),
  };
}

/** Least cost of plans that cover the classes marked as mandatory, whatever the targets need; Infinity when there is none. */
function leastCoveringCost(model: CoveringModel): number {
  let least = Infinity;
  for (let subset = 0; subset < 2 ** model.siteCount; subset++) {
    const sites = Array.from({ length: model.siteCount }, (_, site) => site).filter(
      (site) => (subset >> site) & 1,
    );
    const state = new CoverState(model, sites);
    const covers = model.mandatory.every((own, index) => own === 0 || state.timesCovered[index]! > 0);
    if (covers && state.isFeasible()) least = Math.min(least, state.cost);
  }
  return least;
}

/** Tries all subsets, and does not look beyond the cutoff. */
const cuttingMip: MipSolver = {
  ...bruteMip,
  async solveMip(model, limits, start) {
    const answer = await bruteMip.solveMip(model, limits, start);
    if (answer.bound <= (limits.cutoff ?? Infinity)) return answer;
    return { status: 'infeasible', bound: Infinity, values: null, iterations: 1 };
  },
};

describe('what plans cheaper than an aspired bound may build', () => {
  it('holds every one of them: sites and classes fixed at any height take none away', () => {
    fc.assert(
      fc.property(small, pricing, fc.constantFrom(-2, 0, 1, 1, 1, 1, 2, 5), (problem, priced, above) => {
        const { model, grid } = modelOf(problem);
        const optimum = leastCost(model);
        if (optimum === Infinity || model.targetCount === 0) return;
        const aspired = optimum + above;
        const rest = narrowBelow(openWhole(model, pricesFor(model, priced)), aspired, grid);
        const left = rest === null ? Infinity : leastCoveringCost(rest.model);
        expect(Math.min(aspired, left)).toBe(Math.min(aspired, optimum));
      }),
      { numRuns: 3000 },
    );
  });

  it('the bound rises by what giving up a class costs when no site that covers it is built', () => {
    fc.assert(
      fc.property(small, pricing, fc.nat(), (problem, priced, pick) => {
        const { model } = modelOf(problem);
        if (model.classCount === 0) return;
        if (leastCost(model) === Infinity) return;
        const prices = pricesFor(model, priced);
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
    ['all subsets up to the cutoff', cuttingMip, 1000],
    ['HiGHS', highsSolver, 60],
  ])('never proves more than the optimum, from any prices and any lift (%s)', async (_, mip, numRuns) => {
    await fc.assert(
      fc.asyncProperty(
        small,
        pricing,
        fc.double({ min: 0.01, max: 20, noNaN: true }),
        fc.nat(6),
        fc.nat(3),
        async (problem, priced, lift, above, below) => {
          const { model, grid } = modelOf(problem);
          const optimum = leastCost(model);
          if (optimum === Infinity || model.targetCount === 0) return;
          const upperBound = optimum + above;
          const prices = pricesFor(model, priced);
          const task = { prices, grid, proved: optimum - below, upperBound, lift, seed: 1, solverWork: 1e6 };
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
