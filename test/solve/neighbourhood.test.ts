import { expect, it } from 'vitest';
import { buildModel } from '../../src/solve/build-model.ts';
import { findCostGrid } from '../../src/solve/cost-grid.ts';
import type { MipSolver } from '../../src/solve/mip.ts';
import { replanAreas } from '../../src/solve/neighbourhood.ts';
import { SITE_CANDIDATE, type CoveringProblem, type Target } from '../../src/solve/problem.ts';
import { bruteMip } from '../support/brute-mip.ts';

/** Branch and cut that finds nothing: what is tested is the choice of areas. */
const idle: MipSolver = {
  ...bruteMip,
  solveMip: () => Promise.resolve({ status: 'limit', bound: -Infinity, values: null, iterations: 1 }),
};

// Planar F ended with "Maximum call stack size exceeded": a site there shares users with more sites than a call takes arguments.
it('plans areas anew around a site with 300,000 neighbours', async () => {
  const siteCount = 300_000;
  const target: Target = {
    ...{ period: 0, region: null, members: null, share: { numerator: 1, denominator: 1 } },
    ...{ needUsers: 1, totalUsers: 1 },
  };
  const problem: CoveringProblem = {
    coverage: {
      ...{ siteCount, demandCount: 1, demandOfSite: new Uint32Array(siteCount) },
      siteStart: Uint32Array.from({ length: siteCount + 1 }, (_, site) => site),
    },
    siteIds: [],
    siteCost: new Float64Array(siteCount).fill(1),
    siteStatus: new Uint8Array(siteCount).fill(SITE_CANDIDATE),
    siteLocation: Uint32Array.from({ length: siteCount }, (_, site) => site),
    ...{ conflicts: new Uint32Array(0), periods: ['all'], users: [Float64Array.of(1)], usersScale: 1 },
    ...{ servedToday: [Uint8Array.of(0)], phases: [], phaseOrder: 'nested', budget: null },
  };
  const { model } = buildModel(problem, [target], problem.siteCost, findCostGrid(problem.siteCost));
  const task = { seed: 1, stream: 0, start: Uint32Array.of(7), size: 5, solverWork: 1 };
  const { sites, cost } = await replanAreas(model, task, idle);
  expect([...sites]).toEqual([7]);
  expect(cost).toBe(1);
});
