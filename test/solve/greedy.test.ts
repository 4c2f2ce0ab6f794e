import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
  .filter((model) => model.targetCount > 0 && model.siteCount > 0);

/** sum_k min(gain_k, residual_k) / need_k / cost, counted anew from the plan as it stands. */
function valuePerCost(model: CoveringModel, plan: ReadonlySet<number>, site: number): number {
  const before = new CoverState(model, plan).served;
  const after = new CoverState(model, [...plan, site]).served;
  let value = 0;
  model.need.forEach((need, target) => {
    const residual = need - before[target]!;
    if (residual > 0) value += Math.min(after[target]! - before[target]!, residual) / need;
  });
  return value / model.cost[site]!;
}

/** Wolsey's rule as it is written down: all sites are looked at before each step. */
function plainGreedy(model: CoveringModel, start: readonly number[]): number[] {
  const plan = new Set(start);
  for (;;) {
    const { served, blocked } = new CoverState(model, plan);
    if (model.need.every((need, target) => served[target]! >= need)) break;
    let best = -1;
    let bestValue = 0;
    for (let site = 0; site < model.siteCount; site++) {
      if (plan.has(site) || blocked[site]! > 0) continue;
      const value = valuePerCost(model, plan, site);
      if (value > bestValue) [best, bestValue] = [site, value];
    }
    if (best < 0) break;
    plan.add(best);
  }
  return [...plan].sort((a, b) => a - b);
}

describe('lazy greedy', () => {
  it('adds the sites of the plain rule, whatever stands already, for one target and for several', () => {
    const seen = { one: 0, several: 0, started: 0 };
    fc.assert(
      fc.property(models, fc.nat(), (model, first) => {
        const start = first % 3 === 0 ? [first % model.siteCount] : [];
        const state = new CoverState(model, start);
        addGreedily(state);
        expect(state.sites()).toEqual(plainGreedy(model, start));
        const recounted = new CoverState(model, state.sites());
        for (const part of ['chosen', 'timesCovered', 'served', 'blocked'] as const) {
          expect(state[part]).toEqual(recounted[part]);
        }
        expect(state.cost).toBe(recounted.cost);
        if (model.targetCount === 1) seen.one++;
        else seen.several++;
        if (start.length > 0) seen.started++;
      }),
      { numRuns: 1000 },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(100);
  });
});
