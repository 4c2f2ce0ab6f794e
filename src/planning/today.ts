import type { ChosenModel } from './choose-model.ts';
import { buildBaseline, type BaselineResult } from '../coverage/baseline.ts';
import { demandServers, predictedLinkCounts, type DemandServers } from '../coverage/demand-servers.ts';
import { existingNetwork, type ExistingNetwork } from '../coverage/existing-network.ts';
import type { LinkCounts } from '../coverage/link-counts.ts';
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
  const { scenario, demand, measurements, existing, chosen, terrain, executor, signal } = request;
  if (existing === null) {
    const found = buildBaseline({ demand, measurements, network: null, scenario });
    return { ...found, network: null, servers: null, existingLinks: null };
  }
  const network = existingNetwork(existing, scenario, chosen.choice, terrain);
  const servers = await demandServers(network, demand, { executor, signal });
  const found = buildBaseline({ demand, measurements, network, servers, scenario });
  const existingLinks = predictedLinkCounts(network, servers, found.baseline, demand.count);
  return { ...found, network, servers, existingLinks };
}
