import type { Scenario } from '../input/scenario-schema.ts';
import type { SiteTable } from '../input/types.ts';
import { statesRoom } from './assemble-capacity.ts';

/** What of a scenario is worked out on listed pairs of site and users alone, as the end of `Without ...`; null = nothing. */
export function needsListedPairs(
  { budget, phases, capacity }: Pick<Scenario, 'budget' | 'phases' | 'capacity'>,
  existing: SiteTable | null,
  candidates: SiteTable,
): string | null {
  if (budget !== undefined) return 'a budget';
  const hasRooms = [existing, candidates].some((sites) => sites?.rooms?.some(statesRoom) === true);
  if (capacity !== undefined || hasRooms) return 'capacity';
  const asksForBackup = phases?.list.some(({ targets }) => targets.some(({ backup = 1 }) => backup > 1));
  return asksForBackup === true ? 'targets on backup cover' : null;
}
