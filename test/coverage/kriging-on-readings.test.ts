import { fileURLToPath } from 'node:url';
import { expect, it, describe } from 'vitest';
import { effectiveSamples } from '../../src/coverage/effective-samples.ts';
import { createKriging } from '../../src/coverage/kriging.ts';
import { binSamples, levelStatistics, samplesOfBin } from '../../src/coverage/measurement-bins.ts';
import { fitVariogram, type SpatialValues } from '../../src/coverage/variogram.ts';
import { distanceM } from '../../src/geo/ellipsoid.ts';
import { Findings } from '../../src/input/findings.ts';
import { readMeasurements } from '../../src/input/read-measurements.ts';
import { describeShared, sharedPath } from '../support/shared.ts';
import { scenario } from './tables.ts';

/** Mean level and place of the 50 m bins of a file of readings. */
async function binsOf(path: string): Promise<SpatialValues & { readonly value: number[] }> {
  const { measurements } = await readMeasurements([path], {
    files: ['readings'],
    scenario: scenario('timeZone: Europe/Dublin'),
    findings: new Findings(20),
  });
  const samples = effectiveSamples(measurements);
  const bins = binSamples(samples, 50);
  const mean = (of: Float64Array): number[] =>
    Array.from({ length: bins.count }, (_, bin) => levelStatistics(of, samplesOfBin(bins, bin)).mean);
  return { lon: mean(samples.lon), lat: mean(samples.lat), value: mean(samples.levelDbm) };
}

/** Every n-th bin estimated from all others: root mean square errors, and how often the 90 % interval holds. */
function leaveOneOut({ lon, lat, value }: SpatialValues & { readonly value: number[] }) {
  const variogram = fitVariogram({ lon, lat, value });
  let asked = 0;
  let inside = 0;
  let kriged = 0;
  let byDistance = 0;
  for (let left = 0; left < value.length; left += Math.ceil(value.length / 200)) {
    const rest = value.map((_, i) => i).filter((i) => i !== left);
    const pick = (of: ArrayLike<number>): number[] => rest.map((i) => of[i]!);
    const kriging = createKriging({ lon: pick(lon), lat: pick(lat), value: pick(value) }, variogram, {
      maxDistanceM: 300,
    });
    const estimate = kriging(lon[left]!, lat[left]!);
    if (estimate === null) continue;
    const near = rest.map((i) => ({ i, apartM: distanceM(lon[left]!, lat[left]!, lon[i]!, lat[i]!) }));
    const weighted = near
      .filter(({ apartM }) => apartM < 300)
      .map(({ i, apartM }) => ({ weight: Math.max(1, apartM) ** -2, level: value[i]! }));
    const weights = weighted.reduce((sum, { weight }) => sum + weight, 0);
    const inverse = weighted.reduce((sum, { weight, level }) => sum + weight * level, 0) / weights;
    asked++;
    kriged += (estimate.mean - value[left]!) ** 2;
    byDistance += (inverse - value[left]!) ** 2;
    if (Math.abs(estimate.mean - value[left]!) < 1.645 * estimate.sd) inside++;
  }
  return {
    rmseDb: Math.sqrt(kriged / asked),
    inverseDb: Math.sqrt(byDistance / asked),
    inside: inside / asked,
  };
}

describe('kriging of measured bins', () => {
  it('beats inverse distance on Ottawa and its 90 % interval is honest', async () => {
    const path = fileURLToPath(new URL('../../data/ottawa/measurements.geojson.gz', import.meta.url));
    const { rmseDb, inverseDb, inside } = leaveOneOut(await binsOf(path));
    expect(rmseDb).toBeLessThan(inverseDb);
    // Some 200 bins at 0.9: two standard deviations are 0.04.
    expect(inside).toBeGreaterThan(0.86);
    expect(inside).toBeLessThan(0.95);
  });
});

describeShared('kriging of measured bins, Cork', () => {
  it('beats inverse distance and its 90 % interval holds in 8 to 9.5 of 10', async () => {
    const { rmseDb, inverseDb, inside } = leaveOneOut(
      await binsOf(sharedPath('data/cork-5g-lte-drive/measurements.csv')!),
    );
    expect(rmseDb).toBeLessThan(inverseDb);
    expect(inside).toBeGreaterThan(0.8);
    expect(inside).toBeLessThan(0.95);
  });
});
