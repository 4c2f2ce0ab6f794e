import { describe, expect, it } from 'vitest';
import { studentTwoSided } from '../../src/assess/student.ts';

describe('studentTwoSided', () => {
  // Printed tables of Student's t (two-sided 5 %): 12.706, 2.571, 2.228, 2.042; rounded to three decimals there.
  it.each([
    [12.706, 1],
    [2.571, 5],
    [2.228, 10],
    [2.042, 30],
  ])('gives 5 %% at the tabled t = %f with %i degrees of freedom', (t, df) => {
    expect(studentTwoSided(t, df)).toBeCloseTo(0.05, 4);
  });

  it('is 1 at t = 0 and symmetric', () => {
    expect(studentTwoSided(0, 7)).toBe(1);
    expect(studentTwoSided(-1.5, 7)).toBe(studentTwoSided(1.5, 7));
  });

  it('has a closed form for one degree of freedom (Cauchy): 1 - 2 atan(t) / pi', () => {
    for (const t of [0.1, 0.5, 1, 3, 20]) {
      expect(studentTwoSided(t, 1)).toBeCloseTo(1 - (2 * Math.atan(t)) / Math.PI, 12);
    }
  });
});
