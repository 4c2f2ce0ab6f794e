import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BoundModel, LinkParameters } from '../../src/radio/model.ts';
import { MODEL_IDS } from '../../src/radio/model-ids.ts';
import { bindModel } from '../../src/radio/models.ts';
import { reachM, solidReachM } from '../../src/radio/reach.ts';
import { areaReliability, edgeReliability } from '../../src/radio/reliability.ts';
import { createRandom } from '../../src/random.ts';

const link: LinkParameters = {
  frequencyMhz: 1800,
  txHeightM: 30,
  rxHeightM: 1.5,
  environment: 'medium-city',
  sigmaDb: null,
};

describe('reach', () => {
  it('worked by hand: Hata at 900 MHz, 0 dB margin, gives back the distance of a loss', () => {
    const bound = bindModel('hata', { ...link, frequencyMhz: 900 });
    expect(reachM(bound, bound.medianLossDb(2500), 0.5, 0, 30_000)).toBeCloseTo(2500, 2);
  });

  it('is the last distance served: served there, not beyond', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MODEL_IDS),
        fc.double({ min: 90, max: 160, noNaN: true }),
        (id, maxLossDb) => {
          const bound = bindModel(id, link);
          const reach = reachM(bound, maxLossDb, 0.95, 0, 30_000);
          const solid = solidReachM(bound, maxLossDb, 0.95, 0, 30_000);
          expect(solid).toBeLessThanOrEqual(reach + 0.002);
          if (reach > 0) expect(bound.probabilityWithin(maxLossDb, reach, 0)).toBeGreaterThanOrEqual(0.95);
          for (let d = reach * 1.003 + 0.01; d <= 30_000; d = d * 1.13 + 1) {
            expect(bound.probabilityWithin(maxLossDb, d, 0)).toBeLessThan(0.95);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('sees past a dip: reach is the last served distance, solid reach the first gap', () => {
    const dip: BoundModel = {
      name: 'dip',
      sigmaDb: 0,
      warnings: [],
      minDistanceM: 0,
      maxDistanceM: Infinity,
      medianLossDb: () => 0,
      heldAtFreeSpace: () => false,
      probabilityWithin: (_, d) => (d < 100 || (d >= 200 && d <= 300) ? 1 : 0),
    };
    expect(reachM(dip, 0, 0.5, 0, 1000)).toBeCloseTo(300, 2);
    expect(solidReachM(dip, 0, 0.5, 0, 1000)).toBeCloseTo(100, 2);
  });

  it('ends at the limit and at nothing', () => {
    const bound = bindModel('free-space', link);
    expect(reachM(bound, 200, 0.95, 0, 5000)).toBe(5000);
    expect(reachM(bound, 20, 0.95, 0, 5000)).toBe(0);
    expect(solidReachM(bound, 20, 0.95, 0, 5000)).toBe(0);
  });
});

describe('Jakes area reliability', () => {
  it('agrees with a disc of a million random places to 0.2 %', () => {
    // Loss 10 n lg d with shadowing; the margin at the edge gives 75 % there.
    const [sigma, exponent, edge] = [8, 3.5, 0.75];
    const margin = 0.6744897501960817 * sigma;
    const random = createRandom(1);
    let served = 0;
    const places = 1_000_000;
    for (let i = 0; i < places; i += 2) {
      // Box-Muller: two normal deviates from two uniforms.
      const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
      const turn = 2 * Math.PI * random.next();
      for (const deviate of [radius * Math.cos(turn), radius * Math.sin(turn)]) {
        const gainDb = -10 * exponent * Math.log10(Math.sqrt(1 - random.next()));
        if (margin + gainDb + sigma * deviate >= 0) served++;
      }
    }
    expect(Math.abs(served / places - areaReliability(edge, sigma, exponent))).toBeLessThan(0.002);
  });

  it('is inverted', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.55, max: 0.98, noNaN: true }),
        fc.double({ min: 4, max: 12, noNaN: true }),
        (edge, sigma) => {
          expect(edgeReliability(areaReliability(edge, sigma, 3.5), sigma, 3.5)).toBeCloseTo(edge, 8);
        },
      ),
    );
  });
});
