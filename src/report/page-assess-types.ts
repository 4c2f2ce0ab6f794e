import type { Language, Words } from './words/words.ts';

/** What the program of `assessment.html` and `history.html` is told. */
export interface AssessPageData {
  readonly language: Language;
  /** Index of the period whose map is shown first. */
  readonly period?: string;
  /** Name of the service whose map is shown first, where there are several. */
  readonly service?: string;
  /** Where there are maps. */
  readonly words?: Readonly<Record<Language, Pick<Words, 'zoomIn' | 'zoomOut' | 'zoomAll' | 'mapKeys'>>>;
}
