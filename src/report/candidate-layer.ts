import type { Feature } from 'geojson';
import type { PlanResult } from '../planning/plan-result.ts';
import type { AbsenceReason, Explanation } from '../solve/explain.ts';
import { pointFeature } from './geojson-text.ts';
import { formatBound } from './numbers.ts';
import { fill, WORDS, type Language, type Words } from './words/words.ts';

/** The candidates that are not in the plan, each with the reason why. */
export function* candidateFeatures(
  { candidates, problem }: PlanResult,
  { absent, bound }: Explanation,
  language: Language,
): Generator<Feature> {
  for (const reason of absent) {
    const id = (site: number): string => candidates.ids[site]!;
    yield pointFeature(candidates.lon[reason.site]!, candidates.lat[reason.site]!, {
      id: id(reason.site),
      cost: problem.siteCost[reason.site]!,
      why: reason.kind,
      dominated_by: reason.kind === 'dominated' ? id(reason.by) : null,
      plan_cost_at_least: planCostAtLeast(reason, bound),
      reason: absenceSentence(WORDS[language], reason, bound, id),
    });
  }
}

/** What every plan with this candidate costs at least; null when the reason is another. */
export function planCostAtLeast(reason: AbsenceReason, bound: number): number | null {
  return reason.kind === 'reduced-cost' ? Math.floor(1e6 * (bound + reason.reducedCost)) / 1e6 : null;
}

function absenceSentence(
  words: Words,
  reason: AbsenceReason,
  bound: number,
  id: (site: number) => string,
): string {
  switch (reason.kind) {
    case 'forbidden':
      return words.absentForbidden;
    case 'excluded':
      return words.absentExcluded;
    case 'wins-nobody':
      return words.absentWinsNobody;
    case 'dominated':
      return fill(words.absentDominated, { id: id(reason.by) });
    case 'reduced-cost':
      return fill(words.absentCost, { cost: formatBound(bound + reason.reducedCost) });
  }
}
