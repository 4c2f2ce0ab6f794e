import { InputError } from '../errors.ts';
import type { Scenario } from '../input/scenario-schema.ts';

/**
 * Measured signal is that of the best server: it does not tell how many sites cover a user, nor how much of what a user hears comes
 * from others. An assessment that passed over such targets in silence, or took them as targets on signal, would judge a promise
 * nobody made.
 * @throws InputError when a scenario asks for backup or SINR
 */
export function refuseTargets({ phases }: Scenario): void {
  const targets = phases?.list.flatMap((phase) => phase.targets) ?? [];
  if (targets.some(({ backup }) => backup !== undefined)) {
    throw new InputError(
      'backup: measurements do not tell how many sites cover a user, so it cannot be assessed.',
      {
        code: 'backup-not-assessed',
        hint: 'Leave targets with backup out of the scenario that is assessed.',
      },
    );
  }
  if (targets.some(({ by }) => by === 'sinr')) {
    throw new InputError('by: sinr: an assessment judges signal, so a target on SINR cannot be assessed.', {
      code: 'sinr-not-assessed',
      hint: 'Leave targets by SINR out of the scenario that is assessed.',
    });
  }
}
