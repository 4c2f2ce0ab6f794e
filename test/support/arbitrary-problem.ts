import fc from 'fast-check';
import type { Budget, CoveringProblem, Phase, Target } from '../../src/solve/problem.ts';
import { SITE_CANDIDATE, SITE_FORBIDDEN, SITE_REQUIRED } from '../../src/solve/problem.ts';
import { usersNeeded } from '../../src/solve/share.ts';

/** What {@link arbitraryProblem} may put into a problem. */
export interface ProblemShape {
  readonly maxSites: number;
  readonly maxDemand: number;
  readonly budget: 'never' | 'always' | 'sometimes';
}

const SHARES = [
  { numerator: 1, denominator: 2 },
  { numerator: 4, denominator: 5 },
  { numerator: 9, denominator: 10 },
  { numerator: 19, denominator: 20 },
  { numerator: 99, denominator: 100 },
  { numerator: 1, denominator: 1 },
] as const;

/**
 * Small random problems with everything: periods, regions, phases, conflicts, shared locations, required and forbidden
 * sites, existing service, fractional users and costs, budgets. Locations are numbered in order of appearance and
 * users have no smaller scale than they need, as a reader leaves them.
 */
export function arbitraryProblem(shape: ProblemShape): fc.Arbitrary<CoveringProblem> {
  return fc
    .record({
      siteCount: fc.integer({ min: 1, max: shape.maxSites }),
      demandCount: fc.integer({ min: 1, max: shape.maxDemand }),
      periodCount: fc.integer({ min: 1, max: 3 }),
      usersScale: fc.constantFrom(1, 1000),
    })
    .chain(({ siteCount, demandCount, periodCount, usersScale }) =>
      fc
        .record({
          covers: fc.array(fc.uniqueArray(fc.nat(demandCount - 1)), perItem(siteCount)),
          cost: fc.array(
            fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(1.26, 0.5, 2.75)),
            perItem(siteCount),
          ),
          status: fc.array(
            fc.constantFrom(...Array<number>(9).fill(SITE_CANDIDATE), SITE_REQUIRED, SITE_FORBIDDEN),
            perItem(siteCount),
          ),
          location: fc.array(fc.nat(2 * siteCount), perItem(siteCount)),
          conflicts: fc.array(fc.tuple(fc.nat(siteCount - 1), fc.nat(siteCount - 1)), { maxLength: 4 }),
          users: fc.array(fc.array(fc.nat(20 * usersScale), perItem(demandCount)), perItem(periodCount)),
          served: fc.array(
            fc.array(fc.constantFrom(0, 0, 0, 0, 1), perItem(demandCount)),
            perItem(periodCount),
          ),
          phases: fc.array(
            fc.array(
              fc.record({
                period: fc.nat(periodCount - 1),
                share: fc.constantFrom(...SHARES),
                members: fc.option(fc.uniqueArray(fc.nat(demandCount - 1), { minLength: 1 }), { freq: 2 }),
              }),
              { minLength: 1, maxLength: 3 },
            ),
            { minLength: 1, maxLength: 2 },
          ),
          phaseOrder: fc.constantFrom('nested' as const, 'as-built' as const),
          budget: arbitraryBudget(shape.budget),
        })
        .map((raw): CoveringProblem => {
          const users = raw.users.map((values) => Float64Array.from(values));
          const scale = users.every((values) => values.every((value) => value % usersScale === 0))
            ? 1
            : usersScale;
          const units = users.map((values) =>
            scale === usersScale ? values : values.map((v) => v / usersScale),
          );
          return {
            coverage: matrixOf(raw.covers, demandCount),
            siteIds: raw.covers.map((_, site) => `s"${site}`),
            siteCost: Float64Array.from(raw.cost),
            siteStatus: Uint8Array.from(raw.status),
            siteLocation: numberedByAppearance(raw.location),
            conflicts: sortedPairs(raw.conflicts),
            periods: raw.users.map((_, period) => `period ${period}`),
            users: units,
            usersScale: scale,
            servedToday: raw.served.map((values) => Uint8Array.from(values)),
            phases: raw.budget === null ? raw.phases.map((targets, at) => phaseOf(at, targets, units)) : [],
            phaseOrder: raw.phaseOrder,
            budget: raw.budget,
          };
        }),
    );
}

function perItem(length: number): { minLength: number; maxLength: number } {
  return { minLength: length, maxLength: length };
}

function arbitraryBudget(when: ProblemShape['budget']): fc.Arbitrary<Budget | null> {
  const budget = fc
    .record({
      sites: fc.option(fc.integer({ min: 0, max: 4 })),
      cost: fc.option(fc.integer({ min: 0, max: 20 })),
      objective: fc.constantFrom('mean' as const, 'worst' as const),
    })
    .filter(({ sites, cost }) => sites !== null || cost !== null);
  if (when === 'never') return fc.constant(null);
  return when === 'always' ? budget : fc.option(budget);
}

function matrixOf(covers: readonly number[][], demandCount: number): CoveringProblem['coverage'] {
  const siteStart = Uint32Array.from([0, ...covers.map((list) => list.length)]);
  for (let site = 0; site < covers.length; site++) siteStart[site + 1]! += siteStart[site]!;
  const demandOfSite = Uint32Array.from(covers.flatMap((list) => list.toSorted((a, b) => a - b)));
  return { siteCount: covers.length, demandCount, siteStart, demandOfSite };
}

function numberedByAppearance(names: readonly number[]): Uint32Array {
  const numbers = new Map<number, number>();
  for (const name of names) if (!numbers.has(name)) numbers.set(name, numbers.size);
  return Uint32Array.from(names, (name) => numbers.get(name) ?? 0);
}

function sortedPairs(pairs: readonly [number, number][]): Uint32Array {
  const keys = new Set(
    pairs.filter(([a, b]) => a !== b).map(([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}`),
  );
  const distinct = [...keys].map((key) => key.split(' ').map(Number));
  distinct.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0));
  return Uint32Array.from(distinct.flat());
}

interface RawTarget {
  readonly period: number;
  readonly share: (typeof SHARES)[number];
  readonly members: number[] | null;
}

function phaseOf(at: number, targets: readonly RawTarget[], users: readonly Float64Array[]): Phase {
  return { name: `phase ${at}`, targets: targets.map((target) => targetOf(target, users)) };
}

function targetOf(raw: RawTarget, users: readonly Float64Array[]): Target {
  const members = raw.members === null ? null : Uint32Array.from(raw.members).sort();
  const values = users[raw.period] ?? new Float64Array(0);
  let totalUsers = 0;
  if (members === null) for (const value of values) totalUsers += value;
  else for (const demand of members) totalUsers += values[demand] ?? 0;
  const region = members === null ? null : `region of ${members.length}`;
  return {
    period: raw.period,
    region,
    members,
    share: raw.share,
    totalUsers,
    needUsers: usersNeeded(raw.share, totalUsers),
  };
}
