import { assessEn, type AssessWords } from './assess-en.ts';
import { assessZh } from './assess-zh.ts';
import type { Language } from './words.ts';

export const ASSESS_WORDS: Readonly<Record<Language, AssessWords>> = { en: assessEn, zh: assessZh };
