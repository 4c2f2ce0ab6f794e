import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceM } from '../../src/geo/ellipsoid.ts';
import { pointsWithin } from '../../src/geo/circle.ts';
import { buildGridIndex } from '../../src/geo/grid-index.ts';

const position = fc.tuple(
  fc.double({ min: -1, max: 1, noNaN: true }),
  fc.double({ min: -1, max: 1, noNaN: true }),
);

/** Around a city, the date line, both poles, and with strays far away. */
const centres = [
  { lon: 24.9, lat: 60.2, spread: 0.05 },
  { lon: 180, lat: -17, spread: 0.5 },
  { lon: 10, lat: 89.5, spread: 180 },
  { lon: 0, lat: 0, spread: 90 },
  { lon: -75.7, lat: 45.4, spread: 0 },
];

function wrapLon(lon: number): number {
  return ((((lon + 180) % 360) + 360) % 360) - 180;
}

describe('pointsWithin', () => {
  it.each(centres)(
    'finds what brute force finds around $lon $lat, spread $spread',
    ({ lon, lat, spread }) => {
      const place = ([x, y]: [number, number]): [number, number] => [
        wrapLon(lon + x * spread),
        Math.max(-90, Math.min(90, lat + y * Math.min(spread, 60))),
      ];
      const reach = fc.double({ min: 0, max: spread === 0 ? 10 : spread * 100_000, noNaN: true });
      const cell = fc.double({ min: 50, max: 200_000, noNaN: true });
      fc.assert(
        fc.property(
          fc.array(position, { maxLength: 60 }),
          position,
          reach,
          cell,
          (points, from, within, cellM) => {
            const placed = points.map(place);
            const [fromLon, fromLat] = place(from);
            const grid = buildGridIndex(
              placed.map((p) => p[0]),
              placed.map((p) => p[1]),
              cellM,
            );
            const expected = placed.flatMap(([pLon, pLat], i) => {
              const apartM = distanceM(fromLon, fromLat, pLon, pLat);
              // Beyond rounding of the test distance itself.
              return Math.abs(apartM - within) < 1e-5 ? [] : apartM < within ? [i] : [];
            });
            const onTheEdge = new Set(
              placed.flatMap(([pLon, pLat], i) =>
                Math.abs(distanceM(fromLon, fromLat, pLon, pLat) - within) < 1e-5 ? [i] : [],
              ),
            );
            const found = pointsWithin(grid, fromLon, fromLat, within).filter((i) => !onTheEdge.has(i));
            expect(found).toEqual(expected);
          },
        ),
        { numRuns: 200 },
      );
    },
  );

  it('keeps a city quick beside a stray point: cells stay small', () => {
    const lon = Array.from({ length: 1000 }, (_, i) => 24.9 + (i % 40) * 0.002);
    const lat = Array.from({ length: 1000 }, (_, i) => 60.2 + Math.floor(i / 40) * 0.001);
    const grid = buildGridIndex([...lon, 151], [...lat, -33], 200);
    expect(grid.cellColumn.length).toBeGreaterThan(100);
    expect(pointsWithin(grid, 151, -33, 1000)).toEqual([1000]);
  });

  it('returns nothing from nothing', () => {
    expect(pointsWithin(buildGridIndex([], [], 100), 0, 0, 1e6)).toEqual([]);
  });
});
