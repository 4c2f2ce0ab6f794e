import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildModel } from '../../src/solve/build-model.ts';
import { findCostGrid } from '../../src/solve/cost-grid.ts';
import type { CoveringModel } from '../../src/solve/covering-model.ts';
import { highsSolver } from '../../src/solve/highs.ts';
import { allocateDualValue, evaluateDual } from '../../src/solve/lagrangian.ts';
import { writeLinearModel } from '../../src/solve/mip.ts';
import { ascendPrimalDual, FIRST_BALANCE, type AscentResult } from '../../src/solve/primal-dual.ts';
import { startPrices } from '../../src/solve/prices.ts';
import { solveRelaxation } from '../../src/solve/relaxation.ts';
import { arbitraryProblem } from '../support/arbitrary-problem.ts';

/** Reachable models without conflicts: the Lagrangian drops those, so the LP would not be its bound. */
const models = arbitraryProblem({ maxSites: 10, maxDemand: 14, budget: 'never' })
  .map((problem): CoveringModel => {
    const targets = problem.phases.flatMap((phase) => phase.targets);
    const free = {
      ...problem,
      conflicts: new Uint32Array(0),
      siteLocation: Uint32Array.from(problem.siteIds.keys()),
    };
    return buildModel(free, targets, problem.siteCost, findCostGrid(problem.siteCost)).model;
  })
  .filter((model) => model.targetCount > 0 && model.need.every((need, k) => need <= model.reachable[k]!));

function ascend(model: CoveringModel, passes: number, upperBound = Infinity): AscentResult {
  return ascendPrimalDual(model, {
    prices: startPrices(model, model.fixedCost),
    build: new Float64Array(model.siteCount),
    balance: FIRST_BALANCE,
    passes,
    upperBound,
  });
}

describe('the first-order method on the relaxation', () => {
  it('comes within 1 % of the bound that HiGHS gives, and never above it', async () => {
    await fc.assert(
      fc.asyncProperty(models, async (model) => {
        const { linear } = writeLinearModel(model);
        const lp = await highsSolver.solveLp(linear, { method: 'simplex', iterations: 10_000 });
        const optimum = lp.objective + model.fixedCost;
        const { bound } = ascend(model, 3000);
        expect(bound).toBeLessThanOrEqual(optimum + 1e-6 * (1 + optimum));
        expect(bound).toBeGreaterThanOrEqual(optimum - 0.01 * (1 + optimum - model.fixedCost));
      }),
      { numRuns: 150 },
    );
  });

  it('returns multipliers whose Lagrangian value is its bound, never below that of its start', () => {
    fc.assert(
      fc.property(models, (model) => {
        const value = allocateDualValue(model);
        evaluateDual(model, startPrices(model, model.fixedCost), value);
        const before = value.bound;
        const { prices, bound } = ascend(model, 60);
        evaluateDual(model, prices, value);
        expect(value.bound).toBe(bound);
        expect(bound).toBeGreaterThanOrEqual(before);
        for (const price of [...prices.perUser, ...prices.perClass]) expect(price).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
  });

  it('takes up where an earlier stretch ended', () => {
    fc.assert(
      fc.property(models, (model) => {
        const first = ascend(model, 100);
        const second = ascendPrimalDual(model, {
          prices: first.prices,
          build: first.build,
          balance: first.balance,
          passes: 100,
          upperBound: Infinity,
        });
        expect(second.bound).toBeGreaterThanOrEqual(first.bound);
      }),
      { numRuns: 100 },
    );
  });

  it('ends when asked to, and when its bound reaches the best known plan', () => {
    fc.assert(
      fc.property(models, (model) => {
        expect(ascend(model, 100, -Infinity).work).toBe(0);
        const task = {
          prices: startPrices(model, model.fixedCost),
          build: new Float64Array(model.siteCount),
          balance: FIRST_BALANCE,
          passes: 100,
          upperBound: Infinity,
        };
        expect(ascendPrimalDual(model, task, () => true).work).toBe(0);
      }),
      { numRuns: 20 },
    );
  });
});

describe('the relaxation by an LP solver', () => {
  it('gives the bound of the relaxation, or keeps the prices it had', async () => {
    await fc.assert(
      fc.asyncProperty(models, async (model) => {
        const prices = startPrices(model, model.fixedCost);
        const { linear } = writeLinearModel(model);
        const lp = await highsSolver.solveLp(linear, { method: 'simplex', iterations: 10_000 });
        const solved = await solveRelaxation(model, { prices, solverWork: 1e9 }, highsSolver);
        const optimum = lp.objective + model.fixedCost;
        expect(Math.abs(solved.bound - optimum)).toBeLessThanOrEqual(1e-4 * (1 + optimum));
        const stopped = await solveRelaxation(model, { prices, solverWork: 1e9 }, highsSolver, () => true);
        expect(stopped.bound).toBeLessThanOrEqual(optimum + 1e-6 * (1 + optimum));
      }),
      { numRuns: 60 },
    );
  });
});
