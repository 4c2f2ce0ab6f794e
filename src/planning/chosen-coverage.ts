import type { CoverageMatrix } from '../coverage/matrix.ts';
import type { Configuration } from '../coverage/types.ts';
import type { Executor } from '../executor.ts';
import type { TerrainLayer } from '../geo/geo-grid.ts';
import { pickSites } from '../input/pick-sites.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { Demand, MeasurementTable, RegionTable, SiteTable } from '../input/types.ts';
import type { MemoryAccount } from '../memory/memory-account.ts';
import type { Solution } from '../solve/solution.ts';
import type { ChosenModel } from './choose-model.ts';
import { serviceCoverage } from './service-coverage.ts';

/** A finished plan and what it was made from: enough to judge places that it was not made for. */
export interface FinishedPlan {
  readonly measurements: MeasurementTable | null;
  readonly existing: SiteTable | null;
  readonly regions: RegionTable | null;
  readonly candidates: SiteTable;
  readonly configurations: readonly Configuration[];
  readonly configurationOfCandidate: Uint16Array;
  readonly solution: Solution;
  readonly chosen: ChosenModel;
  readonly terrain: TerrainLayer | null;
  readonly executor: Executor;
  readonly signal?: AbortSignal | undefined;
  readonly memory?: MemoryAccount | undefined;
}

/** Whom of `demand` the sites of the plan cover, in building order, by the rule of candidates. */
export async function chosenCoverage(
  finished: FinishedPlan,
  scenario: Scenario,
  demand: Demand,
): Promise<CoverageMatrix> {
  const { candidates, configurations, configurationOfCandidate, solution } = finished;
  const { chosen, terrain, executor, signal } = finished;
  const matrixAt = await serviceCoverage({
    scenario,
    demand,
    sites: pickSites(candidates, solution.sites),
    ruleOfSite: solution.sites.map((site) => configurationOfCandidate[site]!),
    configurations,
    model: chosen.choice,
    terrain,
    executor,
    signal,
  });
  return (await matrixAt(0)).matrix;
}
