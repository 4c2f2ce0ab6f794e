import type { SolveContext } from '../context.ts';
import { highsSolver } from '../highs.ts';
import { splitCosts, straddlingSurplus, type TileSites } from './cost-shares.ts';
import type { PriceResult, TileTask } from './kernel.ts';
import { mapTiles, type OpenTiling } from './run-tiles.ts';
import { priceBySupply, TargetPrices } from './target-prices.ts';
import type { TileEffort } from './tile-effort.ts';
import type { WholeProblem } from './whole.ts';

/** What the price rounds leave behind. */
export interface PricedTiles {
  /** [targets] the prices of the best bound. */
  readonly perUser: Float64Array;
  /** Per tile [targets] users it is to serve. */
  readonly division: readonly Float64Array[];
  /** Per tile [classes] prices, and [sites] cost shares, of the best bound. */
  readonly perClass: readonly Float64Array[];
  readonly cost: readonly Float64Array[];
  readonly rounds: number;
}

/** A bound of the whole, before and after what floating point may have added. */
export interface TiledBound {
  readonly value: number;
  readonly safe: number;
}

/** Largest factor by which a price may change in the first rounds, and the least one worth a round. */
const FIRST_RADIUS = 1.25;
const LARGEST_RADIUS = 2;
const SMALLEST_RADIUS = 1.01;
/**
 * Part of a site's cost that the first round may shift between tiles that disagree about it. E in 4 tiles, 12 rounds:
 * bound 4903, 4928, 4879 for 0.05, 0.3, 1 (relaxation of the whole: 4948).
 */
const SHARE_STEP = 0.3;

/**
 * Rounds of price - bound tiles - collect. Every round's bound holds; `onBound` hears of it and says whether to stop.
 */
export async function priceTiles(
  context: SolveContext,
  whole: WholeProblem,
  tiling: OpenTiling,
  effort: TileEffort,
  onBound: (bound: TiledBound) => boolean,
): Promise<PricedTiles> {
  const { shared, surveys, sites } = tiling;
  const { need, cost, group } = whole;
  const reach = surveys.map((survey) => survey.value);
  const nothing = reach.map((values) => new Float64Array(values.length));
  let shares = splitCosts(sites, cost, { worth: nothing, reach, built: nothing }, 0);
  const supply = await mapTiles(context, shared, 'supply', (tile) => ({
    kind: 'supply',
    tile,
    need,
    cost: shares[tile]!,
  }));
  const start = priceBySupply(need, supply);
  const reachable = surveys.map((survey) => survey.reachable);
  const master = new TargetPrices(need, reachable, context.options.mip ?? highsSolver);
  let { perUser } = start;
  let answers: PriceResult[] | null = null;
  let best: Omit<PricedTiles, 'division' | 'rounds'> | null = null;
  let bestValue = -Infinity;
  let radius = FIRST_RADIUS;
  let rounds = 0;
  while (rounds < effort.priceRounds && (rounds === 0 || context.stopReason() === null)) {
    context.beginRound();
    const earlier: PriceResult[] | null = answers;
    answers = await mapTiles(context, shared, 'price', (tile): TileTask => ({
      kind: 'price',
      tile,
      perUser,
      cost: shares[tile]!,
      straddles: sites.straddles[tile]!,
      perClass: earlier === null ? null : earlier[tile]!.perClass,
      passes: effort.passes,
      solverWork: effort.relaxationWork,
    }));
    context.endRound();
    rounds++;
    const worth = answers.map((answer) => answer.siteWorth);
    const bound = boundOfWhole(whole, perUser, answers, straddlingSurplus(sites, cost, worth, group));
    const stop = onBound(bound);
    const built = answers.map((answer) => answer.built);
    const newShares = splitCosts(sites, cost, { worth, reach, built }, SHARE_STEP / Math.sqrt(rounds));
    master.learn(rounds, perUser, balanced(answers, sites, cost));
    const gained = bound.value > bestValue;
    if (best === null || gained) {
      bestValue = bound.value;
      best = { perUser, perClass: answers.map((answer) => answer.perClass), cost: newShares };
    } else radius = Math.sqrt(radius);
    if (gained && rounds > 1) radius = Math.min(LARGEST_RADIUS, radius * 1.2);
    if (stop || radius < SMALLEST_RADIUS) break;
    shares = newShares;
    perUser = await master.propose(best.perUser, radius);
  }
  if (best === null) throw new Error('A tiled search priced no tile.');
  return { ...best, division: await master.divide(best.perUser, FIRST_RADIUS), rounds };
}

/**
 * sum_k price[k] need[k] + the sum of the tiles' bounds under the best split of the costs. Every term carries a rounding
 * error of its own, so the allowance grows with what is added up, not with the (smaller) sum.
 */
function boundOfWhole(
  { need, fixedCost }: WholeProblem,
  perUser: Float64Array,
  answers: readonly PriceResult[],
  surplus: number,
): TiledBound {
  let gross = fixedCost;
  need.forEach((users, target) => (gross += perUser[target]! * users));
  let value = gross - surplus;
  for (const { inner } of answers) value += inner;
  return { value, safe: value - 1e-9 * (gross + surplus) };
}

/**
 * The tiles' values under the split that suits their class prices best: a straddling site worth more than it costs
 * takes from every tile its worth less the same share of the cost.
 */
function balanced(
  answers: readonly PriceResult[],
  sites: TileSites,
  cost: Float64Array,
): { value: number; served: Float64Array }[] {
  const total = new Float64Array(cost.length);
  answers.forEach(({ siteWorth }, tile) => {
    sites.siteOf[tile]!.forEach((site, index) => (total[site]! += siteWorth[index]!));
  });
  return answers.map(({ inner, siteWorth, served }, tile) => {
    let value = inner;
    sites.siteOf[tile]!.forEach((site, index) => {
      if (sites.straddles[tile]![index] === 0 || total[site]! <= cost[site]!) return;
      value -= siteWorth[index]! * (1 - cost[site]! / total[site]!);
    });
    return { value, served };
  });
}
