import type { Findings } from '../input/findings.ts';
import { GrowableFloat64 } from '../input/growable.ts';
import { positionProblem } from '../input/positions.ts';
import type { FeatureRow } from '../input/stream/feature-row.ts';
import { numberOf, showValue, textOf, whereOf } from '../input/stream/feature-row.ts';
import { readFeatures } from '../input/stream/read-features.ts';
import { parseTimestamp, TimeZone } from '../input/time.ts';
import type { InputFileSummary } from '../input/types.ts';
import type { FeedbackTable } from './feedback.ts';

const FIELDS = [
  { names: ['category', 'type', 'kind', 'topic'], anyCase: true },
  { names: ['timestamp', 'time', 'datetime', 'date', 'created_at', 'opened'], anyCase: true },
  { names: ['rating', 'stars', 'score'], anyCase: true },
];

export interface ReadFeedbackOptions {
  readonly file: string;
  readonly timeZone: string | undefined;
  readonly findings: Findings;
}

/**
 * Reads users' reports (points in any dialect of the inputs) in file order. A wrong position, time or rating is a
 * finding. @throws InputError where the file cannot be read on, or the findings are full.
 */
export async function readFeedback(
  path: string,
  options: ReadFeedbackOptions,
): Promise<{ feedback: FeedbackTable; summary: InputFileSummary }> {
  const { file, findings } = options;
  const zone = options.timeZone === undefined ? null : new TimeZone(options.timeZone);
  const columns = { lon: new GrowableFloat64(), lat: new GrowableFloat64() };
  const timeS = new GrowableFloat64();
  const rating = new GrowableFloat64();
  const category: string[] = [];
  const error = (row: FeatureRow, code: string, message: string, hint?: string): void =>
    findings.error(message, { code, file, feature: whereOf(row), hint });
  const facts = await readFeatures(path, {
    file,
    fields: FIELDS,
    findings,
    onRow: (row) => {
      if (row.geometry !== null) {
        error(row, 'geometry-type', `is a ${row.geometry.type}, a point is expected.`);
        return;
      }
      const problem = positionProblem(row.lon, row.lat);
      if (problem !== null) {
        error(row, problem.code, problem.message, problem.hint);
        return;
      }
      const given = textOf(row.values[1]);
      const time = given === null ? null : parseTimestamp(given, zone);
      if (time === 'not-a-time' || time === 'no-offset') {
        const hint =
          time === 'no-offset'
            ? 'Give timeZone in the scenario.'
            : 'ISO 8601 is expected: 2026-03-01T14:30:00Z.';
        error(row, 'timestamp', `has the timestamp ${showValue(given)}.`, hint);
        return;
      }
      const stars = numberOf(row.values[2]) ?? NaN;
      if (!Number.isNaN(stars) && !(stars >= 1 && stars <= 5)) {
        error(row, 'rating', `has the rating ${showValue(row.values[2])}, 1 to 5 is expected.`);
        return;
      }
      columns.lon.push(row.lon);
      columns.lat.push(row.lat);
      timeS.push(time === null ? NaN : time.timeS);
      rating.push(stars);
      category.push(textOf(row.values[0]) ?? 'report');
    },
  });
  const count = category.length;
  const take = (column: GrowableFloat64): Float64Array =>
    Float64Array.from({ length: count }, (_, k) => column.get(k));
  const { sha256, dialect, featuresRead, identifiersDropped } = facts;
  return {
    feedback: {
      count,
      lon: take(columns.lon),
      lat: take(columns.lat),
      category,
      timeS: take(timeS),
      rating: take(rating),
    },
    summary: {
      role: 'feedback',
      file: facts.file,
      sha256,
      dialect,
      featuresRead,
      setAside: {},
      identifiersDropped,
    },
  };
}
