import type { LinkRule } from '../src/coverage/link-rule.ts';
import type { PredictInputs } from '../src/coverage/predict-kernel.ts';
import { terrainLossDb } from '../src/coverage/terrain-links.ts';
import { inProcessExecutor, type Executor } from '../src/executor.ts';
import type { GeoGrid } from '../src/geo/geo-grid.ts';
import { sharedFloat32, sharedFloat64, sharedUint16, sharedUint8 } from '../src/geo/shared-array.ts';
import { utmZoneAt } from '../src/geo/utm.ts';
import { createPool } from '../src/parallel/pool.ts';
import { predictRows } from '../src/prediction/predict-rows.ts';
import { placesOnPlane, type RasterFrame } from '../src/prediction/raster-grid.ts';
import { createPathProfile, sampleProfile } from '../src/radio/profile.ts';
import { bindTerrainModel } from '../src/radio/terrain-models.ts';
import { createRandom } from '../src/random.ts';
import type { Metric, Row, RunOptions } from './benchmark.ts';

export const name = 'radio-terrain';
export const question =
  'How many points a second does one thread predict over terrain (bars: ITM 26 k/s, P.1812 17 k/s, +-10 km box at 30 m, profiles included), and how long does a 10 x 10 km raster at 10 m from 20 sectors take (bar: 8 s; two threads at least 1.7 x)?';

const RUNS = 5;
const POINTS = 20_000;
const HALF_SIDE_M = 10_000;
const STEP_M = 30;
const METRES_PER_DEGREE = 111_195;
const CENTRE = { lon: 0.02, lat: 51.47 };

/** Four waves of different length, 200 m to 10 m high, on a grid of 1 arc-second: about 30 m. */
function hills(seed: number): GeoGrid {
  const random = createRandom(seed);
  const [columns, rows] = [1400, 900];
  const waves = [
    [200, 0.004],
    [80, 0.013],
    [30, 0.05],
    [10, 0.2],
  ].map(([height, perCell]) => ({
    height: height!,
    perCell: perCell!,
    x: 6 * random.next(),
    y: 6 * random.next(),
  }));
  const values = sharedFloat32(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let heightM = 250;
      for (const { height, perCell, x, y } of waves) {
        heightM += height * Math.sin(perCell * column + x) * Math.cos(1.3 * perCell * row + y);
      }
      values[row * columns + column] = Math.max(0, heightM);
    }
  }
  const step = 1 / 3600;
  return {
    columns,
    rows,
    west: CENTRE.lon - 700 * step,
    north: CENTRE.lat + 450 * step,
    stepLonDeg: step,
    stepLatDeg: step,
    values,
  };
}

/** Points anywhere in the box around the site: mean path 7.7 km, 256 profile points. */
function receivers(seed: number): { lon: Float64Array; lat: Float64Array } {
  const random = createRandom(seed);
  const halfLat = HALF_SIDE_M / METRES_PER_DEGREE;
  const halfLon = halfLat / Math.cos((CENTRE.lat * Math.PI) / 180);
  const lon = new Float64Array(POINTS);
  const lat = new Float64Array(POINTS);
  for (let i = 0; i < POINTS; i++) {
    lon[i] = CENTRE.lon + (2 * random.next() - 1) * halfLon;
    lat[i] = CENTRE.lat + (2 * random.next() - 1) * halfLat;
  }
  return { lon, lat };
}

function terrainRow(label: string, perPoint: (lon: number, lat: number) => number, barK: number | null): Row {
  const { lon, lat } = receivers(2);
  const pass = (): number => {
    let sum = 0;
    for (let i = 0; i < POINTS; i++) sum += perPoint(lon[i]!, lat[i]!);
    return sum;
  };
  pass();
  const wall: number[] = [];
  const cpu: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    const used = process.cpuUsage();
    pass();
    const { user, system } = process.cpuUsage(used);
    wall.push(POINTS / (performance.now() - start));
    cpu.push((1000 * POINTS) / (user + system));
  }
  const metric = (metricName: string, rates: number[], better: Metric['better']): Metric => ({
    name: metricName,
    unit: 'k points/s',
    value: Math.round(10 * median(rates)) / 10,
    better,
    noise: 0.2,
  });
  // Processor time of the whole process: what one thread does while others share the machine.
  const metrics = [metric('by processor time', cpu, 'larger'), metric('by the clock', wall, 'info')];
  return { label, metrics, ...(barK !== null && { note: `bar ${barK} k points/s` }) };
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** 20 sectors (6 sites of three, one of two) over 1000 x 1000 cells of 10 m. */
function cityInputs(): { inputs: PredictInputs; frame: RasterFrame } {
  const rule = (azimuthsDeg: readonly number[]): LinkRule => ({
    modelId: 'hata',
    link: { frequencyMhz: 800, txHeightM: 30, rxHeightM: 1.5, environment: 'medium-city', sigmaDb: null },
    maxLossDb: 136,
    locationProbability: 0.95,
    extraSigmaDb: 0,
    maxReachM: 20_000,
    sectors: {
      azimuthsDeg,
      electricalTiltDeg: 4,
      pattern: { horizontalBeamwidthDeg: 65, verticalBeamwidthDeg: 10, maxAttenuationDb: 30, sideLobeDb: 30 },
    },
  });
  const sites = 7;
  const random = createRandom(3);
  const zone = utmZoneAt(CENTRE.lon, CENTRE.lat);
  const [x, y] = zone.toMetres(CENTRE.lon, CENTRE.lat);
  const frame: RasterFrame = {
    columns: 1000,
    rows: 1000,
    cellM: 10,
    west: x - 5000,
    north: y + 5000,
    zone,
    epsg: 32600 + zone.zone,
  };
  const siteX = sharedFloat64(sites).map(() => x + (2 * random.next() - 1) * 4500);
  const siteY = sharedFloat64(sites).map(() => y + (2 * random.next() - 1) * 4500);
  const inputs: PredictInputs = {
    columns: frame.columns,
    cellM: frame.cellM,
    x0: frame.west + 5,
    y0: frame.north - 5,
    siteX,
    siteY,
    siteLon: sharedFloat64(sites),
    siteLat: sharedFloat64(sites),
    scale: sharedFloat64(sites).fill(1),
    gridNorthRad: sharedFloat64(sites),
    ruleOfSite: sharedUint16(sites).map((_, s) => (s < 6 ? 0 : 1)),
    firstServer: sharedUint16(sites).map((_, s) => 3 * s),
    rules: [rule([0, 120, 240]), rule([60, 240])],
    carrierOfRule: sharedUint8(2),
    carrierCount: 1,
    thresholdDbm: -105,
    noiseDbm: -125,
    load: 0.5,
    terrain: null,
  };
  return { inputs, frame };
}

/** Median seconds of a raster: by the clock, and processor time of all threads. */
async function rasterSeconds(executor: Executor): Promise<{ clock: number; cpu: number }> {
  const { inputs, frame } = cityInputs();
  const clock: number[] = [];
  const cpu: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    const used = process.cpuUsage();
    await predictRows(inputs, frame, { executor, placesOf: placesOnPlane(frame, false) });
    const { user, system } = process.cpuUsage(used);
    clock.push((performance.now() - start) / 1000);
    cpu.push((user + system) / 1e6);
  }
  return { clock: median(clock), cpu: median(cpu) };
}

export async function run({ only, log }: RunOptions): Promise<Row[]> {
  const grid = hills(1);
  const terrain = { grid, clutter: null, stepM: STEP_M };
  const link = {
    frequencyMhz: 1800,
    txHeightM: 30,
    rxHeightM: 1.5,
    environment: 'open',
    sigmaDb: null,
  } as const;
  const profile = createPathProfile(4096);
  const model = (id: 'itm' | 'p1812'): ((lon: number, lat: number) => number) => {
    const bound = bindTerrainModel(id, link);
    return (lon, lat) => terrainLossDb(bound, profile, terrain, CENTRE.lon, CENTRE.lat, lon, lat);
  };
  const cases: readonly [string, () => Promise<Row>][] = [
    [
      'profile extraction alone',
      async () =>
        terrainRow(
          'profile extraction alone',
          (lon, lat) => sampleProfile(profile, grid, CENTRE.lon, CENTRE.lat, lon, lat, STEP_M),
          null,
        ),
    ],
    ['ITM with profile', async () => terrainRow('ITM with profile', model('itm'), 26)],
    ['P.1812 with profile', async () => terrainRow('P.1812 with profile', model('p1812'), 17)],
    ['city raster, 20 sectors', cityRow],
  ];
  const rows: Row[] = [];
  for (const [label, measure] of cases) {
    if (!label.includes(only)) continue;
    log(label);
    rows.push(await measure());
  }
  return rows;
}

async function cityRow(): Promise<Row> {
  const one = await rasterSeconds(inProcessExecutor);
  const pool = await createPool({ threads: 2 });
  try {
    const two = await rasterSeconds(pool);
    const seconds = (metricName: string, value: number): Metric => ({
      name: metricName,
      unit: 's',
      value: Math.round(value * 100) / 100,
      better: 'smaller',
      noise: 0.2,
    });
    return {
      label: 'city raster, 20 sectors',
      note: '1 000 000 cells of 10 m, Hata; bar 8 s on one thread, 1.7 x on two',
      metrics: [
        seconds('one thread', one.clock),
        seconds('one thread, processor time', one.cpu),
        seconds('two threads', two.clock),
        {
          name: 'speed-up',
          unit: 'x',
          value: Math.round((100 * one.clock) / two.clock) / 100,
          better: 'larger',
          noise: 0.2,
        },
      ],
    };
  } finally {
    await pool.close();
  }
}
