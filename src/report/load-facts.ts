import { UNITS_PER_MBPS, USERS_SCALE } from '../planning/assemble-capacity.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import { loadsOf, roomOfSite } from '../solve/capacity/recount-assignment.ts';
import { LOAD_USERS } from '../solve/problem.ts';
import type { AssignedService } from './assigned-scope.ts';

/** Units of users in one. */
export const UNITS_PER_USER = USERS_SCALE;

/** Load of one site, in what its room is stated in. */
export interface SiteLoad {
  readonly id: string;
  /** Place in the building order; -1 = a site of today. */
  readonly order: number;
  readonly unit: 'mbps' | 'users';
  /** Per period. */
  readonly load: readonly number[];
  /** Per period; null = nothing limits it. */
  readonly room: readonly (number | null)[];
  /** Users it covers who are left without room, per period, thousandths; one user may stand with several sites. */
  readonly turnedAwayMilli: readonly number[];
  /** Room at the SINR of the plan, Mbit/s by period; null where rooms were stated. */
  readonly roomInPlan: readonly number[] | null;
}

/** A site this full turns users away, or would with one more: there capacity is the limit, elsewhere signal. */
const FULL = 0.99;

export function isFull({ load, room }: SiteLoad, period: number): boolean {
  const space = room[period] ?? null;
  return space !== null && load[period]! >= FULL * space;
}

/** A busy hour: what users ask for, what is carried and what is in the way of the rest. */
export interface PeriodLoad {
  readonly offeredMbps: number;
  readonly carriedMbps: number;
  /** Covered, and no covering site has room. */
  readonly noRoomMbps: number;
  readonly noSignalMbps: number;
  readonly noRoomMilli: number;
  readonly noSignalMilli: number;
}

export interface LoadFacts {
  /** Per period [demand] users served, thousandths. */
  readonly carriedMilli: readonly Float64Array[];
  /** Per period [demand] users who are covered and have no room, thousandths. */
  readonly noRoomMilli: readonly Float64Array[];
  readonly periods: readonly PeriodLoad[];
  /** New sites in building order, then today's sites of stated room. */
  readonly sites: readonly SiteLoad[];
}

/** Loads of the finished plan. */
export function countLoads(
  result: PlanResult,
  service: AssignedService,
  timesCovered: Uint16Array,
): LoadFacts {
  const { demand, problem } = result;
  const carriedMilli = demand.usersMilli.map((users, period) => {
    const carried = users.map((own, i) => (service.free[period]![i] === 1 ? own : 0));
    const rows = service.assignment[period]!;
    rows.demand.forEach((i, row) => (carried[i]! += rows.users[row]!));
    return carried;
  });
  const noRoomMilli = demand.usersMilli.map((users, period) =>
    users.map((own, i) =>
      timesCovered[i]! > 0 || problem.servedToday[period]![i] === 1 ? own - carriedMilli[period]![i]! : 0,
    ),
  );
  return {
    carriedMilli,
    noRoomMilli,
    periods: demand.usersMilli.map((users, period) =>
      periodLoad(users, carriedMilli[period]!, noRoomMilli[period]!, problem.capacity?.rate[period]),
    ),
    sites: siteLoads(result, service, noRoomMilli),
  };
}

/** Sums over users, of whom `carried` are served and `noRoom` find no room; thousandths, and bit/s of each. */
export function periodLoad(
  users: Float64Array,
  carried: Float64Array,
  noRoom: Float64Array,
  rate: Float64Array | undefined,
): PeriodLoad {
  const sums = { offered: 0, carried: 0, noRoom: 0, users: 0, carriedUsers: 0, noRoomUsers: 0 };
  users.forEach((own, i) => {
    const perUser = rate?.[i] ?? 0;
    sums.offered += own * perUser;
    sums.carried += carried[i]! * perUser;
    sums.noRoom += noRoom[i]! * perUser;
    sums.users += own;
    sums.carriedUsers += carried[i]!;
    sums.noRoomUsers += noRoom[i]!;
  });
  return {
    offeredMbps: sums.offered / UNITS_PER_MBPS,
    carriedMbps: sums.carried / UNITS_PER_MBPS,
    noRoomMbps: sums.noRoom / UNITS_PER_MBPS,
    noSignalMbps: (sums.offered - sums.carried - sums.noRoom) / UNITS_PER_MBPS,
    noRoomMilli: sums.noRoomUsers,
    noSignalMilli: sums.users - sums.carriedUsers - sums.noRoomUsers,
  };
}

function siteLoads(
  result: PlanResult,
  { assignment }: AssignedService,
  noRoomMilli: readonly Float64Array[],
): SiteLoad[] {
  const { problem, solution } = result;
  const loads = loadsOf(problem, assignment);
  const standing = problem.capacity?.standing ?? null;
  const siteCount = problem.siteIds.length;
  const loadOf = (site: number, counts: number | undefined, order: number, covers: Uint32Array): SiteLoad => {
    const scale = counts === LOAD_USERS ? UNITS_PER_USER : UNITS_PER_MBPS;
    return {
      id: (problem.siteIds[site] ?? standing?.ids[site - siteCount])!,
      order,
      unit: counts === LOAD_USERS ? 'users' : 'mbps',
      load: loads.map((values) => values[site]! / scale),
      room: problem.periods.map((_, period) => {
        const room = roomOfSite(problem, period, site);
        return room === Infinity ? null : room / scale;
      }),
      turnedAwayMilli: noRoomMilli.map((values) => covers.reduce((sum, i) => sum + values[i]!, 0)),
      roomInPlan: order < 0 ? null : (result.roomInPlan?.map((values) => values[order]!) ?? null),
    };
  };
  const { siteStart, demandOfSite } = problem.coverage;
  const fresh = solution.sites.map((site, order) =>
    loadOf(
      site,
      problem.capacity?.counts[site],
      order,
      demandOfSite.subarray(siteStart[site], siteStart[site + 1]),
    ),
  );
  if (standing === null) return fresh;
  const { coverage } = standing;
  const today = standing.ids.map((_, k) =>
    loadOf(
      siteCount + k,
      standing.counts[k],
      -1,
      coverage.demandOfSite.subarray(coverage.siteStart[k], coverage.siteStart[k + 1]),
    ),
  );
  return [...fresh, ...today];
}
