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

/** Whom a target speaks of: all users, a region, users of a service, or of a service in a region. */
export function whoWords(
  words: Words,
  {
    region,
    service = null,
  }: { readonly region: string | null; readonly service?: string | null | undefined },
): string {
  if (service === null) return region ?? words.everyone;
  return region === null ? fill(words.serviceUsers, { service }) : fill(words.serviceIn, { region, service });
}

/** Puts values where a text says `{name}`. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, key: string) => {
    const value = values[key];
    return value === undefined ? placeholder : String(value);
  });
}
