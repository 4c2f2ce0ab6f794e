import { flagsAt } from './build-model.ts';
import { fixOut } from './certificate.ts';
import { roundBoundUp, type CostGrid } from './cost-grid.ts';
import { carryPrices } from './core.ts';
import type { CoveringModel } from './covering-model.ts';
import { allocateDualValue, evaluateDual, reducedCosts, type Prices } from './lagrangian.ts';
import { FIRST_BALANCE } from './primal-dual.ts';
import { KEEP, restrictModel } from './restrict.ts';

/**
 * What bounds have not decided yet: a restriction of the root model that holds every plan cheaper than the best one
 * known, with multipliers of its own. A lower bound on it, or the cost of the best plan if that is less, is a lower
 * bound on the root.
 */
export interface OpenModel {
  readonly model: CoveringModel;
  /** [model.siteCount] index in the root model. */
  readonly rootSite: Uint32Array;
  readonly prices: Prices;
  /** Dual value of `prices` on the model, before the allowance. */
  readonly bound: number;
  /** [model.siteCount] reduced costs of the same multipliers. */
  readonly reducedCost: Float64Array;
  /** What ranks sites and classes in searches for plans. */
  readonly guide: Guide;
  /** Where the first-order method on the relaxation stands: [model.siteCount] shares of sites, and its balance. */
  readonly build: Float64Array;
  readonly balance: number;
  /** True when the bound of the linear relaxation has been reached. */
  readonly converged: boolean;
}

/**
 * Multipliers near the middle of those that give the best bound, as first-order and interior methods leave them, with their reduced
 * costs. The ones of a simplex method lie at a corner and rank sites badly: planar E, walks of 10^8 pairs from greedy's plan
 * end at 5091 by them, at 5058 by these (means of six).
 */
export interface Guide {
  readonly prices: Prices;
  readonly reducedCost: Float64Array;
}

export function openWhole(root: CoveringModel, prices: Prices, plan: Iterable<number> = []): OpenModel {
  const rootSite = Uint32Array.from({ length: root.siteCount }, (_, site) => site);
  const build = Float64Array.from(flagsAt(root.siteCount, plan));
  return withPrices({ model: root, rootSite, build, balance: FIRST_BALANCE, converged: false }, prices);
}

/** The same model under other multipliers, which guide searches as well unless there are better ones for that. */
export function withPrices(
  open: Pick<OpenModel, 'model' | 'rootSite' | 'build' | 'balance' | 'converged'>,
  prices: Prices,
  guidePrices: Prices = prices,
): OpenModel {
  const { model, rootSite, build, balance, converged } = open;
  const value = allocateDualValue(model);
  evaluateDual(model, prices, value);
  const { bound } = value;
  const reducedCost = reducedCosts(model, value);
  if (guidePrices !== prices) evaluateDual(model, guidePrices, value);
  const guide = { prices: guidePrices, reducedCost: reducedCosts(model, value) };
  return { model, rootSite, build, balance, converged, prices, bound, reducedCost, guide };
}

/** Fewer sites than this share of the model are not worth a new restriction. */
const WORTH_RESTRICTING = 0.02;

/** Fix out what no plan cheaper than `upperBound` builds, and merge what is left. */
export function narrow(open: OpenModel, upperBound: number, grid: CostGrid): OpenModel {
  const out = fixOut(open.bound, open.reducedCost, upperBound, (bound) => roundBoundUp(grid, bound));
  let count = 0;
  for (const fixed of out) count += fixed;
  if (count <= WORTH_RESTRICTING * open.model.siteCount) return open;
  const rest = restrictModel(
    open.model,
    out.map((fixed) => (fixed === 1 ? 0 : KEEP)),
  );
  const carried = ({ perUser, perClass }: Prices): Prices => ({
    perUser: Float64Array.from(rest.parentTarget, (target) => perUser[target]!),
    perClass: carryPrices(perClass, rest),
  });
  return withPrices(
    {
      model: rest.model,
      rootSite: rest.parentSite.map((site) => open.rootSite[site]!),
      build: Float64Array.from(rest.parentSite, (site) => open.build[site]!),
      balance: open.balance,
      // The relaxation of fewer sites is tighter than the one that was solved.
      converged: false,
    },
    carried(open.prices),
    carried(open.guide.prices),
  );
}

/** A plan in the numbering of `sites` (root indices, ascending), null when one of its sites is not among them. */
export function localPlan(sites: Uint32Array, plan: Iterable<number>): Uint32Array | null {
  const place = new Map<number, number>();
  sites.forEach((site, index) => place.set(site, index));
  const local: number[] = [];
  for (const site of plan) {
    const index = place.get(site);
    if (index === undefined) return null;
    local.push(index);
  }
  return Uint32Array.from(local);
}

/** The part of a plan that lies among `sites`, in their numbering. */
export function localPart(sites: Uint32Array, plan: Iterable<number>): number[] {
  const place = new Map<number, number>();
  sites.forEach((site, index) => place.set(site, index));
  return [...plan].flatMap((site) => place.get(site) ?? []);
}
