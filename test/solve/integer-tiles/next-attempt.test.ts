import { describe, expect, it } from 'vitest';
import type { CostGrid } from '../../../src/solve/cost-grid.ts';
import {
  afterAttempt,
  aspiredByTiles,
  choiceOf,
  firstTiling,
} from '../../../src/solve/integer-tiles/next-attempt.ts';

const units: CostGrid = { exact: true, numerator: 1, denominator: 1 };

describe('which bound tiles aim at', () => {
  it('is left to aspirations where the plan is one tile, or the tiles would be too many', () => {
    expect(firstTiling(20, 5)).toBeNull();
    expect(firstTiling(600, 5)).toBeNull();
    expect(firstTiling(120, 5.44)?.tileCount).toBe(6);
  });

  it('is the next on the grid, and what is proved is never aimed at again', () => {
    const first = firstTiling(120, 5.44)!;
    expect(aspiredByTiles(first, units, 114.56, 115, 120)).toBe(116);
    expect(aspiredByTiles(first, units, 114.56, 119, 120)).toBe(120);
  });

  it('is given up where far more is missing than was reached', () => {
    const first = firstTiling(120, 5.44)!;
    const second = afterAttempt(first, 114.56, { aspired: 116, total: 115.3, finished: true });
    expect(second.reached).toBeCloseTo(0.74, 9);
    // A bound of 117 asks for a sum above 116, that is 1.44 above the prices; 0.74 x 1.6 is less.
    expect(aspiredByTiles(second, units, 114.56, 116, 120)).toBeNull();
    expect(aspiredByTiles(second, units, 114.56, 115, 120)).toBe(116);
  });

  it('is tried with fewer tiles where all were solved, with other seams and more work in any case', () => {
    const first = firstTiling(120, 5.44)!;
    const solved = afterAttempt(first, 114.56, { aspired: 116, total: 115.3, finished: true });
    const cut = afterAttempt(first, 114.56, { aspired: 116, total: 114.8, finished: false });
    expect([solved.tileCount, solved.turn, cut.tileCount, cut.turn]).toEqual([4, 1, 6, 1]);
    expect(choiceOf(first, 6e9, 1).solverWork).toBe(1e9);
    expect(choiceOf(cut, 6e9, 1).solverWork).toBe(1.5e9);
  });
});
