import { describe, expect, it } from 'vitest';
import type { CompareRequest, ComparisonState } from '../../src/assess/comparison.ts';
import { compareWithPrevious } from '../../src/assess/comparison.ts';
import { planAccuracy } from '../../src/assess/plan-promises.ts';
import { areaAt, at, baselineOf, demand, sites, weak, zone } from './four-places.ts';

const state: ComparisonState = {
  quarter: 8100,
  zone: zone.name,
  samples: { x: [], y: [], levelDbm: [], drive: [] },
  targets: [{ period: 'day', region: null, totalUsers: 10_000, servedLow: 4000 }],
  weakAreas: [areaAt('W1', 100, [0]), areaAt('W2', 1100, [2]), areaAt('W3', 5100, [3])].map((area) => ({
    id: area.id,
    period: 'day',
    usersMilli: area.usersMilli,
    sideM: 250,
    columns: area.columns,
    rows: area.rows,
  })),
  siteIds: ['s0'],
  promises: [
    {
      id: 'plan-1',
      lon: at(1000)[0],
      lat: at(1000)[1],
      usersMilli: [5000],
      demandIds: ['b', 'c'],
      builtAs: null,
    },
    { id: 'plan-2', lon: at(9000)[0], lat: at(9000)[1], usersMilli: [4000], demandIds: ['d'], builtAs: null },
  ],
  scorecard: [],
};

describe('compareWithPrevious', () => {
  const request: CompareRequest = {
    previous: state,
    samples: null,
    zone,
    demand,
    // c is served now and measured, a still is not, nothing is known of d, b is new among the weak.
    baseline: baselineOf([0, 0, 1, 0], [1, 1, 0, 3]),
    existing: sites(0, 1100),
    targets: [],
    weakAreas: [weak(areaAt('W1', 350, [1])), weak(areaAt('W2', 100, [0]))],
    change: {
      binM: 50,
      minSamples: 5,
      thresholdsDbm: [-105],
      locationProbability: 0.95,
      significance: 0.05,
      seed: 1,
    },
  };
  const result = compareWithPrevious(request);

  it('tells opened, persisting and closed areas apart from those nothing is known of now', () => {
    expect(result.areas.map(({ id, fate }) => [id, fate])).toEqual([
      ['W1', 'opened'],
      ['W2', 'persisting'],
      ['W2', 'closed'],
      ['W3', 'not-known-now'],
    ]);
  });

  it('holds a built site against the promise of the plan: promised, served now, shown by measurements', () => {
    // The new site s1100 stands 100 m from plan-1; of b and c (5 users promised) c is served (3 users) and measured.
    expect(result.built).toEqual([
      {
        id: 's1100',
        plannedId: 'plan-1',
        promisedMilli: 5000,
        servedMilli: 3000,
        measuredMilli: 3000,
        measuredServedMilli: 3000,
      },
    ]);
    expect(result.promises.map(({ id, builtAs }) => [id, builtAs])).toEqual([
      ['plan-1', 's1100'],
      ['plan-2', null],
    ]);
  });

  it('holds it against the promise again a quarter later, when measurements show a user without service', () => {
    const later = compareWithPrevious({
      ...request,
      previous: { ...state, siteIds: ['s0', 's1100'], promises: result.promises },
      // b (2 users) is measured and not served, c (3 users) is served as predicted: 0 of the 2 measured.
      baseline: baselineOf([0, 0, 1, 0], [1, 0, 1, 3]),
    });
    expect(later.built).toMatchObject([
      { id: 's1100', promisedMilli: 5000, servedMilli: 3000, measuredMilli: 2000, measuredServedMilli: 0 },
    ]);
    expect(planAccuracy(later.built)).toEqual({
      promisedMilli: 5000,
      measuredMilli: 2000,
      measuredServedMilli: 0,
    });
  });

  it('lists a new site that no plan proposed, without figures', () => {
    const { built } = compareWithPrevious({ ...request, existing: sites(0, 3000) });
    expect(built).toMatchObject([{ id: 's3000', plannedId: null, promisedMilli: 0 }]);
  });

  it('does not compare across grids', () => {
    const elsewhere = compareWithPrevious({ ...request, previous: { ...state, zone: '31N' } });
    expect(elsewhere.change).toBeNull();
  });
});
