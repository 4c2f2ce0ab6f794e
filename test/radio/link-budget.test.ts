import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Carrier, UplinkBudget } from '../../src/radio/link-budget.ts';
import {
  limitingPathLoss,
  maxPathLossDb,
  maxUplinkPathLossDb,
  noisePerResourceElementDbm,
  referenceSignalEirpDbm,
  rsrpDbm,
  rsrqDb,
  sinrDb,
  ssbBeamDb,
} from '../../src/radio/link-budget.ts';
import { shadowMarginDb } from '../../src/radio/reliability.ts';
import { resourceBlocks } from '../../src/radio/resource-grid.ts';

const carrier: Carrier = {
  technology: 'lte',
  bandwidthMhz: 20,
  subcarrierKhz: 15,
  frequencyMhz: 1800,
  eirpDbm: 62,
  ports: 1,
  boostDb: 0,
  ssbBeamDb: 0,
};

describe('resource blocks', () => {
  it('reads 3GPP tables', () => {
    // TS 36.104 Table 5.6-1 and TS 38.104 Tables 5.3.2-1 and -2.
    expect(resourceBlocks('lte', 1.4)).toBe(6);
    expect(resourceBlocks('nr', 100, 30)).toBe(273);
    expect(resourceBlocks('nr', 50, 60, 3500)).toBe(65);
    expect(resourceBlocks('nr', 50, 60, 26_000)).toBe(66);
    expect(resourceBlocks('nr', 400, 120)).toBe(264);
  });

  it('names the nearest combinations when one does not exist', () => {
    expect(() => resourceBlocks('lte', 7)).toThrow(
      new RangeError(
        'LTE has no 7 MHz carrier at 15 kHz subcarrier spacing; nearest: 5 MHz at 15 kHz, 10 MHz at 15 kHz',
      ),
    );
    expect(() => resourceBlocks('nr', 100, 15)).toThrow(/nearest: .*50 MHz at 15 kHz/);
    expect(() => resourceBlocks('lte', 20, 30)).toThrow(/nearest: 20 MHz at 15 kHz/);
  });
});

describe('downlink', () => {
  it('worked by hand: 62 dBm over 1200 subcarriers is 31.21 dBm per resource element', () => {
    expect(referenceSignalEirpDbm(carrier)).toBeCloseTo(62 - 10 * Math.log10(1200), 12);
    expect(referenceSignalEirpDbm({ ...carrier, ports: 2 })).toBeCloseTo(31.208 - 3.01, 2);
    expect(referenceSignalEirpDbm({ ...carrier, boostDb: 3 })).toBeCloseTo(34.208, 3);
  });

  it('NR: the SSB beam replaces the gain the EIRP was stated with', () => {
    expect(ssbBeamDb(18, 24)).toBe(-6);
    expect(ssbBeamDb(undefined, 24)).toBe(0);
    const nr = { ...carrier, technology: 'nr', subcarrierKhz: 30, bandwidthMhz: 100 } as const;
    expect(referenceSignalEirpDbm({ ...nr, ssbBeamDb: -6 })).toBeCloseTo(referenceSignalEirpDbm(nr) - 6, 12);
  });

  it('the maximum path loss brings the RSRP exactly to the threshold, whatever is lost on the way', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 40, noNaN: true }),
        fc.integer({ min: -130, max: -60 }),
        (lossDb, threshold) => {
          const losses = { bodyDb: 3, vehicleDb: 0, buildingDb: lossDb, gainDbi: 1 };
          const most = maxPathLossDb(carrier, threshold, losses);
          expect(rsrpDbm(carrier, most, losses)).toBeCloseTo(threshold, 9);
        },
      ),
    );
  });

  it('SINR without interference is the signal-to-noise ratio; a like interferer at full load brings it to 0 dB', () => {
    const noise = noisePerResourceElementDbm(15, 7);
    expect(noise).toBeCloseTo(-125.21, 2);
    expect(sinrDb(-100, [], 1, noise)).toBeCloseTo(-100 - noise, 12);
    expect(sinrDb(-70, [-70], 1, noise)).toBeCloseTo(0, 3);
    expect(sinrDb(-70, [-70], 0.5, noise)).toBeCloseTo(3.01, 2);
    expect(sinrDb(-70, [-70, -70], [1, 0], noise)).toBeCloseTo(0, 3);
  });

  it('RSRQ of one cell: -10.8 dB at full load, -6.0 dB idle with two antenna ports', () => {
    // 12 equal elements of 12, and 4 of 12: 10 lg(1/12), 10 lg(1/4); noise is negligible at -60 dBm.
    expect(rsrqDb(-60, [-60], 1, -125, 4)).toBeCloseTo(-10.79, 2);
    expect(rsrqDb(-60, [-60], 0, -125, 4)).toBeCloseTo(-6.02, 2);
    expect(rsrqDb(-60, [-60, -60], 1, -125, 4)).toBeCloseTo(-13.8, 2);
  });
});

describe('uplink', () => {
  const uplink: UplinkBudget = {
    userPowerDbm: 23,
    userGainDbi: 0,
    baseGainDbi: 17,
    baseNoiseFigureDb: 3,
    blocks: 2,
    subcarrierKhz: 15,
    requiredSinrDb: -4,
    interferenceMarginDb: 2,
    bodyDb: 0,
    vehicleDb: 0,
    buildingDb: 0,
  };

  it('worked by hand: 40 dBm less a sensitivity of -117.4 dBm is 157.4 dB', () => {
    // -173.975 + 10 lg(24 x 15000) + 3 = -115.41 dBm noise; -4 + 2 dB above it.
    expect(maxUplinkPathLossDb(uplink)).toBeCloseTo(40 + 117.41, 2);
  });

  it('the weaker direction decides', () => {
    expect(limitingPathLoss(150, 140)).toEqual({ maxPathLossDb: 140, limitedBy: 'uplink' });
    expect(limitingPathLoss(140, 150)).toEqual({ maxPathLossDb: 140, limitedBy: 'downlink' });
  });
});

describe('margin', () => {
  it('adds independent spreads in quadrature', () => {
    // 95 %: 1.6449 x sqrt(8² + 6²) = 16.45 dB.
    expect(shadowMarginDb(0.95, 8, 6)).toBeCloseTo(16.449, 3);
    expect(shadowMarginDb(0.5, 8)).toBeCloseTo(0, 12);
  });
});
