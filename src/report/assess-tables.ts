import { type AssessmentResult } from '../assess/result.ts';
import { hasEvidence, type ShareAssessment } from '../assess/target-assessment.ts';
import { publishedMedianDbm } from '../assess/areas.ts';
import { zoneOf } from '../coverage/effective-samples.ts';
import {
  actionText,
  causeText,
  cautious,
  effectText,
  evidenceText,
  fullSiteText,
  formatValue,
  indicatorName,
} from './assess-actions.ts';
import { formatProbability, percent, servedUsers } from './assess-answer.ts';
import { formatCost, formatPercent, formatRequired, formatUsers, percentDown } from './numbers.ts';
import { ASSESS_WORDS } from './words/assess-words.ts';
import type { Language } from './words/words.ts';
import { fill, WORDS } from './words/words.ts';

/** A table in words; `numeric` columns stand to the right. */
export interface TextTable {
  readonly head: readonly string[];
  readonly numeric: readonly boolean[];
  readonly rows: readonly TextRow[];
}

export interface TextRow {
  readonly cells: readonly string[];
  /** How the row is to be seen: good, at risk, bad or nothing. */
  readonly tone: 'good' | 'risk' | 'bad' | null;
}

export function targetTable(result: AssessmentResult, language: Language): TextTable {
  const words = ASSESS_WORDS[language];
  const services = result.scenario.services !== undefined;
  const rows = result.targets.map((target): TextRow => {
    const { met, probabilityMet } = target;
    const known = hasEvidence(target);
    return {
      cells: [
        ...(services ? [target.service ?? WORDS[language].servicesAll] : []),
        target.region ?? words.allUsers,
        result.demand.periods[target.period]!,
        formatRequired(target.required.numerator, target.required.denominator),
        ...shareCells(result, target, language),
        probabilityMet === null ? '–' : formatProbability(probabilityMet),
        ...target.usersByEvidence.map(formatUsers),
        !known ? words.noData : met ? words.yes : words.no,
      ],
      tone: met ? 'good' : 'bad',
    };
  });
  return {
    head: [
      ...(services ? [WORDS[language].service] : []),
      words.region,
      words.period,
      words.required,
      words.servedShare,
      intervalHead(result, language),
      words.probability,
      words.measured,
      words.predicted,
      words.interpolated,
      words.unknown,
      words.verdict,
    ],
    numeric: [
      ...(services ? [false] : []),
      ...[false, false, true, true, true, true, true, true, true, true, false],
    ],
    rows,
  };
}

/** The share served and its interval. */
export function shareCells(
  result: AssessmentResult,
  share: ShareAssessment,
  language: Language,
): [string, string] {
  const { totalUsers, interval } = share;
  return [
    hasEvidence(share) ? percentDown(servedUsers(result, share), totalUsers) : ASSESS_WORDS[language].noData,
    interval === null ? '–' : `${percent(interval.low)} – ${percent(interval.high)}`,
  ];
}

export function intervalHead({ confidence }: AssessmentResult, language: Language): string {
  return `${ASSESS_WORDS[language].interval} (${formatPercent(confidence, 0)})`;
}

export function weakAreaTable(result: AssessmentResult, language: Language, most: number): TextTable {
  const words = ASSESS_WORDS[language];
  const services = result.scenario.services !== undefined;
  return {
    head: [
      words.area,
      ...(services ? [WORDS[language].service] : []),
      words.period,
      words.region,
      words.users,
      words.severity,
      words.median,
      words.cause,
      words.reports,
    ],
    numeric: [false, ...(services ? [false] : []), ...[false, false, true, false, true, false, true]],
    rows: result.weakAreas.slice(0, most).map((area) => ({
      cells: [
        area.id,
        ...(services ? [area.service ?? ''] : []),
        result.demand.periods[area.period]!,
        area.region ?? '–',
        formatUsers(area.usersMilli),
        words[area.severity],
        medianText(publishedMedianDbm(area)),
        area.causes.map((cause) => causeText(cause, language)).join('; '),
        String(area.reports),
      ],
      tone: null,
    })),
  };
}

function medianText(level: number | null): string {
  return level === null ? '–' : `${level.toFixed(1).replace('-', '−')} dBm`;
}

export function measureTable(result: AssessmentResult, language: Language): TextTable {
  const words = ASSESS_WORDS[language];
  return {
    head: [words.square, words.users, words.withoutEvidence, words.reduction],
    numeric: [false, true, true, true],
    rows: result.measureNext.map((area) => ({
      cells: [
        area.id,
        formatUsers(area.usersMilli),
        formatUsers(area.unknownUsersMilli),
        `${(100 * area.reduction).toFixed(1)} %`,
      ],
      tone: null,
    })),
  };
}

const STATUS_WORDS = { met: 'met', 'at-risk': 'atRisk', missed: 'missed', 'no-data': 'noData' } as const;
const STATUS_TONES = { met: 'good', 'at-risk': 'risk', missed: 'bad', 'no-data': null } as const;

export function scorecardTable(result: AssessmentResult, language: Language): TextTable {
  const words = ASSESS_WORDS[language];
  return {
    head: [
      words.indicator,
      words.value,
      words.target,
      words.status,
      words.trend,
      words.forecast,
      words.source,
      words.owner,
      words.note,
    ],
    numeric: [false, true, false, false, false, true, false, false, false],
    rows: result.scorecard.map((line) => {
      const { indicator, value, forecast, trend } = line;
      const bound = fill(indicator.direction === 'up' ? words.atLeast : words.atMost, {
        value: formatValue(indicator.target, indicator.unit),
      });
      return {
        cells: [
          indicatorName(indicator, language),
          value === null ? words.noData : formatValue(cautious(indicator, value), indicator.unit),
          indicator.deadline === null
            ? bound
            : fill(words.byDeadline, { value: bound, date: indicator.deadline }),
          words[STATUS_WORDS[line.status]],
          trend === null ? '–' : words[trend],
          forecast === null ? '–' : formatValue(cautious(indicator, forecast), indicator.unit),
          indicator.source === '' ? '–' : indicator.source,
          indicator.owner === '' ? '–' : indicator.owner,
          indicator.note === '' ? '–' : indicator.note,
        ],
        tone: STATUS_TONES[line.status],
      };
    }),
  };
}

export function actionTable(result: AssessmentResult, language: Language, most: number): TextTable {
  const words = ASSESS_WORDS[language];
  const nameOf = new Map(
    result.scorecard.map(({ indicator }) => [indicator.id, indicatorName(indicator, language)]),
  );
  return {
    head: ['#', words.action, words.what, words.serves, words.effect, words.cost, words.evidence],
    numeric: [true, false, false, false, true, true, false],
    rows: result.actions.slice(0, most).map((action) => ({
      cells: [
        String(action.rank),
        words[action.kind],
        actionText(result, action, language),
        nameOf.get(action.indicator) ?? action.indicator,
        effectText(action, language),
        action.cost === null ? '–' : formatCost(action.cost),
        evidenceText(result, action, language),
      ],
      tone: null,
    })),
  };
}

export function feedbackSentences(result: AssessmentResult, language: Language): string[] {
  const { feedback } = result;
  if (feedback === null) return [];
  const words = ASSESS_WORDS[language];
  const good = feedback.unexplained.reduce((sum, area) => sum + area.complaints, 0);
  return [
    fill(words.feedbackText, {
      reports: feedback.reports,
      complaints: feedback.complaints,
      weak: feedback.inWeakAreas,
      good,
      unknown: feedback.withoutEvidence,
    }),
    ...(feedback.otherQuarters > 0 ? [fill(words.feedbackOther, { reports: feedback.otherQuarters })] : []),
    ...(feedback.weight > 0 ? [fill(words.feedbackWeight, { weight: feedback.weight })] : []),
  ];
}

/** Complaints where the signal is good, place by place: C1, C2, ... as on the map. */
export function complaintTable({ feedback, demand }: AssessmentResult, language: Language): TextTable {
  const words = ASSESS_WORDS[language];
  const zone = zoneOf(demand.lon, demand.lat);
  return {
    head: [words.area, words.place, words.users, words.complaints, words.categories, words.cause],
    numeric: [false, false, true, true, false, false],
    rows: (feedback?.unexplained ?? []).map((area, k) => {
      const [lon, lat] = zone.toDegrees((area.column + 0.5) * area.sideM, (area.row + 0.5) * area.sideM);
      return {
        cells: [
          `C${k + 1}`,
          `${lat.toFixed(4)}, ${lon.toFixed(4)}`,
          formatUsers(area.usersMilli),
          String(area.complaints),
          area.categories.join(words.listComma),
          area.fullSite === null ? words.causeOther : fullSiteText(area.fullSite, language),
        ],
        tone: null,
      };
    }),
  };
}
