import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mixtureMedianDb } from '../../src/radio/bound-model.ts';
import { freeSpaceLossDb } from '../../src/radio/free-space.ts';
import type { LinkParameters } from '../../src/radio/model.ts';
import { MODEL_IDS } from '../../src/radio/model-ids.ts';
import { bindModel, PROPAGATION_MODELS } from '../../src/radio/models.ts';
import { okumuraHataLossDb } from '../../src/radio/okumura-hata.ts';
import { umaLosLossDb, umaLosProbability, umaNlosLossDb } from '../../src/radio/tr38901-uma.ts';
import { umiLosLossDb, umiNlosLossDb } from '../../src/radio/tr38901-umi.ts';
import { rmaLosLossDb, rmaNlosLossDb } from '../../src/radio/tr38901-rma.ts';

const link = (changes: Partial<LinkParameters> = {}): LinkParameters => ({
  frequencyMhz: 1800,
  txHeightM: 30,
  rxHeightM: 1.5,
  environment: 'medium-city',
  sigmaDb: null,
  ...changes,
});

const anyLink = fc.record({
  frequencyMhz: fc.double({ min: 450, max: 3800, noNaN: true }),
  txHeightM: fc.double({ min: 5, max: 200, noNaN: true }),
  rxHeightM: fc.double({ min: 1, max: 10, noNaN: true }),
  environment: fc.constantFrom('large-city', 'medium-city', 'suburban', 'open'),
  sigmaDb: fc.constantFrom(null, 6),
});
const anyDistance = fc.double({ min: 0, max: 50_000, noNaN: true });
const anyModel = fc.constantFrom(...MODEL_IDS);

describe('bound models', () => {
  it('worked by hand: Hata urban, 900 MHz, 30 m / 1.5 m, 1 km is 126.40 dB', () => {
    const bound = bindModel('hata', link({ frequencyMhz: 900 }));
    expect(bound.medianLossDb(1000)).toBeCloseTo(126.4, 2);
    expect(okumuraHataLossDb(1000, 900, 30, 1.5, 'medium-city')).toBeCloseTo(126.4, 2);
  });

  it('never falls below free space over the slant distance, and says where it would', () => {
    fc.assert(
      fc.property(anyModel, anyLink, anyDistance, (id, parameters, distanceM) => {
        const bound = bindModel(id, parameters);
        const slantM = Math.max(1, Math.hypot(distanceM, parameters.txHeightM - parameters.rxHeightM));
        const freeDb = freeSpaceLossDb(slantM, parameters.frequencyMhz);
        expect(bound.medianLossDb(distanceM)).toBeGreaterThanOrEqual(freeDb - 1e-9);
        if (bound.heldAtFreeSpace(distanceM) && !['uma', 'umi', 'rma', 'inh'].includes(id)) {
          expect(bound.medianLossDb(distanceM)).toBeCloseTo(freeDb, 9);
        }
      }),
    );
  });

  it('Hata open with a tall antenna falls below free space inside its range and is held there', () => {
    const parameters = link({ frequencyMhz: 900, txHeightM: 200, environment: 'open' });
    const bound = bindModel('hata', parameters);
    expect(okumuraHataLossDb(1000, 900, 200, 1.5, 'open')).toBeLessThan(freeSpaceLossDb(1000, 900));
    expect(bound.heldAtFreeSpace(1000)).toBe(true);
    expect(bound.medianLossDb(1000)).toBeCloseTo(freeSpaceLossDb(Math.hypot(1000, 198.5), 900), 9);
  });

  it('the median is where half the links are within', () => {
    fc.assert(
      fc.property(
        anyModel,
        anyLink,
        fc.double({ min: 20, max: 20_000, noNaN: true }),
        (id, parameters, d) => {
          const bound = bindModel(id, parameters);
          expect(bound.probabilityWithin(bound.medianLossDb(d), d, 0)).toBeCloseTo(0.5, 6);
        },
      ),
    );
  });

  it('a larger allowed loss never serves less', () => {
    fc.assert(
      fc.property(
        anyModel,
        anyLink,
        anyDistance,
        fc.nat(200),
        fc.nat(30),
        (id, parameters, d, loss, more) => {
          const bound = bindModel(id, parameters);
          const p = bound.probabilityWithin(loss, d, 3);
          expect(p).toBeGreaterThanOrEqual(0);
          expect(bound.probabilityWithin(loss + more, d, 3)).toBeGreaterThanOrEqual(p - 1e-12);
        },
      ),
    );
  });

  it('an indoor spread counts in quadrature', () => {
    const bound = bindModel('hata', link({ sigmaDb: 6 }));
    const wide = bindModel('hata', link({ sigmaDb: 10 }));
    expect(bound.probabilityWithin(140, 3000, 8)).toBeCloseTo(wide.probabilityWithin(140, 3000, 0), 12);
  });

  it('the scenario sigma replaces the model sigma in both states', () => {
    expect(bindModel('uma', link({ sigmaDb: 9 })).sigmaDb).toBe(9);
    expect(bindModel('uma', link()).sigmaDb).toBe(6);
    expect(bindModel('hata', link()).sigmaDb).toBe(8);
  });

  it('mixes LOS and NLOS by their probability (design, section 5 rule 2)', () => {
    const bound = bindModel('uma', link({ txHeightM: 25 }));
    const d = 300;
    const share = umaLosProbability(d, 1.5);
    const los = umaLosLossDb(d, 1800, 25, 1.5);
    const nlos = umaNlosLossDb(d, 1800, 25, 1.5);
    // At the NLOS median exactly half of the NLOS links are within; Phi(5.7) of the LOS ones (1 - 6e-9).
    expect(nlos - los).toBeGreaterThan(4 * 4);
    expect(bound.probabilityWithin(nlos, d, 0)).toBeCloseTo(share + (1 - share) / 2, 4);
  });

  it('38.901 NLOS never falls below LOS', () => {
    const heights = [25, 10, 35] as const;
    fc.assert(
      fc.property(
        fc.double({ min: 10, max: 5000, noNaN: true }),
        fc.double({ min: 500, max: 6000, noNaN: true }),
        (d, f) => {
          expect(umaNlosLossDb(d, f, heights[0], 1.5)).toBeGreaterThanOrEqual(
            umaLosLossDb(d, f, heights[0], 1.5),
          );
          expect(umiNlosLossDb(d, f, heights[1], 1.5)).toBeGreaterThanOrEqual(
            umiLosLossDb(d, f, heights[1], 1.5),
          );
          expect(rmaNlosLossDb(d, f, heights[2], 1.5)).toBeGreaterThanOrEqual(
            rmaLosLossDb(d, f, heights[2], 1.5),
          );
        },
      ),
    );
  });

  it('the median of a mixture lies between both and equals a pure state at the ends', () => {
    expect(mixtureMedianDb(1, 100, 4, 130, 6)).toBe(100);
    expect(mixtureMedianDb(0, 100, 4, 130, 6)).toBe(130);
    // Equal shares of equal spreads: the middle, by symmetry.
    expect(mixtureMedianDb(0.5, 100, 5, 120, 5)).toBeCloseTo(110, 9);
  });

  it('every id of the registry binds under its own name', () => {
    expect(PROPAGATION_MODELS.map(({ id }) => id)).toEqual([...MODEL_IDS]);
    for (const { id, bind } of PROPAGATION_MODELS) expect(bind(link()).name).toBe(id);
  });
});

describe('validity warnings', () => {
  it.each([
    ['hata', 'frequencyMhz', 150, 1500],
    ['hata', 'txHeightM', 30, 200],
    ['hata', 'rxHeightM', 1, 10],
    ['cost231', 'frequencyMhz', 1500, 2000],
    ['extended-hata', 'frequencyMhz', 30, 3000],
    ['rma', 'txHeightM', 10, 150],
    ['rma', 'frequencyMhz', 500, 30_000],
    ['uma', 'rxHeightM', 1.5, 22.5],
    ['sui', 'frequencyMhz', 1900, 3700],
    ['ericsson9999', 'frequencyMhz', 150, 1900],
    ['spm', 'txHeightM', 20, 200],
  ] as const)('%s: %s outside %d..%d is named, both ends are inside', (id, parameter, min, max) => {
    const warned = (value: number): string[] =>
      bindModel(id, link({ [parameter]: value })).warnings.map((warning) => warning.parameter);
    expect(warned(min)).not.toContain(parameter);
    expect(warned(max)).not.toContain(parameter);
    expect(warned(min * (1 - 1e-6))).toContain(parameter);
    expect(warned(max * (1 + 1e-6))).toContain(parameter);
  });

  it('distances are left to the caller to count, with the published ends', () => {
    const bound = bindModel('cost231', link());
    expect([bound.minDistanceM, bound.maxDistanceM]).toEqual([1000, 20_000]);
    expect(bound.warnings).toEqual([]);
  });
});
