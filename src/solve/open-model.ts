import { fixOut } from './certificate.ts';
import { roundBoundUp, type CostGrid } from './cost-grid.ts';
import { carryPrices } from './core.ts';
import type { CoveringModel } from './covering-model.ts';
import { allocateDualValue, evaluateDual, reducedCosts, type Prices } from './lagrangian.ts';
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
  /** [model.siteCount] 1 = column of the restricted LP; null before the first. */
  readonly columns: Uint8Array | null;
  /** True when the bound of the linear relaxation has been reached. */
  readonly converged: boolean;
}

export function openWhole(root: CoveringModel, prices: Prices): OpenModel {
  const rootSite = Uint32Array.from({ length: root.siteCount }, (_, site) => site);
  return withPrices({ model: root, rootSite, columns: null, converged: false }, prices);
}

/** The same model under other multipliers. */
export function withPrices(
  open: Pick<OpenModel, 'model' | 'rootSite' | 'columns' | 'converged'>,
  prices: Prices,
): OpenModel {
  const { model, rootSite, columns, converged } = open;
  const value = allocateDualValue(model);
  evaluateDual(model, prices, value);
  return {
    model,
    rootSite,
    columns,
    converged,
    prices,
    bound: value.bound,
    reducedCost: reducedCosts(model, value),
  };
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
  const prices: Prices = {
    perUser: Float64Array.from(rest.parentTarget, (target) => open.prices.perUser[target]!),
    perClass: carryPrices(open.prices.perClass, rest),
  };
  const { columns } = open;
  return withPrices(
    {
      model: rest.model,
      rootSite: rest.parentSite.map((site) => open.rootSite[site]!),
      columns: columns === null ? null : Uint8Array.from(rest.parentSite, (site) => columns[site]!),
      // The relaxation of fewer sites is tighter than the one that was solved.
      converged: false,
    },
    prices,
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
