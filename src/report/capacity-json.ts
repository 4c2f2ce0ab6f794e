import { UNITS_PER_MBPS } from '../planning/assemble-capacity.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import { LOAD_USERS } from '../solve/problem.ts';
import { ASSIGNMENT_FILE } from './assignment-csv.ts';
import { isFull, UNITS_PER_USER, type LoadFacts } from './load-facts.ts';
import { usersFromMilli } from './numbers.ts';

/** `capacity` of the report: loads, room, and what a plan by signal alone would overload. */
export function capacityRecord(result: PlanResult, loads: LoadFacts): object {
  const { periods } = result.demand;
  const named = <T>(values: readonly T[]): Record<string, T> =>
    Object.fromEntries(periods.map((name, period) => [name, values[period]!]));
  return {
    assignment: ASSIGNMENT_FILE,
    periods: loads.periods.map((period, index) => ({
      period: periods[index]!,
      offeredMbps: exact(period.offeredMbps),
      carriedMbps: exact(period.carriedMbps),
      noRoomMbps: exact(period.noRoomMbps),
      noSignalMbps: exact(period.noSignalMbps),
      usersNoRoom: usersFromMilli(period.noRoomMilli),
      usersNoSignal: usersFromMilli(period.noSignalMilli),
      sitesFull: loads.sites.filter((site) => isFull(site, index)).length,
    })),
    sites: loads.sites.map((site) => ({
      id: site.id,
      existing: site.order < 0,
      unit: site.unit,
      load: named(site.load.map(exact)),
      room: named(site.room),
      usersTurnedAway: named(site.turnedAwayMilli.map(usersFromMilli)),
      ...(site.roomInPlan !== null && { roomInPlan: named(site.roomInPlan) }),
    })),
    bySignalAlone: signalAloneRecord(result, named),
  };
}

function signalAloneRecord(
  { signalAlone, problem }: PlanResult,
  named: <T>(values: readonly T[]) => Record<string, T>,
): object | null {
  if (signalAlone === null) return null;
  const { sites, cost, overloaded, noRoomUsers } = signalAlone;
  return {
    sites: sites.length,
    cost,
    usersNoRoom: named(noRoomUsers.map(usersFromMilli)),
    overloaded: overloaded.map(({ site, period, load, room }) => {
      const isUsers = problem.capacity?.counts[site] === LOAD_USERS;
      const scale = isUsers ? UNITS_PER_USER : UNITS_PER_MBPS;
      return {
        id: problem.siteIds[site]!,
        period: problem.periods[period]!,
        unit: isUsers ? 'users' : 'mbps',
        load: exact(load / scale),
        room: room / scale,
      };
    }),
  };
}

/** To 1 bit/s, or a thousandth of a user. */
function exact(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
