import { describe, expect, it } from 'vitest';
import { planMeasurements } from '../../src/assess/measure-plan.ts';
import { createNormal } from '../../src/assess/random-field.ts';
import { createRandom } from '../../src/random.ts';
import { describeShared, sharedPath } from '../support/shared.ts';
import { corkPlanTrial } from './cork-plan.ts';
import { readCork } from './cork.ts';

const DRAWS = 2000;

/** Areas 10 km apart whose served users are independent with the given standard deviations. */
function independent(deviations: readonly number[]) {
  const normal = createNormal(createRandom(5));
  return {
    areas: deviations.length,
    draws: DRAWS,
    served: Float64Array.from({ length: deviations.length * DRAWS }, (_, k) => {
      return 100 + deviations[Math.floor(k / DRAWS)]! * normal();
    }),
    x: Float64Array.from(deviations, (_, k) => 10_000 * k),
    y: new Float64Array(deviations.length),
    cost: null,
  };
}

describe('planMeasurements', () => {
  it('takes independent areas in the order of their variance, each with its part of the whole', () => {
    // Variances 1, 9, 4 of 14.
    const plan = planMeasurements(independent([1, 3, 2]), 3, 1000);
    expect(plan.map(({ area }) => area)).toEqual([1, 2, 0]);
    const parts = [9 / 14, 4 / 14, 1 / 14];
    // 2000 draws know a variance to about 3 %.
    plan.forEach(({ reduction }, k) => expect(Math.abs(reduction - parts[k]!)).toBeLessThan(0.05));
  });

  it('does not pay twice for what a neighbour already told', () => {
    const table = independent([3, 3, 2]);
    table.served.copyWithin(DRAWS, 0, DRAWS);
    table.x[1] = 10;
    const plan = planMeasurements(table, 3, 1000);
    // Areas 0 and 1 are one and the same: after the first of them, area 2 is all that is left.
    expect(plan.map(({ area }) => area)).toEqual([0, 2]);
    expect(plan[0]!.reduction).toBeCloseTo(36 / 40, 1);
  });

  it('prefers the cheaper of two equal areas, and stops when nothing is uncertain', () => {
    const table = independent([2, 2, 0]);
    table.served.copyWithin(DRAWS, 0, DRAWS);
    const plan = planMeasurements({ ...table, cost: Float64Array.of(2, 1, 1) }, 3, 1000);
    expect(plan.map(({ area }) => area)).toEqual([1, 0]);
  });
});

describeShared('the measurement plan on held-back readings of Cork', () => {
  const path = sharedPath('data/cork-5g-lte-drive/measurements.csv');
  if (path === null) return;
  const cork = readCork(path);

  it('lowers the error of the share by at least a quarter more than random squares', () => {
    // Six starts here; benchmarks/assess-cork.ts states forty with their spread.
    const trials = Array.from({ length: 6 }, (_, k) => corkPlanTrial(cork, k + 1));
    const fall = (pick: 'planned' | 'random'): number =>
      trials.reduce((sum, trial) => sum + trial.start - trial[pick], 0);
    expect(fall('planned')).toBeGreaterThan(1.25 * fall('random'));
  });
});
