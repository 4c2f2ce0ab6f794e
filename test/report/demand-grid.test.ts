import { describe, expect, it } from 'vitest';
import type { Demand } from '../../src/input/types.ts';
import { demandSideM } from '../../src/report/demand-grid.ts';

/** 0.0009 degrees of latitude on the sphere of 6,371,008.8 m: 100.08 m. */
const STEP_DEG = 0.0009;

/** `side` x `side` bare points about the equator, each `times` over. */
function grid(side: number, times: number): Demand {
  const places = Array.from({ length: side * side * times }, (_, row) => Math.floor(row / times));
  return {
    count: places.length,
    ids: places.map((_, row) => String(row)),
    lon: Float64Array.from(places, (place) => STEP_DEG * (place % side)),
    lat: Float64Array.from(places, (place) => STEP_DEG * (Math.floor(place / side) - side / 2)),
    cellM: new Float32Array(places.length),
    periods: ['all'],
    usersMilli: [new Float64Array(places.length).fill(1000)],
    regionNames: null,
  };
}

describe('the side of the squares that demand stands in', () => {
  it.each([1, 2, 3])('is the spacing of a grid, with %i rows at every place', (times) => {
    expect(demandSideM(grid(8, times))).toBeCloseTo(100.1, 0);
  });

  it('is not known where all rows stand at one place', () => {
    expect(demandSideM(grid(1, 5))).toBeNull();
  });
});
