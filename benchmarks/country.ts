// How far does one machine go? A generated country (seeded, clustered like planar F: cities by Zipf's law, roads, rural
// scatter; dense sites reach less far and cost more), solved for 95 % of what can be reached in every period:
//   npx tsx benchmarks/country.ts --demand 1000000 --sites 50000 --pairs 150000000 [--tiles N] [--effort quick] [--held]
// --levelled: the country as it was made before, where reaches level what sites cover.
// Tiles are found from positions when they are worked on; with --held all pairs are listed first and solved by `solve`.
// One JSON document on stdout: cost, bound, gap, seconds of every stage, peak memory of the process.
import { parseArgs } from 'node:util';
import { buildPointGrid } from '../src/coverage/point-grid.ts';
import { coverWithinRadius } from '../src/coverage/radius-coverage.ts';
import { sharedFloat64, sharedUint32, sharedUint8 } from '../src/geo/shared-array.ts';
import { tileChoiceOf } from '../src/input/flags.ts';
import { createPool } from '../src/parallel/pool.ts';
import type { CoveringProblem } from '../src/solve/problem.ts';
import { withShare } from '../src/solve/share-target.ts';
import type { Effort, SolveOptions } from '../src/solve/solution.ts';
import { solve } from '../src/solve/solve.ts';
import { solvePoints } from '../src/solve/streamed/solve-points.ts';
import { makeCountry, type Country } from './support/country.ts';
import { makeLevelledCountry } from './support/levelled-country.ts';

const SHARE = { numerator: 95, denominator: 100 };

/** The country with all its pairs listed, demand numbered by grid cell. */
function listPairs(country: Country): CoveringProblem {
  const { demandX, demandY, siteX, siteY, siteRadius, siteCost, meanReach } = country;
  const grid = buildPointGrid(demandX, demandY, meanReach);
  const siteLocation = ownLocations(siteCost.length);
  const problem: CoveringProblem = {
    coverage: coverWithinRadius(grid, siteX, siteY, siteRadius),
    siteIds: Array.from(siteLocation, String),
    siteCost,
    siteStatus: sharedUint8(siteCost.length),
    siteLocation,
    conflicts: sharedUint32(0),
    periods: country.users.map((_, period) => `period ${period + 1}`),
    users: country.users.map((users) => {
      const ordered = sharedFloat64(users.length);
      grid.original.forEach((place, point) => (ordered[point] = users[place]!));
      return ordered;
    }),
    usersScale: 1,
    servedToday: country.users.map((users) => sharedUint8(users.length)),
    phases: [],
    phaseOrder: 'nested',
    budget: null,
  };
  return withShare(problem, SHARE, 'reachable');
}

function ownLocations(siteCount: number): Uint32Array {
  const location = sharedUint32(siteCount);
  for (let site = 0; site < siteCount; site++) location[site] = site;
  return location;
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
    held: { type: 'boolean', default: false },
    levelled: { type: 'boolean', default: false },
    'time-limit': { type: 'string' },
  },
});

const startMs = performance.now();
const secondsSince = (ms: number): number => Math.round(performance.now() - ms) / 1000;
const cpuS = (): number => {
  const { user, system } = process.cpuUsage();
  return Math.round((user + system) / 1e6);
};
const [demand, sites, pairs, periods, seed] = [
  values.demand,
  values.sites,
  values.pairs,
  values.periods,
  values.seed,
].map(Number) as [number, number, number, number, number];
const size = { demand, sites, pairs, periods, seed };
const country = values.levelled ? makeLevelledCountry(size) : makeCountry(size);
const generatedS = secondsSince(startMs);
const pool = await createPool({ threads: Number(values.threads) });
try {
  const solveMs = performance.now();
  const generatedCpuS = cpuS();
  const options: SolveOptions = {
    seed: 1,
    effort: values.effort as Effort,
    timeLimitS: values['time-limit'] === undefined ? null : Number(values['time-limit']),
    gapGoal: 0,
    tiles: tileChoiceOf(values.tiles),
    executor: pool,
    onTrace: ({ incumbent, lowerBound, foundBy }) =>
      process.stderr.write(
        `${secondsSince(startMs).toFixed(0)} s, ${cpuS()} CPU  ${incumbent} >= ${lowerBound}  ${foundBy}\n`,
      ),
  };
  const { siteCost, users } = country;
  const solution = values.held
    ? await solve(listPairs(country), options)
    : await solvePoints(
        {
          ...country,
          ...{ siteCost, users, siteLocation: ownLocations(sites), conflicts: sharedUint32(0) },
          ...{ share: SHARE, shareOf: 'reachable' },
        },
        options,
      );
  const { status, stoppedBy, cost, lowerBound, gap, notes } = solution;
  const targets = 'targets' in solution ? solution.targets : solution.phases[0]!.targets;
  const solveS = secondsSince(solveMs);
  const answer = {
    ...{ demand, sites, pairs: country.pairs, periods, seed, tiles: values.tiles, effort: values.effort },
    levelled: values.levelled,
    ...{ status, stoppedBy, cost, lowerBound, gap, chosen: solution.sites.length },
    met: targets.every((target) => target.servedUsers >= target.needUsers),
    ...{ generatedS, solveS, generatedCpuS, solveCpuS: cpuS() - generatedCpuS },
    usPerDemandPoint: Math.round((1e6 * solveS) / demand),
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
    notes,
  };
  process.stdout.write(`${JSON.stringify(answer, null, 1)}\n`);
} finally {
  await pool.close();
}
