import { describe, expect, it } from 'vitest';
import { buildBaseline, type BaselineResult } from '../../src/coverage/baseline.ts';
import type { ExistingNetwork } from '../../src/coverage/existing-network.ts';
import { EVIDENCE_NAMES } from '../../src/coverage/types.ts';
import { normalCdf } from '../../src/radio/normal.ts';
import { createRandom } from '../../src/random.ts';
import { demandTable, measurementTable, scenario, type Reading, type User } from './tables.ts';

/** Readings in different 10 m squares of the bin whose south-west corner is at 0, 0. */
function inBin(levels: readonly number[], more: Partial<Reading> = {}): Reading[] {
  return levels.map((level, k) => ({
    eastM: 5 + 10 * (k % 5),
    northM: 5 + 10 * Math.floor(k / 5),
    level,
    ...more,
  }));
}

function baselineOf(
  readings: readonly Reading[],
  users: readonly User[],
  text = '',
  more: { periods?: readonly string[]; network?: ExistingNetwork } = {},
): BaselineResult {
  const measurements = readings.length === 0 ? null : measurementTable(readings);
  const files = text.includes('measurements:') ? '' : 'measurements: { files: [drive.geojson] }\n';
  return buildBaseline({
    demand: demandTable(users, more.periods),
    measurements,
    network: more.network ?? null,
    scenario: scenario(files + text),
  });
}

function first({ baseline }: BaselineResult, period = 0) {
  return {
    evidence: EVIDENCE_NAMES[baseline.evidence[period]![0]!],
    served: baseline.served[period]![0],
    rsrpDbm: baseline.rsrpDbm[period]![0]!,
    probability: baseline.probability[period]![0]!,
    samples: baseline.samples[period]![0],
  };
}

const user: User = { eastM: 25, northM: 25 };
const five = inBin([-100, -98, -102, -100, -100]);

describe('rule 1, measured', () => {
  it('tests mean and spread with 3 dB for the device against the location probability', () => {
    // Mean -100, sd sqrt(8 / 4) = 1.4142, spread sqrt(2 + 9) = 3.3166; P(>= -105) = Phi(1.5076) = 0.93417.
    const found = first(baselineOf(five, [user]));
    expect(found).toMatchObject({ evidence: 'measured', served: 0, samples: 5 });
    expect(found.rsrpDbm).toBeCloseTo(-100, 5);
    expect(found.probability).toBeCloseTo(0.93417, 4);
    // One decibel lower: Phi(6 / 3.3166) = 0.96478.
    const lower = first(baselineOf(five, [user], 'service: { rsrpDbm: -106 }'));
    expect(lower.served).toBe(1);
    expect(lower.probability).toBeCloseTo(0.96478, 4);
  });

  it('moves samples to the user: less indoor loss and measurements.lossDb, with the indoor spread', () => {
    const text =
      'measurements: { files: [a.geojson], lossDb: 1 }\nservice: { indoorLossDb: 5, indoorSigmaDb: 4 }';
    const found = first(baselineOf(five, [user], text));
    expect(found.rsrpDbm).toBeCloseTo(-106, 5);
    // Spread sqrt(2 + 9 + 16) = 5.1962; Phi(-1 / 5.1962) = 0.42370.
    expect(found.probability).toBeCloseTo(0.4237, 4);
  });

  it('asks for minSamples effective samples', () => {
    expect(first(baselineOf(five.slice(1), [user], 'service: { interpolateM: 0 }')).evidence).toBe('unknown');
    const text = 'service: { interpolateM: 0, minSamples: 4 }';
    expect(first(baselineOf(five.slice(1), [user], text)).evidence).toBe('measured');
  });

  it('takes the empirical share from 60 effective samples on', () => {
    // 58 at -90 and 2 at -140 dBm: 96.7 % lie above the threshold, though mean and spread (sd 9.1) would say 0.92.
    const many = Array.from({ length: 60 }, (_, k) => ({
      ...user,
      level: k < 58 ? -90 : -140,
      timeS: 1000 * k,
      cell: 0,
    }));
    const found = first(baselineOf(many, [user]));
    expect(found).toMatchObject({ evidence: 'measured', served: 1, samples: 60 });
    expect(found.probability).toBeCloseTo(58 / 60, 6);
    const fewer = first(baselineOf(many.slice(1), [user]));
    expect(fewer).toMatchObject({ served: 0, samples: 59 });
  });

  it('counts readings alike in place, cell and pass once', () => {
    const waiting = Array.from({ length: 100 }, (_, k) => ({ ...user, level: -90, timeS: k, cell: 1 }));
    expect(first(baselineOf(waiting, [user], 'service: { minSamples: 1 }')).samples).toBe(1);
    // A gap of a minute is another pass; another cell another witness; so is another 10 m square.
    const more = [
      ...waiting,
      { ...user, level: -90, timeS: 159, cell: 1 },
      { ...user, level: -90, timeS: 50, cell: 2 },
      { eastM: 35, northM: 25, level: -90, timeS: 50, cell: 1 },
    ];
    expect(first(baselineOf(more, [user], 'service: { minSamples: 1 }')).samples).toBe(4);
  });

  it('looks into every bin the demand cell touches, not into those beside it', () => {
    const readings = [
      ...five,
      ...inBin([-80, -80], { eastM: -20, northM: -20 }),
      { eastM: 75, northM: 25, level: -70 },
    ];
    // 60 m around the corner 0, 0 touches four bins: the five and, counted once each for their place, the two at -20, -20.
    const cell = { eastM: 0, northM: 0, cellM: 60 };
    expect(first(baselineOf(readings, [cell])).samples).toBe(6);
    // A cell that ends exactly on the bin's edge does not touch the next one.
    expect(first(baselineOf(readings, [{ ...user, cellM: 50 }])).samples).toBe(5);
  });

  it('lends samples to other periods, or keeps them to their own', () => {
    const own = inBin([-80, -80, -80, -80, -80], { period: 0 });
    const users: User[] = [{ ...user, users: [1, 1] }];
    const periods = ['night', 'day'];
    const all = baselineOf(own, users, '', { periods });
    expect(first(all, 1)).toMatchObject({ evidence: 'measured', served: 1, samples: 5 });
    expect(all.baseline).toMatchObject({ samplesUsed: 5, samplesFromAnotherPeriod: 5 });
    const text = 'measurements: { files: [a.geojson], applyTo: own }';
    const kept = baselineOf(own, users, text, { periods });
    expect(first(kept, 0)).toMatchObject({ evidence: 'measured', samples: 5 });
    expect(first(kept, 1)).toMatchObject({ evidence: 'unknown', served: 0, samples: 0 });
    expect(kept.baseline).toMatchObject({ samplesUsed: 5, samplesFromAnotherPeriod: 0 });
  });
});

/** -95 dBm everywhere within 10 km, or nothing. */
function network(rsrpDbm: number | null): ExistingNetwork {
  const answer =
    rsrpDbm === null
      ? null
      : {
          rsrpDbm,
          thresholdDbm: -105,
          probability: normalCdf((rsrpDbm + 105) / 8),
          site: 0,
          outsideDistance: false,
          heldAtFreeSpace: false,
        };
  return { sigmaDb: 8, predict: () => answer };
}

describe('rule 2, predicted', () => {
  it("takes the best server and the model's own shadowing without measurements nearby", () => {
    const found = first(baselineOf([], [user], '', { network: network(-95) }));
    expect(found).toMatchObject({ evidence: 'predicted', served: 0, rsrpDbm: -95 });
    expect(found.probability).toBeCloseTo(normalCdf(10 / 8), 5);
  });

  it('adds the kriged residual with its own standard deviation', () => {
    // One bin, 2 samples 6 dB above the prediction: residual 6, default variogram (nugget 9, no sill), so the
    // standard deviation of a reading to come is sqrt(2 x 9) = 4.2426.
    const near = inBin([-88, -90]);
    const found = first(baselineOf(near, [user], '', { network: network(-95) }));
    expect(found.evidence).toBe('predicted');
    expect(found.rsrpDbm).toBeCloseTo(-89, 4);
    expect(found.probability).toBeCloseTo(normalCdf(16 / Math.sqrt(18)), 4);
    expect(found.served).toBe(1);
  });

  it('gives way to measurement', () => {
    expect(first(baselineOf(five, [user], '', { network: network(-50) }))).toMatchObject({
      evidence: 'measured',
      served: 0,
    });
  });

  it('says not served out of reach of every known site', () => {
    const found = first(
      baselineOf([], [user], 'baseline: { unmeasured: served }', { network: network(null) }),
    );
    expect(found).toMatchObject({ evidence: 'predicted', served: 0, probability: 0 });
  });
});

describe('rules 3 and 4, interpolated and unknown', () => {
  it('kriges levels within interpolateM where sites are unknown', () => {
    const away: User = { eastM: 225, northM: 25 };
    const found = first(baselineOf(five, [away]));
    expect(found.evidence).toBe('interpolated');
    expect(found.rsrpDbm).toBeCloseTo(-100, 5);
    expect(found.probability).toBeCloseTo(normalCdf(5 / Math.sqrt(18)), 4);
    expect(first(baselineOf(five, [{ eastM: 425, northM: 25 }])).evidence).toBe('unknown');
    expect(baselineOf(five, [away]).baseline.variogram).toEqual({ rangeM: 100, sillDb2: 0, nuggetDb2: 9 });
  });

  it('leaves the unknown to baseline.unmeasured, and only the unknown', () => {
    const users = [{ eastM: 5000, northM: 0 }, user];
    const unserved = baselineOf(five, users).baseline;
    const served = baselineOf(five, users, 'baseline: { unmeasured: served }').baseline;
    expect([...unserved.served[0]!]).toEqual([0, 0]);
    expect([...served.served[0]!]).toEqual([1, 0]);
    expect(served.rsrpDbm[0]![0]).toBeNaN();
    expect(served.probability[0]![0]).toBeNaN();
  });
});

describe('buildBaseline', () => {
  it('does not depend on the order of readings', () => {
    const random = createRandom(3);
    const readings: Reading[] = Array.from({ length: 400 }, () => ({
      eastM: 600 * random.next(),
      northM: 600 * random.next(),
      level: Math.round(-80 - 40 * random.next()),
      timeS: Math.floor(5000 * random.next()),
      cell: random.below(3),
    }));
    const users = Array.from({ length: 30 }, (_, k) => ({ eastM: 30 * k, northM: 20 * k, cellM: 40 }));
    const forward = baselineOf(readings, users);
    const backward = baselineOf(readings.toReversed(), users);
    expect(backward.baseline.served).toEqual(forward.baseline.served);
    expect(backward.baseline.evidence).toEqual(forward.baseline.evidence);
    expect(backward.baseline.samples).toEqual(forward.baseline.samples);
    expect(backward.bins?.samples).toEqual(forward.bins?.samples);
    // All three classes that need readings must have been met for this to mean anything.
    expect(new Set(forward.baseline.evidence[0])).toEqual(new Set([0, 2]));
  });
});

describe('published bins', () => {
  it('lists bins of at least privacyK samples with what was measured, not what the user gets', () => {
    const text = 'measurements: { files: [a.geojson], privacyK: 5, lossDb: 3 }';
    const { bins } = baselineOf(five, [user], text);
    expect(bins).toMatchObject({ count: 1, withheld: 0, binM: 50 });
    expect(bins?.meanDbm[0]).toBeCloseTo(-100, 5);
    expect(bins?.sdDb[0]).toBeCloseTo(Math.SQRT2, 5);
  });

  it('withholds a second bin where one hidden bin could be had by subtraction', () => {
    const shift = (readings: Reading[], eastM: number) =>
      readings.map((r) => ({ ...r, eastM: r.eastM + eastM }));
    const levels = (n: number) => inBin(Array.from({ length: n }, () => -90));
    // 2, 5, 7 and 9 samples: the 2 are hidden, and with them the 5, else the total would give the 2 away.
    const readings = [
      ...levels(2),
      ...shift(levels(5), 50),
      ...shift(levels(7), 100),
      ...shift(levels(9), 150),
    ];
    const { bins } = baselineOf(readings, [{ eastM: 9000, northM: 0 }]);
    expect(bins).toMatchObject({ count: 2, withheld: 2 });
    expect([...bins!.samples]).toEqual([7, 9]);
  });

  it('withholds more where the sum over a demand cell would give a bin away', () => {
    const shift = (readings: Reading[], eastM: number) =>
      readings.map((r) => ({ ...r, eastM: r.eastM + eastM }));
    const levels = (n: number) => inBin(Array.from({ length: n }, () => -90));
    // Hidden: 2 at 0 and 4 at 1000. Together they are enough for the total; the cell at 50 touches the 2 and the 8.
    const readings = [
      ...levels(2),
      ...shift(levels(8), 50),
      ...shift(levels(4), 1000),
      ...shift(levels(9), 1050),
    ];
    const { bins } = baselineOf(readings, [{ eastM: 50, northM: 25, cellM: 40 }]);
    expect([...bins!.samples]).toEqual([9]);
    expect(bins?.withheld).toBe(3);
  });
});
