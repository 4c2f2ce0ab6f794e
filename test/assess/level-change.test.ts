import { expect, describe, it } from 'vitest';
import type { QuarterSamples } from '../../src/assess/day-bins.ts';
import { holm, quarterChange, SQUARE_M } from '../../src/assess/level-change.ts';
import { createNormal } from '../../src/assess/random-field.ts';
import { createRandom } from '../../src/random.ts';
import { describeShared, sharedPath } from '../support/shared.ts';
import { onDays, readCork, splitDays } from './cork.ts';

const options = {
  binM: 50,
  minSamples: 5,
  thresholdsDbm: [-105],
  locationProbability: 0.95,
  significance: 0.05,
  seed: 1,
};

/** `drives` drives along the same 40 bins of one street, 6 samples each, levels -95 dBm + drive error + bin error. */
function street(seed: number, drives: number, shiftDb: number): QuarterSamples {
  const normal = createNormal(createRandom(seed));
  const rows: [number, number, number][] = [];
  for (let drive = 0; drive < drives; drive++) {
    const driveDb = normal();
    for (let bin = 0; bin < 40; bin++) {
      const level = -95 + shiftDb + driveDb + 2 * normal();
      for (let sample = 0; sample < 6; sample++) rows.push([bin * 50 + 5 + sample, level + normal(), drive]);
    }
  }
  return {
    count: rows.length,
    x: Float64Array.from(rows, ([x]) => x),
    y: new Float64Array(rows.length),
    levelDbm: Float64Array.from(rows, ([, level]) => level),
    drive: Int32Array.from(rows, ([, , drive]) => drive),
  };
}

describe('holm', () => {
  it('steps down from the smallest p-value and stops at the first that stands', () => {
    // Levels 0.05/4, 0.05/3, 0.05/2, 0.05/1: 0.01 and 0.016 fall, 0.03 stands, so 0.04 stands too.
    expect(holm([0.03, 0.01, 0.04, 0.016], 0.05)).toEqual([false, true, false, true]);
  });
});

describe('quarterChange', () => {
  it('claims nothing between quarters that differ by noise alone', () => {
    let claims = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const change = quarterChange(street(seed, 5, 0), street(seed + 1000, 5, 0), options);
      if (change.comparable && change.anySignificant) claims += 1;
    }
    // 5 % of 40 are 2 with a standard deviation of 1.4; five or more would be a defect.
    expect(claims).toBeLessThan(5);
  });

  it('finds a drop of 8 dB and states it within its noise', () => {
    const change = quarterChange(street(1, 5, 0), street(2, 5, -8), options);
    if (!change.comparable) throw new Error('40 common bins are comparable');
    expect(change.changeSignificant).toBe(true);
    expect(change.commonBins).toBe(40);
    // Two means of five drive errors of 1 dB: standard deviation sqrt(2/5) = 0.63 dB.
    expect(Math.abs(change.changeDb + 8)).toBeLessThan(2.5);
  });

  it('learns the parts of the noise from repeats within a quarter', () => {
    const change = quarterChange(street(3, 12, 0), street(4, 12, 0), options);
    if (!change.comparable) throw new Error('40 common bins are comparable');
    const { driveDb2, squareDb2, binDb2 } = change.noise;
    // Made with drive 1 dB², bin 4 + 1/6 dB², nothing per square; 24 drives know the first to about 0.3.
    expect(driveDb2 + squareDb2).toBeGreaterThan(0.3);
    expect(driveDb2 + squareDb2).toBeLessThan(2.5);
    expect(Math.abs(binDb2 - 4.17)).toBeLessThan(0.6);
  });

  it('says not comparable below 30 common bins', () => {
    const before = street(1, 4, 0);
    const elsewhere = { ...street(2, 4, 0), x: before.x.map((x) => x + 11 * 50) };
    expect(quarterChange(before, elsewhere, options)).toEqual({
      comparable: false,
      commonBins: 29,
      reason: 'few-bins',
    });
  });

  it('says not comparable when no bin was driven twice within a quarter', () => {
    const change = quarterChange(street(1, 1, 0), street(2, 1, 0), options);
    expect(change).toEqual({ comparable: false, commonBins: 40, reason: 'no-repeats' });
  });
});

describeShared('quarterChange on the Cork drive test split by date', () => {
  const path = sharedPath('data/cork-5g-lte-drive/measurements.csv');
  if (path === null) return;
  const cork = readCork(path);

  it('claims no change between halves of the same network, and finds 6 dB less in one square', () => {
    // 12 splits here; the 200 of the acceptance are benchmarks/assess-cork.ts.
    let claims = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const random = createRandom(seed, 7);
      const [first, second] = splitDays(cork, random);
      const before = onDays(cork, first);
      const after = onDays(cork, second);
      const change = quarterChange(before, after, options);
      if (!change.comparable) throw new Error('halves of Cork share far more than 30 bins');
      if (change.anySignificant) claims += 1;
      const busiest = [...change.squares].sort((a, b) => b.bins - a.bins)[0]!;
      const dropped = after.levelDbm.map((level, k) =>
        Math.floor(after.x[k]! / SQUARE_M) === busiest.column &&
        Math.floor(after.y[k]! / SQUARE_M) === busiest.row
          ? level - 6
          : level,
      );
      const lower = quarterChange(before, { ...after, levelDbm: dropped }, options);
      if (!lower.comparable) throw new Error('a drop moves no sample');
      const found = lower.squares.find(({ column, row }) => column === busiest.column && row === busiest.row);
      expect(found?.significant).toBe(true);
      expect(found!.changeDb).toBeLessThan(-3);
    }
    expect(claims).toBeLessThanOrEqual(2);
  });
});
