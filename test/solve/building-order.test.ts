import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderForBuilding } from '../../src/solve/building-order.ts';
import type { CoveringProblem, Target } from '../../src/solve/problem.ts';
import { arbitraryProblem } from '../support/arbitrary-problem.ts';
import { servedUsers } from '../support/enumerate.ts';

/** Every waiting site counted anew before each choice. */
function plainOrder(
  problem: CoveringProblem,
  sets: readonly (readonly number[])[],
  targetsOf: readonly (readonly Target[])[],
): number[] {
  const built: number[] = [];
  sets.forEach((set, phase) => {
    for (;;) {
      const waiting = set.filter((site) => !built.includes(site)).sort((a, b) => a - b);
      if (waiting.length === 0) return;
      const worth = waiting.map((site) => {
        let needed = 0;
        let users = 0;
        for (const target of targetsOf[phase]!) {
          const before = servedUsers(problem, target, built);
          const gain = servedUsers(problem, target, [...built, site]) - before;
          const missing = Math.max(0, target.needUsers - before);
          needed += Math.min(gain, missing) / Math.max(1, target.needUsers);
          users += gain / Math.max(1, target.totalUsers);
        }
        return [needed / problem.siteCost[site]!, users / problem.siteCost[site]!] as const;
      });
      const best = worth.reduce(
        (first, [needed, users], own) =>
          needed > worth[first]![0] || (needed === worth[first]![0] && users > worth[first]![1])
            ? own
            : first,
        0,
      );
      built.push(waiting[best]!);
    }
  });
  return built;
}

describe('building order', () => {
  it('is that of counting every waiting site before each choice', () => {
    const small = arbitraryProblem({ maxSites: 12, maxDemand: 20, budget: 'never' });
    fc.assert(
      fc.property(small, fc.nat(12), (problem, first) => {
        const all = problem.siteIds.map((_, site) => site);
        const sets = problem.phases.map((_, phase) =>
          phase === problem.phases.length - 1 ? all : all.filter((site) => (site * 7) % 12 < first),
        );
        const targets = problem.phases.map((_, phase) =>
          problem.phases.slice(0, phase + 1).flatMap((own) => own.targets),
        );
        const { sites, phaseOfSite } = orderForBuilding(problem, sets, targets);
        expect(sites).toEqual(plainOrder(problem, sets, targets));
        expect(phaseOfSite).toEqual(sites.map((site) => sets.findIndex((set) => set.includes(site))));
      }),
      { numRuns: 200 },
    );
  });
});
