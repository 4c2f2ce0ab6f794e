import type { Comparison } from '../compare.ts';
import type { PageData } from './page-data-types.ts';

/** What `compare.html` shows: the comparison and the data of each run's own page. */
export interface ComparisonPageData {
  readonly comparison: Comparison;
  readonly pages: readonly PageData[];
}
