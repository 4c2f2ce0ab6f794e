import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildModel } from '../../src/solve/build-model.ts';
import { fixOut } from '../../src/solve/certificate.ts';
import {
  findCostGrid,
  meetsOnGrid,
  roundBoundUp,
  roundSolverBoundUp,
  toUnits,
} from '../../src/solve/cost-grid.ts';
import { CoverState } from '../../src/solve/cover-state.ts';
import type { CoveringModel } from '../../src/solve/covering-model.ts';
import { findDominated } from '../../src/solve/dominate.ts';
import { allocateDualValue, evaluateDual, reducedCosts, type Prices } from '../../src/solve/lagrangian.ts';
import { mergeEqualCoverSets } from '../../src/solve/merge.ts';
import type { CoveringProblem } from '../../src/solve/problem.ts';
import { KEEP, restrictModel } from '../../src/solve/restrict.ts';
import { withShare } from '../../src/solve/share-target.ts';
import { arbitraryProblem } from '../support/arbitrary-problem.ts';
import { leastCost } from '../support/least-cost.ts';

const small = arbitraryProblem({ maxSites: 8, maxDemand: 12, budget: 'never' });

function modelOf(problem: CoveringProblem): CoveringModel {
  const targets = problem.phases.flatMap((phase) => phase.targets);
  return buildModel(problem, targets, problem.siteCost, findCostGrid(problem.siteCost)).model;
}

function problemOf(
  covers: number[][],
  cost: number[],
  users: number[],
  conflicts: number[] = [],
): CoveringProblem {
  const siteStart = Uint32Array.from([0, ...covers.map((list) => list.length)]);
  for (let site = 0; site < covers.length; site++) siteStart[site + 1]! += siteStart[site]!;
  const bare: CoveringProblem = {
    coverage: {
      siteCount: covers.length,
      demandCount: users.length,
      siteStart,
      demandOfSite: Uint32Array.from(covers.flat()),
    },
    siteIds: covers.map((_, site) => `s${site}`),
    siteCost: Float64Array.from(cost),
    siteStatus: new Uint8Array(covers.length),
    siteLocation: Uint32Array.from(covers.keys()),
    conflicts: Uint32Array.from(conflicts),
    periods: ['all'],
    users: [Float64Array.from(users)],
    usersScale: 1,
    servedToday: [new Uint8Array(users.length)],
    phases: [],
    phaseOrder: 'nested',
    budget: null,
  };
  return withShare(bare, { numerator: 1, denominator: 1 });
}

describe('merging', () => {
  it('puts demand points together exactly when the same sites cover them', () => {
    fc.assert(
      fc.property(small, ({ coverage }) => {
        const { siteCount, demandCount, siteStart, demandOfSite } = coverage;
        const { classOfItem } = mergeEqualCoverSets(
          { siteCount, itemCount: demandCount, siteStart, itemOfSite: demandOfSite },
          null,
          null,
        );
        const coverers = Array.from({ length: demandCount }, () => [] as number[]);
        for (let site = 0; site < siteCount; site++) {
          for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++)
            coverers[demandOfSite[pair]!]!.push(site);
        }
        for (let a = 0; a < demandCount; a++) {
          expect(classOfItem[a] === -1).toBe(coverers[a]!.length === 0);
          for (let b = 0; b < a; b++) {
            if (classOfItem[a] === -1 || classOfItem[b] === -1) continue;
            expect(classOfItem[a] === classOfItem[b]).toBe(coverers[a]!.join() === coverers[b]!.join());
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('domination', () => {
  it('never changes the optimum', () => {
    fc.assert(
      fc.property(small, (problem) => {
        const model = modelOf(problem);
        const { dominatedBy } = findDominated(model);
        const gone = new Set([...dominatedBy.keys()].filter((site) => dominatedBy[site] !== -1));
        expect(leastCost(model, gone)).toBe(leastCost(model));
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps a site whose dominator conflicts with a site that only it can stand beside', () => {
    // Site 1 covers all that site 0 does and costs the same, but may not stand with site 2, which alone covers point 2.
    const model = modelOf(problemOf([[0], [0, 1], [2], [1]], [1, 1, 1, 1], [1, 1, 1], [1, 2]));
    expect(findDominated(model).dominatedBy[0]).toBe(-1);
    expect(leastCost(model)).toBe(3);
    expect(leastCost(model, new Set([0]))).toBe(Infinity);
  });

  it('of two equal sites keeps the smaller index', () => {
    const { dominatedBy } = findDominated(
      modelOf(
        problemOf(
          [
            [0, 1],
            [0, 1],
          ],
          [2, 2],
          [1, 1],
        ),
      ),
    );
    expect([...dominatedBy]).toEqual([-1, 0]);
  });
});

describe('restriction', () => {
  it('with every site kept has the same optimum', () => {
    fc.assert(
      fc.property(small, (problem) => {
        const model = modelOf(problem);
        const rest = restrictModel(model, new Uint8Array(model.siteCount).fill(KEEP)).model;
        expect(leastCost(rest)).toBe(leastCost(model));
      }),
      { numRuns: 500 },
    );
  });
});

/** Any non-negative prices for a model. */
function pricesFor(model: CoveringModel, seeds: readonly number[]): Prices {
  const at = (index: number): number => seeds[index % seeds.length]!;
  return {
    perUser: model.need.map((need, target) => (3 * at(target)) / need),
    perClass: Float64Array.from({ length: model.classCount }, (_, own) => at(own + 7)),
  };
}

const seedList = fc.array(fc.double({ min: 0, max: 4, noNaN: true }), { minLength: 5, maxLength: 20 });

describe('bounds and fixing', () => {
  it('any prices give a bound; what they fix out is in no cheaper plan', () => {
    fc.assert(
      fc.property(small, seedList, fc.nat(12), (problem, seeds, above) => {
        const model = modelOf(problem);
        const optimum = leastCost(model);
        const value = allocateDualValue(model);
        evaluateDual(model, pricesFor(model, seeds), value);
        expect(value.bound).toBeLessThanOrEqual(optimum + 1e-9);
        const upperBound = optimum + above;
        if (upperBound === Infinity) return;
        const grid = findCostGrid(problem.siteCost);
        const out = fixOut(value.bound, reducedCosts(model, value), upperBound, (bound) =>
          roundBoundUp(grid, bound),
        );
        const gone = new Set([...out.keys()].filter((site) => out[site] === 1));
        expect(Math.min(upperBound, leastCost(model, gone))).toBe(Math.min(upperBound, optimum));
      }),
      { numRuns: 1000 },
    );
  });

  it('a bound and the reduced costs of other multipliers would fix out an optimal site', () => {
    // Three sets in a ring: optimum 2 of 3 sites. Prices 1/2 give 1.5; prices 0 give bound 0 and reduced costs 1.
    const model = modelOf(
      problemOf(
        [
          [0, 1],
          [1, 2],
          [0, 2],
        ],
        [1, 1, 1],
        [1, 1, 1],
      ),
    );
    const good = allocateDualValue(model);
    evaluateDual(model, { perUser: Float64Array.of(0), perClass: new Float64Array(3).fill(0.5) }, good);
    const poor = allocateDualValue(model);
    evaluateDual(model, { perUser: Float64Array.of(0), perClass: new Float64Array(3) }, poor);
    expect(good.bound).toBeCloseTo(1.5, 12);
    const round = (bound: number): number => roundBoundUp(findCostGrid(Float64Array.of(1)), bound);
    const upperBound = 3;
    expect(leastCost(model)).toBe(2);
    expect([...fixOut(good.bound, reducedCosts(model, good), upperBound, round)]).toEqual([0, 0, 0]);
    expect([...fixOut(poor.bound, reducedCosts(model, poor), upperBound, round)]).toEqual([0, 0, 0]);
    expect([...fixOut(good.bound, reducedCosts(model, poor), upperBound, round)]).toEqual([1, 1, 1]);
  });
});

describe('rounding', () => {
  it('does not lift a bound that is a whole number but for rounding errors', () => {
    const grid = findCostGrid(Float64Array.of(1, 2));
    expect(roundBoundUp(grid, 3 * (0.1 + 0.2) * 10)).toBe(9);
    expect(Math.ceil(3 * (0.1 + 0.2) * 10)).toBe(10);
    expect(roundBoundUp(grid, 9.01)).toBe(10);
  });

  it('does not lift the bound of a MIP solver that is above the truth within its tolerances', () => {
    const grid = findCostGrid(Float64Array.of(1, 2));
    const truth = 11_949;
    const reported = truth * (1 + 0.9e-6);
    expect(roundSolverBoundUp(grid, reported)).toBe(truth);
    // The allowance for sums alone would claim one unit too much.
    expect(roundBoundUp(grid, reported)).toBe(truth + 1);
  });

  it('puts decimal costs on their common grid and leaves others alone', () => {
    const grid = findCostGrid(Float64Array.of(1.26, 0.5, 2.75));
    expect(grid).toEqual({ exact: true, numerator: 1, denominator: 100 });
    expect(toUnits(grid, 1.26)).toBe(126);
    expect(findCostGrid(Float64Array.of(1, Math.SQRT2)).exact).toBe(false);
    expect(meetsOnGrid(grid, 126, 125)).toBe(false);
  });
});

describe('cover state', () => {
  it('after any adds and removes equals one built from scratch', () => {
    fc.assert(
      fc.property(small, fc.array(fc.nat(), { maxLength: 30 }), (problem, moves) => {
        const model = modelOf(problem);
        if (model.siteCount === 0) return;
        const state = new CoverState(model);
        for (const move of moves) {
          const site = move % model.siteCount;
          if (state.chosen[site] === 1) state.remove(site);
          else state.add(site);
        }
        const fresh = new CoverState(model, state.sites());
        expect(state.served).toEqual(fresh.served);
        expect(state.timesCovered).toEqual(fresh.timesCovered);
        expect(state.blocked).toEqual(fresh.blocked);
        expect(state.cost).toBe(fresh.cost);
      }),
      { numRuns: 500 },
    );
  });
});
