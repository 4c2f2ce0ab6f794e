import { describe, expect, it } from 'vitest';
import { rankActions } from '../../src/assess/actions.ts';
import { likelyCauses } from '../../src/assess/causes.ts';
import type { CompareRequest, ComparisonState } from '../../src/assess/comparison.ts';
import { compareWithPrevious } from '../../src/assess/comparison.ts';
import { weightedDemand } from '../../src/assess/feedback.ts';
import type { WeakArea } from '../../src/assess/result.ts';
import type { FoundArea } from '../../src/assess/weak-areas.ts';
import type { EffectiveSamples } from '../../src/coverage/effective-samples.ts';
import type { Baseline } from '../../src/coverage/types.ts';
import { utmZoneAt } from '../../src/geo/utm.ts';
import type { Demand, SiteTable } from '../../src/input/types.ts';

const zone = utmZoneAt(-3.7, 40.4);
/** Places by metres east of a corner of the 250 m grid. */
const at = (eastM: number): [number, number] => zone.toDegrees(440_000 + eastM, 4_472_000 + 100);

const EASTS = [100, 350, 1100, 5100];
const demand: Demand = {
  count: 4,
  ids: ['a', 'b', 'c', 'd'],
  lon: Float64Array.from(EASTS, (east) => at(east)[0]),
  lat: Float64Array.from(EASTS, (east) => at(east)[1]),
  cellM: new Float32Array(4),
  periods: ['day'],
  usersMilli: [Float64Array.of(1000, 2000, 3000, 4000)],
  regionNames: null,
};

function sites(...easts: number[]): SiteTable {
  const empty = new Float64Array(easts.length).fill(NaN);
  return {
    count: easts.length,
    ids: easts.map((east) => `s${east}`),
    lon: Float64Array.from(easts, (east) => at(east)[0]),
    lat: Float64Array.from(easts, (east) => at(east)[1]),
    status: easts.map(() => 'existing'),
    cost: empty,
    heightM: empty,
    eirpDbm: empty,
    frequencyMhz: empty,
    tiltDeg: empty,
    technology: easts.map(() => null),
    azimuthsDeg: easts.map(() => []),
    cellIds: easts.map((east) => [`cell-${east}`]),
  };
}

function baselineOf(served: number[], evidence: number[]): Baseline {
  return {
    served: [Uint8Array.from(served)],
    evidence: [Uint8Array.from(evidence)],
    rsrpDbm: [new Float32Array(4).fill(-100)],
    probability: [new Float32Array(4).fill(0.5)],
    samples: [new Uint32Array(4)],
    samplesUsed: 0,
    samplesFromAnotherPeriod: 0,
    variogram: null,
  };
}

function areaAt(id: string, east: number, cells: number[]): FoundArea {
  return {
    id,
    period: 0,
    severity: 'weak',
    usersMilli: cells.reduce((sum, i) => sum + demand.usersMilli[0]![i]!, 0),
    cells,
    columns: [Math.floor((440_000 + east) / 250)],
    rows: [Math.floor((4_472_000 + 100) / 250)],
    sideM: 250,
    medianDbm: -112,
    measuredUsersMilli: 0,
    region: null,
  };
}

const weak = (area: FoundArea, reports = 0): WeakArea => ({
  ...area,
  causes: [{ code: 'no-site-near', figure: 900 }],
  reports,
});

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
    { id: 'plan-1', lon: at(1000)[0], lat: at(1000)[1], usersMilli: [5000], demandIds: ['b', 'c'] },
    { id: 'plan-2', lon: at(9000)[0], lat: at(9000)[1], usersMilli: [4000], demandIds: ['d'] },
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
      thresholdDbm: -105,
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
      { id: 's1100', plannedId: 'plan-1', promisedMilli: 5000, servedMilli: 3000, measuredMilli: 3000 },
    ]);
  });

  it('does not compare across grids', () => {
    const elsewhere = compareWithPrevious({ ...request, previous: { ...state, zone: '31N' } });
    expect(elsewhere.change).toBeNull();
  });
});

describe('likelyCauses', () => {
  const scenario = {
    service: { indoorLossDb: 0, rsrpDbm: -105 },
    radio: {},
  } as unknown as Parameters<typeof likelyCauses>[1]['scenario'];
  const inputs = { demand, samples: null, cellNames: [], existing: null, scenario, reachM: 800 };
  const area = areaAt('W1', 100, [0]);

  /** Samples in the square of the area, each with a cell and a level. */
  const samplesOf = (rows: readonly (readonly [cell: number, level: number])[]): EffectiveSamples => ({
    count: rows.length,
    lon: Float64Array.from(rows, () => at(100)[0]),
    lat: Float64Array.from(rows, () => at(100)[1]),
    eastM: Float64Array.from(rows, () => 440_100),
    northM: Float64Array.from(rows, () => 4_472_100),
    levelDbm: Float64Array.from(rows, ([, level]) => level),
    period: new Uint8Array(rows.length),
    cell: Int32Array.from(rows, ([cell]) => cell),
    readings: new Uint32Array(rows.length).fill(1),
    zone,
  });
  const twice = (cells: readonly number[], level: number): [number, number][] =>
    cells.flatMap((cell): [number, number][] => [
      [cell, level],
      [cell, level],
    ]);

  it('says unknown where the data show nothing', () => {
    expect(likelyCauses(area, inputs)).toEqual([{ code: 'unknown', figure: null }]);
  });

  it('names the distance where the nearest site is out of reach', () => {
    const [cause] = likelyCauses(area, { ...inputs, existing: sites(1600) });
    expect(cause?.code).toBe('no-site-near');
    // 1600 - 100 m on the grid; the ellipsoid and the UTM scale differ by less than 0.1 %.
    expect(Math.abs(cause!.figure! - 1500)).toBeLessThan(3);
    expect(likelyCauses(area, { ...inputs, existing: sites(600) })[0]?.code).toBe('unknown');
  });

  it('counts cells within 6 dB: four are pilot pollution, three are not', () => {
    const four = likelyCauses(area, { ...inputs, samples: samplesOf(twice([0, 1, 2, 3], -100)) });
    expect(four).toEqual([{ code: 'pilot-pollution', figure: 4 }]);
    const rows = [...twice([0, 1, 2], -100), ...twice([3], -107)];
    expect(likelyCauses(area, { ...inputs, samples: samplesOf(rows) })[0]?.code).toBe('unknown');
  });

  it('sees overshoot where most samples are served past a site less than half as far', () => {
    const overshot = { ...inputs, existing: sites(600, 5100), cellNames: ['cell-600', 'cell-5100'] };
    const far = likelyCauses(area, { ...overshot, samples: samplesOf(twice([1], -100)) });
    expect(far[0]?.code).toBe('overshoot');
    const near = likelyCauses(area, { ...overshot, samples: samplesOf(twice([0], -100)) });
    expect(near[0]?.code).toBe('unknown');
  });

  it('blames the building where the level outside is enough', () => {
    const indoor = {
      ...inputs,
      scenario: { ...scenario, service: { ...scenario.service, indoorLossDb: 12 } },
    };
    // -112 + 12 = -100 dBm outside, -105 asked for.
    expect(likelyCauses(area, indoor)).toEqual([{ code: 'indoor', figure: 12 }]);
  });
});

describe('rankActions', () => {
  it('names a place once over the periods and puts questions last', () => {
    const day = weak(areaAt('W2', 100, [0]));
    const actions = rankActions({
      promises: [],
      costs: [],
      weakAreas: [weak(areaAt('W1', 1100, [2])), day, { ...day, id: 'W3', period: 1 }],
      measureNext: [],
      feedback: null,
      scorecard: [],
      siteCost: 2,
    });
    expect(actions.map(({ rank, kind, subject, cost }) => [rank, kind, subject, cost])).toEqual([
      [1, 'build', 'W1', 2],
      [2, 'build', 'W2', 2],
    ]);
  });
});

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
