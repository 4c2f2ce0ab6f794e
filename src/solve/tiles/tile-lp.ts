import type { CoveringModel } from '../covering-model.ts';
import type { LinearModel, MipSolver } from '../mip.ts';
import { KEEP, restrictModel, type Restriction } from '../restrict.ts';
import { allocateTileDual, evaluateTile, type PricedTile } from './priced-tile.ts';

/** Tiles of at most this many pairs are relaxed whole, larger ones on the sites of small reduced cost first. */
const WHOLE_PAIRS = 150_000;
/** Restricted LPs in one task, at most. */
const TURNS = 3;

export interface TileRelaxation {
  /** Best prices per class found, those handed in included. */
  readonly perClass: Float64Array;
  /** [siteCount] how far the relaxation builds every site, 0..1. */
  readonly built: Float64Array;
  readonly work: number;
}

/**
 * Linear relaxation of a priced tile by column generation: an LP over some of the sites, their classes merged again,
 * then the sites that its prices find worth more than their cost join. The prices it returns are judged by one evaluation of the Lagrangian, so the solver's tolerances decide nothing.
 *
 * @param solverWork entries x simplex iterations.
 */
export async function relaxTile(
  tile: PricedTile,
  start: Float64Array,
  solverWork: number,
  mip: MipSolver,
): Promise<TileRelaxation> {
  const { model, cost } = tile;
  const priced = asSingleTarget(tile);
  const dual = allocateTileDual(model);
  evaluateTile(tile, start, dual);
  const built = Float64Array.from(dual.built);
  let best = start;
  let bestValue = dual.value;
  let current = start;
  let work = 0;
  const columns = firstColumns(tile, dual.siteWorth);
  for (let turn = 0; turn < TURNS && work < solverWork; turn++) {
    const restriction = restrictModel(priced, columns);
    if (restriction.model.classCount === 0) break;
    const answer = await solvePriced(tile, restriction, solverWork, mip);
    work += answer.work;
    const prices = splitPrices(tile, restriction, answer.perClass, current);
    clip(tile, prices);
    evaluateTile(tile, prices, dual);
    if (dual.value > bestValue) {
      bestValue = dual.value;
      best = prices;
    }
    if (!answer.finished) break;
    built.fill(0);
    restriction.parentSite.forEach((site, index) => (built[site] = answer.built[index]!));
    current = prices;
    if (priceIn(columns, dual.siteWorth, cost) === 0) break;
  }
  return { perClass: best, built, work };
}

/**
 * The price of a merged class split over its members in proportion to what these are worth (any split is a valid price
 * vector); members that the restriction dropped keep their old price.
 */
function splitPrices(
  { worth }: PricedTile,
  { model, classOf }: Restriction,
  perClass: Float64Array,
  old: Float64Array,
): Float64Array {
  const weight = worth.map((own) => own + Number.MIN_VALUE);
  const total = new Float64Array(model.classCount);
  classOf.forEach((own, member) => {
    if (own !== -1) total[own]! += weight[member]!;
  });
  return old.map((price, member) => {
    const own = classOf[member]!;
    return own === -1 ? price : (perClass[own]! * weight[member]!) / total[own]!;
  });
}

/** The tile with what its classes are worth as users of one target. */
export function asSingleTarget({ model, worth, cost }: PricedTile): CoveringModel {
  const { classCount } = model;
  let total = 0;
  for (const own of worth) total += own;
  return {
    ...model,
    cost,
    targetCount: 1,
    weightStart: Uint32Array.from({ length: classCount + 1 }, (_, own) => own),
    weightTarget: new Uint32Array(classCount),
    // Never 0: a class without an entry would fall out of the restriction.
    weightUsers: worth.map((own) => own + Number.MIN_VALUE),
    need: Float64Array.of(total + 1),
    reachable: Float64Array.of(total),
  };
}

function clip({ model, worth }: PricedTile, perClass: Float64Array): void {
  for (let own = 0; own < perClass.length; own++) {
    const price = perClass[own]!;
    if (!(price > 0)) perClass[own] = 0;
    else if (model.mandatory[own] === 0 && price > worth[own]!) perClass[own] = worth[own]!;
  }
}

/** [siteCount] KEEP for all sites of a small tile, else for those of small reduced cost. */
function firstColumns({ model, cost }: PricedTile, siteWorth: Float64Array): Uint8Array {
  if (model.classOfSite.length <= WHOLE_PAIRS) return new Uint8Array(model.siteCount).fill(KEEP);
  const reduced = cost.map((own, site) => own - siteWorth[site]!);
  const order = Uint32Array.from(reduced, (_, site) => site).sort(
    (a, b) => reduced[a]! - reduced[b]! || a - b,
  );
  const columns = new Uint8Array(model.siteCount);
  let pairs = 0;
  for (const site of order) {
    pairs += model.siteStart[site + 1]! - model.siteStart[site]!;
    if (pairs > WHOLE_PAIRS) break;
    columns[site] = KEEP;
  }
  return columns;
}

/** @returns how many columns joined: half of those whose worth exceeds their cost, the clearest first. */
function priceIn(columns: Uint8Array, siteWorth: Float64Array, cost: Float64Array): number {
  const joining: number[] = [];
  for (let site = 0; site < columns.length; site++) {
    if (columns[site] !== KEEP && siteWorth[site]! > cost[site]! * (1 + 1e-6)) joining.push(site);
  }
  joining.sort((a, b) => siteWorth[b]! - cost[b]! - (siteWorth[a]! - cost[a]!) || a - b);
  const count = Math.min(joining.length, Math.max(40, joining.length >> 1));
  for (const site of joining.slice(0, count)) columns[site] = KEEP;
  return count;
}

interface PricedAnswer {
  /** [classes of the restriction] */
  readonly perClass: Float64Array;
  /** [sites of the restriction] */
  readonly built: Float64Array;
  readonly finished: boolean;
  readonly work: number;
}

async function solvePriced(
  tile: PricedTile,
  restriction: Restriction,
  solverWork: number,
  mip: MipSolver,
): Promise<PricedAnswer> {
  const linear = writePriced(tile, restriction);
  const entries = Math.max(1, linear.rowOfEntry.length);
  const answer = await mip.solveLp(linear, {
    method: 'simplex',
    iterations: Math.ceil(solverWork / entries),
  });
  return {
    perClass: answer.rowDual,
    built: answer.values.subarray(0, restriction.model.siteCount),
    finished: answer.status === 'optimal',
    work: entries * answer.iterations,
  };
}

/**
 * A priced tile on the sites of a restriction of it as one target (see `asSingleTarget`). Its value is that of the tile plus
 * what all classes are worth:
 *
 *     min  sum_j cost[j] x[j] + sum_c worth[c] y[c]    y[c] + sum_{j covers c} x[j] >= 1    (no y where mandatory)
 */
export function writePriced(tile: PricedTile, { model, parentSite, classOf }: Restriction): LinearModel {
  const { siteCount, classCount, siteStart, classOfSite } = model;
  const mandatory = new Uint8Array(classCount);
  classOf.forEach((own, member) => {
    if (own !== -1 && tile.model.mandatory[member] === 1) mandatory[own] = 1;
  });
  const columnCount = siteCount + classCount;
  const cost = new Float64Array(columnCount);
  parentSite.forEach((site, index) => (cost[index] = tile.cost[site]!));
  cost.set(model.weightUsers, siteCount);
  const columnStart = new Int32Array(columnCount + 1);
  columnStart.set(siteStart);
  const rowOfEntry = new Int32Array(classOfSite.length + classCount);
  rowOfEntry.set(classOfSite);
  let entries = classOfSite.length;
  for (let own = 0; own < classCount; own++) {
    if (mandatory[own] === 0) rowOfEntry[entries++] = own;
    columnStart[siteCount + own + 1] = entries;
  }
  return {
    columnCount,
    rowCount: classCount,
    integerCount: 0,
    cost,
    offset: 0,
    rowLower: new Float64Array(classCount).fill(1),
    rowUpper: new Float64Array(classCount).fill(Infinity),
    columnStart,
    rowOfEntry: rowOfEntry.slice(0, entries),
    valueOfEntry: new Float64Array(entries).fill(1),
  };
}
