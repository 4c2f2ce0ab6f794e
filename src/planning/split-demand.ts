import type { RegionMembership } from '../input/read-regions.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import { splitByService, type ServiceSplit } from '../input/services.ts';
import type { Demand } from '../input/types.ts';
import { usersNeed } from '../memory/estimates.ts';
import type { MemoryAccount } from '../memory/memory-account.ts';

/**
 * The users that are planned for: a row for each point and service, or as they were read where there is one service.
 * @throws EnvironmentError where as many rows would not fit
 */
export function splitDemand(
  { services }: Pick<Scenario, 'services'>,
  demand: Demand,
  membership: RegionMembership,
  memory?: MemoryAccount,
): ServiceSplit {
  if (services === undefined) return { demand, membership };
  const most = demand.count * services.length;
  memory?.hold(
    `users by service: ${most.toLocaleString('en')} rows`,
    usersNeed(most, demand.periods.length),
    'Use larger cells of users (demand.cellM) or fewer services, or grant more with --memory.',
  );
  return splitByService(demand, membership, services);
}
