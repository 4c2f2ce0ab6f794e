import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inProcessExecutor } from '../../../src/executor.ts';
import { createPool } from '../../../src/parallel/pool.ts';
import { createRandom } from '../../../src/random.ts';
import { SolveContext } from '../../../src/solve/context.ts';
import { findCostGrid, fromUnits } from '../../../src/solve/cost-grid.ts';
import { targetsUpTo } from '../../../src/solve/phases.ts';
import { SITE_REQUIRED, type CoveringProblem } from '../../../src/solve/problem.ts';
import { brokenRules } from '../../../src/solve/recount.ts';
import type { Solution, SolveOptions } from '../../../src/solve/solution.ts';
import { solve } from '../../../src/solve/solve.ts';
import { relaxFromSamples } from '../../../src/solve/streamed/relax-levels.ts';
import { planBySpans } from '../../../src/solve/streamed/span-greedy.ts';
import { sampleSpans } from '../../../src/solve/streamed/span-source.ts';
import { openStreamedTile } from '../../../src/solve/streamed/tile-source.ts';
import { surveyTiles, type StreamedWhole } from '../../../src/solve/streamed/streamed-whole.ts';
import { arbitraryProblem } from '../../support/arbitrary-problem.ts';
import { bruteMip } from '../../support/brute-mip.ts';
import { enumerate, servedUsers } from '../../support/enumerate.ts';
import { tiledFrom } from '../../support/tiled.ts';

const options: SolveOptions = {
  seed: 1,
  effort: 'quick',
  timeLimitS: null,
  gapGoal: 0,
  executor: inProcessExecutor,
  mip: bruteMip,
};

function inTiles(problem: CoveringProblem, itemsPerTile: number, seed = 1): CoveringProblem {
  return { ...problem, coverage: tiledFrom(problem.coverage, itemsPerTile, seed) };
}

/** Least cost of what a phase and those before it ask for. */
function optimumOf(problem: CoveringProblem, phase: number): number | null {
  const targets = targetsUpTo(problem, phase);
  return enumerate({ ...problem, phases: [{ name: 'all', targets }] }).leastCost;
}

describe('a problem whose pairs are not listed against enumeration of all subsets', () => {
  const small = arbitraryProblem({ maxSites: 8, maxDemand: 14, budget: 'never' });

  it('bound <= optimum <= plan in every phase, its users recounted from listed pairs', async () => {
    let planned = 0;
    await fc.assert(
      fc.asyncProperty(small, fc.integer({ min: 1, max: 14 }), fc.nat(99), async (problem, size, seed) => {
        const found = await solve(inTiles(problem, size, seed), options);
        const isPossible = enumerate(problem).leastCost !== null;
        expect(found.feasible && !isPossible).toBe(false);
        if (!isPossible) {
          expect(found.status).not.toBe('optimal');
          return;
        }
        for (const { lowerBound, phase } of found.trace) {
          const index = problem.phases.findIndex(({ name }) => name === phase);
          if (problem.phaseOrder === 'nested' && index === problem.phases.length - 1)
            expect(lowerBound).toBeLessThanOrEqual(optimumOf(problem, index)! + 1e-9);
        }
        // Where sites exclude each other the search of the core may end without a plan.
        if (!found.feasible) {
          expect(found.status).toBe('unknown');
          return;
        }
        planned++;
        expect(brokenRules(problem, found.sites)).toEqual([]);
        found.phases.forEach(({ lowerBound, cost, sites, targets }, phase) => {
          const optimum = optimumOf(problem, phase)!;
          expect(lowerBound).toBeLessThanOrEqual(optimum + 1e-9);
          expect(cost).toBeGreaterThanOrEqual(optimum - 1e-9);
          targetsUpTo(problem, phase).forEach((target, place) => {
            expect(targets[place]!.servedUsers).toBe(servedUsers(problem, target, sites));
            expect(targets[place]!.met).toBe(true);
          });
        });
      }),
      { numRuns: 150 },
    );
    expect(planned).toBeGreaterThan(60);
  });

  it('begins with a plan that meets the targets where no sites exclude each other', async () => {
    await fc.assert(
      fc.asyncProperty(small, fc.integer({ min: 1, max: 14 }), async (drawn, size) => {
        const siteCount = drawn.siteIds.length;
        const siteLocation = Uint32Array.from(drawn.siteIds, (_, site) => site);
        const problem = { ...drawn, siteLocation, conflicts: new Uint32Array(0) };
        if (enumerate(problem).leastCost === null) return;
        const coverage = tiledFrom(problem.coverage, size);
        const targets = targetsUpTo(problem, 0);
        const required = [...problem.siteStatus.keys()].filter(
          (site) => problem.siteStatus[site] === SITE_REQUIRED,
        );
        const missing = targets.map((target) => target.needUsers - servedUsers(problem, target, required));
        const kept = targets.filter((_, k) => missing[k]! > 0);
        const openUsers = kept.map(({ period, members }) =>
          Float64Array.from(coverage.demandOfItem, (demand) => {
            const served = servedUsers(
              problem,
              { ...kept[0]!, period, members: Uint32Array.of(demand) },
              required,
            );
            return served > 0 || members?.includes(demand) === false ? 0 : problem.users[period]![demand]!;
          }),
        );
        const source = {
          kind: 'spans' as const,
          itemStart: coverage.itemStart,
          tiles: coverage.tiles,
          targets: openUsers.map((users) => ({ users, counts: null })),
        };
        const open = problem.siteStatus.map((status) => (status === 0 ? 1 : 0));
        const whole = {
          ...{ source, siteCount, cost: problem.siteCost },
          need: Float64Array.from(missing.filter((own) => own > 0)),
          conflictStart: new Uint32Array(siteCount + 1),
          conflictSite: new Uint32Array(0),
        };
        const sites = planBySpans(coverage, whole, open);
        for (const target of targets)
          expect(servedUsers(problem, target, [...required, ...sites])).toBeGreaterThanOrEqual(
            target.needUsers,
          );
      }),
      { numRuns: 100 },
    );
  });

  it('gives what the listed problem gives on facts that need no search', async () => {
    await fc.assert(
      fc.asyncProperty(small, fc.integer({ min: 1, max: 14 }), async (problem, size) => {
        const [tiled, listed] = [await solve(inTiles(problem, size), options), await solve(problem, options)];
        if (!tiled.feasible || !listed.feasible) return;
        const facts = ({ phases }: Solution): unknown =>
          phases.map(({ targets }) => targets.map((target) => ({ ...target, servedUsers: null })));
        expect(facts(tiled)).toEqual(facts(listed));
        if (tiled.cost === listed.cost && tiled.status === 'optimal') expect(listed.status).toBe('optimal');
      }),
      { numRuns: 60 },
    );
  });

  it('a sample of the items covers what the items cover, and its bound of the whole holds', async () => {
    await fc.assert(
      fc.asyncProperty(small, fc.integer({ min: 1, max: 14 }), async (problem, size) => {
        const coverage = tiledFrom(problem.coverage, size);
        const { siteCount, itemStart, tiles } = coverage;
        const users = Float64Array.from(coverage.demandOfItem, (demand) => problem.users[0]![demand]!);
        const source = { kind: 'spans' as const, itemStart, tiles, targets: [{ users, counts: null }] };
        const sample = sampleSpans(source, 3);
        tiles.forEach((_, tile) => {
          const [whole, part] = [openStreamedTile(source, tile), openStreamedTile(sample, tile)];
          const rowsOf = (own: typeof whole, scale: number): Map<number, number[]> =>
            new Map(
              Array.from(own.siteOf, (site, row): [number, number[]] => [
                site,
                [...own.itemsOf(row)].map((item) => scale * item),
              ]),
            );
          const sampled = rowsOf(part, 3);
          for (const [site, items] of rowsOf(whole, 1)) {
            const kept = items.filter((item) => item % 3 === 0);
            expect(sampled.get(site) ?? []).toEqual(kept);
          }
        });
        const isReachable = new Uint8Array(problem.coverage.demandCount);
        for (const demand of problem.coverage.demandOfSite) isReachable[demand] = 1;
        const reachable = problem.users[0]!.reduce((sum, own, i) => sum + own * isReachable[i]!, 0);
        if (reachable === 0) return;
        const grid = findCostGrid(problem.siteCost);
        const whole: StreamedWhole = {
          ...{ source, siteCount, targetCount: 1, fixedCost: 0 },
          cost: problem.siteCost.map((cost) => Math.round(cost / fromUnits(grid, 1))),
          need: Float64Array.of(reachable),
          conflictStart: new Uint32Array(siteCount + 1),
          conflictSite: new Uint32Array(0),
          group: Uint32Array.from({ length: siteCount }, (_, site) => site),
        };
        const context = new SolveContext(options);
        const surveyed = await surveyTiles(context, whole);
        const { bound } = await relaxFromSamples(context, whole, surveyed, () => false, 2);
        const target = { ...targetsUpTo(problem, 0)[0]!, period: 0, members: null, needUsers: reachable };
        const { leastCost } = enumerate({
          ...problem,
          siteStatus: new Uint8Array(siteCount),
          siteLocation: whole.group,
          conflicts: new Uint32Array(0),
          servedToday: problem.servedToday.map((own) => new Uint8Array(own.length)),
          phases: [{ name: 'all', targets: [target] }],
        });
        expect(fromUnits(grid, bound)).toBeLessThanOrEqual(leastCost! + 1e-9);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a problem whose pairs are not listed', () => {
  /** 400 points and 30 sites, three phases, a required site: too many for enumeration. */
  const problem = ringProblem(400, 30);

  it('is the same for one, two and four threads', async () => {
    const settings = { ...options, mip: undefined, gapGoal: 0.5 };
    const alone = await solve(inTiles(problem, 90), settings);
    for (const threads of [2, 4]) {
      const pool = await createPool({ threads });
      try {
        expect(await solve(inTiles(problem, 90), { ...settings, executor: pool })).toEqual(alone);
      } finally {
        await pool.close();
      }
    }
    expect(alone.feasible).toBe(true);
    expect(alone.notes.join(' ')).toContain('in 5 tiles');
    expect(alone.trace.map(({ phase }) => phase)).toContain('first, own bound');
  });

  it('starts from an earlier plan', async () => {
    const settings = { ...options, mip: undefined, gapGoal: 1 };
    const first = await solve(inTiles(problem, 90), settings);
    const again = await solve(inTiles(problem, 90), { ...settings, start: first.sites });
    expect(again.cost).toBeLessThanOrEqual(first.cost);
    expect(again.trace.some(({ foundBy }) => foundBy === 'start plan')).toBe(true);
  });

  it('names what all sites together do not reach, and plans what they do', async () => {
    const [phase] = problem.phases;
    const isolated = { ...problem, coverage: withoutPoint(problem.coverage, 7) };
    const everyone = phase!.targets.map((target) => ({ ...target, needUsers: target.totalUsers }));
    const asked = { ...isolated, phases: [{ name: 'all', targets: everyone }] };
    const found = await solve(inTiles(asked, 90), { ...options, mip: undefined, gapGoal: 1 });
    expect(found.status).toBe('infeasible');
    expect(found.notes[0]).toContain('No plan meets phase "all"');
    const { totalUsers, servedUsers: served, unreachableUsers } = found.phases[0]!.targets[0]!;
    expect(unreachableUsers).toBe(problem.users[0]![7]);
    expect(served).toBe(totalUsers - unreachableUsers);
  });
});

/** Sites on a ring cover the points of an arc; every site covers some points that few others do. */
function ringProblem(demandCount: number, siteCount: number): CoveringProblem {
  const random = createRandom(7);
  const rows = Array.from({ length: siteCount }, (_, site) => {
    const first = Math.floor((site * demandCount) / siteCount);
    const length = 30 + (site % 4) * 9;
    const points = Array.from({ length }, (_, k) => (first + k) % demandCount);
    return [...new Set(points)].sort((a, b) => a - b);
  });
  const siteStart = Uint32Array.from([0, ...rows.map(({ length }) => length)]);
  for (let site = 0; site < siteCount; site++) siteStart[site + 1]! += siteStart[site]!;
  const users = Float64Array.from({ length: demandCount }, () => 1 + random.below(9));
  const totalUsers = users.reduce((sum, own) => sum + own, 0);
  const target = (percent: number): CoveringProblem['phases'][number]['targets'][number] => ({
    ...{ period: 0, region: null, members: null, totalUsers },
    share: { numerator: percent, denominator: 100 },
    needUsers: Math.ceil((totalUsers * percent) / 100),
  });
  const siteStatus = new Uint8Array(siteCount);
  siteStatus[4] = SITE_REQUIRED;
  return {
    coverage: { siteCount, demandCount, siteStart, demandOfSite: Uint32Array.from(rows.flat()) },
    siteIds: rows.map((_, site) => String(site)),
    siteCost: Float64Array.from(rows, (_, site) => 10 + ((5 * site) % 7)),
    siteStatus,
    siteLocation: Uint32Array.from(rows.keys()),
    conflicts: new Uint32Array(0),
    periods: ['all'],
    users: [users],
    usersScale: 1,
    servedToday: [new Uint8Array(demandCount)],
    phases: [
      { name: 'first', targets: [target(50)] },
      { name: 'second', targets: [target(75)] },
      { name: 'last', targets: [target(95)] },
    ],
    phaseOrder: 'nested',
    budget: null,
  };
}

/** The same with one demand point that nobody covers. */
function withoutPoint(
  { siteCount, demandCount, siteStart, demandOfSite }: CoveringProblem['coverage'],
  point: number,
): CoveringProblem['coverage'] {
  const rows = Array.from({ length: siteCount }, (_, site) =>
    demandOfSite.subarray(siteStart[site], siteStart[site + 1]).filter((own) => own !== point),
  );
  const start = Uint32Array.from([0, ...rows.map(({ length }) => length)]);
  for (let site = 0; site < siteCount; site++) start[site + 1]! += start[site]!;
  return {
    siteCount,
    demandCount,
    siteStart: start,
    demandOfSite: Uint32Array.from(rows.flatMap((row) => [...row])),
  };
}
