import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inProcessExecutor, type Executor } from '../../src/executor.ts';
import { explainPlan } from '../../src/solve/explain.ts';
import type { CoveringProblem } from '../../src/solve/problem.ts';
import { brokenRules } from '../../src/solve/recount.ts';
import type { Solution, SolveOptions } from '../../src/solve/solution.ts';
import { solve } from '../../src/solve/solve.ts';
import { arbitraryProblem } from '../support/arbitrary-problem.ts';
import { bruteMip } from '../support/brute-mip.ts';
import { enumerate, isAllowed, servedUsers } from '../support/enumerate.ts';

/** The MIP solver of most runs here tries all subsets: fast, and it shares nothing with HiGHS. */
const quick: SolveOptions = {
  seed: 1,
  effort: 'quick',
  timeLimitS: null,
  gapGoal: 0,
  executor: inProcessExecutor,
  mip: bruteMip,
};
const withHighs: SolveOptions = { ...quick, mip: undefined };
const small = (budget: 'never' | 'always') => arbitraryProblem({ maxSites: 8, maxDemand: 12, budget });

function meetsLastPhase(problem: CoveringProblem, sites: readonly number[]): boolean {
  const targets = problem.phases.flatMap((phase) => phase.targets);
  return targets.every((target) => servedUsers(problem, target, sites) >= target.needUsers);
}

function checkPlan(problem: CoveringProblem, solution: Solution): void {
  const { leastCost } = enumerate(problem);
  if (leastCost === null) {
    expect(solution.feasible).toBe(false);
    expect(solution.status).toBe('infeasible');
    return;
  }
  expect(solution.feasible).toBe(true);
  expect(brokenRules(problem, solution.sites)).toEqual([]);
  expect(isAllowed(problem, solution.sites)).toBe(true);
  expect(meetsLastPhase(problem, solution.sites)).toBe(true);
  expect(solution.lowerBound).toBeLessThanOrEqual(leastCost + 1e-9);
  expect(solution.cost).toBeGreaterThanOrEqual(leastCost - 1e-9);
  if (problem.phaseOrder === 'as-built') return;
  expect(solution.status).toBe('optimal');
  expect(solution.cost).toBeCloseTo(leastCost, 9);
  for (const line of solution.trace.filter((entry) => entry.phase === problem.phases.at(-1)!.name)) {
    expect(line.lowerBound).toBeLessThanOrEqual(leastCost + 1e-9);
    if (line.incumbent !== null) expect(line.incumbent).toBeGreaterThanOrEqual(leastCost - 1e-9);
  }
  for (const site of solution.sites.filter((own) => problem.siteStatus[own] === 0)) {
    expect(
      meetsLastPhase(
        problem,
        solution.sites.filter((other) => other !== site),
      ),
    ).toBe(false);
  }
}

function checkBudget(problem: CoveringProblem, solution: Solution): void {
  const { mostServed, bestWorstShare } = enumerate(problem);
  const best = problem.budget!.objective === 'mean' ? mostServed : bestWorstShare;
  if (best === null) {
    expect(solution.status).toBe('infeasible');
    return;
  }
  expect(isAllowed(problem, solution.sites)).toBe(true);
  expect(solution.budget!.upperBound).toBeGreaterThanOrEqual(best - 1e-12);
  expect(solution.budget!.covered).toBeCloseTo(best, 9);
  expect(solution.status).toBe('optimal');
}

describe('plans against enumeration of all subsets', () => {
  it('bound <= optimum <= incumbent at every line, small problems proved, nothing superfluous in the plan', async () => {
    await fc.assert(
      fc.asyncProperty(small('never'), async (problem) => checkPlan(problem, await solve(problem, quick))),
      { numRuns: 1500 },
    );
  });

  it('says the same with HiGHS', async () => {
    await fc.assert(
      fc.asyncProperty(small('never'), async (problem) =>
        checkPlan(problem, await solve(problem, withHighs)),
      ),
      { numRuns: 60 },
    );
  });

  it('finds and proves the most coverage within a budget of sites, cost or both', async () => {
    await fc.assert(
      fc.asyncProperty(small('always'), async (problem) => checkBudget(problem, await solve(problem, quick))),
      { numRuns: 600 },
    );
    await fc.assert(
      fc.asyncProperty(small('always'), async (problem) =>
        checkBudget(problem, await solve(problem, withHighs)),
      ),
      { numRuns: 40 },
    );
  });
});

/** Finishes tasks in reverse order: whoever merges by arrival instead of task order differs. */
const backwards: Executor = {
  threads: 4,
  async map(kernel, shared, tasks) {
    const results = new Array(tasks.length);
    for (let task = tasks.length - 1; task >= 0; task--) {
      results[task] = await kernel.run(shared, tasks[task]!, { shouldStop: () => false });
    }
    return results;
  },
};

describe('one seed, one solution', () => {
  it('does not depend on the order in which tasks finish', async () => {
    await fc.assert(
      fc.asyncProperty(small('never'), async (problem) => {
        const options = { ...withHighs, seed: 7 };
        const a = await solve(problem, options);
        const b = await solve(problem, { ...options, executor: backwards });
        expect(b).toEqual(a);
      }),
      { numRuns: 15 },
    );
  });

  it('repeats a run that a limit cut, from the rounds it recorded', async () => {
    const problem = fc.sample(arbitraryProblem({ maxSites: 14, maxDemand: 40, budget: 'never' }), {
      seed: 3,
      numRuns: 6,
    });
    for (const own of problem) {
      let clock = 0;
      const cut = await solve(own, { ...quick, timeLimitS: 3, nowS: () => clock++ });
      const replay = await solve(own, { ...quick, replayRounds: cut.rounds, replayTasks: cut.cutRound });
      expect({ ...replay, stoppedBy: '', cutRound: 0 }).toEqual({ ...cut, stoppedBy: '', cutRound: 0 });
    }
  });
});

describe('explanations', () => {
  it('a plan with an absent site costs at least what its reduced cost says; users served alone are lost without it', async () => {
    await fc.assert(
      fc.asyncProperty(small('never'), async (raw) => {
        const problem: CoveringProblem = { ...raw, phaseOrder: 'nested' };
        const solution = await solve(problem, quick);
        if (!solution.feasible) return;
        const { chosen, absent, bound } = explainPlan(problem, solution.sites);
        for (const reason of absent) {
          if (reason.kind !== 'reduced-cost') continue;
          const siteStatus = Uint8Array.from(problem.siteStatus);
          siteStatus[reason.site] = 1;
          const { leastCost } = enumerate({ ...problem, siteStatus });
          if (leastCost !== null) expect(leastCost).toBeGreaterThanOrEqual(bound + reason.reducedCost - 1e-6);
        }
        for (const { site, servedAlone, costWithout } of chosen) {
          const rest = solution.sites.filter((other) => other !== site);
          problem.users.forEach((_, period) => {
            const all = { period, members: null };
            const lost = servedUsers(problem, all, solution.sites) - servedUsers(problem, all, rest);
            expect(servedAlone[period]).toBe(lost);
          });
          if (costWithout === null) continue;
          const siteStatus = Uint8Array.from(problem.siteStatus);
          siteStatus[site] = 2;
          expect(costWithout).toBeGreaterThanOrEqual(
            (enumerate({ ...problem, siteStatus }).leastCost ?? 0) - 1e-9,
          );
        }
      }),
      { numRuns: 100 },
    );
  });
});
