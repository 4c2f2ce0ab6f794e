import { InputError } from '../errors.ts';
import type { Scenario } from '../input/scenario-schema.ts';

/**
 * Targets on backup are read and checked (`validate`) and the solver meets them, but the reports of `plan` count who is served
 * once: a plan that passed over them in silence would promise what nobody has counted.
 * @throws InputError when a scenario asks for them
 */
export function refuseBackup({ phases }: Scenario): void {
  const targets = phases?.list.flatMap((phase) => phase.targets) ?? [];
  if (!targets.some(({ backup }) => backup !== undefined && backup > 1)) return;
  throw new InputError('backup: the reports of this version count users covered once.', {
    code: 'backup-not-planned',
    hint: 'Leave it out of the scenario, or solve an instance.',
  });
}
