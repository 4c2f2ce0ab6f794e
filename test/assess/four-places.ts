// Four demand points on a line, for tests of what is said about places.
import type { WeakArea } from '../../src/assess/areas.ts';
import type { FoundArea } from '../../src/assess/areas.ts';
import type { Baseline } from '../../src/coverage/types.ts';
import { utmZoneAt } from '../../src/geo/utm.ts';
import type { Demand, SiteTable } from '../../src/input/types.ts';

export const zone = utmZoneAt(-3.7, 40.4);
/** Places by metres east of a corner of the 250 m grid. */
export const at = (eastM: number): [number, number] => zone.toDegrees(440_000 + eastM, 4_472_000 + 100);

const EASTS = [100, 350, 1100, 5100];
export const demand: Demand = {
  count: 4,
  ids: ['a', 'b', 'c', 'd'],
  lon: Float64Array.from(EASTS, (east) => at(east)[0]),
  lat: Float64Array.from(EASTS, (east) => at(east)[1]),
  cellM: new Float32Array(4),
  periods: ['day'],
  usersMilli: [Float64Array.of(1000, 2000, 3000, 4000)],
  regionNames: null,
};

export function sites(...easts: number[]): SiteTable {
  const empty = new Float64Array(easts.length).fill(NaN);
  return {
    count: easts.length,
    ids: easts.map((east) => `s${east}`),
    lon: Float64Array.from(easts, (east) => at(east)[0]),
    lat: Float64Array.from(easts, (east) => at(east)[1]),
    status: easts.map(() => 'existing'),
    cost: empty,
    heightM: empty,
    eirpDbm: empty,
    frequencyMhz: empty,
    tiltDeg: empty,
    technology: easts.map(() => null),
    azimuthsDeg: easts.map(() => []),
    cellIds: easts.map((east) => [`cell-${east}`]),
  };
}

export function baselineOf(served: number[], evidence: number[]): Baseline {
  return {
    served: [Uint8Array.from(served)],
    evidence: [Uint8Array.from(evidence)],
    rsrpDbm: [new Float32Array(4).fill(-100)],
    probability: [new Float32Array(4).fill(0.5)],
    samples: [new Uint32Array(4)],
    samplesUsed: 0,
    samplesFromAnotherPeriod: 0,
    variogram: null,
  };
}

export function areaAt(id: string, east: number, cells: number[]): FoundArea {
  return {
    id,
    period: 0,
    service: null,
    thresholdDbm: -105,
    severity: 'weak',
    usersMilli: cells.reduce((sum, i) => sum + demand.usersMilli[0]![i]!, 0),
    cells,
    columns: [Math.floor((440_000 + east) / 250)],
    rows: [Math.floor((4_472_000 + 100) / 250)],
    sideM: 250,
    medianDbm: -112,
    levelWithheld: false,
    measuredUsersMilli: 0,
    region: null,
  };
}

export const weak = (area: FoundArea, reports = 0): WeakArea => ({
  ...area,
  causes: [{ code: 'no-site-near', figure: 900 }],
  reports,
});
