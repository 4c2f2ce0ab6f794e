import type { Kernel } from '../../executor.ts';
import { CoverState } from '../cover-state.ts';
import type { CoveringModel } from '../covering-model.ts';
import { highsSolver } from '../highs.ts';
import type { MipSolver } from '../mip.ts';
import {
  allocateTileDual,
  evaluateTile,
  improveClassPrices,
  worthOfClasses,
  type PricedTile,
} from './priced-tile.ts';
import { serviceOf, supplyOf, type SupplyCurve } from './tile-greedy.ts';
import { relaxTile } from './tile-lp.ts';
import { planTile, polishTile, type PlanEffort } from './tile-plan.ts';
import { openTile, type TileShared } from './tile-source.ts';

/** What a tile is and reaches. */
export interface TileSurvey {
  /** Sites that reach the tile, as indices of the whole, ascending. Every other task numbers sites in this order. */
  readonly siteOf: Uint32Array;
  /** [sites] sum over targets of users / need that the site covers in this tile. */
  readonly value: Float64Array;
  /** [targets] users that any site reaches in this tile. */
  readonly reachable: Float64Array;
  readonly pairs: number;
  readonly classCount: number;
}

export interface PriceTask {
  readonly tile: number;
  readonly perUser: Float64Array;
  /** [sites of the tile] this tile's share of the costs. */
  readonly cost: Float64Array;
  readonly straddles: Uint8Array;
  /** Prices per class to go on from; null = the first time. */
  readonly perClass: Float64Array | null;
  readonly passes: number;
  readonly solverWork: number;
}

export interface PriceResult {
  /** Proven lower bound of the priced tile under its cost shares. */
  readonly value: number;
  /** The same without straddling sites. */
  readonly inner: number;
  /** [sites of the tile] what the prices of a site's classes sum to. */
  readonly siteWorth: Float64Array;
  /** [sites of the tile] how far the relaxation builds every site. */
  readonly built: Float64Array;
  /** [targets] users that the relaxation serves. */
  readonly served: Float64Array;
  readonly perClass: Float64Array;
  readonly work: number;
}

export type TileTask =
  | { readonly kind: 'survey'; readonly tile: number; readonly need: Float64Array }
  | {
      readonly kind: 'supply';
      readonly tile: number;
      readonly need: Float64Array;
      readonly cost: Float64Array;
    }
  | ({ readonly kind: 'price' } & PriceTask)
  | {
      readonly kind: 'plan';
      readonly tile: number;
      readonly need: Float64Array;
      readonly cost: Float64Array;
      readonly perUser: Float64Array;
      readonly perClass: Float64Array;
      readonly effort: PlanEffort;
    }
  | {
      readonly kind: 'polish';
      readonly tile: number;
      readonly stands: Uint8Array;
      readonly free: Uint8Array;
      /** [targets] users the tile may lose. */
      readonly slack: Float64Array;
      readonly perUser: Float64Array;
      readonly effort: PlanEffort;
    };

/** Sites in the tile's numbering, and the users they serve in the tile. */
export interface PlanResult {
  readonly sites: Uint32Array;
  readonly served: Float64Array;
  readonly work: number;
}

export type TileResult =
  | { readonly kind: 'survey'; readonly result: TileSurvey }
  | { readonly kind: 'supply'; readonly result: SupplyCurve }
  | { readonly kind: 'price'; readonly result: PriceResult }
  | { readonly kind: 'plan'; readonly result: PlanResult };

export type TileKernel = Kernel<TileShared, TileTask, TileResult>;

/** Share of a tile's worth that the first step of its class prices may move, the first time and later. */
const FIRST_STEP = 0.3;
const LATER_STEP = 0.03;

/** The one kernel of a tiled search: opens a tile, does what the task says, and lets the tile go. */
export function createTileKernel(mip: MipSolver): TileKernel {
  return {
    name: 'solve-tile',
    async run(shared, task, context): Promise<TileResult> {
      const tile = openTile(shared, task.tile);
      const shouldStop = (): boolean => context.shouldStop();
      switch (task.kind) {
        case 'survey':
          return { kind: 'survey', result: survey(tile, task.need) };
        case 'supply':
          return { kind: 'supply', result: supplyOf(tile, task.cost, task.need) };
        case 'price':
          return { kind: 'price', result: await price(tile, task, mip) };
        case 'plan': {
          const { perUser, perClass, need, cost, effort } = task;
          const plan = planTile({ ...tile, need, cost }, { perUser, perClass }, effort, shouldStop);
          return { kind: 'plan', result: counted(tile, plan) };
        }
        case 'polish': {
          const { stands, free, slack, perUser, effort } = task;
          const standing: number[] = [];
          stands.forEach((own, site) => {
            if (own === 1) standing.push(site);
          });
          const now = new CoverState(tile, standing);
          const need = now.served.map((users, target) => Math.max(0, users - slack[target]!));
          const plan = polishTile({ ...tile, need }, stands, free, perUser, effort, shouldStop);
          const next = counted(tile, plan);
          const isBetter = costOf(tile, next.sites) <= costOf(tile, standing);
          const keeps = next.served.every((users, target) => users >= need[target]!);
          if (isBetter && keeps) return { kind: 'plan', result: next };
          return { kind: 'plan', result: counted(tile, { sites: standing, work: plan.work }) };
        }
      }
    },
  };
}

export const tileKernel: TileKernel = createTileKernel(highsSolver);

function survey(tile: CoveringModel, need: Float64Array): TileSurvey {
  const perUser = need.map((users) => 1 / Math.max(users, Number.MIN_VALUE));
  const worth = worthOfClasses(tile, perUser);
  const value = new Float64Array(tile.siteCount);
  for (let site = 0; site < tile.siteCount; site++) {
    for (let pair = tile.siteStart[site]!; pair < tile.siteStart[site + 1]!; pair++)
      value[site]! += worth[tile.classOfSite[pair]!]!;
  }
  const { siteOf, reachable, classCount } = tile;
  return { siteOf, value, reachable, pairs: tile.classOfSite.length, classCount };
}

async function price(model: CoveringModel, task: PriceTask, mip: MipSolver): Promise<PriceResult> {
  const { cost, straddles, perUser } = task;
  const tile: PricedTile = { model, cost, straddles, worth: worthOfClasses(model, perUser) };
  const start = startOf(tile, task.perClass);
  const step = task.perClass === null ? FIRST_STEP : LATER_STEP;
  let work = improveClassPrices(tile, start, task.passes, step);
  const relaxed = await relaxTile(tile, start, task.solverWork, mip);
  work += relaxed.work;
  const dual = allocateTileDual(model);
  evaluateTile(tile, relaxed.perClass, dual);
  return {
    value: dual.value,
    inner: dual.inner,
    siteWorth: dual.siteWorth,
    built: relaxed.built,
    served: serviceOf(model, relaxed.built),
    perClass: relaxed.perClass,
    work,
  };
}

/** Earlier prices within what the classes are worth now; the first time half of it. */
function startOf({ model, worth }: PricedTile, earlier: Float64Array | null): Float64Array {
  return worth.map((own, index) => {
    if (earlier === null) return 0.5 * own;
    return model.mandatory[index] === 1 ? earlier[index]! : Math.min(own, earlier[index]!);
  });
}

function counted(tile: CoveringModel, plan: { sites: readonly number[]; work: number }): PlanResult {
  const { served } = new CoverState(tile, plan.sites);
  return { sites: Uint32Array.from(plan.sites), served, work: plan.work };
}

function costOf(tile: CoveringModel, sites: Iterable<number>): number {
  let cost = 0;
  for (const site of sites) cost += tile.cost[site]!;
  return cost;
}
