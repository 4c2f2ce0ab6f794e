import type { Action } from '../assess/actions.ts';
import type { Cause } from '../assess/causes.ts';
import type { AssessmentResult } from '../assess/result.ts';
import type { Indicator } from '../assess/scorecard/indicator.ts';
import { groupThousands } from './numbers.ts';
import { ASSESS_WORDS, INDICATOR_NAMES_ZH } from './words/assess-words.ts';
import type { Language } from './words/words.ts';
import { fill } from './words/words.ts';

const ACTION_WORDS = {
  'planned-site': 'actPlanned',
  'weak-area': 'actWeak',
  overlap: 'actOverlap',
  uncertain: 'actUncertain',
  'unexplained-complaints': 'actComplaints',
  missed: 'actMissed',
  'no-data': 'actNoData',
} as const;

const CAUSE_WORDS = {
  'no-site-near': 'causeNoSite',
  overshoot: 'causeOvershoot',
  'pilot-pollution': 'causePollution',
  indoor: 'causeIndoor',
  unknown: 'causeUnknown',
} as const;

/** What to do, in one line. */
export function actionText(result: AssessmentResult, action: Action, language: Language): string {
  const indicator = result.scorecard.find((line) => line.indicator.id === action.subject)?.indicator;
  const subject =
    action.kind === 'ask' && indicator !== undefined ? indicatorName(indicator, language) : action.subject;
  const evidence =
    action.reason === 'uncertain'
      ? `${(100 * (action.evidence ?? 0)).toFixed(1)} %`
      : String(action.evidence ?? '');
  return fill(ASSESS_WORDS[language][ACTION_WORDS[action.reason]], { subject, evidence });
}

export function causeText(cause: Cause, language: Language): string {
  const figure = cause.figure === null ? '' : groupThousands(String(cause.figure));
  return fill(ASSESS_WORDS[language][CAUSE_WORDS[cause.code]], { figure });
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
