import type { ReferenceFolder } from './check.ts';
import { numberOf, parseTable, textOf } from './check.ts';

/** A synthetic profile of `profiles.csv`: equal steps, transmitter (base) first. */
export interface ReferenceProfile {
  readonly stepM: number;
  readonly heightsM: Float64Array;
}

const parsed = new WeakMap<ReferenceFolder, Map<string, ReferenceProfile>>();

/** The profile a case names; throws when `profiles.csv` or the profile is missing. */
export function referenceProfile(folder: ReferenceFolder, id: string): ReferenceProfile {
  const profiles = parsed.get(folder) ?? readProfiles(folder);
  parsed.set(folder, profiles);
  const profile = profiles.get(id);
  if (profile === undefined) throw new Error(`profiles.csv has no profile ${id}`);
  return profile;
}

function readProfiles(folder: ReferenceFolder): Map<string, ReferenceProfile> {
  const text = folder.text('profiles.csv');
  if (text === null) throw new Error('profiles.csv is missing beside the cases that name its profiles');
  const profiles = new Map<string, ReferenceProfile>();
  for (const row of parseTable(text)) {
    const heightsM = Float64Array.from(textOf(row, 'heights_m').split(/\s+/), Number);
    profiles.set(textOf(row, 'profile_id'), { stepM: numberOf(row, 'step_m'), heightsM });
  }
  return profiles;
}
