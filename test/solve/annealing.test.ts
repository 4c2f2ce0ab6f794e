import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anneal, type AnnealingTask } from '../../src/solve/annealing.ts';
import { buildModel } from '../../src/solve/build-model.ts';
import { findCostGrid } from '../../src/solve/cost-grid.ts';
import { CoverState } from '../../src/solve/cover-state.ts';
import type { CoveringModel } from '../../src/solve/covering-model.ts';
import { addGreedily } from '../../src/solve/greedy.ts';
import { arbitraryProblem } from '../support/arbitrary-problem.ts';

const models = arbitraryProblem({ maxSites: 10, maxDemand: 14, budget: 'never' })
  .map((problem): CoveringModel => {
    const targets = problem.phases.flatMap((phase) => phase.targets);
    return buildModel(problem, targets, problem.siteCost, findCostGrid(problem.siteCost)).model;
  })
  .filter((model) => model.targetCount > 0);

function taskFrom(model: CoveringModel, start: readonly number[]): AnnealingTask {
  return {
    seed: 1,
    stream: 7,
    work: 4_000,
    start: Uint32Array.from(start),
    missingCost: Float64Array.from(model.need, (need) => 5 / need),
    hot: 0.12,
    cold: 0.03,
  };
}

function greedyPlan(model: CoveringModel): CoverState {
  const state = new CoverState(model);
  addGreedily(state);
  return state;
}

describe('annealing through plans that miss targets', () => {
  it('returns a feasible plan, its true cost, and never a dearer one than the feasible start', () => {
    let better = 0;
    fc.assert(
      fc.property(models, (model) => {
        const greedy = greedyPlan(model);
        if (!greedy.isFeasible()) return;
        const { sites, cost } = anneal(model, taskFrom(model, greedy.sites()));
        const recounted = new CoverState(model, sites);
        expect(recounted.isFeasible()).toBe(true);
        expect(recounted.cost).toBe(cost);
        expect(cost).toBeLessThanOrEqual(greedy.cost);
        if (cost < greedy.cost) better++;
      }),
      { numRuns: 500 },
    );
    expect(better).toBeGreaterThan(20);
  });

  it('from a start that misses targets calls its plan infeasible by an infinite cost, or finds one that misses none', () => {
    fc.assert(
      fc.property(models, (model) => {
        const { sites, cost } = anneal(model, taskFrom(model, []));
        const feasible = new CoverState(model, sites).isFeasible();
        expect(feasible).toBe(cost < Infinity);
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same plan for the same task', () => {
    fc.assert(
      fc.property(models, (model) => {
        const task = taskFrom(model, greedyPlan(model).sites());
        expect(anneal(model, task)).toEqual(anneal(model, task));
      }),
      { numRuns: 100 },
    );
  });

  it('stops when told to and still hands back a plan', () => {
    fc.assert(
      fc.property(models, (model) => {
        const task = { ...taskFrom(model, greedyPlan(model).sites()), work: Infinity };
        const { cost } = anneal(model, task, () => true);
        expect(cost).toBeGreaterThan(0);
      }),
      { numRuns: 20 },
    );
  });
});
