import { EVIDENCE_NAMES } from '../coverage/types.ts';
import type { PlanEvaluation } from '../planning/evaluate-plan.ts';
import { csvField } from './escape.ts';
import { roundDegrees } from './geojson-text.ts';
import { usersFromMilli } from './numbers.ts';

export const EVALUATION_FILE = 'evaluation.csv';
/** One letter for each class of `EVIDENCE_NAMES`. */
const LETTERS = EVIDENCE_NAMES.map((name) => name[0]!);

/**
 * The evaluated users, place by place (RFC 4180): `covered_by` holds ranks of sites, `served_today` a digit and `evidence`
 * a letter (measured, predicted, interpolated, unknown) for every period in order, or one where all periods are alike.
 */
export function* evaluationCsv(evaluation: PlanEvaluation): Generator<string> {
  const { demand, regionNames, regionOfDemand, today, columnOfPeriod } = evaluation;
  const { services, periods } = demand;
  const ranks = ranksOfRow(evaluation);
  const columns = ['id', 'lon', 'lat', 'cell_m', 'region', ...(services === undefined ? [] : ['service'])];
  const fixed = [...columns, 'covered_by', 'served_today', 'evidence'];
  yield `${[...fixed, ...periods.map((name) => `users_${name}`)].map(csvField).join(',')}\r\n`;
  const each = (value: (column: number) => string): string => {
    const text = columnOfPeriod.map(value).join('');
    return text.split('').every((letter) => letter === text[0]) ? text.slice(0, 1) : text;
  };
  for (let row = 0; row < demand.count; row++) {
    const fields = [
      demand.ids[row]!,
      roundDegrees(demand.lon[row]!),
      roundDegrees(demand.lat[row]!),
      demand.cellM[row]!,
      regionNames[regionOfDemand[row]!] ?? null,
      ...(services === undefined ? [] : [services.names[services.ofRow[row]!]!]),
      ranks[row]!,
      each((column) => String(today.served[column]![row]!)),
      each((column) => LETTERS[today.evidence[column]![row]!]!),
      ...demand.usersMilli.map((milli) => usersFromMilli(milli[row]!)),
    ];
    yield `${fields.map(csvField).join(',')}\r\n`;
  }
}

/** Ranks of the sites that cover each row, ascending, with a space between. */
function ranksOfRow({ coverage, demand }: PlanEvaluation): string[] {
  const ranks = new Array<string>(demand.count).fill('');
  for (let site = 0; site < coverage.siteCount; site++) {
    for (let k = coverage.siteStart[site]!; k < coverage.siteStart[site + 1]!; k++) {
      const row = coverage.demandOfSite[k]!;
      ranks[row] += ranks[row] === '' ? String(site + 1) : ` ${site + 1}`;
    }
  }
  return ranks;
}
