import { en } from './en.ts';
import { zh } from './zh.ts';

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Every sentence and label of the reports; both languages have every key. */
export type Words = { readonly [Key in keyof typeof en]: string };

export const WORDS: Readonly<Record<Language, Words>> = { en, zh };

/** A target's share, or whom it speaks of: `95 %`, or `95 % by 2 sites`. */
export function requiredWords(words: Words, share: string, backup: number): string {
  return backup === 1 ? share : fill(words.requiredBackup, { share, count: backup });
}

/** Puts values where a text says `{name}`. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, key: string) => {
    const value = values[key];
    return value === undefined ? placeholder : String(value);
  });
}
