import { joinRowMatrices, type MatrixPart } from '../coverage/join-rows.ts';
import { linkRule, type ConfigurationBase, type ModelChoice } from '../coverage/link-rule.ts';
import { placesOfRows, thresholdGroups, withThreshold } from '../coverage/thresholds.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { Demand } from '../input/types.ts';
import { pairsNeed } from '../memory/estimates.ts';
import { coverageSource, type CoverageRequest, type MatrixAt } from './coverage-source.ts';
import { coverageWay, tiledSource, type PairListing, type RowsRequest } from './tiled-source.ts';

export interface ServiceCoverageRequest extends Omit<
  CoverageRequest,
  'demand' | 'rules' | 'part' | 'counted' | 'hint'
> {
  readonly scenario: Pick<Scenario, 'radio' | 'service' | 'services'>;
  readonly demand: Demand;
  /** [index of `ruleOfSite`] */
  readonly configurations: readonly ConfigurationBase[];
  readonly model: ModelChoice;
  /** Absent: pairs are listed. */
  readonly listing?: PairListing | undefined;
}

/**
 * Who is covered by which site, every demand row by the threshold of its own service: rows of one threshold are built
 * together, with link budgets of that threshold (the uplink does not move with it), and joined.
 * @throws EnvironmentError (`memory-estimate`) for a matrix that would not fit
 */
export async function serviceCoverage(request: ServiceCoverageRequest): Promise<MatrixAt> {
  const { scenario, demand, configurations, model, listing, ...shared } = request;
  const parts = thresholdGroups(scenario, demand).map(({ rsrpDbm, rows }): RowsRequest => {
    const own = withThreshold(scenario, rsrpDbm);
    return {
      rows,
      request: {
        ...shared,
        demand: placesOfRows(demand, rows),
        rules: configurations.map((configuration) => linkRule(configuration, own, model)),
        ...(rows !== null && { part: ` from ${rsrpDbm} dBm` }),
      },
    };
  });
  if (listing === undefined) return listedSource(parts, demand.count);
  const requests = parts.map((part) => part.request);
  const { inTiles, counted, hint } = await coverageWay(requests, listing);
  if (inTiles) return tiledSource(parts, demand.count);
  const told = parts.map((part, k) => ({
    ...part,
    request: { ...part.request, counted: counted?.[k], hint },
  }));
  return listedSource(told, demand.count);
}

async function listedSource(parts: readonly RowsRequest[], demandCount: number): Promise<MatrixAt> {
  const sources: { readonly rows: Uint32Array | null; readonly matrixAt: MatrixAt }[] = [];
  for (const { rows, request } of parts) sources.push({ rows, matrixAt: await coverageSource(request) });
  if (sources.length === 1) return sources[0]!.matrixAt;
  const { memory } = parts[0]!.request;
  return async (offsetDb) => {
    const built: MatrixPart[] = [];
    for (const { rows, matrixAt } of sources) built.push({ rows: rows!, built: await matrixAt(offsetDb) });
    const pairs = built.reduce((sum, part) => sum + part.built.matrix.demandOfSite.length, 0);
    memory?.hold(
      `${offsetDb === 0 ? 'coverage' : 'coverage with another signal'} of all services: ${pairs.toLocaleString('en')} pairs`,
      pairsNeed(pairs),
      'Use fewer services or candidates, or grant more with --memory.',
    );
    return joinRowMatrices(built, demandCount);
  };
}
