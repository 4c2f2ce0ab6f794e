import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildModel } from '../../src/solve/build-model.ts';
import { findCostGrid } from '../../src/solve/cost-grid.ts';
import { findImpliedTargets } from '../../src/solve/implied-targets.ts';
import type { CoveringProblem, Target } from '../../src/solve/problem.ts';
import { countedTarget } from '../../src/solve/share-target.ts';
import { arbitraryProblem } from '../support/arbitrary-problem.ts';
import { enumerate, servedUsers } from '../support/enumerate.ts';

const DEMAND = 6;

function needed(need: number, members: number[] | null, period = 0): { target: Target; need: number } {
  return {
    target: {
      period,
      region: null,
      members: members === null ? null : Uint32Array.from(members),
      share: { numerator: 1, denominator: 1 },
      totalUsers: 0,
      needUsers: need,
    },
    need,
  };
}

function implied(...targets: ReturnType<typeof needed>[]): boolean[] {
  return findImpliedTargets(targets, DEMAND);
}

/** Problems whose demand is cut into regions with targets of their own beside one for all: as in city plans. */
const withRegions = fc
  .tuple(
    arbitraryProblem({ maxSites: 7, maxDemand: 10, budget: 'never' }),
    fc.array(fc.nat(2), { minLength: 10, maxLength: 10 }),
    fc.array(fc.constantFrom(60, 80, 90, 100), { minLength: 4, maxLength: 4 }),
    fc.boolean(),
  )
  .map(([problem, regionOf, percents, overlapping]): CoveringProblem => {
    const { demandCount } = problem.coverage;
    const all = Array.from({ length: demandCount }, (_, demand) => demand);
    const targets = problem.periods.flatMap((_, period) => {
      const shareOf = (index: number) => ({ numerator: percents[index]!, denominator: 100 });
      const regions = [0, 1, 2].map((region) =>
        all.filter((demand) => regionOf[demand] === region || (overlapping && demand === region)),
      );
      return [
        countedTarget({ period, region: null, members: null, share: shareOf(3) }, problem.users),
        ...regions
          .filter((members) => members.length > 0)
          .map((members, region) =>
            countedTarget(
              {
                period,
                region: `region ${region}`,
                members: Uint32Array.from(members),
                share: shareOf(region),
              },
              problem.users,
            ),
          ),
      ];
    });
    return { ...problem, phases: [{ name: 'all', targets }] };
  });

describe('targets implied by others', () => {
  it('are those whose disjoint parts of the same period need as much', () => {
    expect(implied(needed(10, null), needed(6, [0, 1]), needed(4, [2, 3]))).toEqual([true, false, false]);
    expect(implied(needed(11, null), needed(6, [0, 1]), needed(4, [2, 3]))).toEqual([false, false, false]);
    expect(implied(needed(10, [0, 1, 2]), needed(6, [0, 1]), needed(4, [2, 3]))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('count users of two regions once', () => {
    expect(implied(needed(10, null), needed(6, [0, 1]), needed(6, [1, 2]))).toEqual([false, false, false]);
  });

  it('are not told from another period', () => {
    expect(implied(needed(10, null), needed(6, [0, 1]), needed(4, [2, 3], 1))).toEqual([false, false, false]);
  });

  it('of the same users do not imply each other away', () => {
    expect(implied(needed(5, null), needed(5, [0, 1, 2, 3, 4, 5]))).toEqual([false, false]);
  });

  it('chain: a country by its provinces, a province by its towns', () => {
    expect(implied(needed(6, null), needed(6, [0, 1, 2]), needed(3, [0]), needed(3, [1]))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('leave the model when built, so a plan of what is left meets them, users served today included', () => {
    let dropped = 0;
    fc.assert(
      fc.property(withRegions, (problem) => {
        const targets = problem.phases[0]!.targets;
        const { model, targetOf } = buildModel(
          problem,
          targets,
          problem.siteCost,
          findCostGrid(problem.siteCost),
        );
        dropped += targets.length - model.targetCount;
        const left = targetOf.map((index) => targets[index]!);
        const kept = { ...problem, phases: [{ name: 'kept', targets: left }] };
        expect(enumerate(kept).leastCost).toBe(enumerate(problem).leastCost);
        for (let subset = 0; subset < 2 ** problem.siteIds.length; subset++) {
          const sites = problem.siteIds.flatMap((_, site) =>
            (subset >> site) & 1 || problem.siteStatus[site] === 1 ? [site] : [],
          );
          const meets = (target: Target): boolean => servedUsers(problem, target, sites) >= target.needUsers;
          expect(targets.every(meets)).toBe(left.every(meets));
        }
      }),
      { numRuns: 300 },
    );
    expect(dropped).toBeGreaterThan(100);
  });
});
