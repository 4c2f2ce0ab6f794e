import type { CoveringModel } from '../covering-model.ts';

/**
 * A tile under prices on the targets: serving class c earns worth[c], site j costs this tile cost[j] of its whole cost.
 *
 *     f = min  sum_j cost[j] x[j] - sum_c worth[c] z[c],   z[c] <= sum_{j covers c} x[j]   (z = 1 where mandatory)
 *
 * What the targets need is then sum_k price[k] need[k] + the sum of f over the tiles, at most the optimum of the
 * whole, whatever the prices >= 0 and however the costs are split (shares >= 0 that sum to the cost).
 */
export interface PricedTile {
  readonly model: CoveringModel;
  /** [siteCount] this tile's share of the cost, grid units. */
  readonly cost: Float64Array;
  /** [siteCount] 1 = the site, or another one of its location, is also seen from other tiles. */
  readonly straddles: Uint8Array;
  /** [classCount] */
  readonly worth: Float64Array;
}

/** Worth of every class: the prices of its users. */
export function worthOfClasses(model: CoveringModel, perUser: Float64Array): Float64Array {
  const worth = new Float64Array(model.classCount);
  for (let own = 0; own < model.classCount; own++) {
    let sum = 0;
    for (let w = model.weightStart[own]!; w < model.weightStart[own + 1]!; w++)
      sum += perUser[model.weightTarget[w]!]! * model.weightUsers[w]!;
    worth[own] = sum;
  }
  return worth;
}

/** Value of the Lagrangian of a priced tile for prices per class (0 <= price, at most the worth unless mandatory). */
export interface TileDual {
  /** Lower bound on f. */
  value: number;
  /** The same without the straddling sites, which the coordinator accounts for over all tiles. */
  inner: number;
  /** [siteCount] sum of the prices of a site's classes. */
  readonly siteWorth: Float64Array;
  /** [siteCount] 1 = a minimiser builds the site. */
  readonly built: Uint8Array;
}

export function allocateTileDual(model: CoveringModel): TileDual {
  return {
    value: 0,
    inner: 0,
    siteWorth: new Float64Array(model.siteCount),
    built: new Uint8Array(model.siteCount),
  };
}

/**
 *     L = - sum_c (worth[c] - price[c]) - sum of positive (siteWorth - cost): of the best site of each location that
 *         lies in this tile alone, and of every straddling site
 */
export function evaluateTile(tile: PricedTile, perClass: Float64Array, dual: TileDual): void {
  const { model, cost, straddles, worth } = tile;
  const { siteWorth, built } = dual;
  let inner = 0;
  for (let own = 0; own < model.classCount; own++) inner -= worth[own]! - perClass[own]!;
  const bestOfGroup = new Int32Array(model.hasGroups ? model.siteCount : 0).fill(-1);
  let outer = 0;
  built.fill(0);
  for (let site = 0; site < model.siteCount; site++) {
    let sum = 0;
    const end = model.siteStart[site + 1]!;
    for (let pair = model.siteStart[site]!; pair < end; pair++) sum += perClass[model.classOfSite[pair]!]!;
    siteWorth[site] = sum;
    const surplus = sum - cost[site]!;
    if (surplus <= 0) continue;
    if (straddles[site] === 1) {
      outer += surplus;
      built[site] = 1;
      continue;
    }
    const group = model.group[site]!;
    const rival = model.hasGroups ? bestOfGroup[group]! : -1;
    const rivalSurplus = rival === -1 ? 0 : siteWorth[rival]! - cost[rival]!;
    if (surplus <= rivalSurplus) continue;
    inner -= surplus - rivalSurplus;
    if (rival !== -1) built[rival] = 0;
    if (model.hasGroups) bestOfGroup[group] = site;
    built[site] = 1;
  }
  dual.inner = inner;
  dual.value = inner - outer;
}

/** Step at the start and at the end, as a share of what the tile's users are worth. */
const LAST_STEP = 2e-4;
/** Passes without a better value after which the step is halved. */
const PATIENCE = 8;
/** Share of the previous direction kept, as in `prices.ts`. */
const DEFLECTION = 0.7;

/**
 * Prices per class by deflected subgradient ascent on the Lagrangian of the priced tile; classes move in proportion to
 * what they can be worth (see `prices.ts`). There is no plan to aim at, so the step is a share of the tile's worth,
 * halved when nothing is gained.
 *
 * @param perClass start; changed in place to the best found.
 * @returns pairs touched.
 */
export function improveClassPrices(
  tile: PricedTile,
  perClass: Float64Array,
  passes: number,
  firstStep: number,
): number {
  const { model, worth } = tile;
  const { classCount, classStart, siteOfClass, mandatory } = model;
  const dual = allocateTileDual(model);
  const best = perClass.slice();
  let bestValue = -Infinity;
  let total = 0;
  for (const own of worth) total += own;
  const floor = (0.1 * total) / Math.max(1, classCount);
  const scale = worth.map((own) => Math.sqrt(Math.max(own, floor)));
  const direction = new Float64Array(classCount);
  let step = firstStep;
  let stale = 0;
  let pass = 0;
  for (; pass < passes && step > LAST_STEP; pass++) {
    evaluateTile(tile, perClass, dual);
    if (dual.value > bestValue) {
      if (dual.value > bestValue + 1e-3 * step * total) stale = 0;
      bestValue = dual.value;
      best.set(perClass);
    }
    if (++stale > PATIENCE) {
      step /= 2;
      stale = 0;
      perClass.set(best);
      direction.fill(0);
      continue;
    }
    let norm = 0;
    for (let own = 0; own < classCount; own++) {
      let gradient = 1;
      for (let i = classStart[own]!; i < classStart[own + 1]!; i++) gradient -= dual.built[siteOfClass[i]!]!;
      if (gradient < 0 && perClass[own] === 0) gradient = 0;
      if (gradient > 0 && mandatory[own] === 0 && perClass[own]! >= worth[own]!) gradient = 0;
      const move = gradient * scale[own]! + DEFLECTION * direction[own]!;
      direction[own] = move;
      norm += gradient * scale[own]! * move;
    }
    if (norm <= 0) {
      direction.fill(0);
      continue;
    }
    const length = (step * total) / norm;
    for (let own = 0; own < classCount; own++) {
      const moved = Math.max(0, perClass[own]! + length * scale[own]! * direction[own]!);
      perClass[own] = mandatory[own] === 1 ? moved : Math.min(worth[own]!, moved);
    }
  }
  perClass.set(best);
  return 2 * pass * model.classOfSite.length;
}
