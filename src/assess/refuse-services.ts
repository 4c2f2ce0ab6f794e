import { InputError } from '../errors.ts';
import type { Scenario } from '../input/scenario-schema.ts';

/**
 * Areas, causes and actions of an assessment are told by one threshold. One that took the first of several services for all
 * of them would call areas weak where nobody misses anything, or pass over those who do.
 * @throws InputError when a scenario has several services
 */
export function refuseServices({ services }: Scenario): void {
  if (services === undefined) return;
  throw new InputError('services: an assessment judges one threshold, so it cannot judge several services.', {
    code: 'services-not-assessed',
    hint: 'Leave services out of the scenario that is assessed, and put the threshold of one into service.rsrpDbm.',
  });
}
