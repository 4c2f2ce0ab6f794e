import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cascadedKnifeEdgeLossDb } from '../../src/radio/cascaded-edges.ts';
import { ITM_ERROR, ITM_WARNING, describeItmError, describeItmWarnings } from '../../src/radio/itm/codes.ts';
import { Itm, type ItmLink } from '../../src/radio/itm/itm.ts';
import { locationSigmaDb, P1812, type P1812Link } from '../../src/radio/p1812/basic-loss.ts';
import {
  bullingtonLossDb,
  bullingtonSmoothLossDb,
  deltaBullingtonLossDb,
  knifeEdgeLossDb,
} from '../../src/radio/p526.ts';
import {
  createPathProfile,
  ZONE_COASTAL,
  ZONE_INLAND,
  ZONE_SEA,
  type PathProfile,
} from '../../src/radio/profile.ts';
import { bindTerrainModel } from '../../src/radio/terrain-models.ts';

function profileOf(heights: readonly number[], stepKm: number): PathProfile {
  const profile = createPathProfile(heights.length);
  profile.count = heights.length;
  heights.forEach((height, i) => {
    profile.distanceKm[i] = i * stepKm;
    profile.groundM[i] = height;
    profile.surfaceM[i] = height;
  });
  return profile;
}

const terrain = fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { minLength: 8, maxLength: 80 });
const p1812: P1812Link = {
  frequencyGhz: 0.7,
  timePercent: 50,
  locationPercent: 50,
  locationSigmaDb: 5.5,
  txHeightM: 30,
  rxHeightM: 1.5,
  polarisation: 'vertical',
  deltaN: 45,
  surfaceRefractivityN: 325,
  txCoastKm: 500,
  rxCoastKm: 500,
};
const itm: ItmLink = {
  frequencyMhz: 900,
  txHeightM: 30,
  rxHeightM: 2,
  polarisation: 'vertical',
  climate: 5,
  refractivityN: 301,
  permittivity: 15,
  conductivitySm: 0.005,
  mdvar: 12,
  timePercent: 50,
  locationPercent: 50,
  situationPercent: 50,
};

describe('diffraction (ITU-R P.526)', () => {
  it('loses 6.03 dB at grazing incidence and nothing well above the edge', () => {
    // J(0) = 6.9 + 20 lg(sqrt(1.01) - 0.1) by hand.
    expect(knifeEdgeLossDb(0)).toBeCloseTo(6.0329, 4);
    expect(knifeEdgeLossDb(-0.78)).toBe(0);
    expect(knifeEdgeLossDb(-5)).toBe(0);
  });

  it('is the same in both directions', () => {
    fc.assert(
      fc.property(terrain, fc.double({ min: 0.1, max: 6, noNaN: true }), (heights, f) => {
        const there = profileOf(heights, 0.1);
        const back = profileOf([...heights].reverse(), 0.1);
        const [tx, rx] = [heights[0]! + 30, heights.at(-1)! + 10];
        const lossOf = (path: PathProfile, a: number, b: number): number =>
          deltaBullingtonLossDb(path, path.surfaceM, a, b, a - 30, b - 10, 8500, f, 0, 'vertical');
        const reversed = deltaBullingtonLossDb(
          back,
          back.surfaceM,
          rx,
          tx,
          rx - 10,
          tx - 30,
          8500,
          f,
          0,
          'vertical',
        );
        expect(lossOf(there, tx, rx)).toBeCloseTo(reversed, 6);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('finds the smooth-Earth horizon that a scan of all points finds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 400 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.double({ min: 0.5, max: 500, noNaN: true }),
        fc.double({ min: 0.5, max: 500, noNaN: true }),
        (count, stepKm, tx, rx) => {
          const path = profileOf(new Array<number>(count).fill(0), stepKm);
          const scanned = bullingtonLossDb(path, path.surfaceM, tx, rx, 8500, 1);
          expect(bullingtonSmoothLossDb(path, tx, rx, 8500, 1)).toBeCloseTo(scanned, 9);
        },
      ),
      { seed: 2, numRuns: 300 },
    );
  });

  it('gives one edge its own loss plus the correction of the cascaded method', () => {
    const path = profileOf([0, 0, 0, 0, 0, 80, 0, 0, 0, 0, 0], 1);
    const loss = cascadedKnifeEdgeLossDb(path, path.surfaceM, 10, 10, 1e9, 1);
    // v of 70 m at 5 km + 5 km, wavelength 0.2998 m; side edges lie far below their rays: 0 dB.
    const edge = knifeEdgeLossDb(70 * Math.sqrt((0.002 * 10) / (0.2998 * 25)));
    expect(loss).toBeCloseTo(edge + (1 - Math.exp(-edge / 6)) * (10 + 0.04 * 10), 4);
  });
});

describe('P.1812', () => {
  it('is never below line-of-sight loss and grows with the time percentage', () => {
    fc.assert(
      fc.property(terrain, (heights) => {
        const profile = profileOf(heights, 0.25);
        const losses = [1, 10, 30, 50].map((timePercent) => {
          const model = new P1812({ ...p1812, timePercent });
          const loss = model.lossDb(profile, 50);
          expect(loss).toBeGreaterThanOrEqual(model.terms.lineOfSightDb);
          return loss;
        });
        for (let k = 1; k < losses.length; k++)
          expect(losses[k]!).toBeGreaterThanOrEqual(losses[k - 1]! - 1e-9);
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  it('adds location variability on land but not for a receiver at sea', () => {
    const profile = profileOf(new Array<number>(50).fill(5), 0.5);
    const at = (locationPercent: number): number =>
      new P1812({ ...p1812, locationPercent }).lossDb(profile, 50);
    // 1.6449 is the 95 % quantile; the Recommendation's approximation is good to 4.5e-4.
    expect(at(95) - at(50)).toBeCloseTo(1.6449 * 5.5, 2);
    profile.zone[profile.count - 1] = ZONE_SEA;
    expect(at(95)).toBe(at(50));
  });

  it('takes zones into account: a path over the sea loses less than one over land at 1 % of time', () => {
    const heights = new Array<number>(200).fill(0);
    const profile = profileOf(heights, 1);
    const model = new P1812({ ...p1812, timePercent: 1 });
    const lossWith = (zone: number): number => {
      profile.zone.fill(zone);
      return model.lossDb(profile, 50);
    };
    const [inland, coastal, sea] = [ZONE_INLAND, ZONE_COASTAL, ZONE_SEA].map(lossWith);
    expect(sea!).toBeLessThan(inland! - 5);
    expect(coastal!).toBeLessThanOrEqual(inland!);
  });

  it('spreads locations by cell size, less above the clutter', () => {
    // (0.52 + 0.024 * 0.7) * 100^0.28 by hand: 1.9488.
    expect(locationSigmaDb(0.7, 100, 1.5, 10)).toBeCloseTo(1.9488, 3);
    expect(locationSigmaDb(0.7, 100, 15, 10)).toBeCloseTo(1.9488 / 2, 3);
    expect(locationSigmaDb(0.7, 100, 20, 10)).toBe(0);
  });
});

describe('ITM', () => {
  const level = { intervals: 100, stepM: 100, heightsM: new Float64Array(101) };

  it.each([
    ['txHeightM', 0.4, ITM_ERROR.txHeight],
    ['rxHeightM', 3001, ITM_ERROR.rxHeight],
    ['climate', 8, ITM_ERROR.climate],
    ['refractivityN', 249, ITM_ERROR.refractivity],
    ['frequencyMhz', 20_001, ITM_ERROR.frequency],
    ['permittivity', 0.9, ITM_ERROR.permittivity],
    ['conductivitySm', 0, ITM_ERROR.conductivity],
    ['mdvar', 14, ITM_ERROR.variabilityMode],
    ['situationPercent', 100, ITM_ERROR.situation],
    ['timePercent', 0, ITM_ERROR.time],
    ['locationPercent', 101, ITM_ERROR.location],
  ] as const)('refuses %s = %d with its return code', (parameter, value, code) => {
    const model = new Itm({ ...itm, [parameter]: value });
    expect(model.pointToPoint(level)).toBe(code);
    expect(model.result.lossDb).toBeNaN();
    expect(describeItmError(code)).toContain(`return code ${code}`);
  });

  it('refuses area inputs with their own codes', () => {
    const model = new Itm(itm);
    expect(model.area(0, 90, 0, 0)).toBe(ITM_ERROR.pathDistance);
    expect(model.area(1000, -1, 0, 0)).toBe(ITM_ERROR.terrainIrregularity);
    expect(model.area(1000, 90, 3, 0)).toBe(ITM_ERROR.txSiting);
    expect(model.area(1000, 90, 0, 3)).toBe(ITM_ERROR.rxSiting);
  });

  it('warns bit by bit, in words', () => {
    const model = new Itm({ ...itm, txHeightM: 0.8, frequencyMhz: 30 });
    expect(model.pointToPoint({ ...level, stepM: 5 })).toBe(1);
    const { warnings } = model.result;
    for (const bit of [ITM_WARNING.txHeight, ITM_WARNING.frequency, ITM_WARNING.pathShort]) {
      expect(warnings & bit).toBe(bit);
    }
    expect(describeItmWarnings(ITM_WARNING.txHeight | ITM_WARNING.frequency)).toEqual([
      'transmitter height is outside 1..1000 m',
      'frequency is outside 40..10000 MHz',
    ]);
  });

  it('keeps results apart: a call leaves nothing behind for the next', () => {
    fc.assert(
      fc.property(fc.array(terrain, { minLength: 2, maxLength: 4 }), (paths) => {
        const reused = new Itm(itm);
        for (const heights of paths) {
          const path = { intervals: heights.length - 1, stepM: 200, heightsM: Float64Array.from(heights) };
          reused.pointToPoint(path);
          const fresh = new Itm(itm);
          fresh.pointToPoint(path);
          expect(reused.result).toEqual(fresh.result);
        }
      }),
      { seed: 5, numRuns: 50 },
    );
  });
});

describe('terrain models as coverage uses them', () => {
  it.each(['p1812', 'itm'] as const)('%s never falls below free space and warns outside its range', (id) => {
    const link = {
      frequencyMhz: 700,
      txHeightM: 30,
      rxHeightM: 1.5,
      environment: 'open',
      sigmaDb: null,
    } as const;
    const model = bindTerrainModel(id, link);
    fc.assert(
      fc.property(terrain, fc.double({ min: 0.001, max: 1, noNaN: true }), (heights, stepKm) => {
        const profile = profileOf(heights, stepKm);
        const rise = heights[0]! + 30 - heights.at(-1)! - 1.5;
        const slantM = Math.hypot(1000 * stepKm * (heights.length - 1), rise);
        // 20 lg(4 pi d f / c) at 700 MHz: 29.35 dB at 1 m.
        expect(model.medianLossDb(profile, 50)).toBeGreaterThanOrEqual(29.34 + 20 * Math.log10(slantM));
      }),
      { seed: 6, numRuns: 100 },
    );
    expect(model.warnings).toEqual([]);
    const tooHigh = bindTerrainModel(id, { ...link, frequencyMhz: 28_000 });
    expect(tooHigh.warnings.map(({ model: name, parameter }) => [name, parameter])).toEqual([
      [id, 'frequencyMhz'],
    ]);
  });
});
