import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildMatrix } from '../../src/coverage/build-matrix.ts';
import { bindRule, type LinkRule } from '../../src/coverage/link-rule.ts';
import { bearingDeg, distanceM } from '../../src/geo/ellipsoid.ts';
import { filePattern } from '../../src/radio/antenna-file.ts';
import { elementAttenuationDb, mountAntenna, wrapDegrees } from '../../src/radio/antenna.ts';
import { isPlain, panelAttenuationDb, worstAttenuationDb } from '../../src/radio/panel.ts';
import { createRandom } from '../../src/random.ts';

const macro = { horizontalBeamwidthDeg: 65, verticalBeamwidthDeg: 10, maxAttenuationDb: 30, sideLobeDb: 30 };
/** Cuts that differ left from right, as measured ones do: 20 dB (1 - cos), 3 dB more on the right. */
const cuts = {
  horizontalDb: Float64Array.from({ length: 360 }, (_, degree) => {
    const right = degree > 0 && degree < 180 ? 3 * Math.sin((degree * Math.PI) / 180) : 0;
    return 10 * (1 - Math.cos((degree * Math.PI) / 180)) + right;
  }),
  verticalDb: Float64Array.from({ length: 360 }, (_, degree) => 12 * (1 - Math.cos((degree * Math.PI) / 90))),
};
const measured = { ...macro, cuts };

describe('panels', () => {
  it('equal the formula when nothing else is given', () => {
    expect(isPlain(macro)).toBe(true);
    expect(panelAttenuationDb(macro, 20, 97, 4)).toBe(elementAttenuationDb(macro, 20, 97, 4));
    expect([isPlain(measured), isPlain({ ...macro, mechanicalTiltDeg: 3 })]).toEqual([false, false]);
  });

  it('lean like a mounted antenna (TR 38.901, 7.1.3), with formula and with cuts', () => {
    const angle = fc.integer({ min: -179, max: 180 });
    fc.assert(
      fc.property(
        angle,
        fc.integer({ min: -60, max: 80 }),
        fc.integer({ min: -10, max: 15 }),
        (azimuth, down, tilt) => {
          const ground = 1000 * Math.cos((down * Math.PI) / 180);
          const east = ground * Math.sin((azimuth * Math.PI) / 180);
          const north = ground * Math.cos((azimuth * Math.PI) / 180);
          const drop = 1000 * Math.sin((down * Math.PI) / 180);
          const mounting = { azimuthDeg: 0, mechanicalTiltDeg: tilt };
          const formula = mountAntenna((a, z) => elementAttenuationDb(macro, a, z, 4), mounting);
          const panel = { ...macro, mechanicalTiltDeg: tilt };
          expect(panelAttenuationDb(panel, azimuth, 90 + down, 4)).toBeCloseTo(
            formula.attenuationDb(east, north, drop),
            6,
          );
          const file = mountAntenna(filePattern(cuts), mounting);
          expect(panelAttenuationDb({ ...panel, cuts }, azimuth, 90 + down, 0)).toBeCloseTo(
            file.attenuationDb(east, north, drop),
            6,
          );
        },
      ),
    );
  });

  it('never attenuate beyond their worst', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -180, max: 180 }),
        fc.integer({ min: 0, max: 180 }),
        (azimuth, zenith) => {
          for (const panel of [macro, measured]) {
            expect(panelAttenuationDb(panel, azimuth, zenith, 0)).toBeLessThanOrEqual(
              worstAttenuationDb(panel),
            );
          }
        },
      ),
    );
  });

  it('decide coverage pair by pair: antenna file and leaning panel', async () => {
    const random = createRandom(5);
    const scatter = (count: number): { lon: number[]; lat: number[] } => ({
      lon: Array.from({ length: count }, () => 24.9 + 0.06 * (random.next() - 0.5)),
      lat: Array.from({ length: count }, () => 60.2 + 0.03 * (random.next() - 0.5)),
    });
    const [demand, sites] = [scatter(400), scatter(3)];
    for (const pattern of [measured, { ...macro, mechanicalTiltDeg: 8 }]) {
      const rule: LinkRule = {
        modelId: 'hata',
        link: { frequencyMhz: 900, txHeightM: 30, rxHeightM: 1.5, environment: 'medium-city', sigmaDb: null },
        maxLossDb: 138,
        locationProbability: 0.95,
        extraSigmaDb: 0,
        maxReachM: 20_000,
        sectors: { azimuthsDeg: [20, 150], electricalTiltDeg: 2, pattern },
      };
      const bound = bindRule(rule);
      const { matrix } = await buildMatrix({ demand, sites, ruleOfSite: [0, 0, 0], rules: [rule] });
      const served = sites.lon.map((lon, s) =>
        demand.lon.flatMap((userLon, i) => {
          const ends = [lon, sites.lat[s]!, userLon, demand.lat[i]!] as const;
          const apartM = distanceM(...ends);
          const zenith = 90 + (Math.atan2(28.5, apartM) * 180) / Math.PI;
          const attenuations = [20, 150].map((boresight) =>
            panelAttenuationDb(pattern, wrapDegrees(bearingDeg(...ends) - boresight), zenith, 2),
          );
          const spare = 138 - Math.min(...attenuations);
          return bound.probabilityWithin(spare, apartM, 0) >= 0.95 ? [i] : [];
        }),
      );
      const rows = served.map((_, s) => [
        ...matrix.demandOfSite.subarray(matrix.siteStart[s]!, matrix.siteStart[s + 1]!),
      ]);
      expect(rows).toEqual(served);
      expect(served.flat().length).toBeGreaterThan(50);
      expect(served.flat().length).toBeLessThan(1100);
    }
  });
});
