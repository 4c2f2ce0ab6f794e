import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cellCapacityMbps,
  cellRateMbps,
  occupiedMhz,
  saturationSinrDb,
  spectralEfficiency,
  type CellCarrier,
} from '../../src/radio/spectral-efficiency.ts';

const LTE20: CellCarrier = {
  technology: 'lte',
  bandwidthMhz: 20,
  subcarrierKhz: 15,
  frequencyMhz: 1800,
  layers: 1,
  overhead: 0,
};

describe('truncated Shannon of TR 36.942, Annex A', () => {
  it('is cut at -10 dB and at 4.4 bit/s/Hz, and alpha times Shannon between', () => {
    // By hand: 0.6 log2(1 + 10^(x/10)).
    expect(spectralEfficiency(-10.001)).toBe(0);
    expect(spectralEfficiency(-10)).toBeCloseTo(0.6 * Math.log2(1.1), 12);
    expect(spectralEfficiency(0)).toBeCloseTo(0.6, 12);
    expect(spectralEfficiency(10)).toBeCloseTo(0.6 * Math.log2(11), 12);
    expect(spectralEfficiency(40)).toBe(4.4);
    expect(spectralEfficiency(NaN)).toBe(0);
  });

  it('gives its most from about 22 dB, where the curves of TR 36.942 bend', () => {
    expect(saturationSinrDb()).toBeCloseTo(22.05, 2);
    expect(spectralEfficiency(saturationSinrDb())).toBeCloseTo(4.4, 9);
  });

  it('never falls with SINR', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -40, max: 60, noNaN: true }),
        fc.double({ min: 0, max: 30, noNaN: true }),
        (a, d) => spectralEfficiency(a + d) >= spectralEfficiency(a),
      ),
    );
  });
});

describe('cell capacity', () => {
  it('counts the resource blocks, not the channel: 100 blocks of 180 kHz in 20 MHz', () => {
    expect(occupiedMhz(LTE20)).toBeCloseTo(18, 12);
    expect(cellRateMbps(LTE20, 0)).toBeCloseTo(18 * 0.6, 9);
    expect(cellRateMbps({ ...LTE20, layers: 2, overhead: 0.25 }, 30)).toBeCloseTo(18 * 2 * 0.75 * 4.4, 9);
  });

  it('is the rate itself for users alike, and the harmonic mean for two of equal traffic', () => {
    expect(cellCapacityMbps(LTE20, [10, 10, 10], [1, 5, 2])).toBeCloseTo(cellRateMbps(LTE20, 10), 9);
    const [near, far] = [cellRateMbps(LTE20, 20), cellRateMbps(LTE20, -5)];
    expect(cellCapacityMbps(LTE20, [20, -5], [3, 3])).toBeCloseTo((2 * near * far) / (near + far), 9);
  });

  it('leaves users out whose SINR carries nothing', () => {
    expect(cellCapacityMbps(LTE20, [10, -20], [1, 9])).toBeCloseTo(cellRateMbps(LTE20, 10), 9);
    expect(cellCapacityMbps(LTE20, [-20], [9])).toBe(0);
  });
});
