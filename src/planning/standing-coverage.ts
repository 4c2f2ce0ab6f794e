import { statesRoom, type StandingCoverage } from './assemble-capacity.ts';
import { configurationsOf } from '../coverage/configurations.ts';
import type { ModelChoice } from '../coverage/link-rule.ts';
import type { Executor } from '../executor.ts';
import type { TerrainLayer } from '../geo/geo-grid.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import { pickSites } from '../input/pick-sites.ts';
import type { Demand, SiteTable } from '../input/types.ts';
import { serviceCoverage } from './service-coverage.ts';

export interface StandingRequest {
  readonly scenario: Pick<Scenario, 'radio' | 'service' | 'services'>;
  readonly demand: Demand;
  readonly existing: SiteTable | null;
  readonly model: ModelChoice;
  readonly terrain: TerrainLayer | null;
  readonly executor: Executor;
  readonly signal?: AbortSignal | undefined;
}

/** Whom today's sites of stated capacity cover, by the rule of candidates; null when none states any. */
export async function standingCoverage(request: StandingRequest): Promise<StandingCoverage | null> {
  const { scenario, demand, existing, model, terrain, executor, signal } = request;
  if (existing?.rooms === undefined) return null;
  const limited = existing.rooms.flatMap((room, site) => (statesRoom(room) ? [site] : []));
  if (limited.length === 0) return null;
  const sites = pickSites(existing, limited);
  const { configurations, configurationOfSite } = configurationsOf(sites, scenario.radio);
  const matrixAt = await serviceCoverage({
    scenario,
    demand,
    sites,
    ruleOfSite: configurationOfSite,
    configurations,
    model,
    terrain,
    executor,
    signal,
  });
  return { sites, coverage: (await matrixAt(0)).matrix };
}
