/**
 * How many covered pairs a second does the coverage matrix take: reach as a radius, and path loss with a sector
 * pattern for every pair; what do two threads bring, counted only where two independent processes reach 1.9 x?
 * Seeded: 1 M users in a 60 km square (town centres and countryside), 6,000 candidates, reach about 3 km.
 */
import { spawnSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildMatrix, type MatrixRequest } from '../src/coverage/build-matrix.ts';
import type { LinkRule } from '../src/coverage/link-rule.ts';
import { inProcessExecutor, type Executor } from '../src/executor.ts';
import { createPool } from '../src/parallel/pool.ts';
import { createRandom, type Random } from '../src/random.ts';

const RUNS = 5;
const USERS = 1_000_000;
const SITES = 6_000;

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

/** Half of the points in 40 towns, half anywhere. */
function country(count: number, seed: number): { lon: Float64Array; lat: Float64Array } {
  const random = createRandom(seed);
  const towns = Array.from({ length: 40 }, () => [random.next(), random.next()] as const);
  const lon = new Float64Array(count);
  const lat = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const town = i % 2 === 0 ? towns[random.below(towns.length)]! : null;
    lon[i] = 24 + 1.08 * place(town?.[0] ?? null, random);
    lat[i] = 60 + 0.54 * place(town?.[1] ?? null, random);
  }
  return { lon, lat };
}

function place(centre: number | null, random: Random): number {
  if (centre === null) return random.next();
  return centre + 0.04 * (random.next() + random.next() + random.next() - 1.5);
}

const demand = country(USERS, 1);
const sites = country(SITES, 2);

async function time(rule: LinkRule, executor: Executor): Promise<{ seconds: number; pairs: number }> {
  const request: MatrixRequest = {
    demand,
    sites,
    ruleOfSite: new Uint16Array(SITES),
    rules: [rule],
    executor,
  };
  const seconds: number[] = [];
  let pairs = 0;
  for (let run = 0; run <= RUNS; run++) {
    const start = performance.now();
    pairs = (await buildMatrix(request)).links;
    if (run > 0) seconds.push((performance.now() - start) / 1000);
  }
  seconds.sort((a, b) => a - b);
  return { seconds: seconds[RUNS >> 1]!, pairs };
}

function line(name: string, { seconds, pairs }: { seconds: number; pairs: number }): void {
  const rate = (pairs / seconds / 1e6).toFixed(1);
  console.log(
    `${name.padEnd(34)} ${(pairs / 1e6).toFixed(1)} M pairs in ${seconds.toFixed(2)} s: ${rate} M pairs/s`,
  );
}

/** A loop of arithmetic for a second or so: what two processes at once bring on this machine. */
function burn(): void {
  let sum = 0;
  for (let i = 1; i < 3e8; i++) sum += 1 / i;
  if (sum < 0) console.log(sum);
}

async function machineSpeedUp(): Promise<number> {
  const self = fileURLToPath(import.meta.url);
  const args = ['--import', 'tsx', self, 'burn'];
  const start = performance.now();
  spawnSync(process.execPath, args);
  const alone = performance.now() - start;
  const together = performance.now();
  const ended = [0, 1].map(() => new Promise((resolve) => spawn(process.execPath, args).on('exit', resolve)));
  await Promise.all(ended);
  return (2 * alone) / (performance.now() - together);
}

if (process.argv[2] === 'burn') {
  burn();
} else {
  console.log(`Node ${process.version}, ${USERS} users, ${SITES} candidates, median of ${RUNS}`);
  const pool = await createPool({ threads: 2 });
  try {
    for (const [name, rule] of [
      ['radius', omni],
      ['sector pattern', sectors],
    ] as const) {
      const one = await time(rule, inProcessExecutor);
      const two = await time(rule, pool);
      line(`${name}, 1 thread`, one);
      line(`${name}, 2 threads`, two);
      console.log(`${name}: two threads ${(one.seconds / two.seconds).toFixed(2)} x one`);
    }
  } finally {
    await pool.close();
  }
  const machine = await machineSpeedUp();
  const counts = machine >= 1.9 ? 'counts' : 'does not count here';
  console.log(
    `two independent processes: ${machine.toFixed(2)} x one (1.9 asked for; the ratio above ${counts})`,
  );
}
