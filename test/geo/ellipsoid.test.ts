import fc from 'fast-check';
import geographiclib from 'geographiclib-geodesic';
import { describe, expect, it } from 'vitest';
import { bearingDeg, chordOfDistanceM, distanceM, distanceOfChordM } from '../../src/geo/ellipsoid.ts';

const { WGS84 } = geographiclib.Geodesic;
const anywhere = fc.record({
  lon: fc.double({ min: -180, max: 180, noNaN: true }),
  lat: fc.double({ min: -89.9, max: 89.9, noNaN: true }),
  azimuth: fc.double({ min: 0, max: 360, noNaN: true }),
});

describe('distanceM', () => {
  it('is within 2 mm of the geodesic up to 50 km, anywhere (reference: Karney, geographiclib)', () => {
    fc.assert(
      fc.property(anywhere, fc.double({ min: 0, max: 50_000, noNaN: true }), (from, lengthM) => {
        const to = WGS84.Direct(from.lat, from.lon, from.azimuth, lengthM);
        expect(Math.abs(distanceM(from.lon, from.lat, to.lon2!, to.lat2!) - lengthM)).toBeLessThan(0.002);
      }),
      { numRuns: 2000 },
    );
  });

  it('is within 1 m up to 400 km', () => {
    fc.assert(
      fc.property(anywhere, fc.double({ min: 50_000, max: 400_000, noNaN: true }), (from, lengthM) => {
        const to = WGS84.Direct(from.lat, from.lon, from.azimuth, lengthM);
        expect(Math.abs(distanceM(from.lon, from.lat, to.lon2!, to.lat2!) - lengthM)).toBeLessThan(1);
      }),
      { numRuns: 1000 },
    );
  });

  it('crosses the date line the short way', () => {
    // One hundredth of a degree of the equator: 6378137 pi / 18000.
    expect(distanceM(179.995, 0, -179.995, 0)).toBeCloseTo(1113.1949, 3);
  });
});

describe('chordOfDistanceM', () => {
  it('undoes distanceOfChordM', () => {
    for (const lengthM of [0, 1, 300, 5000, 30_000, 1e6]) {
      expect(distanceOfChordM(chordOfDistanceM(lengthM))).toBeCloseTo(lengthM, 6);
    }
  });
});

describe('bearingDeg', () => {
  it('is the azimuth of the geodesic within 0.01 degrees up to 50 km below 80 degrees of latitude', () => {
    fc.assert(
      fc.property(anywhere, fc.double({ min: 1, max: 50_000, noNaN: true }), (from, lengthM) => {
        fc.pre(Math.abs(from.lat) < 80);
        const to = WGS84.Direct(from.lat, from.lon, from.azimuth, lengthM);
        const turn = bearingDeg(from.lon, from.lat, to.lon2!, to.lat2!) - from.azimuth;
        expect(Math.abs(((turn + 540) % 360) - 180)).toBeLessThan(0.01);
      }),
      { numRuns: 2000 },
    );
  });
});
