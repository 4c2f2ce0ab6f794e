// How far does one machine go? A generated country (seeded, clustered like planar F: cities by Zipf's law, roads, rural
// scatter; dense sites reach less far and cost more), solved for 95 % of what can be reached in every period:
//   npx tsx benchmarks/country.ts --demand 1000000 --sites 50000 --pairs 150000000 [--tiles N] [--effort quick]
// One JSON document on stdout: cost, bound, gap, seconds of every stage, peak memory of the process.
import { parseArgs } from 'node:util';
import { sharedFloat64, sharedUint32, sharedUint8 } from '../src/geo/shared-array.ts';
import { tileChoiceOf } from '../src/input/flags.ts';
import { buildPointGrid, coverWithinRadius, type PointGrid } from '../src/input/instance/radius-coverage.ts';
import { createPool } from '../src/parallel/pool.ts';
import { createRandom, type Random } from '../src/random.ts';
import type { CoveringProblem } from '../src/solve/problem.ts';
import { withShare } from '../src/solve/share-target.ts';
import type { Effort } from '../src/solve/solution.ts';
import { solve } from '../src/solve/solve.ts';

/** Side of the square country, and how its people live: in cities, along roads, scattered. */
const SIDE = 1000;
const IN_CITIES = 0.7;
const ALONG_ROADS = 0.15;
/** Spread of the largest city; others by the square root of their people, so that all are about equally dense. */
const LARGEST_CITY = 60;
const ROAD_WIDTH = 2;
/** Demand points per city. */
const POINTS_PER_CITY = 5_000;
/** Reach of a site against people near it: dense sites reach down to a quarter as far and cost up to ten times as much. */
const LEAST_REACH = 0.25;

interface City {
  readonly x: number;
  readonly y: number;
  readonly spread: number;
  /** Share of all people in this city and the ones before it. */
  readonly upTo: number;
}

function makeCities(count: number, random: Random): City[] {
  const weights = Array.from({ length: count }, (_, rank) => 1 / (rank + 1));
  const total = weights.reduce((sum, own) => sum + own, 0);
  let upTo = 0;
  return weights.map((weight) => ({
    x: SIDE * random.next(),
    y: SIDE * random.next(),
    spread: LARGEST_CITY * Math.sqrt(weight),
    upTo: (upTo += weight / total),
  }));
}

/** Standard normal by Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

function place(cities: readonly City[], random: Random): [number, number] {
  const how = random.next();
  const city = cityAt(cities, random.next());
  if (how < IN_CITIES)
    return [city.x + city.spread * normal(random), city.y + city.spread * normal(random)].map(within) as [
      number,
      number,
    ];
  if (how >= IN_CITIES + ALONG_ROADS) return [SIDE * random.next(), SIDE * random.next()];
  const other = cityAt(cities, random.next());
  const along = random.next();
  return [
    within(city.x + along * (other.x - city.x) + ROAD_WIDTH * normal(random)),
    within(city.y + along * (other.y - city.y) + ROAD_WIDTH * normal(random)),
  ];
}

function cityAt(cities: readonly City[], share: number): City {
  return cities.find((city) => share <= city.upTo) ?? cities.at(-1)!;
}

function within(value: number): number {
  return Math.min(SIDE, Math.max(0, value));
}

function scatter(
  count: number,
  cities: readonly City[],
  random: Random,
): { x: Float64Array; y: Float64Array } {
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  for (let point = 0; point < count; point++)
    [x[point], y[point]] = place(cities, random) as [number, number];
  return { x, y };
}

interface Country {
  readonly problem: CoveringProblem;
  readonly pairs: number;
}

function makeCountry(
  demandCount: number,
  siteCount: number,
  pairs: number,
  periods: number,
  seed: number,
): Country {
  const cities = makeCities(Math.max(20, Math.round(demandCount / POINTS_PER_CITY)), createRandom(seed, 1));
  const people = scatter(demandCount, cities, createRandom(seed, 2));
  const sites = scatter(siteCount, cities, createRandom(seed, 3));
  const meanReach = Math.sqrt((pairs / siteCount / demandCount) * (SIDE * SIDE)) / Math.PI;
  const grid = buildPointGrid(people.x, people.y, meanReach);
  const near = coverCounts(grid, sites, new Float64Array(siteCount).fill(meanReach));
  const ordered = near.slice().sort();
  const middle = Math.max(1, ordered[siteCount >> 1]!);
  const crowding = Float64Array.from(near, (count) => Math.sqrt(middle / Math.max(1, count)));
  let radius = crowding.map((own) => meanReach * Math.min(2, Math.max(LEAST_REACH, own)));
  // A few steps towards the wanted number of pairs: it grows about with the square of the reach.
  for (let step = 0; step < 6; step++) {
    const now = coverCounts(grid, sites, radius).reduce((sum, own) => sum + own, 0);
    const factor = Math.sqrt(pairs / now);
    radius = radius.map((own) => own * factor);
  }
  const coverage = coverWithinRadius(grid, sites.x, sites.y, radius);
  const random = createRandom(seed, 4);
  const siteCost = sharedFloat64(siteCount);
  const densest = ordered.at(-1)!;
  for (let site = 0; site < siteCount; site++)
    siteCost[site] = 10 + Math.round(30 * random.next() + 60 * Math.sqrt(near[site]! / densest));
  const users = Array.from({ length: periods }, () => {
    const own = sharedFloat64(demandCount);
    for (let point = 0; point < demandCount; point++) own[point] = 1 + random.below(100);
    return own;
  });
  const siteLocation = sharedUint32(siteCount);
  for (let site = 0; site < siteCount; site++) siteLocation[site] = site;
  const problem: CoveringProblem = {
    coverage,
    siteIds: Array.from(siteLocation, String),
    siteCost,
    siteStatus: sharedUint8(siteCount),
    siteLocation,
    conflicts: sharedUint32(0),
    periods: users.map((_, period) => `period ${period + 1}`),
    users,
    usersScale: 1,
    servedToday: users.map(() => sharedUint8(demandCount)),
    phases: [],
    phaseOrder: 'nested',
    budget: null,
  };
  return { problem, pairs: coverage.demandOfSite.length };
}

/** Points within the radius of every site. One site at a time: the rows themselves are not kept. */
function coverCounts(
  grid: PointGrid,
  { x, y }: { x: Float64Array; y: Float64Array },
  radius: Float64Array,
): Float64Array {
  return Float64Array.from(x, (own, site) => {
    const one = Float64Array.of(own);
    return coverWithinRadius(grid, one, Float64Array.of(y[site]!), Float64Array.of(radius[site]!))
      .demandOfSite.length;
  });
}

const { values } = parseArgs({
  options: {
    demand: { type: 'string', default: '1000000' },
    sites: { type: 'string', default: '50000' },
    pairs: { type: 'string', default: '150000000' },
    periods: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
    tiles: { type: 'string', default: 'auto' },
    effort: { type: 'string', default: 'normal' },
    threads: { type: 'string', default: '2' },
    'time-limit': { type: 'string' },
  },
});

const startMs = performance.now();
const secondsSince = (ms: number): number => Math.round(performance.now() - ms) / 1000;
const [demand, sites, pairs, periods, seed] = [
  values.demand,
  values.sites,
  values.pairs,
  values.periods,
  values.seed,
].map(Number) as [number, number, number, number, number];
const country = makeCountry(demand, sites, pairs, periods, seed);
const generatedS = secondsSince(startMs);
const problem = withShare(country.problem, { numerator: 95, denominator: 100 }, 'reachable');
const pool = await createPool({ threads: Number(values.threads) });
try {
  const solveMs = performance.now();
  const solution = await solve(problem, {
    seed: 1,
    effort: values.effort as Effort,
    timeLimitS: values['time-limit'] === undefined ? null : Number(values['time-limit']),
    gapGoal: 0,
    tiles: tileChoiceOf(values.tiles),
    executor: pool,
    onProgress: ({ message }) =>
      process.stderr.write(`${secondsSince(startMs).toFixed(0)} s  ${message ?? ''}\n`),
  });
  const { status, stoppedBy, cost, lowerBound, gap, rounds, notes } = solution;
  const { user, system } = process.cpuUsage();
  const answer = {
    ...{ demand, sites, pairs: country.pairs, periods, seed, tiles: values.tiles, effort: values.effort },
    ...{ status, stoppedBy, cost, lowerBound, gap, rounds, chosen: solution.sites.length },
    generatedS,
    solveS: secondsSince(solveMs),
    cpuS: Math.round((user + system) / 1e6),
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
    notes,
  };
  process.stdout.write(`${JSON.stringify(answer, null, 1)}\n`);
} finally {
  await pool.close();
}
