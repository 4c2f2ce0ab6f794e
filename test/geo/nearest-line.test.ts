import fc from 'fast-check';
import geographiclib from 'geographiclib-geodesic';
import { describe, expect, it } from 'vitest';
import { indexLines, type LonLat } from '../../src/geo/nearest-line.ts';

const { WGS84 } = geographiclib.Geodesic;

const geodesicM = (lonA: number, latA: number, lonB: number, latB: number): number =>
  WGS84.Inverse(latA, lonA, latB, lonB).s12!;

/**
 * Brute force: along every segment (straight in longitude and latitude) the geodesic distance at 200 places, then ten
 * rounds of ten around the best. Reference for the distance itself: Karney's geographiclib.
 */
function bruteForceM(lines: readonly (readonly LonLat[])[], lon: number, lat: number): number {
  let best = Infinity;
  for (const line of lines) {
    if (line.length === 1) best = Math.min(best, geodesicM(lon, lat, ...line[0]!));
    for (let k = 0; k + 1 < line.length; k++) {
      const [[lonA, latA], [lonB, latB]] = [line[k]!, line[k + 1]!];
      const at = (t: number): number =>
        geodesicM(lon, lat, lonA + (lonB - lonA) * t, latA + (latB - latA) * t);
      let width = 1 / 200;
      let bestT = 0;
      for (let s = 0; s <= 200; s++) if (at(s / 200) < at(bestT)) bestT = s / 200;
      for (let round = 0; round < 6; round++, width /= 5) {
        for (let s = -5; s <= 5; s++) {
          const t = Math.min(1, Math.max(0, bestT + (s * width) / 5));
          if (at(t) < at(bestT)) bestT = t;
        }
      }
      best = Math.min(best, at(bestT));
    }
  }
  return best;
}

describe('nearest place of a line', () => {
  it('equals a brute-force search with geodesics within 2 cm, at any latitude', () => {
    const network = fc.record({
      lon: fc.double({ min: -170, max: 170, noNaN: true }),
      lat: fc.double({ min: -55, max: 70, noNaN: true }),
      lines: fc.array(
        fc.array(
          fc.tuple(
            fc.double({ min: -0.05, max: 0.05, noNaN: true }),
            fc.double({ min: -0.05, max: 0.05, noNaN: true }),
          ),
          {
            minLength: 1,
            maxLength: 4,
          },
        ),
        { minLength: 1, maxLength: 4 },
      ),
      site: fc.tuple(
        fc.double({ min: -0.1, max: 0.1, noNaN: true }),
        fc.double({ min: -0.1, max: 0.1, noNaN: true }),
      ),
    });
    fc.assert(
      fc.property(network, ({ lon, lat, lines, site }) => {
        const moved = lines.map((line) => line.map(([x, y]): LonLat => [lon + x, lat + y]));
        const [siteLon, siteLat] = [lon + site[0], lat + site[1]];
        const found = indexLines(moved).nearest(siteLon, siteLat)!;
        expect(Math.abs(found.distanceM - bruteForceM(moved, siteLon, siteLat))).toBeLessThan(0.02);
        expect(Math.abs(found.distanceM - geodesicM(siteLon, siteLat, found.lon, found.lat))).toBeLessThan(
          0.02,
        );
      }),
      { numRuns: 40 },
    );
  });

  it('finds the one point of a network far away, and nothing where there is no network', () => {
    // Quito to Singapore, half round the world: the widest circles are not asked.
    const far = indexLines([[[103.8, 1.35]]]).nearest(-78.5, -0.2)!;
    expect([far.lon, far.lat]).toEqual([103.8, 1.35]);
    // Near the antipode the chord of a mean sphere is 1.4 % off; the place is the same.
    expect(far.distanceM / geodesicM(-78.5, -0.2, 103.8, 1.35)).toBeCloseTo(1, 1);
    expect(indexLines([]).nearest(0, 0)).toBeNull();
  });

  it('goes the short way over the antimeridian', () => {
    const found = indexLines([
      [
        [179.99, 10],
        [-179.99, 10],
      ],
    ]).nearest(180, 10.001)!;
    expect(found.distanceM).toBeCloseTo(geodesicM(180, 10.001, 180, 10), 1);
  });
});
