import type { SolveContext } from '../context.ts';
import { meetsOnGrid, roundBoundUp, type CostGrid } from '../cost-grid.ts';
import { CoverState } from '../cover-state.ts';
import { addGreedily } from '../greedy.ts';
import type { Prices } from '../lagrangian.ts';
import { removeRedundant } from '../redundancy.ts';
import { priceTiles, type PricedTiles } from './price-rounds.ts';
import { mapTiles, openTiling, type OpenTiling } from './run-tiles.ts';
import { tileEffort, type TileEffort } from './tile-effort.ts';
import { itemsOf } from './tiling.ts';
import type { PlanEffort } from './tile-plan.ts';
import type { WholeProblem } from './whole.ts';

/** What a tiled search found. Costs and bounds in grid units, sites as indices of the whole. */
export interface TiledOutcome {
  /** Null when the tiles' plans could not be joined into one that meets every target, or no plan was asked for. */
  readonly sites: readonly number[] | null;
  /** Rounded up to the grid, never above the cost of `sites`. */
  readonly bound: number;
  /** Multipliers of the whole, those of its classes as their tiles found them. */
  readonly prices: Prices;
  readonly facts: TilingFacts;
}

/** How a problem was cut, for the report. */
export interface TilingFacts {
  readonly tiles: number;
  readonly pairs: number;
  /** Covered pairs of the largest tile. */
  readonly largestPairs: number;
  /** Sites, and those among them that reach several tiles. */
  readonly sites: number;
  readonly straddlingSites: number;
  readonly priceRounds: number;
  readonly polishRounds: number;
  /** Grid units after the tiles' plans were joined, before the seams were polished; null without a plan. */
  readonly joinedCost: number | null;
}

export interface TiledSettings {
  readonly phase: string;
  readonly grid: CostGrid;
  readonly tiles: number;
  readonly start: readonly number[];
  /** False: only the bound matters. */
  readonly improvePlan: boolean;
}

/** A tile's plan pays at least this share of a site it builds, so that none is built for the neighbours' sake. */
const LEAST_PLAN_SHARE = 0.5;

/**
 * The cheapest plan found and a proven bound by tiles and prices (design section 10): the demand is cut into tiles, each
 * with the sites that reach it; prices on the targets and shares of the costs make every tile a problem of its own; the
 * coordinator moves both, divides the needs by what the tiles answered, joins their plans, repairs and prunes them, and
 * polishes along tilings with other seams. Tasks are merged in task order.
 */
export async function searchTiled(
  context: SolveContext,
  whole: WholeProblem,
  settings: TiledSettings,
): Promise<TiledOutcome> {
  return new TiledSearch(context, whole, settings).run();
}

class TiledSearch {
  readonly #context: SolveContext;
  readonly #whole: WholeProblem;
  readonly #settings: TiledSettings;
  readonly #effort: TileEffort;
  #best: number[] | null = null;
  #cost = Infinity;
  #bound: number;
  #priceRounds = 0;
  #polishRounds = 0;
  #joinedCost: number | null = null;

  constructor(context: SolveContext, whole: WholeProblem, settings: TiledSettings) {
    this.#context = context;
    this.#whole = whole;
    this.#settings = settings;
    this.#effort = tileEffort(context.options.effort);
    this.#bound = whole.fixedCost;
  }

  async run(): Promise<TiledOutcome> {
    const { start, improvePlan, tiles } = this.#settings;
    const tiling = await openTiling(this.#context, this.#whole, tiles, 0);
    if (start.length > 0) this.#offer(start, 'start plan');
    const priced = await priceTiles(this.#context, this.#whole, tiling, this.#effort, ({ safe }) => {
      this.#raiseBound(roundBoundUp(this.#settings.grid, safe), `prices of ${tiles} tiles`);
      return this.#finished();
    });
    this.#priceRounds = priced.rounds;
    if (improvePlan && !this.#finished() && this.#context.stopReason() === null) {
      await this.#planTiles(tiling, priced);
      await this.#polish(priced.perUser);
    }
    return this.#outcome(tiling, priced);
  }

  /** Every tile plans for its part of the needs; the union is repaired and pruned. */
  async #planTiles({ shared, sites }: OpenTiling, priced: PricedTiles): Promise<void> {
    const { cost } = this.#whole;
    const { perUser, perClass, division } = priced;
    this.#context.beginRound();
    const plans = await mapTiles(this.#context, shared, 'plan', (tile) => ({
      kind: 'plan',
      tile,
      need: division[tile]!,
      cost: Float64Array.from(sites.siteOf[tile]!, (site, index) =>
        Math.max(priced.cost[tile]![index]!, LEAST_PLAN_SHARE * cost[site]!),
      ),
      perUser,
      perClass: perClass[tile]!,
      effort: this.#planEffort(tile),
    }));
    this.#context.endRound();
    const union = new Set<number>();
    plans.forEach((plan, tile) => {
      for (const site of plan.sites) union.add(sites.siteOf[tile]![site]!);
    });
    this.#offer(
      [...union].sort((a, b) => a - b),
      'plans of the tiles joined',
    );
    this.#joinedCost = this.#best === null ? null : this.#cost;
  }

  /** Tilings with other seams: sites that lie in one tile alone are chosen anew, all others stand. */
  async #polish(perUser: Float64Array): Promise<void> {
    const context = this.#context;
    for (let turn = 1; turn <= this.#effort.polishRounds; turn++) {
      if (this.#best === null || this.#finished() || context.stopReason() !== null) return;
      const tiling = await openTiling(context, this.#whole, this.#settings.tiles, turn);
      const slack = this.#slack();
      const stands = new Uint8Array(this.#whole.siteCount);
      for (const site of this.#best) stands[site] = 1;
      const { siteOf, straddles } = tiling.sites;
      const parts = divideSlack(slack, tiling);
      context.beginRound();
      const plans = await mapTiles(context, tiling.shared, 'plan', (tile) => ({
        kind: 'polish',
        tile,
        stands: Uint8Array.from(siteOf[tile]!, (site) => stands[site]!),
        free: Uint8Array.from(siteOf[tile]!, (site, index) =>
          straddles[tile]![index] === 0 && this.#whole.contested[site] === 0 ? 1 : 0,
        ),
        slack: parts[tile]!,
        perUser,
        effort: this.#planEffort(1000 * turn + tile),
      }));
      context.endRound();
      this.#polishRounds++;
      plans.forEach((plan, tile) => {
        siteOf[tile]!.forEach((site, index) => {
          if (straddles[tile]![index] === 0) stands[site] = 0;
        });
        for (const site of plan.sites) stands[siteOf[tile]![site]!] = 1;
      });
      const sites = Array.from(stands.keys()).filter((site) => stands[site] === 1);
      this.#offer(sites, `polishing along other seams, tiling ${turn}`);
    }
  }

  #planEffort(stream: number): PlanEffort {
    return { seed: this.#context.options.seed, stream, walkWork: this.#effort.walkWork };
  }

  /** [targets] users the best plan serves beyond the needs. */
  #slack(): Float64Array {
    const { served } = this.#stateOf(this.#best ?? []);
    return this.#whole.need.map((need, target) => served[target]! - need);
  }

  /** The sites on the whole; those that exclude an earlier one are left out. */
  #stateOf(sites: Iterable<number>): CoverState {
    const state = new CoverState(this.#whole.model);
    for (const site of sites) if (state.blocked[site] === 0 && state.chosen[site] === 0) state.add(site);
    return state;
  }

  /** Repairs, recounts and prunes a plan; keeps it when it is feasible and cheaper. */
  #offer(sites: Iterable<number>, foundBy: string): void {
    const state = this.#stateOf(sites);
    addGreedily(state);
    if (state.isFeasible()) {
      removeRedundant(state);
      if (state.cost < this.#cost) {
        this.#best = state.sites();
        this.#cost = state.cost;
        this.#record(foundBy);
      }
    }
    this.#context.work += state.work;
  }

  #raiseBound(bound: number, foundBy: string): void {
    const capped = Math.min(bound, this.#cost);
    if (capped <= this.#bound) return;
    this.#bound = capped;
    this.#record(foundBy);
  }

  #record(foundBy: string): void {
    const incumbent = this.#best === null ? null : this.#cost;
    this.#context.record(this.#settings.phase, this.#settings.grid, incumbent, this.#bound, foundBy);
  }

  #finished(): boolean {
    if (this.#best === null) return false;
    if (meetsOnGrid(this.#settings.grid, this.#cost, this.#bound)) return true;
    return (this.#cost - this.#bound) / this.#cost <= this.#context.options.gapGoal;
  }

  #outcome({ shared, surveys, sites }: OpenTiling, { perUser, perClass }: PricedTiles): TiledOutcome {
    const straddling = new Set<number>();
    sites.siteOf.forEach((siteOf, tile) => {
      siteOf.forEach((site, index) => {
        if (sites.straddles[tile]![index] === 1) straddling.add(site);
      });
    });
    const prices: Prices = { perUser, perClass: new Float64Array(this.#whole.model.classCount) };
    perClass.forEach((own, tile) => {
      itemsOf(shared.tiling, tile).forEach((item, index) => (prices.perClass[item] = own[index]!));
    });
    return {
      sites: this.#best,
      bound: Math.min(this.#bound, this.#cost),
      prices,
      facts: {
        tiles: surveys.length,
        pairs: surveys.reduce((sum, survey) => sum + survey.pairs, 0),
        largestPairs: surveys.reduce((most, survey) => Math.max(most, survey.pairs), 0),
        sites: this.#whole.siteCount,
        straddlingSites: straddling.size,
        priceRounds: this.#priceRounds,
        polishRounds: this.#polishRounds,
        joinedCost: this.#joinedCost,
      },
    };
  }
}

/** Users every tile may lose, in proportion to what it reaches; the parts never exceed the whole. */
function divideSlack(slack: Float64Array, { surveys }: OpenTiling): Float64Array[] {
  const total = slack.map((_, target) => surveys.reduce((sum, { reachable }) => sum + reachable[target]!, 0));
  return surveys.map(({ reachable }) =>
    slack.map((users, target) =>
      total[target]! > 0 ? Math.floor((users * reachable[target]!) / total[target]!) : 0,
    ),
  );
}
