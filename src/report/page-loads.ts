import { UNITS_PER_MBPS } from '../planning/assemble-capacity.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import { LOAD_USERS } from '../solve/problem.ts';
import { UNITS_PER_USER, type LoadFacts } from './load-facts.ts';
import type { PageLoads } from './page-load-types.ts';

/** Load and room as the page shows them. */
export function pageLoads({ signalAlone, problem }: PlanResult, loads: LoadFacts): PageLoads {
  return {
    periods: loads.periods,
    sites: loads.sites.map(({ order, id, unit, load, room, turnedAwayMilli, roomInPlan }) => {
      return { id, existing: order < 0, unit, load, room, turnedAwayMilli, roomInPlan };
    }),
    signalAlone:
      signalAlone === null
        ? null
        : {
            sites: signalAlone.sites.length,
            cost: signalAlone.cost,
            noRoomMilli: signalAlone.noRoomUsers,
            overloaded: signalAlone.overloaded.map(({ site, period, load, room }) => {
              const isUsers = problem.capacity?.counts[site] === LOAD_USERS;
              const scale = isUsers ? UNITS_PER_USER : UNITS_PER_MBPS;
              const unit = isUsers ? 'users' : 'mbps';
              return { id: problem.siteIds[site]!, period, unit, load: load / scale, room: room / scale };
            }),
          },
  };
}
