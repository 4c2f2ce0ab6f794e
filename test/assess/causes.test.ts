import { describe, expect, it } from 'vitest';
import { likelyCauses } from '../../src/assess/causes.ts';
import { terrainBetween } from '../../src/assess/terrain-cause.ts';
import type { EffectiveSamples } from '../../src/coverage/effective-samples.ts';
import type { GeoGrid } from '../../src/geo/geo-grid.ts';
import { areaAt, at, demand, sites, zone } from './four-places.ts';

describe('likelyCauses', () => {
  const scenario = {
    service: { indoorLossDb: 0, rsrpDbm: -105 },
    radio: {},
  } as unknown as Parameters<typeof likelyCauses>[1]['scenario'];
  const inputs = {
    demand,
    samples: null,
    cellNames: [],
    existing: null,
    terrain: null,
    loads: null,
    scenario,
    reachM: () => 800,
  };
  const area = areaAt('W1', 100, [0]);

  /** Samples in the square of the area, each with a cell and a level. */
  const samplesOf = (rows: readonly (readonly [cell: number, level: number])[]): EffectiveSamples => ({
    count: rows.length,
    lon: Float64Array.from(rows, () => at(100)[0]),
    lat: Float64Array.from(rows, () => at(100)[1]),
    eastM: Float64Array.from(rows, () => 440_100),
    northM: Float64Array.from(rows, () => 4_472_100),
    levelDbm: Float64Array.from(rows, ([, level]) => level),
    period: new Uint8Array(rows.length),
    cell: Int32Array.from(rows, ([cell]) => cell),
    readings: new Uint32Array(rows.length).fill(1),
    zone,
  });
  const twice = (cells: readonly number[], level: number): [number, number][] =>
    cells.flatMap((cell): [number, number][] => [
      [cell, level],
      [cell, level],
    ]);

  it('says unknown where the data show nothing', () => {
    expect(likelyCauses(area, inputs)).toEqual([
      { code: 'unknown', figure: null, missing: ['sites', 'cells', 'terrain', 'capacities'] },
    ]);
  });

  it('names the distance where the nearest site is out of reach', () => {
    const [cause] = likelyCauses(area, { ...inputs, existing: sites(1600) });
    expect(cause?.code).toBe('no-site-near');
    // 1600 - 100 m on the grid; the ellipsoid and the UTM scale differ by less than 0.1 %.
    expect(Math.abs(cause!.figure! - 1500)).toBeLessThan(3);
    expect(likelyCauses(area, { ...inputs, existing: sites(600) })[0]?.code).toBe('unknown');
  });

  it('counts cells within 6 dB: four are pilot pollution, three are not', () => {
    const four = likelyCauses(area, { ...inputs, samples: samplesOf(twice([0, 1, 2, 3], -100)) });
    expect(four).toEqual([{ code: 'pilot-pollution', figure: 4 }]);
    const rows = [...twice([0, 1, 2], -100), ...twice([3], -107)];
    expect(likelyCauses(area, { ...inputs, samples: samplesOf(rows) })[0]?.code).toBe('unknown');
  });

  it('sees overshoot where most samples are served past a site less than half as far', () => {
    const overshot = { ...inputs, existing: sites(600, 5100), cellNames: ['cell-600', 'cell-5100'] };
    const far = likelyCauses(area, { ...overshot, samples: samplesOf(twice([1], -100)) });
    expect(far[0]?.code).toBe('overshoot');
    const near = likelyCauses(area, { ...overshot, samples: samplesOf(twice([0], -100)) });
    expect(near[0]?.code).toBe('unknown');
  });

  it('says that an area is not proven weak where the level expected is enough and most users are not measured', () => {
    const expected = { ...area, medianDbm: -104 };
    // A quarter of the users measured; a site near or not changes nothing of that.
    const quarter = { ...expected, measuredUsersMilli: area.usersMilli / 4 };
    expect(likelyCauses(quarter, inputs)).toEqual([{ code: 'unproven', figure: 25 }]);
    expect(likelyCauses(quarter, { ...inputs, existing: sites(1600) }).map(({ code }) => code)).toEqual([
      'unproven',
      'no-site-near',
    ]);
  });

  it('never calls an area unproven that readings have shown to be weak, is a hole, or is expected to be weak', () => {
    const expected = { ...area, medianDbm: -104 };
    for (const proven of [
      { ...expected, measuredUsersMilli: area.usersMilli / 2 },
      { ...expected, severity: 'hole' as const },
      { ...expected, medianDbm: -105.1 },
      { ...expected, medianDbm: NaN },
    ]) {
      expect(likelyCauses(proven, inputs)[0]?.code).toBe('unknown');
    }
  });

  it('blames the building where the level outside is enough', () => {
    const indoor = {
      ...inputs,
      scenario: { ...scenario, service: { ...scenario.service, indoorLossDb: 12 } },
    };
    // -112 + 12 = -100 dBm outside, -105 asked for.
    expect(likelyCauses(area, indoor)).toEqual([{ code: 'indoor', figure: 12 }]);
  });

  describe('terrain', () => {
    const [west] = at(-500);
    const [east] = at(6500);
    const [, lat] = at(0);
    /** Flat ground with a ridge of some height across the line, 600 m east of the corner. */
    const groundWith = (ridgeM: number): GeoGrid => {
      const columns = 700;
      const stepLonDeg = (east - west) / columns;
      const ridge = Math.round((at(600)[0] - west) / stepLonDeg);
      const row = Float32Array.from({ length: columns }, (_, k) => (Math.abs(k - ridge) <= 2 ? ridgeM : 0));
      const rows = 5;
      const values = new Float32Array(columns * rows);
      for (let r = 0; r < rows; r++) values.set(row, r * columns);
      return { values, columns, rows, west, north: lat + 0.002, stepLonDeg, stepLatDeg: 0.001 };
    };
    // A mast of 30 m stands 1000 m from the place at 100 m; the ridge lies half-way, where the ray is 15.75 m high.
    const withRidge = (ridgeM: number, ...masts: number[]) => ({
      demand,
      existing: sites(...masts),
      terrain: { grid: groundWith(ridgeM), clutter: null, stepM: 10 },
      radio: { heightM: 30, userHeightM: 1.5, frequencyMhz: 800 },
      rsrpDbm: -105,
      reachM: 1500,
    });

    it('names a ridge between the place and every near site, with the loss of Bullington’s construction', () => {
      const cause = terrainBetween(area, withRidge(60, 1100));
      // The edge stands 60 - 15.75 m above the ray, with the Earth's bulge of 0.015 m: v = 44.27 sqrt(2 x 1000 /
      // (0.3747 x 500 x 500)) = 6.47, J = 6.9 + 20 lg(sqrt(6.37^2 + 1) + 6.37) = 29.1 dB (P.526-15, equation (31)); with
      // equation (54) + (1 - e^(-29.1/6)) x 10.02 = 9.9 dB more.
      expect(cause?.code).toBe('terrain');
      expect(Math.abs(cause!.figure! - 39)).toBeLessThanOrEqual(1);
    });

    it('does not where another near site sees the place, the ridge is low, or the loss would not explain the level', () => {
      expect(terrainBetween(area, withRidge(60, 1100, 350))).toBeNull();
      expect(terrainBetween(area, withRidge(5, 1100))).toBeNull();
      expect(terrainBetween({ ...area, medianDbm: -150 }, withRidge(60, 1100))).toBeNull();
    });

    it('stands among the causes of an area', () => {
      const { existing, terrain, radio } = withRidge(60, 1100);
      const given = { ...inputs, existing, terrain, reachM: () => 1500 };
      const causes = likelyCauses(area, {
        ...given,
        scenario: { ...scenario, radio: { ...scenario.radio, ...radio } },
      });
      expect(causes.map(({ code }) => code)).toEqual(['terrain']);
    });
  });
});
