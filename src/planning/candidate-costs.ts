import type { CandidateSet } from '../coverage/candidates.ts';
import { siteCosts, type SiteCosts } from '../coverage/site-cost.ts';
import type { ScenarioInputs } from '../input/read-inputs.ts';
import type { Scenario } from '../input/scenario-schema.ts';

/** What every candidate costs, by the scenario's rule or its own. */
export function costsOf(scenario: Scenario, set: CandidateSet, fibre: ScenarioInputs['fibre']): SiteCosts {
  const { candidates, configurations, configurationOfCandidate, options } = set;
  return siteCosts({
    candidates,
    cost: scenario.cost,
    heightM: Array.from(configurationOfCandidate, (index) => configurations[index]!.heightM),
    fibre,
    configurations: options?.specs.map((spec) => spec ?? { cost: 0, yearlyCost: 0 }) ?? null,
    isUpgrade: options?.isUpgrade ?? null,
  });
}
