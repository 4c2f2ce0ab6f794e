import type { AssessmentResult } from '../assess/result.ts';
import { hasEvidence, strictestTarget, type ShareAssessment } from '../assess/target-assessment.ts';
import { formatProbability, servedUsers } from './assess-answer.ts';
import { intervalHead, shareCells, type TextRow, type TextTable } from './assess-tables.ts';
import { csvField } from './escape.ts';
import { formatRequired, formatUsers, shareDown, usersFromMilli } from './numbers.ts';
import { ASSESS_WORDS } from './words/assess-words.ts';
import { WORDS, type Language } from './words/words.ts';

/** Shares of one service: everywhere, then in the regions that targets name. */
export interface SharesOfService {
  readonly name: string;
  /** From which its users are served, dBm. */
  readonly rsrpDbm: number;
  readonly shares: readonly ShareAssessment[];
}

/** Service by service; none where the scenario has one. */
export function sharesByService({ scenario, serviceShares }: AssessmentResult): SharesOfService[] {
  return (scenario.services ?? []).map(({ name, rsrpDbm }) => ({
    name,
    rsrpDbm,
    shares: serviceShares.filter(({ service }) => service === name),
  }));
}

/** What users of every service get, against the strictest target that speaks of just them. */
export function serviceTable(result: AssessmentResult, language: Language): TextTable {
  const words = ASSESS_WORDS[language];
  const { service, serviceFrom } = WORDS[language];
  const rows = sharesByService(result).flatMap(({ name, rsrpDbm, shares }) =>
    shares.map((share): TextRow => {
      const target = strictestTarget(result.targets, share);
      const probability = target?.probabilityMet ?? null;
      const verdict = target === null ? '–' : target.met ? words.yes : words.no;
      return {
        cells: [
          name,
          `${String(rsrpDbm).replace('-', '−')} dBm`,
          share.region ?? words.allUsers,
          result.demand.periods[share.period]!,
          formatUsers(share.totalUsers),
          target === null ? '–' : formatRequired(target.required.numerator, target.required.denominator),
          ...shareCells(result, share, language),
          probability === null ? '–' : formatProbability(probability),
          hasEvidence(share) || target === null ? verdict : words.noData,
        ],
        tone: target === null ? null : target.met ? 'good' : 'bad',
      };
    }),
  );
  return {
    head: [
      service,
      serviceFrom,
      words.region,
      words.period,
      words.users,
      words.required,
      words.servedShare,
      intervalHead(result, language),
      words.probability,
      words.verdict,
    ],
    numeric: [false, true, false, false, true, true, true, true, true, false],
    rows,
  };
}

/** `services.csv`: the same as figures; shares are parts of 1, empty where nothing is known or asked. */
export function servicesCsv(result: AssessmentResult): string {
  const head = [
    'service',
    'rsrp_dbm',
    'region',
    'period',
    'users',
    'served_share',
    'interval_low',
    'interval_high',
    'users_measured',
    'users_predicted',
    'users_interpolated',
    'users_unknown',
    'required',
    'probability_met',
    'met',
  ];
  const round = (value: number | undefined): number | null =>
    value === undefined ? null : Math.round(value * 1e6) / 1e6;
  const rows = sharesByService(result).flatMap(({ name, rsrpDbm, shares }) =>
    shares.map((share) => {
      const target = strictestTarget(result.targets, share);
      return [
        name,
        rsrpDbm,
        share.region,
        result.demand.periods[share.period]!,
        usersFromMilli(share.totalUsers),
        hasEvidence(share) ? shareDown(servedUsers(result, share), share.totalUsers) : null,
        round(share.interval?.low),
        round(share.interval?.high),
        ...share.usersByEvidence.map(usersFromMilli),
        target && target.required.numerator / target.required.denominator,
        target?.probabilityMet ?? null,
        target === null ? null : String(target.met),
      ];
    }),
  );
  return [head, ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
}
