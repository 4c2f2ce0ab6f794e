import type { Language } from './words/words.ts';

/** The finished plan on periods that it was not made for. Users in thousandths. */
export interface PageEvaluation {
  readonly sentence: Readonly<Record<Language, string>>;
  readonly periods: readonly string[];
  /** Worst first. Arrays are per evaluated period. */
  readonly scopes: readonly PageEvaluatedScope[];
}

export interface PageEvaluatedScope {
  readonly region: string | null;
  readonly service: string | null;
  /** So many sites must cover the users; 1 = they must be served. */
  readonly backup: number;
  readonly totalMilli: readonly number[];
  readonly servedMilli: readonly number[];
  /** Null where no target speaks of them. */
  readonly needMilli: readonly (number | null)[];
  readonly requiredShare: readonly (number | null)[];
}
