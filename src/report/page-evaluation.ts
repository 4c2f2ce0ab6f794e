import { worstFirst } from '../planning/count-evaluation.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import { evaluationSentence } from './evaluation-text.ts';
import type { PageEvaluation } from './page-evaluation-types.ts';
import { WORDS } from './words/words.ts';

/** The last phase on the evaluated periods, worst users first; null where nothing was evaluated. */
export function pageEvaluation(result: PlanResult): PageEvaluation | null {
  const { evaluation } = result;
  if (evaluation === null) return null;
  const last = evaluation.phases.at(-1)!;
  const scopes = [...new Set(worstFirst(last).map(({ scope }) => scope))];
  return {
    sentence: { en: evaluationSentence(result, WORDS.en), zh: evaluationSentence(result, WORDS.zh) },
    periods: evaluation.demand.periods,
    scopes: scopes.map(({ region, service, backup, periods }) => ({
      region,
      service,
      backup,
      totalMilli: periods.map((row) => row.totalMilli),
      servedMilli: periods.map((row) => row.servedMilli),
      needMilli: periods.map((row) => row.needMilli),
      requiredShare: periods.map(({ required }) =>
        required === null ? null : required.numerator / required.denominator,
      ),
    })),
  };
}
