import { describe, expect, it } from 'vitest';
import { chooseModel } from '../src/planning/choose-model.ts';
import { distanceM } from '../src/geo/ellipsoid.ts';
import type { MeasurementTable, SiteTable } from '../src/input/types.ts';
import { parseScenario } from '../src/input/read-scenario.ts';
import { freeSpaceLossAtOneMetreDb } from '../src/radio/free-space.ts';
import { createRandom } from '../src/random.ts';

const scenario = parseScenario(
  { value: { demand: { file: 'users.geojson' }, radio: { eirpDbm: 60 } }, lineOf: () => null },
  undefined,
  [],
  '.',
);

function oneSite(cellIds: string[]): SiteTable {
  const nan = new Float64Array([NaN]);
  return {
    count: 1,
    ids: ['A'],
    lon: new Float64Array([24.9]),
    lat: new Float64Array([60.2]),
    status: ['existing'],
    cost: nan,
    heightM: nan,
    eirpDbm: nan,
    frequencyMhz: nan,
    tiltDeg: nan,
    technology: [null],
    azimuthsDeg: [[]],
    cellIds: [cellIds],
  };
}

/** RSRP of a log-distance world with exponent 3.2, 6 dB above free space at 1 m: 60 dBm over 100 PRB of 12 REs. */
function measured(count: number, cell: string): MeasurementTable {
  const random = createRandom(7);
  const lon = new Float64Array(count);
  const lat = new Float64Array(count);
  const level = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const bearing = random.next() * 2 * Math.PI;
    const rangeDeg = 0.002 * 10 ** (1.3 * random.next());
    lon[i] = 24.9 + (rangeDeg * Math.sin(bearing)) / Math.cos((60.2 * Math.PI) / 180);
    lat[i] = 60.2 + rangeDeg * Math.cos(bearing);
    const slantM = Math.hypot(distanceM(24.9, 60.2, lon[i]!, lat[i]!), 30 - 1.5);
    const lossDb = freeSpaceLossAtOneMetreDb(1800) + 6 + 32 * Math.log10(slantM);
    level[i] = 60 - 10 * Math.log10(1200) - lossDb + 4 * (random.next() + random.next() - 1);
  }
  return {
    count,
    quantity: 'rsrp',
    lon,
    lat,
    level,
    timeS: new Float64Array(count).fill(NaN),
    period: new Uint8Array(count),
    cell: new Int32Array(count),
    cellNames: [cell],
    frequencyMhz: new Float64Array(count).fill(NaN),
    accuracyM: new Float64Array(count).fill(NaN),
  };
}

describe('model: auto', () => {
  it('finds the exponent and offset the measurements were made with, where serving cells are known', () => {
    const { choice, summary } = chooseModel(scenario, oneSite(['c1']), measured(3000, 'c1'));
    expect(choice.id).toBe('log-distance');
    expect(choice.exponent).toBeCloseTo(3.2, 1);
    // Median loss 1 km away is what decides coverage: 6 + 32 * 3 dB above free space at 1 m.
    expect(choice.offsetDb + 10 * (choice.exponent ?? 0) * 3).toBeCloseTo(102, 0);
    // The noise is triangular over +-4 dB: standard deviation 4 / sqrt(6) = 1.63 dB.
    expect(summary.sigmaDb).toBeGreaterThan(1.3);
    expect(summary.sigmaDb).toBeLessThan(1.9);
    expect(Math.abs(summary.errors?.biasDb ?? NaN)).toBeLessThan(0.2);
  });

  it('stays with 38.901 UMa where cells are unknown, and says why where there are too few samples', () => {
    expect(chooseModel(scenario, oneSite(['other']), measured(3000, 'c1')).summary.name).toMatch(/uma/i);
    const few = chooseModel(scenario, oneSite(['c1']), measured(40, 'c1'));
    expect(few.summary.calibrated).toBe(false);
    expect(few.warning).toMatch(/stays uncalibrated/);
  });
});
