import { carryPrices, takeCore } from '../core.ts';
import { CoverState } from '../cover-state.ts';
import type { CoveringModel } from '../covering-model.ts';
import { addGreedily } from '../greedy.ts';
import type { Prices } from '../lagrangian.ts';
import { removeRedundant } from '../redundancy.ts';
import { BUILD, DROP, KEEP, restrictModel } from '../restrict.ts';
import { mixScores } from '../scores.ts';
import { ruinAndRecreate } from '../ruin-recreate.ts';
import { improveClassPrices, worthOfClasses } from './priced-tile.ts';

/** What a plan of one tile may spend. */
export interface PlanEffort {
  readonly seed: number;
  readonly stream: number;
  /** Pairs the walk touches. */
  readonly walkWork: number;
}

export interface TilePlan {
  /** Sites of the tile's numbering, ascending. */
  readonly sites: readonly number[];
  readonly work: number;
}

/** Candidates kept in the core per site of the plan, and at least. */
const CORE_PER_SITE = 3;
const SMALLEST_CORE = 150;
/** Pairs a walk touches at most, per pair of the core. */
const WALK_PAIRS = 2_000;
/** Passes that price the classes of a tile before it is polished. */
const POLISH_PASSES = 60;

/**
 * The cheapest sites found that serve `need` users of every target within one tile: greedy, then ruin and recreate on
 * a core. Where sites exclude each other the needs may be missed; the caller recounts.
 *
 * @param tile costs and needs are what is to be planned with.
 */
export function planTile(
  tile: CoveringModel,
  prices: Prices,
  effort: PlanEffort,
  shouldStop: () => boolean,
): TilePlan {
  const everything = new Uint8Array(tile.siteCount).fill(KEEP);
  const restriction = restrictModel(tile, everything);
  const perUser = Float64Array.from(restriction.parentTarget, (target) => prices.perUser[target]!);
  const found = improve(
    restriction.model,
    { perUser, perClass: carryPrices(prices.perClass, restriction) },
    [],
    effort,
    shouldStop,
  );
  return { sites: found.sites.map((site) => restriction.parentSite[site]!), work: found.work };
}

/**
 * A cheaper choice of the sites that lie in this tile alone, while the others stand as they are and every target
 * keeps `need` users in the tile. Never dearer than what stands.
 *
 * @param stands [siteCount] 1 = built now.
 * @param free [siteCount] 1 = may be given up or built.
 */
export function polishTile(
  tile: CoveringModel,
  stands: Uint8Array,
  free: Uint8Array,
  perUser: Float64Array,
  effort: PlanEffort,
  shouldStop: () => boolean,
): TilePlan {
  const choice = free.map((own, site) => (own === 1 ? KEEP : stands[site] === 1 ? BUILD : DROP));
  const kept: number[] = [];
  const start: number[] = [];
  stands.forEach((own, site) => {
    if (own === 1) (free[site] === 1 ? start : kept).push(site);
  });
  const restriction = restrictModel(tile, choice);
  const { model, parentSite } = restriction;
  if (model.targetCount === 0) return { sites: kept, work: 0 };
  const local = new Map(Array.from(parentSite, (site, index) => [site, index]));
  const prices: Prices = {
    perUser: Float64Array.from(restriction.parentTarget, (target) => perUser[target]!),
    perClass: new Float64Array(model.classCount),
  };
  const worth = worthOfClasses(model, prices.perUser);
  prices.perClass.set(worth.map((own) => 0.5 * own));
  const straddles = new Uint8Array(model.siteCount);
  let work = improveClassPrices(
    { model, cost: model.cost, straddles, worth },
    prices.perClass,
    POLISH_PASSES,
    0.1,
  );
  const found = improve(
    model,
    prices,
    start.flatMap((site) => local.get(site) ?? []),
    effort,
    shouldStop,
  );
  work += found.work;
  const sites = [...kept, ...found.sites.map((site) => parentSite[site]!)].sort((a, b) => a - b);
  return { sites, work };
}

/** Greedy from `start`, redundancy removal, a walk on the core of small reduced cost. */
function improve(
  model: CoveringModel,
  prices: Prices,
  start: readonly number[],
  effort: PlanEffort,
  shouldStop: () => boolean,
): TilePlan {
  const state = new CoverState(model, start);
  addGreedily(state);
  removeRedundant(state);
  const first = state.sites();
  if (first.length === 0 || !state.isFeasible()) return { sites: first, work: state.work };
  const reduced = model.cost.slice();
  for (let site = 0; site < model.siteCount; site++) {
    for (let pair = model.siteStart[site]!; pair < model.siteStart[site + 1]!; pair++)
      reduced[site]! -= prices.perClass[model.classOfSite[pair]!]!;
  }
  const size = Math.max(SMALLEST_CORE, CORE_PER_SITE * first.length);
  const core = takeCore(model, reduced, [first], size);
  const corePrices: Prices = {
    perUser: Float64Array.from(core.parentTarget, (target) => prices.perUser[target]!),
    perClass: carryPrices(prices.perClass, core),
  };
  const inCore = new Map(Array.from(core.parentSite, (site, index) => [site, index]));
  const walked = ruinAndRecreate(
    core.model,
    {
      seed: effort.seed,
      stream: effort.stream,
      work: Math.min(effort.walkWork, WALK_PAIRS * core.model.classOfSite.length),
      start: Uint32Array.from(first.flatMap((site) => inCore.get(site) ?? [])),
      scores: mixScores({ model: core.model, prices: corePrices }, 0.5),
      slackWorth: corePrices.perUser,
      hot: 0.3,
      cold: 0.01,
    },
    shouldStop,
  );
  const sites = Array.from(walked.sites, (site) => core.parentSite[site]!).sort((a, b) => a - b);
  return { sites, work: state.work + walked.work };
}
