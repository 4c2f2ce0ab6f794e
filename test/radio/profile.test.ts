import { Geodesic } from 'geographiclib-geodesic';
import { describe, expect, it } from 'vitest';
import {
  createPathProfile,
  fillGaps,
  greatCircleKm,
  latitudeAlongPath,
  sampleProfile,
} from '../../src/radio/profile.ts';
import { sampleGrid } from '../../src/geo/geo-grid.ts';
import { gridOf } from '../support/grids.ts';

/** Geodesics of a sphere of 6371 km, by Karney's library. */
const sphere = new Geodesic.Geodesic(6_371_000, 0);

describe('profiles along the great circle', () => {
  it('follow the great circle and the plane of the ground to 0.02 m over 30 km', () => {
    const height = (lon: number, lat: number): number => 100 + 1000 * (lon - 10) + 700 * (lat - 50);
    const grid = gridOf({ west: 9.9, south: 49.9, east: 10.6, north: 50.4 }, height);
    const profile = createPathProfile(2000);
    const from = [10.01, 50.02] as const;
    const to = [10.4, 50.25] as const;
    const lengthKm = sampleProfile(profile, grid, ...from, ...to, 60);
    const line = sphere.InverseLine(from[1], from[0], to[1], to[0]);
    expect(lengthKm * 1000).toBeCloseTo(line.s13, 3);
    for (let i = 0; i < profile.count; i++) {
      const { lat2, lon2 } = line.Position(profile.distanceKm[i]! * 1000);
      // 0.2 m off the circle is 0.2 m * 1000 m/degree / 71 km: the plane changes by 0.003 m.
      expect(Math.abs(profile.groundM[i]! - height(lon2!, lat2!))).toBeLessThan(0.02);
    }
    expect(profile.distanceKm[1]! * 1000).toBeLessThanOrEqual(60);
  });

  it('take at least five points however short the path, and mark what lies outside', () => {
    const grid = gridOf({ west: 10, south: 50, east: 10.1, north: 50.1 }, () => 5);
    const profile = createPathProfile(200);
    sampleProfile(profile, grid, 10.05, 50.05, 10.0501, 50.05, 60);
    expect(profile.count).toBe(5);
    sampleProfile(profile, grid, 10.05, 50.05, 10.2, 50.05, 100);
    expect(profile.groundM[0]).toBe(5);
    expect(profile.groundM[profile.count - 1]).toBeNaN();
    expect(fillGaps(profile.groundM, profile.count)).toBe(-1);
  });

  it('interpolate between cell centres as sampleGrid does', () => {
    const grid = gridOf(
      { west: 10, south: 50, east: 10.2, north: 50.2 },
      (lon, lat) => 50 * Math.sin(700 * lon + 900 * lat),
    );
    const profile = createPathProfile(500);
    sampleProfile(profile, grid, 10.02, 50.03, 10.04, 50.03, 30);
    for (let i = 0; i < profile.count; i++) {
      const lon = 10.02 + (0.02 * i) / (profile.count - 1);
      expect(profile.groundM[i]!).toBeCloseTo(sampleGrid(grid, lon, 50.03), 1);
    }
  });

  it('bridge holes on a straight line', () => {
    const heights = Float64Array.of(10, NaN, NaN, 40, NaN, 60);
    expect(fillGaps(heights, 6)).toBe(3);
    expect([...heights]).toEqual([10, 20, 30, 40, 50, 60]);
  });

  it('know the latitude of their middle', () => {
    const line = sphere.InverseLine(53, -6, 51, 8);
    const half = line.Position(line.s13 / 2);
    expect(latitudeAlongPath(-6, 53, 8, 51, line.s13 / 2000)).toBeCloseTo(half.lat2!, 9);
    expect(greatCircleKm(-6, 53, 8, 51)).toBeCloseTo(line.s13 / 1000, 6);
  });
});
