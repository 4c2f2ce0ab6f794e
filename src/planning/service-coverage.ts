import { joinRowMatrices, type MatrixPart } from '../coverage/join-rows.ts';
import { linkRule, type ConfigurationBase, type ModelChoice } from '../coverage/link-rule.ts';
import { placesOfRows, thresholdGroups, withThreshold } from '../coverage/thresholds.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { Demand } from '../input/types.ts';
import { pairsNeed } from '../memory/estimates.ts';
import { coverageSource, type CoverageRequest, type MatrixAt } from './coverage-source.ts';

export interface ServiceCoverageRequest extends Omit<CoverageRequest, 'demand' | 'rules' | 'part'> {
  readonly scenario: Pick<Scenario, 'radio' | 'service' | 'services'>;
  readonly demand: Demand;
  /** [index of `ruleOfSite`] */
  readonly configurations: readonly ConfigurationBase[];
  readonly model: ModelChoice;
}

/**
 * Who is covered by which site, every demand row by the threshold of its own service: rows of one threshold are built
 * together, with link budgets of that threshold (the uplink does not move with it), and joined.
 * @throws EnvironmentError (`memory-estimate`) for a matrix that would not fit
 */
export async function serviceCoverage(request: ServiceCoverageRequest): Promise<MatrixAt> {
  const { scenario, demand, configurations, model, memory, ...shared } = request;
  const groups = thresholdGroups(scenario, demand);
  const sources: { readonly rows: Uint32Array | null; readonly matrixAt: MatrixAt }[] = [];
  for (const { rsrpDbm, rows } of groups) {
    const own = withThreshold(scenario, rsrpDbm);
    const matrixAt = await coverageSource({
      ...shared,
      memory,
      demand: placesOfRows(demand, rows),
      rules: configurations.map((configuration) => linkRule(configuration, own, model)),
      ...(rows !== null && { part: ` from ${rsrpDbm} dBm` }),
    });
    sources.push({ rows, matrixAt });
  }
  if (groups.length === 1) return sources[0]!.matrixAt;
  return async (offsetDb) => {
    const parts: MatrixPart[] = [];
    for (const { rows, matrixAt } of sources) parts.push({ rows: rows!, built: await matrixAt(offsetDb) });
    const pairs = parts.reduce((sum, { built }) => sum + built.matrix.demandOfSite.length, 0);
    memory?.hold(
      `${offsetDb === 0 ? 'coverage' : 'coverage with another signal'} of all services: ${pairs.toLocaleString('en')} pairs`,
      pairsNeed(pairs),
      'Use fewer services or candidates, or grant more with --memory.',
    );
    return joinRowMatrices(parts, demand.count);
  };
}
