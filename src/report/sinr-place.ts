import { askedInterference } from '../planning/plan-interference.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import { sinrStep } from './sinr-steps.ts';

/** Least SINR that counts as served, dB. */
export function leastSinrDb(scenario: Scenario): number {
  return askedInterference(scenario)?.sinrDb ?? 0;
}

/** Per period [demand] step of SINR in the finished plan, tuned where it was (`sinrStep`); null where nobody asked. */
export function sinrSteps({ interference, scenario }: PlanResult): readonly Uint8Array[] | null {
  if (interference === null) return null;
  const least = leastSinrDb(scenario);
  const { placesDb } = interference.tuned ?? interference.asBuilt;
  return placesDb.map((levels) => Uint8Array.from(levels, (db) => sinrStep(db, least)));
}
