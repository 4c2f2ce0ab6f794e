import type { Words } from './words/words.ts';
import { fill, requiredWords, whoWords } from './words/words.ts';

/** What one sentence about a site needs; the page holds the same data and words it in its own language. */
export interface ReasonData {
  readonly required: boolean;
  /** Whole users; of the period in which the site adds most. */
  readonly newUsers: string;
  readonly aloneUsers: string;
  /** Null when the scenario has one period only. */
  readonly period: string | null;
  readonly region: string | null;
  readonly critical: null | {
    readonly region: string | null;
    /** Absent: users of every service. */
    readonly service?: string;
    readonly period: string | null;
    /** Formatted shares. */
    readonly wouldReach: string;
    readonly required: string;
    /** Sites that are to cover the users; 1 = they are to be served. */
    readonly backup: number;
  };
}

/** One sentence: `Adds 8,412 users (evening) in Kallio; 2,130 have no other server; without it Vantaa would …`. */
export function reasonSentence(words: Words, data: ReasonData): string {
  const place = data.region === null ? '' : fill(words.reasonPlace, { region: data.region });
  const when = data.period === null ? '' : fill(words.reasonPeriod, { period: data.period });
  const parts = [
    fill(data.required ? words.reasonRequired : words.reasonAdds, { users: data.newUsers, when, place }),
    fill(words.reasonAlone, { users: data.aloneUsers }),
  ];
  if (data.critical !== null) {
    const { critical } = data;
    parts.push(
      fill(words.reasonCritical, {
        region: whoWords(words, critical),
        when: critical.period === null ? '' : fill(words.reasonPeriod, { period: critical.period }),
        reached: critical.wouldReach,
        required: requiredWords(words, critical.required, critical.backup),
      }),
    );
  }
  return parts.join(words.reasonJoin) + words.stop;
}
