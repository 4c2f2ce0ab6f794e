import { trafficRates, USERS_SCALE, valueIn } from '../planning/assemble-capacity.ts';
import type { DemandServers } from '../coverage/demand-servers.ts';
import { rowThresholds } from '../coverage/thresholds.ts';
import type { Baseline } from '../coverage/types.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { Demand, SiteRoom, SiteTable } from '../input/types.ts';

/** How full today's sites are. */
export interface SiteLoads {
  readonly siteIds: readonly string[];
  /** [demand] the strongest site at the place; -1 = none within reach. */
  readonly serverOfDemand: Int32Array;
  /** Per period [sites] load as a part of the capacity; NaN where the site states none (or has none in that period). */
  readonly utilisation: readonly Float64Array[];
}

/** A site whose load exceeds its capacity. */
export interface FullSite {
  readonly id: string;
  /** Load in percent of the capacity, above 100. */
  readonly percent: number;
}

export interface SiteLoadInputs {
  readonly scenario: Pick<Scenario, 'service' | 'services' | 'traffic' | 'demand'>;
  readonly demand: Demand;
  readonly baseline: Baseline;
  readonly existing: SiteTable | null;
  readonly servers: DemandServers | null;
}

/**
 * Load and capacity of today's sites, period by period: a site carries the users who hear it strongest and whose median
 * level reaches the threshold of their service (they are connected at least half of the time and place), and the load it states besides.
 * Null where no site states a capacity.
 */
export function siteLoads(inputs: SiteLoadInputs): SiteLoads | null {
  const { demand, existing, servers } = inputs;
  const rooms = existing?.rooms;
  if (existing === null || rooms === undefined || servers === null) return null;
  const serverOfDemand = Int32Array.from({ length: demand.count }, (_, i) => servers.at(i)?.site ?? -1);
  const carried = carriedBySite(inputs, serverOfDemand, existing.count);
  return {
    siteIds: existing.ids,
    serverOfDemand,
    utilisation: demand.periods.map((name, period) =>
      Float64Array.from(rooms, (room, site) => {
        const { users, mbps } = carried[period]![site]!;
        return utilisationOf(room, name, room.mbps === null ? users : mbps);
      }),
    ),
  };
}

interface Carried {
  users: number;
  mbps: number;
}

const BPS_PER_MBPS = 1e6;

/** Per period and site: users connected to it and their traffic. */
function carriedBySite(
  { scenario, demand, baseline }: SiteLoadInputs,
  serverOfDemand: Int32Array,
  siteCount: number,
): Carried[][] {
  const rates = trafficRates(scenario, demand);
  const thresholds = rowThresholds(scenario, demand);
  return demand.usersMilli.map((usersMilli, period) => {
    const carried = Array.from({ length: siteCount }, () => ({ users: 0, mbps: 0 }));
    for (let i = 0; i < demand.count; i++) {
      const own = carried[serverOfDemand[i]!];
      if (own === undefined || !(baseline.rsrpDbm[period]![i]! >= thresholds[i]!)) continue;
      const users = usersMilli[i]! / USERS_SCALE;
      own.users += users;
      own.mbps += (users * rates[period]![i]!) / BPS_PER_MBPS;
    }
    return carried;
  });
}

function utilisationOf({ mbps, users, load }: SiteRoom, period: string, carried: number): number {
  const stated = mbps ?? users;
  const capacity = stated === null ? 0 : valueIn(stated, period);
  return capacity > 0 ? (carried + (load === null ? 0 : valueIn(load, period))) / capacity : NaN;
}

/**
 * The full site that serves most users of some places, when full sites serve more than half of the users there; null
 * when they do not.
 */
export function fullSiteOf(
  { siteIds, serverOfDemand, utilisation }: SiteLoads,
  cells: readonly number[],
  usersMilli: Float64Array,
  period: number,
): FullSite | null {
  const usersOfSite = new Map<number, number>();
  let all = 0;
  let atFullSites = 0;
  for (const i of cells) {
    all += usersMilli[i]!;
    const site = serverOfDemand[i]!;
    if (site < 0 || !(utilisation[period]![site]! > 1)) continue;
    atFullSites += usersMilli[i]!;
    usersOfSite.set(site, (usersOfSite.get(site) ?? 0) + usersMilli[i]!);
  }
  if (all === 0 || 2 * atFullSites <= all) return null;
  const [site] = [...usersOfSite].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]!;
  // Rounded up, so that a site just above its capacity does not read as 100 %.
  return { id: siteIds[site]!, percent: Math.ceil(100 * utilisation[period]![site]! - 1e-9) };
}
