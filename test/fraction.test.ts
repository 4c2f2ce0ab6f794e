import { describe, expect, it } from 'vitest';
import { shareFraction } from '../src/fraction.ts';

describe('shareFraction', () => {
  it.each([
    [0.95, 19, 20],
    ['0.95', 19, 20],
    ['0.950', 19, 20],
    [0.999, 999, 1000],
    [1, 1, 1],
    ['1.00', 1, 1],
    [0.1, 1, 10],
    ['.5', 1, 2],
    ['0.333333333', 333333333, 1000000000],
  ])('reads %j from its decimal text', (share, numerator, denominator) => {
    expect(shareFraction(share)).toEqual({ numerator, denominator });
  });

  it.each([0, -0.5, 1.0001, 95, NaN, Infinity, '95 %', '', '.', '1e-3', '0.1234567891'])(
    'refuses %j',
    (share) => {
      expect(shareFraction(share)).toBeNull();
    },
  );
});
