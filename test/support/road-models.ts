import fc from 'fast-check';
import { buildPointGrid } from '../../src/coverage/point-grid.ts';
import { coverWithinRadius } from '../../src/coverage/radius-coverage.ts';
import { buildModel } from '../../src/solve/build-model.ts';
import { findCostGrid } from '../../src/solve/cost-grid.ts';
import type { CoveringModel } from '../../src/solve/covering-model.ts';
import { withShare } from '../../src/solve/share-target.ts';

/** Sites along a road that reach a little way each: few are near each other. */
export const roadModels: fc.Arbitrary<CoveringModel> = fc
  .record({
    demand: fc.array(fc.nat(60), { minLength: 20, maxLength: 40 }),
    sites: fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 9 })), {
      minLength: 8,
      maxLength: 14,
    }),
    users: fc.array(fc.array(fc.nat(9), { minLength: 40, maxLength: 40 }), { minLength: 1, maxLength: 2 }),
  })
  .map(({ demand, sites, users }): CoveringModel => {
    const grid = buildPointGrid(Float64Array.from(demand), new Float64Array(demand.length), 3);
    const along = Float64Array.from(sites, ([x]) => x);
    const siteCost = Float64Array.from(sites, ([, , cost]) => cost);
    const problem = withShare(
      {
        coverage: coverWithinRadius(
          grid,
          along,
          new Float64Array(sites.length),
          Float64Array.from(sites, ([, radius]) => radius),
        ),
        siteIds: sites.map((_, site) => String(site)),
        siteCost,
        siteStatus: new Uint8Array(sites.length),
        siteLocation: Uint32Array.from(sites.keys()),
        conflicts: new Uint32Array(0),
        periods: users.map((_, period) => String(period)),
        users: users.map((own) => Float64Array.from(grid.original, (place) => own[place]!)),
        usersScale: 1,
        servedToday: users.map(() => new Uint8Array(demand.length)),
        phases: [],
        phaseOrder: 'nested',
        budget: null,
      },
      { numerator: 4, denominator: 5 },
      'reachable',
    );
    const targets = problem.phases.flatMap((phase) => phase.targets);
    return buildModel(problem, targets, siteCost, findCostGrid(siteCost)).model;
  })
  .filter((model) => model.targetCount > 0 && model.siteCount > 0);
