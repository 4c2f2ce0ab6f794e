import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildModel } from '../../src/solve/build-model.ts';
import { findCostGrid } from '../../src/solve/cost-grid.ts';
import { CoverState } from '../../src/solve/cover-state.ts';
import type { CoveringModel } from '../../src/solve/covering-model.ts';
import { addGreedily } from '../../src/solve/greedy.ts';
import { isFullCover, searchByWeights } from '../../src/solve/row-weighting.ts';
import { arbitraryProblem } from '../support/arbitrary-problem.ts';
import { leastCost } from '../support/least-cost.ts';

/** The model with every class to be covered and nothing that excludes sites. */
function asFullCover(model: CoveringModel): CoveringModel {
  return {
    ...model,
    need: model.reachable,
    mandatory: new Uint8Array(model.classCount).fill(1),
    conflictStart: new Uint32Array(model.siteCount + 1),
    conflictSite: new Uint32Array(0),
  };
}

const fullCovers = arbitraryProblem({ maxSites: 9, maxDemand: 14, budget: 'never' })
  .map((problem) => {
    const targets = problem.phases.flatMap((phase) => phase.targets);
    return asFullCover(buildModel(problem, targets, problem.siteCost, findCostGrid(problem.siteCost)).model);
  })
  .filter((model) => model.classCount > 0);

function greedyPlan(model: CoveringModel): Uint32Array {
  const state = new CoverState(model);
  addGreedily(state);
  return Uint32Array.from(state.sites());
}

describe('search by weights of classes', () => {
  it('ends at the least cost of small full covers, by trying all plans', () => {
    fc.assert(
      fc.property(fullCovers, (model) => {
        expect(isFullCover(model)).toBe(true);
        const found = searchByWeights(model, { seed: 1, stream: 7, work: 20_000, start: greedyPlan(model) });
        const plan = new CoverState(model, found.sites);
        expect(plan.isFeasible()).toBe(true);
        expect(plan.cost).toBe(found.cost);
        expect(found.cost).toBe(leastCost(model));
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('is for models in which every class has to be covered and no two sites exclude each other', () => {
    fc.assert(
      fc.property(fullCovers, (model) => {
        const { mandatory } = model;
        const [first = 0, ...rest] = mandatory;
        expect(isFullCover({ ...model, mandatory: Uint8Array.of(1 - first, ...rest) })).toBe(false);
        expect(isFullCover({ ...model, conflictSite: Uint32Array.of(0) })).toBe(false);
      }),
    );
  });

  it('covers all lines of the affine space of 3^4 points with 61 (the largest set without a line has 20: Pellegrino 1971)', () => {
    const model = linesOfAffineSpace(4);
    expect([model.siteCount, model.classCount]).toEqual([81, 1080]);
    const task = { stream: 7, work: 2e6, start: greedyPlan(model) };
    const found = searchByWeights(model, { ...task, seed: 1 });
    expect(found.cost).toBe(61);
    expect(searchByWeights(model, { ...task, seed: 1 })).toEqual(found);
  });
});

/** Points of GF(3)^dimension as sites, its lines as classes: a cover leaves a set that holds no line, a cap set. */
function linesOfAffineSpace(dimension: number): CoveringModel {
  const points = 3 ** dimension;
  const digits = Array.from({ length: points }, (_, point) =>
    Array.from({ length: dimension }, (_, place) => Math.floor(point / 3 ** place) % 3),
  );
  const numberOf = (own: readonly number[]): number =>
    own.reduce((sum, digit, place) => sum + digit * 3 ** place, 0);
  const covers = Array.from({ length: points }, (): number[] => []);
  let lines = 0;
  digits.forEach((a, first) => {
    for (let second = first + 1; second < points; second++) {
      const b = digits[second] ?? [];
      // Three points lie on a line where their sum is 0 in every place.
      const third = numberOf(a.map((digit, place) => (6 - digit - (b[place] ?? 0)) % 3));
      if (third < second) continue;
      for (const point of [first, second, third]) covers[point]?.push(lines);
      lines++;
    }
  });
  const siteStart = Uint32Array.from([0, ...covers.map((list) => list.length)]);
  for (let site = 0; site < points; site++) siteStart[site + 1]! += siteStart[site]!;
  const problem = {
    coverage: {
      siteCount: points,
      demandCount: lines,
      siteStart,
      demandOfSite: Uint32Array.from(covers.flat()),
    },
    siteIds: covers.map((_, site) => String(site)),
    siteCost: new Float64Array(points).fill(1),
    siteStatus: new Uint8Array(points),
    siteLocation: Uint32Array.from(covers.keys()),
    conflicts: new Uint32Array(0),
    periods: ['all'],
    users: [new Float64Array(lines).fill(1)],
    usersScale: 1,
    servedToday: [new Uint8Array(lines)],
    phases: [],
    phaseOrder: 'nested' as const,
    budget: null,
  };
  const target = {
    period: 0,
    region: null,
    members: null,
    share: { numerator: 1, denominator: 1 },
    needUsers: lines,
    totalUsers: lines,
  };
  return buildModel(problem, [target], problem.siteCost, findCostGrid(problem.siteCost)).model;
}
