import type { CandidateSet } from '../coverage/candidates.ts';
import { interferenceSchema, type InterferenceSpec } from '../input/schema/interference.ts';
import { joinSites } from '../input/join-sites.ts';
import { pickSites } from '../input/pick-sites.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import { NO_ROOM } from '../input/site-room.ts';
import type { SiteRoom, SiteTable } from '../input/types.ts';
import { loadsOf } from '../solve/capacity/recount-assignment.ts';
import { LOAD_USERS, type CoveringProblem } from '../solve/problem.ts';
import type { Solution } from '../solve/solution.ts';
import { statesRoom, UNITS_PER_MBPS } from './assemble-capacity.ts';
import { radioNetwork, trafficOf, type RadioNetworkRequest } from './radio-network.ts';
import { siteRatesMbps } from './site-rates.ts';

interface OnAir extends Omit<RadioNetworkRequest, 'sites' | 'interference'> {
  readonly existing: SiteTable | null;
}

/**
 * The candidates with a room worked out for all that state none (`capacity.fromSinr`). Of every configuration each place
 * where it may be built is on air beside today's sites, all at the stated load; what its cells then carry of the users whose
 * best server they are is the room of a site (`siteRatesMbps`; bandwidth x layers x spectral efficiency by TR 36.942 Annex A).
 */
export async function roomsFromSinr(
  request: OnAir & { readonly set: CandidateSet },
): Promise<CandidateSet['candidates']> {
  const { scenario, demand, existing, set } = request;
  const { candidates, configurations, configurationOfCandidate } = set;
  const { fromSinr } = scenario.capacity ?? {};
  if (fromSinr === undefined) return candidates;
  const interference = { ...interferenceOf(scenario), load: fromSinr.load };
  const traffic = trafficOf(scenario, demand);
  const rooms: SiteRoom[] = Array.from(candidates.ids, (_id, site) => candidates.rooms?.[site] ?? NO_ROOM);
  for (let index = 0; index < configurations.length; index++) {
    const own = candidates.ids.flatMap((_id, site) =>
      configurationOfCandidate[site] === index ? [site] : [],
    );
    if (own.every((site) => statesRoom(rooms[site]!))) continue;
    const sites = pickSites(candidates, own);
    const network = await radioNetwork({
      ...request,
      scenario: withoutTraffic(scenario),
      interference,
      sites: existing === null ? sites : joinSites(existing, sites),
    });
    const mbps = siteRatesMbps(network, traffic, existing?.count ?? 0);
    own.forEach((site, k) => {
      if (statesRoom(rooms[site]!)) return;
      const byPeriod = demand.periods.map(
        (name, period) => [name, downToKbps(fromSinr.share * mbps[period]![k]!)] as const,
      );
      rooms[site] = { mbps: Object.fromEntries(byPeriod), users: null, load: null };
    });
  }
  return { ...candidates, rooms };
}

/**
 * Per period [`solution.sites`] the room of the new sites in the finished plan, Mbit/s: the same sum, of the sites that
 * are built, under the loads that the traffic makes. Null without `capacity.fromSinr`, and where nobody had to be assigned.
 */
export async function roomsInPlan(
  request: OnAir & { readonly candidates: SiteTable; readonly solution: Solution },
): Promise<readonly Float64Array[] | null> {
  const { scenario, demand, existing, candidates, solution } = request;
  const isAssigned = solution.phases.at(-1)?.assignment !== undefined;
  if (scenario.capacity?.fromSinr === undefined || !isAssigned || solution.sites.length === 0) return null;
  const built = pickSites(candidates, solution.sites);
  const network = await radioNetwork({
    ...request,
    interference: interferenceOf(scenario),
    sites: existing === null ? built : joinSites(existing, built),
  });
  return siteRatesMbps(network, trafficOf(scenario, demand), existing?.count ?? 0);
}

function interferenceOf({ interference }: Scenario): InterferenceSpec {
  return interference ?? interferenceSchema.parse({});
}

function downToKbps(mbps: number): number {
  return Math.floor(mbps * 1000 + 1e-6) / 1000;
}

/** Cells then have the stated load. */
function withoutTraffic(scenario: Scenario): Scenario {
  return {
    ...scenario,
    traffic: undefined,
    demand: { ...scenario.demand, trafficMbps: undefined },
    services: scenario.services?.map((own) => ({ ...own, mbpsPerUser: undefined })),
  };
}

/** One sentence where sites are asked for more than they carry at the SINR of the plan. */
export function roomShortfall(
  rooms: readonly Float64Array[] | null,
  problem: CoveringProblem,
  { sites, phases }: Solution,
): string[] {
  const assignment = phases.at(-1)?.assignment;
  if (rooms === null || assignment === undefined) return [];
  const loads = loadsOf(problem, assignment);
  const over = sites.flatMap((site, order) =>
    rooms.flatMap((room, period) => {
      const load = loads[period]![site]! / UNITS_PER_MBPS;
      if (problem.capacity!.counts[site] === LOAD_USERS || load <= room[order]!) return [];
      return [{ site, period, load, room: room[order]!, short: load - room[order]! }];
    }),
  );
  if (over.length === 0) return [];
  const worst = over.reduce((a, b) => (b.short > a.short ? b : a));
  const count = new Set(over.map(({ site }) => site)).size;
  const where = `${problem.siteIds[worst.site]!} in ${problem.periods[worst.period]!}`;
  return [
    `At the SINR of this plan ${count} of ${sites.length} new sites carry less than they are asked for, most short ${where}: ${worst.room.toFixed(1)} of ${worst.load.toFixed(1)} Mbit/s. A smaller capacity.fromSinr.share plans more carefully.`,
  ];
}
