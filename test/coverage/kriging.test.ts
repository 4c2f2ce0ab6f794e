import { describe, expect, it } from 'vitest';
import { createKriging } from '../../src/coverage/kriging.ts';
import { fitVariogram, type SpatialValues } from '../../src/coverage/variogram.ts';
import { createRandom, type Random } from '../../src/random.ts';

/** Metres east and north of a place on the equator: 1 degree is 6378137 pi / 180 east, 110574.3 north. */
const LON_M = 1 / 111_319.490793;
const LAT_M = 1 / 110_574.2758;

function along(eastM: readonly number[], value: readonly number[]): SpatialValues {
  return { lon: eastM.map((m) => m * LON_M), lat: eastM.map(() => 0), value };
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/**
 * An exponential field on a line by its exact recursion: z(x + h) = r z(x) + sqrt(1 - r²) e, r = exp(-h / range),
 * plus noise on each reading.
 */
function lineField(count: number, stepM: number, rangeM: number, sd: number, noise: number, seed: number) {
  const random = createRandom(seed);
  const r = Math.exp(-stepM / rangeM);
  const truth: number[] = [];
  let z = normal(random);
  for (let i = 0; i < count; i++) {
    truth.push(-90 + sd * z);
    z = r * z + Math.sqrt(1 - r * r) * normal(random);
  }
  return { truth, reading: truth.map((value) => value + noise * normal(random)) };
}

describe('createKriging', () => {
  it('solves a system worked by hand: two values, no nugget, target in the middle', () => {
    // c = s e^-1/2 to both, between them s e^-1 (range 100 m, 50 m and 100 m apart). By symmetry w = 1/2 each, and
    // variance = γ-form: 2 sum w γ(i,0) - sum w w γ(i,j) = 2 s (1 - e^-1/2) - s (1 - e^-1) / 2.
    const kriging = createKriging(
      along([0, 100], [-80, -100]),
      { rangeM: 100, sillDb2: 36, nuggetDb2: 0 },
      { maxDistanceM: 500 },
    );
    const estimate = kriging(50 * LON_M, 0);
    const variance = 2 * 36 * (1 - Math.exp(-0.5)) - (36 * (1 - Math.exp(-1))) / 2;
    expect(estimate?.mean).toBeCloseTo(-90, 6);
    expect(estimate?.sd).toBeCloseTo(Math.sqrt(variance), 4);
    expect(estimate?.neighbours).toBe(2);
  });

  it('solves three values on a line worked by hand', () => {
    // Values at 0, 100 and 300 m, target at 40 m, range 100 m, sill 1.
    const range = 100;
    const at = [0, 100, 300];
    const kriging = createKriging(
      along(at, [1, 0, 0]),
      { rangeM: range, sillDb2: 1, nuggetDb2: 0 },
      { maxDistanceM: 1000 },
    );
    const rho = (h: number) => Math.exp(-Math.abs(h) / range);
    // An exponential covariance on a line is Markov: only the two neighbours have a simple-kriging weight, and C⁻¹ is
    // tridiagonal, so C⁻¹1 can be written down. Then the correction for the unknown mean.
    const d = 1 - rho(100) ** 2;
    const simple = [(rho(40) - rho(60) * rho(100)) / d, (rho(60) - rho(40) * rho(100)) / d, 0];
    const inverseOnes = [
      1 / (1 + rho(100)),
      1 - rho(100) / (1 + rho(100)) - rho(200) / (1 + rho(200)),
      1 / (1 + rho(200)),
    ];
    const lambda = (simple.reduce((a, b) => a + b) - 1) / inverseOnes.reduce((a, b) => a + b);
    const first = simple[0]! - lambda * inverseOnes[0]!;
    expect(kriging(40 * LON_M, 0)?.mean).toBeCloseTo(first, 6);
  });

  it('smooths a reading with a nugget: one value keeps it, its own spread doubles the nugget', () => {
    // n = 1: mean is the value, variance = C(0) + (sill + nugget) - 2 c = 2 nugget at distance 0.
    const kriging = createKriging(
      along([0], [-77]),
      { rangeM: 100, sillDb2: 25, nuggetDb2: 9 },
      { maxDistanceM: 100 },
    );
    expect(kriging(0, 0)?.mean).toBeCloseTo(-77, 9);
    expect(kriging(0, 0)?.sd).toBeCloseTo(Math.sqrt(18), 6);
  });

  it('repeats a value exactly without a nugget and says nothing beyond its distance', () => {
    const points = along([0, 80, 200, 290], [-70, -95, -88, -101]);
    const kriging = createKriging(points, { rangeM: 60, sillDb2: 40, nuggetDb2: 0 }, { maxDistanceM: 300 });
    expect(kriging(80 * LON_M, 0)?.mean).toBeCloseTo(-95, 4);
    expect(kriging(80 * LON_M, 0)?.sd).toBeCloseTo(0, 2);
    expect(kriging(0, 400 * LAT_M)).toBeNull();
  });

  it('stays sound with several values at one place', () => {
    const kriging = createKriging(
      along([10, 10, 10], [-80, -90, -100]),
      { rangeM: 50, sillDb2: 30, nuggetDb2: 0 },
      { maxDistanceM: 100 },
    );
    expect(kriging(10 * LON_M, 0)?.mean).toBeCloseTo(-90, 3);
  });

  it('is honest on simulated fields: nine in ten readings to come lie within 1.645 standard deviations', () => {
    let inside = 0;
    let asked = 0;
    for (let seed = 1; seed <= 10; seed++) {
      const { reading } = lineField(400, 20, 120, 7, 3, seed);
      const known = reading.map((value, i) => ({ value, i })).filter(({ i }) => i % 3 !== 1);
      const points = along(
        known.map(({ i }) => 20 * i),
        known.map(({ value }) => value),
      );
      const kriging = createKriging(
        points,
        { rangeM: 120, sillDb2: 49, nuggetDb2: 9 },
        { maxDistanceM: 300 },
      );
      for (let i = 1; i < 400; i += 3) {
        const estimate = kriging(20 * i * LON_M, 0)!;
        asked++;
        if (Math.abs(reading[i]! - estimate.mean) < 1.645 * estimate.sd) inside++;
      }
    }
    // 1330 cases at 0.9: three standard deviations are 2.5 %.
    expect(inside / asked).toBeGreaterThan(0.875);
    expect(inside / asked).toBeLessThan(0.925);
  });
});

describe('fitVariogram', () => {
  it('finds range, sill and nugget of simulated fields within their sampling error', () => {
    const fits = Array.from({ length: 12 }, (_, seed) => {
      const { reading } = lineField(2000, 15, 100, 8, 3, seed + 50);
      return fitVariogram(
        along(
          reading.map((_, i) => 15 * i),
          reading,
        ),
      );
    });
    const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
    expect(median(fits.map((fit) => fit.rangeM))).toBeGreaterThan(70);
    expect(median(fits.map((fit) => fit.rangeM))).toBeLessThan(140);
    expect(median(fits.map((fit) => fit.sillDb2))).toBeGreaterThan(45);
    expect(median(fits.map((fit) => fit.sillDb2))).toBeLessThan(85);
    expect(median(fits.map((fit) => fit.nuggetDb2))).toBeLessThan(20);
  });

  it('sees pure noise as nugget', () => {
    const random = createRandom(7);
    const value = Array.from({ length: 1500 }, () => 5 * normal(random));
    const fit = fitVariogram(
      along(
        value.map((_, i) => 10 * i),
        value,
      ),
    );
    const { rangeM, sillDb2, nuggetDb2 } = fit;
    // At 100 m nearly the whole variance of 25 must be there, whichever way the fit splits it.
    expect(nuggetDb2 + sillDb2 * (1 - Math.exp(-100 / rangeM))).toBeGreaterThan(22);
  });

  it('falls back where there is too little to fit', () => {
    expect(fitVariogram(along([0, 10], [-80, -82]))).toEqual({ rangeM: 100, sillDb2: 2, nuggetDb2: 9 });
    expect(fitVariogram(along([], []))).toEqual({ rangeM: 100, sillDb2: 0, nuggetDb2: 9 });
  });
});
