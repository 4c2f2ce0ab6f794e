import { describe, expect, it } from 'vitest';
import { weightedDemand } from '../../src/assess/feedback.ts';
import { at, demand, zone } from './four-places.ts';

describe('weightedDemand', () => {
  const feedback = {
    count: 2,
    lon: Float64Array.from([110, 1100], (east) => at(east)[0]),
    lat: Float64Array.from([110, 1100], (east) => at(east)[1]),
    category: ['no-signal', 'praise'],
    timeS: new Float64Array(2).fill(NaN),
    rating: new Float64Array(2).fill(NaN),
  };

  it('counts users near a complaint more, and praise not at all', () => {
    // The complaint at 110 m is within 300 m of a (100 m) and b (350 m): 1.5 times as many users.
    const users = weightedDemand(demand, feedback, zone, 0.5, 300).usersMilli[0]!;
    expect([...users]).toEqual([1500, 3000, 3000, 4000]);
  });

  it('changes nothing at weight 0', () => {
    expect(weightedDemand(demand, feedback, zone, 0, 300)).toBe(demand);
  });
});
