import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/random.ts';
import { AssignmentState } from '../../../src/solve/capacity/assignment-state.ts';
import { assignPlan } from '../../../src/solve/capacity/assign-plan.ts';
import { buildCapacityModel } from '../../../src/solve/capacity/build-capacity-model.ts';
import { assignByLp } from '../../../src/solve/capacity/capacity-mip.ts';
import { fillAll, fillTargets } from '../../../src/solve/capacity/fill.ts';
import { brokenAssignment } from '../../../src/solve/capacity/recount-assignment.ts';
import { findCostGrid } from '../../../src/solve/cost-grid.ts';
import { highsSolver } from '../../../src/solve/highs.ts';
import { LOAD_TRAFFIC, type CoveringProblem } from '../../../src/solve/problem.ts';
import { arbitraryCapacityProblem } from '../../support/arbitrary-capacity.ts';

const problems = arbitraryCapacityProblem({ maxSites: 6, maxDemand: 8, backup: true });

function stateOf(problem: CoveringProblem): AssignmentState {
  const targets = problem.phases.flatMap((phase) => phase.targets);
  const grid = findCostGrid(problem.siteCost);
  return new AssignmentState(buildCapacityModel({ problem, targets, grid, everyone: false }));
}

/** Everything a state counts, worked out again from its chosen sites and assigned users. */
function recount(state: AssignmentState): object {
  const { model } = state;
  const again = new AssignmentState(model, state.sites());
  state.assigned.forEach((assigned, period) => {
    for (let site = 0; site < model.siteCount; site++) {
      for (let pair = model.siteStart[site]!; pair < model.siteStart[site + 1]!; pair++) {
        if (assigned[pair]! > 0) again.put(period, site, pair, assigned[pair]!);
      }
    }
  });
  return contents(again);
}

function contents(state: AssignmentState): object {
  const { chosen, assigned, left, load, served, timesCovered, timesBacked, blocked, cost } = state;
  return structuredClone({ chosen, assigned, left, load, served, timesCovered, timesBacked, blocked, cost });
}

describe('AssignmentState', () => {
  it('equals one counted from scratch after any changes, and what it was after taking them back', () => {
    fc.assert(
      fc.property(problems, fc.nat(1000), (problem, seed) => {
        const state = stateOf(problem);
        const random = createRandom(seed);
        const change = (): void => {
          const site = random.below(state.model.siteCount);
          if (state.model.fixed[site] === 1) return;
          if (state.chosen[site] === 1) state.remove(site);
          else state.add(site);
          fillTargets(state);
        };
        for (let step = 0; step < 5 && state.model.siteCount > 0; step++) change();
        const before = contents(state);
        expect(recount(state)).toEqual(before);
        const mark = state.mark();
        for (let step = 0; step < 5 && state.model.siteCount > 0; step++) change();
        fillAll(state);
        expect(recount(state)).toEqual(contents(state));
        state.undo(mark);
        expect(contents(state)).toEqual(before);
      }),
      { numRuns: 200 },
    );
  });

  it('never takes service from users of a target when it serves everybody else who fits', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const state = stateOf(problem);
        for (let site = 0; site < state.model.siteCount; site++)
          if (state.chosen[site] === 0) state.add(site);
        fillTargets(state);
        const served = state.served.slice();
        fillAll(state);
        served.forEach((users, target) => expect(state.served[target]!).toBeGreaterThanOrEqual(users));
        state.load.forEach((load, period) => {
          load.forEach((amount, site) =>
            expect(amount).toBeLessThanOrEqual(state.model.room[period]![site]!),
          );
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe('assignments', () => {
  it('augmenting paths find what the linear programme finds where all users make the same load', async () => {
    const uniform = problems.map((problem) => ({
      ...problem,
      capacity: {
        ...problem.capacity!,
        counts: new Uint8Array(problem.siteIds.length).fill(LOAD_TRAFFIC),
        rate: problem.users.map((users) => new Float64Array(users.length).fill(3)),
      },
      phases: problem.phases.map((phase) => ({
        ...phase,
        targets: phase.targets.filter(({ members }) => members === null),
      })),
    }));
    await fc.assert(
      fc.asyncProperty(uniform, async (problem) => {
        const state = stateOf(problem);
        const all = Array.from({ length: state.model.siteCount }, (_, site) => site);
        const filled = fillTargets(new AssignmentState(state.model, all));
        expect((await assignByLp(state.model, all, highsSolver)) !== null).toBe(filled);
      }),
      { numRuns: 100 },
    );
  });

  it('serve whole users of covering sites within room, for any sites', async () => {
    await fc.assert(
      fc.asyncProperty(problems, fc.nat(63), async (problem, subset) => {
        const sites = problem.siteIds.flatMap((_, site) => (((subset >> site) & 1) === 1 ? [site] : []));
        const targets = problem.phases.flatMap((phase) => phase.targets);
        const assignment = await assignPlan(problem, targets, sites, highsSolver);
        expect(brokenAssignment(problem, sites, assignment)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
