import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverWithinGreatCircle } from '../../src/input/instance/great-circle-coverage.ts';
import { buildPointGrid } from '../../src/coverage/point-grid.ts';
import { coverWithinRadius } from '../../src/coverage/radius-coverage.ts';

/** A coarse lattice makes points on the border of a disc and on cell borders the rule rather than the exception. */
const coordinate = fc.oneof(
  fc.integer({ min: -8, max: 8 }),
  fc.integer({ min: -80, max: 80 }).map((tenths) => tenths / 10),
  fc.double({ min: -1e4, max: 1e4, noNaN: true }),
);
const point = fc.tuple(coordinate, coordinate);
const site = fc.tuple(
  coordinate,
  coordinate,
  fc.oneof(fc.integer({ min: 1, max: 10 }), fc.double({ min: 1e-3, max: 2e4, noNaN: true })),
);

describe('coverWithinRadius', () => {
  it('finds what testing every pair finds, border included', () => {
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 1, maxLength: 60 }),
        fc.array(site, { minLength: 1, maxLength: 8 }),
        (points, sites) => {
          const x = Float64Array.from(points, (p) => p[0]);
          const y = Float64Array.from(points, (p) => p[1]);
          const radius = Float64Array.from(sites, (s) => s[2]);
          const grid = buildPointGrid(x, y, radius.reduce((a, b) => a + b, 0) / radius.length);
          const coverage = coverWithinRadius(
            grid,
            Float64Array.from(sites, (s) => s[0]),
            Float64Array.from(sites, (s) => s[1]),
            radius,
          );
          sites.forEach(([sx, sy, r], index) => {
            const found = coverage.demandOfSite.slice(
              coverage.siteStart[index],
              coverage.siteStart[index + 1],
            );
            expect([...found]).toEqual([...found].toSorted((a, b) => a - b));
            const original = [...found].map((demand) => grid.original[demand]!).toSorted((a, b) => a - b);
            const expected = points.flatMap(([px, py], at) => {
              const dx = px - sx;
              const dy = py - sy;
              return dx * dx + dy * dy <= r * r ? [at] : [];
            });
            expect(original).toEqual(expected);
          });
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('coverWithinGreatCircle', () => {
  it('finds what the law of cosines says of every pair, poles and date line included', () => {
    const degrees = fc.tuple(
      fc.oneof(fc.double({ min: -90, max: 90, noNaN: true }), fc.constantFrom(-90, 90, 0)),
      fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.constantFrom(-180, 180, 0)),
    );
    fc.assert(
      fc.property(
        fc.array(degrees, { minLength: 1, maxLength: 30 }),
        degrees,
        fc.double({ min: 1, max: 2e7, noNaN: true }),
        (nodes, [siteLat, siteLon], radiusM) => {
          const sorted = nodes.toSorted((a, b) => a[0] - b[0]);
          const coverage = coverWithinGreatCircle(
            Float64Array.from(sorted, (node) => node[0]),
            Float64Array.from(sorted, (node) => node[1]),
            Float64Array.of(siteLat),
            Float64Array.of(siteLon),
            Float64Array.of(radiusM),
          );
          const radians = Math.PI / 180;
          const expected = sorted.flatMap(([lat, lon], at) => {
            const cosine =
              Math.sin(siteLat * radians) * Math.sin(lat * radians) +
              Math.cos(siteLat * radians) * Math.cos(lat * radians) * Math.cos((lon - siteLon) * radians);
            return 6_378_100 * Math.acos(Math.max(-1, Math.min(1, cosine))) <= radiusM ? [at] : [];
          });
          expect([...coverage.demandOfSite]).toEqual(expected);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('has one degree of latitude at 111.319 km of this sphere (2 pi 6378.1 / 360)', () => {
    const cover = (radiusM: number) =>
      coverWithinGreatCircle(
        Float64Array.of(1),
        Float64Array.of(0),
        Float64Array.of(0),
        Float64Array.of(0),
        Float64Array.of(radiusM),
      );
    expect(cover(111_318).demandOfSite).toHaveLength(0);
    expect(cover(111_320).demandOfSite).toHaveLength(1);
  });
});
