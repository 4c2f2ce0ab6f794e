import { InputError } from './errors.ts';
import type { Scenario } from './input/scenario-schema.ts';
import type { SiteTable } from './input/types.ts';

/**
 * Capacities and backup cover are read and checked (`validate`), but the solver plans by signal alone: a plan that passed over
 * them in silence would promise what its sites cannot carry.
 * @throws InputError when a scenario asks for them
 */
export function refuseCapacity(scenario: Scenario, sites: readonly (SiteTable | null)[]): void {
  const refuse = (what: string): never => {
    throw new InputError(`${what}: this version plans by signal alone and would pass over it.`, {
      code: 'capacity-not-planned',
      hint: 'Leave it out of the scenario to plan coverage.',
    });
  };
  if (scenario.capacity !== undefined) refuse('capacity');
  if (sites.some((table) => table?.rooms !== undefined)) refuse('capacity_mbps or capacity_users of sites');
  const targets = scenario.phases?.list.flatMap((phase) => phase.targets) ?? [];
  if (targets.some(({ backup }) => backup !== undefined && backup > 1)) refuse('backup');
}
