import type { Scenario } from '../input/scenario-schema.ts';

/** What stands between a place out of doors and the user the threshold is for: building, vehicle, body; dB. */
export function userLossDb({ indoorLossDb, vehicleLossDb, bodyLossDb }: Scenario['service']): number {
  return indoorLossDb + vehicleLossDb + bodyLossDb;
}

/** What is taken off a measured level to bring it to the user, dB (design, section 5). */
export function sampleLossDb({ service, measurements }: Pick<Scenario, 'service' | 'measurements'>): number {
  return userLossDb(service) + (measurements?.lossDb ?? 0);
}
