// A generated country: seeded, clustered like planar F: cities by Zipf's law, roads, rural scatter; dense sites reach less
// far and cost more.
import { findDisc } from '../../src/coverage/find-disc.ts';
import { FoundSpans } from '../../src/coverage/found-spans.ts';
import { buildPointGrid, type PointGrid } from '../../src/coverage/point-grid.ts';
import { sharedFloat64 } from '../../src/geo/shared-array.ts';
import { createRandom, type Random } from '../../src/random.ts';

/**
 * Lengths are in the units of planar F: 200,000 points in a square of side 400. A larger country is a larger square with as many
 * points per area and per city.
 */
const SIDE_OF_F = 400;
const POINTS_OF_F = 200_000;
const POINTS_PER_CITY = 6_500;
/** How people live: in cities, along roads, scattered. */
const IN_CITIES = 0.7;
const ALONG_ROADS = 0.2;
const ROAD_WIDTH = 0.3;
/** Spread of the core of a city of 15,000 points, and how it grows with them: 4.1, 2.3 and 1.8 for three cities of F of 15,000, 4,100 and 1,600. */
const CITY = { points: 15_000, spread: 4 };
const SPREAD_GROWTH = 0.37;
/** Share of a city's people in its suburbs, and how much wider these spread than its core. */
const IN_SUBURBS = 0.35;
const SUBURB_SPREAD = 2.4;
/** Reach varies by a fifth from site to site, and is a fifth less in the densest places. */
const REACH_VARIES = 0.2;
const REACH_LOST = 0.2;
/** People near a site are counted within this distance. */
const NEAR = 5;
/** Costs: 30 to 50 by chance, more in dense places, and more where next to nobody lives. */
const COST = { least: 30, byChance: 20, dense: 17, lonely: 10 };
const LONELY_POINTS = 15;
/** Users of a point: log-normal, with a factor of its own per period. */
const USERS = { logMedian: 2, logSpread: 1, periodSpread: 0.3 };

export interface City {
  readonly x: number;
  readonly y: number;
  readonly spread: number;
  /** Share of all people in this city and the ones before it. */
  readonly upTo: number;
}

function makeCities(points: number, side: number, random: Random): City[] {
  const count = Math.max(20, Math.round(points / POINTS_PER_CITY));
  const weights = Array.from({ length: count }, (_, rank) => 1 / (rank + 1));
  const total = weights.reduce((sum, own) => sum + own, 0);
  let upTo = 0;
  return weights.map((weight) => {
    const own = (points * IN_CITIES * weight) / total;
    return {
      x: side * random.next(),
      y: side * random.next(),
      spread: CITY.spread * (own / CITY.points) ** SPREAD_GROWTH,
      upTo: (upTo += weight / total),
    };
  });
}

/** Standard normal by Box and Muller. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

interface Settlement {
  readonly side: number;
  readonly cities: readonly City[];
}

function place({ side, cities }: Settlement, random: Random): [number, number] {
  const within = (value: number): number => Math.min(side, Math.max(0, value));
  const how = random.next();
  const city = cityAt(cities, random.next());
  if (how < IN_CITIES) {
    const spread = city.spread * (random.next() < IN_SUBURBS ? SUBURB_SPREAD : 1);
    return [within(city.x + spread * normal(random)), within(city.y + spread * normal(random))];
  }
  if (how >= IN_CITIES + ALONG_ROADS) return [side * random.next(), side * random.next()];
  const other = cityAt(cities, random.next());
  const along = random.next();
  return [
    within(city.x + along * (other.x - city.x) + ROAD_WIDTH * normal(random)),
    within(city.y + along * (other.y - city.y) + ROAD_WIDTH * normal(random)),
  ];
}

/** The first city that ends at this share of all people or beyond. */
export function cityAt(cities: readonly City[], share: number): City {
  let low = 0;
  let high = cities.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (share <= cities[middle]!.upTo) high = middle;
    else low = middle + 1;
  }
  return cities[low]!;
}

function scatter(
  count: number,
  settlement: Settlement,
  random: Random,
): { x: Float64Array; y: Float64Array } {
  const x = sharedFloat64(count);
  const y = sharedFloat64(count);
  for (let point = 0; point < count; point++) [x[point], y[point]] = place(settlement, random);
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
  const side = SIDE_OF_F * Math.sqrt(demand / POINTS_OF_F);
  const settlement = { side, cities: makeCities(demand, side, createRandom(seed, 1)) };
  const people = scatter(demand, settlement, createRandom(seed, 2));
  const sites = scatter(siteCount, settlement, createRandom(seed, 3));
  const grid = buildPointGrid(people.x, people.y, NEAR);
  const near = coverCounts(grid, sites, new Float64Array(siteCount).fill(NEAR));
  const densest = near.reduce((most, own) => Math.max(most, own), 1);
  const crowding = near.map((own) => Math.sqrt(own / densest));
  const random = createRandom(seed, 4);
  const siteRadius = sharedFloat64(siteCount);
  const siteCost = sharedFloat64(siteCount);
  for (let site = 0; site < siteCount; site++) {
    const chance = 1 + REACH_VARIES * (2 * random.next() - 1);
    siteRadius[site] = NEAR * chance * (1 - REACH_LOST * crowding[site]!);
    const { least, byChance, dense, lonely } = COST;
    const byPlace = dense * crowding[site]! + lonely * Math.exp(-near[site]! / LONELY_POINTS);
    siteCost[site] = least + Math.round(byChance * random.next() + byPlace);
  }
  // A few steps towards the wanted number of pairs: it grows about with the square of the reach.
  for (let step = 0; step < 8; step++) {
    const now = coverCounts(grid, sites, siteRadius).reduce((sum, own) => sum + own, 0);
    const factor = Math.sqrt(pairs / now);
    siteRadius.forEach((own, site) => (siteRadius[site] = own * factor));
  }
  return {
    demandX: people.x,
    demandY: people.y,
    users: makeUsers(demand, periods, createRandom(seed, 5)),
    siteX: sites.x,
    siteY: sites.y,
    siteRadius,
    siteCost,
    meanReach: siteRadius.reduce((sum, own) => sum + own, 0) / siteCount,
    pairs: coverCounts(grid, sites, siteRadius).reduce((sum, own) => sum + own, 0),
  };
}

function makeUsers(demand: number, periods: number, random: Random): Float64Array[] {
  const users = Array.from({ length: periods }, () => sharedFloat64(demand));
  for (let point = 0; point < demand; point++) {
    const log = USERS.logMedian + USERS.logSpread * normal(random);
    for (const own of users) own[point] = Math.ceil(Math.exp(log + USERS.periodSpread * normal(random)));
  }
  return users;
}

/** Points within the radius of every site. */
export function coverCounts(
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
