import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inProcessExecutor } from '../src/executor.ts';
import type { CoveringProblem } from '../src/solve/problem.ts';
import { recountChanges, solveProblem, type SolveInstanceOptions } from '../src/solve-instance.ts';
import { arbitraryProblem } from './support/arbitrary-problem.ts';
import { bruteMip } from './support/brute-mip.ts';
import { isAllowed, servedUsers } from './support/enumerate.ts';

const options: SolveInstanceOptions = {
  seed: 1,
  effort: 'quick',
  timeLimitS: null,
  gapGoal: 0,
  executor: inProcessExecutor,
  mip: bruteMip,
  nowS: () => 0,
};

/** Every allowed plan that meets all targets: its sites and its cost. */
function plansOf(problem: CoveringProblem): { sites: number[]; cost: number }[] {
  const all = problem.siteIds.map((_, site) => site);
  const targets = problem.phases.flatMap((phase) => phase.targets);
  return Array.from({ length: 2 ** all.length }, (_, subset) => all.filter((site) => (subset >> site) & 1))
    .filter((sites) => isAllowed(problem, sites))
    .filter((sites) => targets.every((target) => servedUsers(problem, target, sites) >= target.needUsers))
    .map((sites) => ({ sites, cost: sites.reduce((sum, site) => sum + problem.siteCost[site]!, 0) }));
}

/** What giving up an earlier candidate costs: `changeCost`, but 0.99 of a cost that is no higher where others contest its place. */
function chargeOf(problem: CoveringProblem, site: number, changeCost: number): number {
  if (problem.siteStatus[site] !== 0) return 0;
  const cost = problem.siteCost[site]!;
  const isOpen = (other: number): boolean => other !== site && problem.siteStatus[other] !== 2;
  const sharesPlace = problem.siteIds.some(
    (_, other) => isOpen(other) && problem.siteLocation[other] === problem.siteLocation[site],
  );
  const pairs = Array.from({ length: problem.conflicts.length / 2 }, (_, pair) =>
    problem.conflicts.subarray(2 * pair, 2 * pair + 2),
  );
  const conflicts = pairs.some((pair) => pair.includes(site) && pair.some(isOpen));
  return sharesPlace || conflicts ? Math.min(changeCost, 0.99 * cost) : changeCost;
}

const cases = fc.record({
  problem: arbitraryProblem({ maxSites: 7, maxDemand: 9, budget: 'never' }),
  earlier: fc.nat(127),
  changeCost: fc.constantFrom(0, 0.5, 1, 2.75, 4, 20),
});

describe('a plan from an earlier one, against enumeration of all subsets', () => {
  it('has the least cost with changes; cost and bound hold among plans that keep as many earlier sites', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ problem: drawn, earlier: bits, changeCost }) => {
        const problem = { ...drawn, phaseOrder: 'nested' as const };
        const sites = problem.siteIds.flatMap((_, site) => ((bits >> site) & 1 ? [site] : []));
        const plans = plansOf(problem);
        fc.pre(plans.length > 0);
        const { solution, changes } = await solveProblem(problem, {
          ...options,
          startPlan: { sites, changeCost },
        });
        const charge = (plan: readonly number[]): number =>
          sites
            .filter((site) => !plan.includes(site))
            .reduce((sum, site) => sum + chargeOf(problem, site, changeCost), 0);
        const least = Math.min(...plans.map((plan) => plan.cost + charge(plan.sites)));
        expect(changes!.costWithChanges).toBeCloseTo(least, 9);
        expect(changes!.lowerBound).toBeLessThanOrEqual(least + 1e-9);
        expect(solution.cost).toBeCloseTo(
          solution.sites.reduce((sum, site) => sum + problem.siteCost[site]!, 0),
          9,
        );
        const keeping = plans.filter((plan) => charge(plan.sites) <= charge(solution.sites) + 1e-9);
        expect(solution.lowerBound).toBeLessThanOrEqual(Math.min(...keeping.map(({ cost }) => cost)) + 1e-9);
        expect(solution.gap).toBeCloseTo(
          solution.cost > 0 ? (solution.cost - solution.lowerBound) / solution.cost : 0,
          9,
        );
        // Whatever plan stands in the end, changes are counted from it.
        for (const plan of [solution, ...plans.slice(0, 3)]) {
          const recounted = recountChanges(problem, changes!, plan);
          expect(recounted.kept).toEqual(sites.filter((site) => plan.sites.includes(site)));
          expect(recounted.givenUp).toEqual(sites.filter((site) => !plan.sites.includes(site)));
          expect(recounted.costWithChanges).toBeCloseTo(plan.cost + charge(plan.sites), 9);
        }
      }),
      { numRuns: 400 },
    );
  });
});
