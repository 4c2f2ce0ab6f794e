import { sharedUint8 } from '../geo/shared-array.ts';
import type { CoveringModel } from './covering-model.ts';

/**
 * Classes that every feasible plan covers: without them the others of some target, all together, would not do
 * (with a share of 100 % that is every class). Their z is fixed to 1 and their price needs no cap.
 */
export function findMandatory(
  model: Pick<
    CoveringModel,
    'classCount' | 'weightStart' | 'weightTarget' | 'weightUsers' | 'reachable' | 'need'
  >,
): Uint8Array {
  const { classCount, weightStart, weightTarget, weightUsers, reachable, need } = model;
  const mandatory = sharedUint8(classCount);
  for (let own = 0; own < classCount; own++) {
    for (let w = weightStart[own]!; w < weightStart[own + 1]!; w++) {
      const target = weightTarget[w]!;
      if (reachable[target]! - weightUsers[w]! < need[target]!) mandatory[own] = 1;
    }
  }
  return mandatory;
}
