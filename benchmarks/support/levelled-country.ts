// The country of the benchmark before it was made as planar F is: reaches follow density so closely that nearly every site covers about as
// many points as any other. Kept because it is the harder one: its relaxation builds nearly all sites in part.
import { buildPointGrid } from '../../src/coverage/point-grid.ts';
import { sharedFloat64 } from '../../src/geo/shared-array.ts';
import { createRandom, type Random } from '../../src/random.ts';
import { cityAt, coverCounts, normal, type City, type Country, type CountrySize } from './country.ts';

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

function within(value: number): number {
  return Math.min(SIDE, Math.max(0, value));
}

function scatter(
  count: number,
  cities: readonly City[],
  random: Random,
): { x: Float64Array; y: Float64Array } {
  const x = sharedFloat64(count);
  const y = sharedFloat64(count);
  for (let point = 0; point < count; point++)
    [x[point], y[point]] = place(cities, random) as [number, number];
  return { x, y };
}

export function makeLevelledCountry({
  demand,
  sites: siteCount,
  pairs,
  periods,
  seed,
}: CountrySize): Country {
  const cities = makeCities(Math.max(20, Math.round(demand / POINTS_PER_CITY)), createRandom(seed, 1));
  const people = scatter(demand, cities, createRandom(seed, 2));
  const sites = scatter(siteCount, cities, createRandom(seed, 3));
  const meanReach = Math.sqrt((pairs / siteCount / demand) * (SIDE * SIDE)) / Math.PI;
  const grid = buildPointGrid(people.x, people.y, meanReach);
  const near = coverCounts(grid, sites, new Float64Array(siteCount).fill(meanReach));
  const ordered = near.slice().sort();
  const middle = Math.max(1, ordered[siteCount >> 1]!);
  const crowding = Float64Array.from(near, (count) => Math.sqrt(middle / Math.max(1, count)));
  const siteRadius = sharedFloat64(siteCount);
  siteRadius.set(crowding.map((own) => meanReach * Math.min(2, Math.max(LEAST_REACH, own))));
  // A few steps towards the wanted number of pairs: it grows about with the square of the reach.
  for (let step = 0; step < 6; step++) {
    const now = coverCounts(grid, sites, siteRadius).reduce((sum, own) => sum + own, 0);
    const factor = Math.sqrt(pairs / now);
    siteRadius.forEach((own, site) => (siteRadius[site] = own * factor));
  }
  const random = createRandom(seed, 4);
  const siteCost = sharedFloat64(siteCount);
  const densest = ordered.at(-1)!;
  for (let site = 0; site < siteCount; site++)
    siteCost[site] = 10 + Math.round(30 * random.next() + 60 * Math.sqrt(near[site]! / densest));
  const users = Array.from({ length: periods }, () => {
    const own = sharedFloat64(demand);
    for (let point = 0; point < demand; point++) own[point] = 1 + random.below(100);
    return own;
  });
  return {
    demandX: people.x,
    demandY: people.y,
    users,
    siteX: sites.x,
    siteY: sites.y,
    siteRadius,
    siteCost,
    meanReach,
    pairs: coverCounts(grid, sites, siteRadius).reduce((sum, own) => sum + own, 0),
  };
}
