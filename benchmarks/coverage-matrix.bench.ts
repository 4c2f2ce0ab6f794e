/** 1 M users (half in 40 towns, half anywhere in a 60 km square) and up to 6,000 candidates. */
import { spawn } from 'node:child_process';
import { buildMatrix, type MatrixRequest } from '../src/coverage/build-matrix.ts';
import type { LinkRule } from '../src/coverage/link-rule.ts';
import { inProcessExecutor, type Executor } from '../src/executor.ts';
import { createPool } from '../src/parallel/pool.ts';
import { createRandom, type Random } from '../src/random.ts';
import type { Row, RunOptions } from './benchmark.ts';

export const name = 'coverage-matrix';
export const question =
  'How many covered pairs a second does the coverage matrix take? (bars: 40 M/s where reach is a radius, 5 M/s with a ' +
  'sector pattern per pair, two threads 1.7 x one where two independent processes reach 1.9 x)';

const RUNS = 3;
const USERS = 1_000_000;
const ENOUGH_SPEED_UP = 1.9;

const omni: LinkRule = {
  modelId: 'cost231',
  link: { frequencyMhz: 1800, txHeightM: 30, rxHeightM: 1.5, environment: 'medium-city', sigmaDb: 8 },
  maxLossDb: 165,
  locationProbability: 0.95,
  extraSigmaDb: 0,
  maxReachM: 20_000,
  sectors: null,
};
const pattern = {
  horizontalBeamwidthDeg: 65,
  verticalBeamwidthDeg: 10,
  maxAttenuationDb: 30,
  sideLobeDb: 30,
};
const sectors: LinkRule = { ...omni, sectors: { azimuthsDeg: [0, 120, 240], electricalTiltDeg: 2, pattern } };
const cases = [
  { label: 'radius, reach 2.6 km', rule: omni, siteCount: 6000 },
  { label: 'radius, reach 5 km', rule: { ...omni, maxLossDb: 175 }, siteCount: 3000 },
  { label: 'sector pattern, reach 2.6 km', rule: sectors, siteCount: 6000 },
] as const;

export async function run({ only, log }: RunOptions): Promise<Row[]> {
  const rows: Row[] = [];
  const speedUp = await speedUpOfTwoProcesses();
  const pool = await createPool({ threads: 2 });
  try {
    for (const { label, rule, siteCount } of cases) {
      if (!label.includes(only)) continue;
      log(`${label}: one thread`);
      const one = await measure(rule, siteCount, inProcessExecutor);
      log(`${label}: two threads`);
      const two = await measure(rule, siteCount, pool);
      rows.push(rowOf(label, one, two, speedUp));
    }
  } finally {
    await pool.close();
  }
  return rows;
}

interface Measured {
  readonly pairs: number;
  /** Medians of the runs, seconds. */
  readonly wall: number;
  readonly cpu: number;
}

const demand = country(USERS, 1);

/** The whole build each time: spatial index, rows, joining; one run before to warm up. */
async function measure(rule: LinkRule, siteCount: number, executor: Executor): Promise<Measured> {
  const sites = country(siteCount, 2);
  const request: MatrixRequest = {
    demand,
    sites,
    ruleOfSite: new Uint16Array(siteCount),
    rules: [rule],
    executor,
  };
  const wall: number[] = [];
  const cpu: number[] = [];
  let pairs = 0;
  for (let turn = 0; turn <= RUNS; turn++) {
    const start = performance.now();
    const before = process.cpuUsage();
    pairs = (await buildMatrix(request)).links;
    const { user, system } = process.cpuUsage(before);
    if (turn === 0) continue;
    wall.push((performance.now() - start) / 1000);
    cpu.push((user + system) / 1e6);
  }
  return { pairs, wall: median(wall), cpu: median(cpu) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

function rowOf(label: string, one: Measured, two: Measured, speedUp: number): Row {
  const counts = speedUp >= ENOUGH_SPEED_UP ? 'the ratio counts' : 'the ratio does not count';
  return {
    label,
    metrics: [
      { name: 'pairs/s', unit: 'M', value: one.pairs / one.wall / 1e6, better: 'larger', noise: 0.15 },
      { name: 'pairs/CPU s', unit: 'M', value: one.pairs / one.cpu / 1e6, better: 'larger', noise: 0.15 },
      { name: 'two threads', unit: 'x', value: one.wall / two.wall, better: 'larger', noise: 0.15 },
      { name: 'pairs', unit: 'M', value: one.pairs / 1e6, better: 'info' },
    ],
    note: `medians of ${RUNS}; two independent processes reach ${speedUp.toFixed(2)} x here: ${counts}`,
  };
}

/** Half of the points in towns, half anywhere. */
function country(count: number, seed: number): { lon: Float64Array; lat: Float64Array } {
  const random = createRandom(seed);
  const towns = Array.from({ length: 40 }, () => [random.next(), random.next()] as const);
  const points = Array.from({ length: count }, (_, i) => {
    const town = i % 2 === 0 ? towns[random.below(towns.length)]! : null;
    return [24 + 1.08 * place(town?.[0], random), 60 + 0.54 * place(town?.[1], random)] as const;
  });
  // Sorted by longitude, as reading leaves them.
  points.sort((a, b) => a[0] - b[0]);
  return { lon: Float64Array.from(points, ([lon]) => lon), lat: Float64Array.from(points, ([, lat]) => lat) };
}

function place(centre: number | undefined, random: Random): number {
  if (centre === undefined) return random.next();
  return centre + 0.04 * (random.next() + random.next() + random.next() - 1.5);
}

/** The same loop of arithmetic alone and twice at once: what a second core is worth on this machine now. */
async function speedUpOfTwoProcesses(): Promise<number> {
  const burn = (): Promise<unknown> => {
    const loop = 'let s=0;for(let i=1;i<4e8;i++)s+=1/i;process.exitCode=s>0?0:1';
    return new Promise((resolve) => spawn(process.execPath, ['-e', loop]).on('exit', resolve));
  };
  const start = performance.now();
  await burn();
  const alone = performance.now() - start;
  const again = performance.now();
  await Promise.all([burn(), burn()]);
  return (2 * alone) / (performance.now() - again);
}
