import type { PlanResult } from '../planning/plan-result.ts';
import {
  formatBound,
  formatCost,
  formatPercent,
  formatRequired,
  formatUsersUp,
  percentDown,
  shareDown,
} from './numbers.ts';
import type { PlanFacts } from './plan-facts.ts';
import type { ScopeFacts, TargetFacts } from './scope-facts.ts';
import type { Language, Words } from './words/words.ts';
import { fill, requiredWords, whoWords, WORDS } from './words/words.ts';

/** Above this share of users without evidence, the first sentence says so (design section 5). */
const UNKNOWN_SHARE_TO_SAY = 0.2;
/** More regions than this are counted, not listed. */
const REGIONS_TO_LIST = 4;

/**
 * The plan in one to three sentences, the same in the terminal, the summary and the page: what is missed first, then
 * what the sites bring, then how the run ended.
 */
export function answerSentences(result: PlanResult, facts: PlanFacts, language: Language): string[] {
  const words = WORDS[language];
  const missed = missedTargets(facts);
  const sentences = [
    ...(missed.length > 0 ? missedSentences(result, missed, language) : []),
    planSentence(result, facts, words),
  ];
  sentences[0] = withUnknown(result, facts, words, sentences[0]!);
  if (result.solution.status === 'interrupted' || result.solution.stoppedBy === 'interrupt') {
    sentences.push(words.answerInterrupted);
  } else if (result.solution.stoppedBy === 'time') sentences.push(words.answerTime);
  return sentences.map((sentence) => sentence + words.stop);
}

/** The sentences as one line of text. */
export function answerText(result: PlanResult, facts: PlanFacts, language: Language): string {
  return answerSentences(result, facts, language).join(WORDS[language].sentenceJoin);
}

/** Targets of the last phase that are missed, the largest shortfall relative to its need first. */
export function missedTargets(facts: PlanFacts): TargetFacts[] {
  const shortfall = (target: TargetFacts): number =>
    (target.needMilli - target.servedMilli) / target.needMilli;
  return (facts.targets.at(-1) ?? [])
    .filter((target) => !target.met)
    .sort((a, b) => shortfall(b) - shortfall(a));
}

/** What a target asks for, in words. */
export function requiredText(
  { requiredNumerator, requiredDenominator, backup }: TargetFacts,
  language: Language,
): string {
  return requiredWords(WORDS[language], formatRequired(requiredNumerator, requiredDenominator), backup);
}

/** A period's name where there is more than one to tell apart. */
export function periodLabel(result: PlanResult, period: number): string | null {
  return result.demand.periods.length > 1 ? result.demand.periods[period]! : null;
}

/** True when cost counts sites: every candidate costs 1. */
export function costCountsSites(result: PlanResult): boolean {
  return result.problem.siteCost.every((cost) => cost === 1);
}

function missedSentences(result: PlanResult, missed: readonly TargetFacts[], language: Language): string[] {
  const words = WORDS[language];
  const worst = missed[0]!;
  const period = periodLabel(result, worst.period);
  const others = missed.length - 1;
  const sentence = fill(words.answerMissed, {
    where: whoWords(words, worst) + (period === null ? '' : fill(words.reasonPeriod, { period })),
    reached: percentDown(worst.servedMilli, worst.totalMilli),
    required: requiredText(worst, language),
    short: formatUsersUp(worst.needMilli - worst.servedMilli),
    more:
      others === 0
        ? ''
        : others === 1
          ? words.answerMissedOne
          : fill(words.answerMissedMore, { count: others }),
  });
  return result.solution.status === 'infeasible' ? [sentence, words.answerMissedProof] : [sentence];
}

function planSentence(result: PlanResult, facts: PlanFacts, words: Words): string {
  const { solution, demand } = result;
  const siteCount = solution.sites.length;
  const values = {
    sites: siteCount === 1 ? words.answerSiteOne : fill(words.answerSites, { count: formatCost(siteCount) }),
    criteria: result.scenario.service.criteria.map((name) => name.toUpperCase()).join(words.listJoin),
    shares: shareWords(facts, words, demand.periods.length),
  };
  if (solution.budget !== null) {
    return fill(words.answerBudget, { ...values, bound: formatUsersUp(solution.budget.upperBound) });
  }
  if (siteCount === 0 && solution.feasible) return fill(words.answerNothing, values);
  // What misses a target has no price to compare: the bound speaks of plans that meet them all.
  const bound = solution.feasible ? words.clauseJoin + boundWords(result, words) : '';
  return fill(words.answerPlan, { ...values, bound });
}

function boundWords(result: PlanResult, words: Words): string {
  const { cost, lowerBound, gap } = result.solution;
  if (costCountsSites(result)) {
    const bound = Math.ceil(lowerBound - 1e-6);
    return gap === 0
      ? words.answerBoundSitesProved
      : fill(words.answerBoundSites, { bound: formatCost(bound) });
  }
  return fill(gap === 0 ? words.answerBoundCostProved : words.answerBoundCost, {
    cost: formatCost(cost),
    bound: formatBound(lowerBound),
  });
}

/**
 * `95.0 % of users in each of the 8 periods planned and to 99.1 % in Helsinki, Espoo and Vantaa`: the worst period of
 * each, rounded down.
 */
function shareWords(facts: PlanFacts, words: Words, periodCount: number): string {
  const periods = periodCount > 1 ? fill(words.answerPeriods, { count: periodCount }) : '';
  const share = formatPercent(worstShare(facts.periods), 1);
  const everyone = fill(words.answerShareAll, { share, periods });
  const regional = (facts.targets.at(-1) ?? []).filter(
    ({ region, service, backup }) => region !== null && service === null && backup === 1,
  );
  const services = serviceWords(facts, words);
  if (regional.length === 0) return everyone + services;
  const regions = [...new Set(regional.map((target) => target.region!))];
  const named =
    regions.length <= REGIONS_TO_LIST
      ? listWords(regions, words)
      : fill(words.answerRegions, { count: regions.length });
  return (
    everyone +
    services +
    fill(words.answerShareRegion, { share: formatPercent(worstShare(regional), 1), regions: named })
  );
}

/** `, to 95.1 % of users of voice`: the worst period of each service with targets of its own. */
function serviceWords({ targets, services }: PlanFacts, words: Words): string {
  const asked = new Set(
    (targets.at(-1) ?? []).map(({ region, service }) => (region === null ? service : null)),
  );
  return (services ?? [])
    .filter(({ name }) => asked.has(name))
    .map(({ name, scopes }) =>
      fill(words.answerShareService, {
        share: formatPercent(worstShare(scopes), 1),
        services: fill(words.serviceUsers, { service: name }),
      }),
    )
    .join('');
}

/** The smallest share, as a multiple of 0.1 %, rounded down. */
function worstShare(scopes: readonly ScopeFacts[]): number {
  return Math.min(1, ...scopes.map((scope) => shareDown(scope.servedMilli, scope.totalMilli, 3)));
}

function listWords(items: readonly string[], words: Words): string {
  if (items.length < 2) return items.join('');
  return items.slice(0, -1).join(words.listJoin) + words.listLast + items.at(-1)!;
}

function withUnknown(result: PlanResult, facts: PlanFacts, words: Words, first: string): string {
  if (facts.totalMilli === 0 || facts.unknownMilli <= UNKNOWN_SHARE_TO_SAY * facts.totalMilli) return first;
  return fill(words.answerUnknown, {
    share: percentDown(facts.unknownMilli, facts.totalMilli, 1),
    as: result.scenario.baseline.unmeasured === 'served' ? words.answerServed : words.answerUnserved,
    rest: first.charAt(0).toLowerCase() + first.slice(1),
  });
}

/** Users of the worst period served today and after the plan; the first of the three numbers. */
export function worstPeriod(facts: PlanFacts): ScopeFacts {
  return facts.periods.reduce((worst, period) =>
    period.servedMilli * worst.totalMilli < worst.servedMilli * period.totalMilli ? period : worst,
  );
}
