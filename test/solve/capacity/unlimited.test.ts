import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inProcessExecutor } from '../../../src/executor.ts';
import { needsAssignment } from '../../../src/solve/capacity/needs-assignment.ts';
import type { CoveringProblem } from '../../../src/solve/problem.ts';
import type { SolveOptions } from '../../../src/solve/solution.ts';
import { solve } from '../../../src/solve/solve.ts';
import { arbitraryProblem } from '../../support/arbitrary-problem.ts';
import { bruteMip } from '../../support/brute-mip.ts';

const options: SolveOptions = {
  seed: 1,
  effort: 'quick',
  timeLimitS: null,
  gapGoal: 0,
  executor: inProcessExecutor,
  mip: bruteMip,
};

/** Every site can carry everybody: its room is the traffic of all users, or none is stated. */
function withAmpleRoom(problem: CoveringProblem, stated: boolean): CoveringProblem {
  const siteCount = problem.siteIds.length;
  return {
    ...problem,
    capacity: {
      rate: problem.users.map((users) => new Float64Array(users.length).fill(7)),
      counts: new Uint8Array(siteCount),
      room: problem.users.map((users) =>
        new Float64Array(siteCount).fill(stated ? 7 * users.reduce((a, b) => a + b, 0) : Infinity),
      ),
      standing: null,
    },
  };
}

describe('capacities that can never run out', () => {
  it('give the sites, cost and bound of the problem without them', async () => {
    const problems = arbitraryProblem({ maxSites: 8, maxDemand: 12, budget: 'never' }).map((problem) => ({
      ...problem,
      siteLocation: problem.siteLocation.map((_, site) => site),
    }));
    await fc.assert(
      fc.asyncProperty(problems, fc.boolean(), async (problem, stated) => {
        const limited = withAmpleRoom(problem, stated);
        const plain = await solve(problem, options);
        const solution = await solve(limited, options);
        expect(solution).toEqual(plain);
        const all = problem.phases.flatMap(({ targets }) => targets);
        expect(needsAssignment(limited, all)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });
});
