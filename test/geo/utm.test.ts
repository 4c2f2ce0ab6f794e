import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utmZoneAt } from '../../src/geo/utm.ts';

describe('utmZoneAt', () => {
  it('names the zones of known cities', () => {
    expect(utmZoneAt(24.94, 60.17).name).toBe('35N');
    expect(utmZoneAt(-75.7, 45.42).name).toBe('18N');
    expect(utmZoneAt(-34.88, -8.05).name).toBe('25S');
    expect(utmZoneAt(180, 1).zone).toBe(1);
  });

  it('puts the central meridian at 500 km east and the equator at 0 (definition of UTM)', () => {
    const [east, north] = utmZoneAt(27, 0).toMetres(27, 0);
    expect(east).toBeCloseTo(500_000, 6);
    expect(north).toBeCloseTo(0, 6);
  });

  it('returns the position after there and back', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -180, max: 179.99, noNaN: true }),
        fc.double({ min: -80, max: 80, noNaN: true }),
        (lon, lat) => {
          const zone = utmZoneAt(lon, lat);
          const [backLon, backLat] = zone.toDegrees(...zone.toMetres(lon, lat));
          expect(backLon).toBeCloseTo(lon, 8);
          expect(backLat).toBeCloseTo(lat, 8);
        },
      ),
    );
  });
});
