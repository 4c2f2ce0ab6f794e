import type { Action } from '../assess/actions.ts';
import type { Cause } from '../assess/areas.ts';
import type { AssessmentResult } from '../assess/result.ts';
import type { Indicator } from '../assess/scorecard/indicator.ts';
import type { FullSite } from '../assess/site-load.ts';
import { formatCost, formatUsers, groupThousands } from './numbers.ts';
import { ASSESS_WORDS } from './words/assess-words.ts';
import { INDICATOR_NAMES_ZH } from './words/assess-zh.ts';
import type { Language } from './words/words.ts';
import { fill } from './words/words.ts';

const ACTION_WORDS = {
  'planned-site': 'actPlanned',
  'planned-upgrade': 'actPlannedUpgrade',
  'weak-area': 'actWeak',
  'weak-near-site': 'actUpgrade',
  'full-site': 'actFullSite',
  overlap: 'actOverlap',
  uncertain: 'actUncertain',
  unproven: 'actUnproven',
  'unexplained-complaints': 'actComplaints',
  'full-site-complaints': 'actFullSite',
  missed: 'actMissed',
  'no-data': 'actNoData',
} as const;

const CAUSE_WORDS = {
  'no-site-near': 'causeNoSite',
  terrain: 'causeTerrain',
  capacity: 'causeCapacity',
  overshoot: 'causeOvershoot',
  'pilot-pollution': 'causePollution',
  indoor: 'causeIndoor',
  unproven: 'causeUnproven',
} as const;

/** What to do, in one line. */
export function actionText(result: AssessmentResult, action: Action, language: Language): string {
  const indicator = result.scorecard.find((line) => line.indicator.id === action.subject)?.indicator;
  const subject =
    action.kind === 'ask' && indicator !== undefined ? indicatorName(indicator, language) : action.subject;
  return fill(ASSESS_WORDS[language][ACTION_WORDS[action.reason]], { subject });
}

/** What speaks for an action, in one line. */
export function evidenceText(result: AssessmentResult, action: Action, language: Language): string {
  const words = ASSESS_WORDS[language];
  const { reason, subject, weakAreas, evidence } = action;
  if (reason === 'uncertain') {
    return fill(words.evidenceReduction, { share: `${(100 * (evidence ?? 0)).toFixed(1)} %` });
  }
  if (reason === 'unexplained-complaints') return complaintsText(evidence, language);
  if (reason === 'full-site-complaints') {
    const full = result.feedback?.unexplained[Number(subject.slice(1)) - 1]?.fullSite ?? null;
    return [
      ...(full === null ? [] : [fullSiteText(full, language)]),
      complaintsText(evidence, language),
    ].join('; ');
  }
  if (reason === 'missed' || reason === 'no-data') {
    const line = result.scorecard.find(({ indicator }) => indicator.id === subject);
    return line === undefined || line.value === null
      ? words.noData
      : fill(words.evidenceValue, {
          value: formatValue(cautious(line.indicator, line.value), line.indicator.unit),
          target: formatValue(line.indicator.target, line.indicator.unit),
        });
  }
  if (reason === 'planned-site' || reason === 'planned-upgrade') {
    const shown = weakAreas.slice(0, AREAS_NAMED).join(words.listComma);
    const more = weakAreas.length > AREAS_NAMED ? ` +${weakAreas.length - AREAS_NAMED}` : '';
    return fill(words.evidencePlan, { areas: shown + more, place: plannedPlace(result, subject) });
  }
  const area = result.weakAreas.find(({ id }) => id === subject);
  return [
    ...(area?.causes ?? []).map((cause) => causeText(cause, language)),
    ...(weakAreas.length > 1
      ? [fill(words.evidenceToo, { areas: weakAreas.slice(1).join(words.listComma) })]
      : []),
    ...(evidence === null ? [] : [fill(words.evidenceReports, { count: evidence })]),
  ].join('; ');
}

function complaintsText(count: number | null, language: Language): string {
  return fill(ASSESS_WORDS[language].evidenceComplaints, { count: count ?? 0 });
}

export function fullSiteText({ id, percent }: FullSite, language: Language): string {
  return causeText({ code: 'capacity', figure: percent, site: id }, language);
}

/** Latitude and longitude of a site of the plan, as map services take them. */
function plannedPlace({ plan }: AssessmentResult, id: string): string {
  const site = plan?.candidates.ids.indexOf(id) ?? -1;
  if (plan === null || site < 0) return '–';
  return `${plan.candidates.lat[site]!.toFixed(5)}, ${plan.candidates.lon[site]!.toFixed(5)}`;
}

/** What the plan for the weak areas came to; null where none was made. */
export function planSentence({ plan }: AssessmentResult, language: Language): string | null {
  if (plan === null) return null;
  const words = ASSESS_WORDS[language];
  const { status, sites, cost, lowerBound } = plan.solution;
  return fill(status === 'infeasible' ? words.planInfeasible : words.planFound, {
    sites: sites.length,
    cost: formatCost(cost),
    bound: formatCost(lowerBound),
  });
}

/** A plan's site that reaches more weak areas names the largest. */
const AREAS_NAMED = 5;

/** Users, and what they are of all users in percentage points. */
export function effectText({ usersMilli, share }: Action, language: Language): string {
  if (usersMilli === 0) return '–';
  const users = formatUsers(usersMilli);
  if (share === null) return users;
  return fill(ASSESS_WORDS[language].effectPoints, { users, points: (100 * share).toFixed(2) });
}

const MISSING_WORDS = {
  sites: 'missingSites',
  cells: 'missingCells',
  terrain: 'missingTerrain',
  capacities: 'missingCapacities',
} as const;

export function causeText(cause: Cause, language: Language): string {
  const words = ASSESS_WORDS[language];
  if (cause.code === 'unknown') {
    const missing = (cause.missing ?? []).map((input) => words[MISSING_WORDS[input]]);
    return missing.length === 0
      ? words.causeUnknown
      : fill(words.causeUnknownMissing, { missing: missing.join(words.listComma) });
  }
  const figure = cause.figure === null ? '' : groupThousands(String(cause.figure));
  return fill(words[CAUSE_WORDS[cause.code]], { figure, site: cause.site ?? '' });
}

export function indicatorName(indicator: Pick<Indicator, 'id' | 'name'>, language: Language): string {
  return language === 'zh' ? (INDICATOR_NAMES_ZH[indicator.id] ?? indicator.name) : indicator.name;
}

/** A figure with its unit: at most two decimals. */
export function formatValue(value: number, unit: string): string {
  const [whole = '0', decimals] = String(Math.abs(Math.round(value * 100) / 100)).split('.');
  const text = `${value < 0 ? '−' : ''}${groupThousands(whole)}${decimals === undefined ? '' : `.${decimals}`}`;
  return unit === '' ? text : `${text} ${unit}`;
}

/** Two decimals, rounded to the bad side, so that a value just short of its target never reads as the target. */
export function cautious({ direction }: Pick<Indicator, 'direction'>, value: number): number {
  const scaled = Math.round(value * 1e8) / 1e6;
  return (direction === 'up' ? Math.floor(scaled) : Math.ceil(scaled)) / 100;
}
