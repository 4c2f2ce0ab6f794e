import { describe, expect, it } from 'vitest';
import { DemandRows } from '../../src/input/demand-rows.ts';
import { createRandom } from '../../src/random.ts';

/** More rows than one block of 65,536 holds, few longitudes, so that runs of equal keys are long and short. */
const ROWS = 70_000;
const random = createRandom(11);
const cells = Array.from({ length: ROWS }, (_, k) => ({
  id: `c${(k * 7919) % ROWS}`,
  lon: Math.floor((k % 3 === 0 ? 20 : 30_000) * random.next()) / 1e4,
  lat: Math.floor(50 * random.next()) / 100,
  cellM: k > 66_000 ? 50 + (k % 7) : 0,
  milli: [k, ROWS - k],
}));

describe('demand rows', () => {
  const rows = new DemandRows(2, 1);
  for (const [k, { id, lon, lat, cellM, milli }] of cells.entries()) {
    rows.add(lon, lat, cellM, milli, [k % 11]);
    rows.identify(id, k % 2 === 0 ? { index: k, line: 0 } : null);
  }

  it('come out by longitude, latitude and id, each with its own values', () => {
    const { order, trafficBps, ...sorted } = rows.sorted();
    const expected = cells
      .map((cell, k) => ({ ...cell, k }))
      .sort((a, b) => a.lon - b.lon || a.lat - b.lat || (a.id < b.id ? -1 : 1));
    expect(Array.from(order)).toEqual(expected.map(({ k }) => k));
    expect(sorted.ids).toEqual(expected.map(({ id }) => id));
    expect(Array.from(sorted.lon)).toEqual(expected.map(({ lon }) => lon));
    expect(Array.from(sorted.lat)).toEqual(expected.map(({ lat }) => lat));
    expect(Array.from(sorted.cellM)).toEqual(expected.map(({ cellM }) => cellM));
    for (const period of [0, 1]) {
      expect(Array.from(sorted.usersMilli[period]!)).toEqual(expected.map(({ milli }) => milli[period]));
    }
    expect(Array.from(trafficBps![0]!)).toEqual(expected.map(({ k }) => k % 11));
  });

  it('know which feature gave an id', () => {
    expect(rows.placeOf(68_000)).toEqual({ index: 68_000, line: 0 });
    expect(rows.placeOf(68_001)).toBeNull();
    const lines = new DemandRows(1, 0);
    lines.add(1, 2, 0, [1], []);
    lines.identify('a', { index: 4, line: 6 });
    expect(lines.placeOf(0)).toEqual({ index: 0, line: 6 });
  });
});
