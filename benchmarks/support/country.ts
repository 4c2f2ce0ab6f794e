// A generated country: seeded, clustered like planar F: cities by Zipf's law, roads, rural scatter; dense sites reach less
// far and cost more.
import { buildPointGrid, findDisc, FoundSpans, type PointGrid } from '../../src/coverage/radius-coverage.ts';
import { sharedFloat64 } from '../../src/geo/shared-array.ts';
import { createRandom, type Random } from '../../src/random.ts';

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

/** The first city that ends at this share of all people or beyond. */
function cityAt(cities: readonly City[], share: number): City {
  let low = 0;
  let high = cities.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (share <= cities[middle]!.upTo) high = middle;
    else low = middle + 1;
  }
  return cities[low]!;
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

/** Positions, reach, cost and users; who covers whom is left to whoever plans. */
export interface Country {
  readonly demandX: Float64Array;
  readonly demandY: Float64Array;
  /** Per period [demand] */
  readonly users: readonly Float64Array[];
  readonly siteX: Float64Array;
  readonly siteY: Float64Array;
  readonly siteRadius: Float64Array;
  readonly siteCost: Float64Array;
  readonly meanReach: number;
  readonly pairs: number;
}

export interface CountrySize {
  readonly demand: number;
  readonly sites: number;
  /** Covered pairs to aim at. */
  readonly pairs: number;
  readonly periods: number;
  readonly seed: number;
}

export function makeCountry({ demand, sites: siteCount, pairs, periods, seed }: CountrySize): Country {
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

/** Points within the radius of every site. */
function coverCounts(
  grid: PointGrid,
  { x, y }: { x: Float64Array; y: Float64Array },
  radius: Float64Array,
): Float64Array {
  const found = new FoundSpans();
  return Float64Array.from(x, (own, site) => {
    found.clear();
    return findDisc(grid, own, y[site]!, radius[site]!, found);
  });
}
