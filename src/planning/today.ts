import type { ChosenModel } from './choose-model.ts';
import { buildBaseline, type BaselineResult } from '../coverage/baseline.ts';
import { demandServers, predictedLinkCounts, type DemandServers } from '../coverage/demand-servers.ts';
import { existingNetwork, type BoundNetwork, type ExistingNetwork } from '../coverage/existing-network.ts';
import type { LinkCounts } from '../coverage/link-counts.ts';
import {
  placesOfRows,
  rowThresholds,
  thresholdGroups,
  withThreshold,
  type ThresholdGroup,
} from '../coverage/thresholds.ts';
import type { Executor } from '../executor.ts';
import type { TerrainLayer } from '../geo/geo-grid.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { Demand, MeasurementTable, SiteTable } from '../input/types.ts';

export interface TodayRequest {
  readonly scenario: Scenario;
  readonly demand: Demand;
  readonly measurements: MeasurementTable | null;
  readonly existing: SiteTable | null;
  readonly chosen: ChosenModel;
  readonly terrain: TerrainLayer | null;
  readonly executor?: Executor | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Today's network: who is served, and where sites are known what they give every demand point. */
export interface Today extends BaselineResult {
  readonly network: ExistingNetwork | null;
  readonly servers: DemandServers | null;
  /** What holds of the links that predictions rest on; null where no site is known. */
  readonly existingLinks: LinkCounts | null;
}

/** Predicts today's network (over terrain where the model looks at it) and decides who is served. */
export async function networkToday(request: TodayRequest): Promise<Today> {
  const { demand, measurements, existing, chosen, terrain, executor, signal } = request;
  const groups = thresholdGroups(request.scenario, demand);
  const scenario = withThreshold(request.scenario, groups[0]!.rsrpDbm);
  const shared = {
    demand,
    measurements,
    scenario,
    ...(groups.length > 1 && { thresholdDbm: rowThresholds(request.scenario, demand) }),
  };
  if (existing === null) {
    const found = buildBaseline({ ...shared, network: null });
    return { ...found, network: null, servers: null, existingLinks: null };
  }
  const networkFrom = (rsrpDbm: number): BoundNetwork =>
    existingNetwork(existing, withThreshold(scenario, rsrpDbm), chosen.choice, terrain);
  const network = networkFrom(scenario.service.rsrpDbm);
  const parts: DemandServers[] = [];
  for (const { rsrpDbm, rows } of groups) {
    const own = rsrpDbm === scenario.service.rsrpDbm ? network : networkFrom(rsrpDbm);
    parts.push(await demandServers(own, placesOfRows(demand, rows), { executor, signal }));
  }
  const servers = groups.length === 1 ? parts[0]! : joinServers(groups, parts, demand);
  const found = buildBaseline({ ...shared, network, servers });
  const existingLinks = predictedLinkCounts(network, servers, found.baseline, demand.count);
  return { ...found, network, servers, existingLinks };
}

/** Best servers of rows that were asked for threshold by threshold. */
function joinServers(
  groups: readonly ThresholdGroup[],
  parts: readonly DemandServers[],
  { count }: Demand,
): DemandServers {
  const group = new Uint8Array(count);
  const place = new Uint32Array(count);
  groups.forEach(({ rows }, g) => {
    rows!.forEach((row, at) => {
      group[row] = g;
      place[row] = at;
    });
  });
  return { at: (i) => parts[group[i]!]!.at(place[i]!) };
}
