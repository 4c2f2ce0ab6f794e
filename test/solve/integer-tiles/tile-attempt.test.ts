import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildModel } from '../../../src/solve/build-model.ts';
import { findCostGrid, roundBoundUp, type CostGrid } from '../../../src/solve/cost-grid.ts';
import type { CoveringModel } from '../../../src/solve/covering-model.ts';
import { highsSolver } from '../../../src/solve/highs.ts';
import { solveIntegerTile, type IntegerTileTask } from '../../../src/solve/integer-tiles/solve-tile.ts';
import {
  attemptBelow,
  boundOfTiles,
  provedByTiles,
  splitCosts,
} from '../../../src/solve/integer-tiles/tile-attempt.ts';
import type { MipSolver } from '../../../src/solve/mip.ts';
import { openWhole, type OpenModel } from '../../../src/solve/open-model.ts';
import { findPrices } from '../../../src/solve/prices.ts';
import { SITE_CANDIDATE, type CoveringProblem } from '../../../src/solve/problem.ts';
import { cutModel } from '../../../src/solve/tiles/cut-model.ts';
import { arbitraryProblem } from '../../support/arbitrary-problem.ts';
import { bruteMip } from '../../support/brute-mip.ts';
import { leastCost } from '../../support/least-cost.ts';

const small = arbitraryProblem({ maxSites: 8, maxDemand: 12, budget: 'never' });
/** Passes of the search for prices, and what those are multiplied by: near the best, poor, and beyond what is sensible. */
const pricing = fc.record({ passes: fc.nat(60), factor: fc.constantFrom(1, 1, 1, 0.5, 1.3) });
const cutting = fc.record({ tileCount: fc.integer({ min: 1, max: 4 }), turn: fc.nat(3) });
/** An aspired bound between that of the prices (0) and the optimum (1). */
const between = fc.double({ min: 0.1, max: 1, noNaN: true });
/** How far above the optimum is aspired to, grid units. */
const aspiring = fc.constantFrom(-2, 0, 1, 1, 3, 100, 10_000);

interface Case {
  readonly model: CoveringModel;
  readonly grid: CostGrid;
  readonly open: OpenModel;
  readonly optimum: number;
}

/** Null where there is nothing to plan, or no plan. */
function caseOf(
  problem: CoveringProblem,
  { passes, factor }: { passes: number; factor: number },
): Case | null {
  const grid = findCostGrid(problem.siteCost);
  const targets = problem.phases.flatMap((phase) => phase.targets);
  const { model } = buildModel(problem, targets, problem.siteCost, grid);
  if (model.targetCount === 0) return null;
  const optimum = leastCost(model);
  if (optimum === Infinity) return null;
  const { perUser, perClass } = findPrices(model, optimum, passes).prices;
  const prices = {
    perUser: perUser.map((price) => factor * price),
    perClass: perClass.map((price) => factor * price),
  };
  return { model, grid, open: openWhole(model, prices), optimum };
}

interface TileSum {
  readonly total: number;
  /** The same by the tiles' relaxations. */
  readonly floor: number;
}

async function sumOfTiles(
  { open, grid }: Case,
  aspired: number,
  cut: { tileCount: number; turn: number },
  mip: MipSolver,
  changed: (task: IntegerTileTask) => IntegerTileTask = (task) => task,
): Promise<TileSum> {
  const attempt = attemptBelow(open, aspired, grid, { ...cut, seed: 1, solverWork: 1e6 });
  const results = await Promise.all(attempt.tasks.map((task) => solveIntegerTile(changed(task), mip)));
  const none = attempt.tasks.map(() => null);
  return { total: boundOfTiles(attempt, results), floor: boundOfTiles(attempt, none) };
}

/** Every tile pays more than its share of a site. */
function dearer(task: IntegerTileTask): IntegerTileTask {
  const { linear } = task;
  const cost = linear.cost.map((own, column) => (column < linear.integerCount ? 2 * own : own));
  return { ...task, linear: { ...linear, cost } };
}

describe('a bound by integer tiles', () => {
  it.each([
    ['all subsets', bruteMip, 3000],
    ['HiGHS', highsSolver, 60],
  ])('never proves more than the optimum, from any prices and any cut (%s)', async (_, mip, numRuns) => {
    await fc.assert(
      fc.asyncProperty(small, pricing, cutting, aspiring, async (problem, priced, cut, above) => {
        const known = caseOf(problem, priced);
        if (known === null) return;
        const { optimum, grid } = known;
        const aspired = optimum + above;
        const { total, floor } = await sumOfTiles(known, aspired, cut, mip);
        expect(total).toBeGreaterThanOrEqual(floor);
        expect(provedByTiles(grid, aspired, total)).toBeLessThanOrEqual(optimum);
      }),
      { numRuns },
    );
  });

  it('is at least that of the prices where no two sites share a location', async () => {
    await fc.assert(
      fc.asyncProperty(small, pricing, cutting, aspiring, async (problem, priced, cut, above) => {
        const known = caseOf(problem, priced);
        if (known === null || known.model.hasGroups) return;
        const { floor } = await sumOfTiles(known, known.optimum + above, cut, bruteMip);
        // Sums of a few dozen terms of at most some 10^4.
        expect(floor).toBeGreaterThanOrEqual(known.open.bound - 1e-9 * (1 + Math.abs(known.open.bound)));
      }),
      { numRuns: 1000 },
    );
  });

  it('would prove too much without the cap: sites left out because they are dear belong to no tile', async () => {
    const uncapped = fc.asyncProperty(
      small,
      pricing,
      cutting,
      between,
      async (problem, priced, cut, share) => {
        const known = caseOf(problem, priced);
        if (known === null) return;
        const { open, optimum } = known;
        const aspired = open.bound + share * (optimum - open.bound);
        const { total } = await sumOfTiles(known, aspired, cut, bruteMip);
        if (total === Infinity) return;
        expect(roundBoundUp(known.grid, total)).toBeLessThanOrEqual(optimum);
      },
    );
    expect((await fc.check(uncapped, { numRuns: 3000, seed: 1 })).failed).toBe(true);
  });

  it('would prove too much if tiles together paid more than a site costs', async () => {
    const unshared = fc.asyncProperty(small, pricing, cutting, async (problem, priced, cut) => {
      const known = caseOf(problem, priced);
      if (known === null) return;
      const aspired = known.optimum + 10_000;
      const { total } = await sumOfTiles(known, aspired, cut, bruteMip, dearer);
      expect(provedByTiles(known.grid, aspired, total)).toBeLessThanOrEqual(known.optimum);
    });
    expect((await fc.check(unshared, { numRuns: 3000, seed: 1 })).failed).toBe(true);
  });
});

describe('the cost of a site split over tiles', () => {
  it('adds up to the cost', () => {
    fc.assert(
      fc.property(small, pricing, cutting, (problem, priced, { tileCount, turn }) => {
        const known = caseOf(problem, priced);
        if (known === null) return;
        const { model, open } = known;
        const shares = splitCosts(model, open.prices.perClass, cutModel(model, tileCount, turn));
        for (let site = 0; site < model.siteCount; site++) {
          const sum = shares.reduce((all, shareOf) => all + (shareOf.get(site) ?? 0), 0);
          expect(sum).toBeCloseTo(model.cost[site]!, 9);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('tiles beyond the relaxation', () => {
  /** Three users in a ring, {0,1} {1,2} {2,0}, `rings` times: the relaxation builds three halves of each, a plan two. */
  it('add up to the optimum of rings apart from one another, where the relaxation stays below', async () => {
    const rings = 4;
    const covers = Array.from({ length: 3 * rings }, (_, site) => {
      const ring = 3 * Math.floor(site / 3);
      return [site, ring + ((site + 1) % 3)].sort((a, b) => a - b);
    });
    const { model, grid } = ringModel(covers);
    const perUser = Float64Array.of(0.5);
    const open = openWhole(model, { perUser, perClass: new Float64Array(model.classCount).fill(0.5) });
    expect(open.bound).toBeCloseTo(1.5 * rings, 9);
    const known = { model, grid, open, optimum: 2 * rings };
    const { total } = await sumOfTiles(known, 2 * rings, { tileCount: rings, turn: 0 }, highsSolver);
    expect(provedByTiles(grid, 2 * rings, total)).toBe(2 * rings);
  });
});

/** Every user is to be covered, sites cost 1. */
function ringModel(covers: readonly (readonly number[])[]): { model: CoveringModel; grid: CostGrid } {
  const count = covers.length;
  const siteCost = new Float64Array(count).fill(1);
  const grid = findCostGrid(siteCost);
  const share = { numerator: 1, denominator: 1 };
  const targets = [{ period: 0, region: null, members: null, share, needUsers: count, totalUsers: count }];
  const problem: CoveringProblem = {
    coverage: {
      ...{ siteCount: count, demandCount: count },
      siteStart: Uint32Array.from({ length: count + 1 }, (_, site) => 2 * site),
      demandOfSite: Uint32Array.from(covers.flat()),
    },
    siteIds: covers.map((_, site) => `s${site}`),
    siteCost,
    siteStatus: new Uint8Array(count).fill(SITE_CANDIDATE),
    siteLocation: Uint32Array.from(covers, (_, site) => site),
    conflicts: new Uint32Array(0),
    periods: ['all'],
    users: [new Float64Array(count).fill(1)],
    usersScale: 1,
    servedToday: [new Uint8Array(count)],
    phases: [{ name: 'all', targets }],
    phaseOrder: 'nested',
    budget: null,
  };
  return { model: buildModel(problem, targets, siteCost, grid).model, grid };
}
