import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inProcessExecutor } from '../../src/executor.ts';
import { SolveContext } from '../../src/solve/context.ts';
import { findCostGrid } from '../../src/solve/cost-grid.ts';
import { CoverState } from '../../src/solve/cover-state.ts';
import { addGreedily } from '../../src/solve/greedy.ts';
import { mergePlans } from '../../src/solve/merge-plans.ts';
import { openWhole } from '../../src/solve/open-model.ts';
import { startPrices } from '../../src/solve/prices.ts';
import type { SolveOptions } from '../../src/solve/solution.ts';
import { joinWindows, windowTasks } from '../../src/solve/window-tasks.ts';
import { bruteMip } from '../support/brute-mip.ts';
import { roadModels } from '../support/road-models.ts';

const options: SolveOptions = {
  ...{ seed: 1, effort: 'normal', timeLimitS: null, gapGoal: 0 },
  executor: inProcessExecutor,
};

const wholeCosts = findCostGrid(Float64Array.of(1));

describe('windows of a plan', () => {
  it('share no site, and each leaves standing all of the plan but its own part', () => {
    let several = 0;
    fc.assert(
      fc.property(roadModels, (model) => {
        const greedy = new CoverState(model);
        addGreedily(greedy);
        if (!greedy.isFeasible()) return;
        const plan = greedy.sites();
        const state = {
          ...{ open: openWhole(model, startPrices(model, 0)), best: plan, cost: greedy.cost },
          ...{ improvesPlan: true, chains: [null, null], first: plan, pool: [], joining: 0 },
          ...{
            walkLength: 2,
            proofGrowth: 1,
            bound: 0,
            lift: null,
            tiling: null,
            grid: wholeCosts,
            provedInVain: null,
          },
        };
        const tasks = windowTasks(new SolveContext(options), state);
        const seen = new Set<number>();
        for (const { kind, task } of tasks) {
          if (kind !== 'window') throw new Error(`a window was cut as a ${kind}`);
          expect([...task.start]).toEqual(plan);
          const part = plan.filter((site) => !task.kept.includes(site));
          expect(part.length).toBeGreaterThanOrEqual(2);
          expect(task.kept.every((site) => plan.includes(site))).toBe(true);
          for (const site of [...part, ...task.others]) {
            expect(seen.has(site)).toBe(false);
            seen.add(site);
          }
          expect([...task.others].some((site) => plan.includes(site))).toBe(false);
        }
        if (tasks.length > 1) several++;
      }),
      { numRuns: 300 },
    );
    expect(several).toBeGreaterThan(5);
  });
});

describe('windows joined to one plan', () => {
  it('meet the targets also where two rely on each other, and cost no more than the first of them', async () => {
    let cheaper = 0;
    let leftOut = 0;
    await fc.assert(
      fc.asyncProperty(roadModels, async (model) => {
        const all = new CoverState(model, model.cost.keys());
        const start = Uint32Array.from(all.sites());
        // Quarters of all sites, each planned anew while the others stand: neighbours drop what the other covers.
        const windows: Uint32Array[] = [];
        for (let quarter = 0; quarter < 4; quarter++) {
          const kept = start.filter((_, place) => place % 4 !== quarter);
          const task = { ...{ seed: 1, start, others: new Uint32Array(0), joining: 0 }, solverWork: 1e6 };
          windows.push((await mergePlans(model, { ...task, kept }, bruteMip)).sites);
        }
        const joined = new CoverState(model, joinWindows(model, start, windows));
        expect(joined.isFeasible()).toBe(true);
        const costs = windows.map((sites) => new CoverState(model, sites).cost);
        expect(joined.cost).toBeLessThanOrEqual(Math.min(costs[0]!, all.cost));
        if (joined.cost < costs[0]!) cheaper++;
        if (joined.cost > all.cost - costs.reduce((sum, cost) => sum + all.cost - cost, 0)) leftOut++;
      }),
      { numRuns: 60 },
    );
    expect(leftOut).toBeGreaterThan(5);
    expect(cheaper).toBeGreaterThan(5);
  });
});
