import { InputError } from '../errors.ts';
import type { Scenario } from '../input/scenario-schema.ts';

/**
 * Measured signal is that of the best server: it does not tell how many sites cover a user. An assessment that passed over targets
 * on backup in silence would judge a promise nobody made.
 * @throws InputError when a scenario asks for them
 */
export function refuseBackup({ phases }: Scenario): void {
  const targets = phases?.list.flatMap((phase) => phase.targets) ?? [];
  if (!targets.some(({ backup }) => backup !== undefined)) return;
  throw new InputError(
    'backup: measurements do not tell how many sites cover a user, so it cannot be assessed.',
    {
      code: 'backup-not-assessed',
      hint: 'Leave targets with backup out of the scenario that is assessed.',
    },
  );
}
