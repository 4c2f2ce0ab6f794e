import { quarterName } from '../assess/quarter.ts';
import type { AssessmentResult } from '../assess/result.ts';
import type { ShareAssessment, TargetAssessment } from '../assess/target-assessment.ts';
import { formatPercent, formatRequired, percentDown } from './numbers.ts';
import { ASSESS_WORDS } from './words/assess-words.ts';
import type { Language } from './words/words.ts';
import { fill } from './words/words.ts';

/** Users served under the scenario's rule for unknown users. */
export function servedUsers(result: AssessmentResult, share: ShareAssessment): number {
  return result.scenario.baseline.unmeasured === 'served' ? share.servedHigh : share.servedLow;
}

/** The target furthest below what it asks (or least above it), by share of its users. */
export function worstTarget(result: AssessmentResult): TargetAssessment | null {
  const margin = (target: TargetAssessment): number =>
    target.totalUsers === 0 ? Infinity : (servedUsers(result, target) - target.needUsers) / target.totalUsers;
  return result.targets.reduce<TargetAssessment | null>(
    (worst, target) => (worst === null || margin(target) < margin(worst) ? target : worst),
    null,
  );
}

export function whenText(result: AssessmentResult, language: Language): string {
  return result.quarter === null ? ASSESS_WORDS[language].noQuarter : quarterName(result.quarter);
}

/** A share that was estimated: two decimals, rounded to the nearest. */
export function percent(share: number): string {
  return formatPercent(Math.round(share * 10_000) / 10_000);
}

/** Probability with two decimals; never a plain 0 or 1 from a finite number of draws. */
export function formatProbability(probability: number): string {
  if (probability >= 0.995) return '> 0.99';
  if (probability < 0.005) return '< 0.01';
  return probability.toFixed(2);
}

/** Whom a share speaks of, within a sentence. */
function whoText({ region, service }: ShareAssessment, language: Language): string {
  const words = ASSESS_WORDS[language];
  if (service === null) return region === null ? words.allUsers : fill(words.usersOf, { region });
  return region === null
    ? fill(words.usersOfService, { service })
    : fill(words.usersOfServiceIn, { service, region });
}

/** The answer in one text. */
export function assessmentAnswer(result: AssessmentResult, language: Language): string {
  return answerSentences(result, language).join(ASSESS_WORDS[language].sentenceGap);
}

/** The answer, sentence by sentence: is the promise kept and with what certainty, then how much is known. */
export function answerSentences(result: AssessmentResult, language: Language): string[] {
  const words = ASSESS_WORDS[language];
  const when = whenText(result, language);
  const worst = worstTarget(result);
  if (!result.hasData || worst === null) return [fill(words.answerNoData, { when }) + words.sentenceEnd];
  const period =
    result.demand.periods.length > 1
      ? fill(words.inPeriod, { period: result.demand.periods[worst.period]! })
      : '';
  const chance =
    worst.probabilityMet === null
      ? ''
      : fill(words.chance, { probability: formatProbability(worst.probabilityMet) });
  const sentences = [
    fill(result.met ? words.answerMet : words.answerMissed, {
      when,
      share: percentDown(servedUsers(result, worst), worst.totalUsers),
      who: whoText(worst, language) + period,
      required: formatRequired(worst.required.numerator, worst.required.denominator),
      chance,
    }),
  ];
  const unknown = worst.usersByEvidence[3];
  if (unknown > 0) {
    sentences.push(
      fill(words.unknownShare, {
        share: percent(unknown / worst.totalUsers),
        as: words[result.scenario.baseline.unmeasured],
      }),
    );
  }
  if (worst.knownInterval !== null && unknown > 0) {
    sentences.push(
      fill(words.knownShare, {
        share: percentDown(worst.servedLow, worst.totalUsers - unknown),
        confidence: formatPercent(result.confidence, 0),
        low: percent(worst.knownInterval.low),
        high: percent(worst.knownInterval.high),
      }),
    );
  }
  const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  return sentences.map((text) => sentenceCase(text) + words.sentenceEnd);
}
