import { fixOut, proveOpenModel } from './certificate.ts';
import {
  leastAbove,
  meetsOnGrid,
  roundBoundUp,
  roundSolverBoundUp,
  solverAllowance,
  type CostGrid,
} from './cost-grid.ts';
import { findShortages, type CoveringModel } from './covering-model.ts';
import { allocateDualValue, evaluateDual, type Prices } from './lagrangian.ts';
import type { MipSolver } from './mip.ts';
import { narrow, openWhole, type OpenModel } from './open-model.ts';

/** An attempt to prove a bound that lies a little above that of the prices. */
export interface AspirationTask {
  /** Multipliers of the open model. */
  readonly prices: Prices;
  readonly grid: CostGrid;
  /** What is proved already, and the cost of the best plan: bounds between them are aspired to. Grid units. */
  readonly proved: number;
  readonly upperBound: number;
  /** How far above the bound of the prices to begin, grid units. */
  readonly lift: number;
  readonly seed: number;
  /** Entries x simplex iterations. */
  readonly solverWork: number;
}

export interface AspirationResult {
  /** A plan cheaper than `upperBound`, recounted; null when none was found. */
  readonly sites: Uint32Array | null;
  /** Proved lower bound, rounded up to the grid, at most `upperBound`. */
  readonly bound: number;
  /** True when the bound is the cost of the best plan. */
  readonly finished: boolean;
  /** How far above the bound of the prices the next attempt should begin. */
  readonly lift: number;
  readonly work: number;
}

const NODES = 1_000_000;
/** Branch and cut is tried on at most this many pairs: larger models end in their first relaxation. */
const MOST_PAIRS = 200_000;
/** That takes 3 to 5 simplex iterations per site on planar D, 6 to 8 on E with 16 targets, 14 on Helsinki, and cannot be cut short. */
const LEAST_ITERATIONS_PER_SITE = 4;
/** Growth of the lift after a proof, and the share of the work that may be spent for another to begin at once. */
const LIFT_GROWTH = 1.5;
const EASY_SHARE = 0.4;

/**
 * Bounds above the linear relaxation. Any plan cheaper than an aspired bound does without the sites whose reduced cost lifts the
 * bound of the prices to it and covers the classes whose giving up does: what is left is far smaller than what plans cheaper
 * than the best one may build, so branch and cut, root cuts most of all, soon tells whether such a plan exists. Its bound, or
 * the aspired one if that is less, holds for the whole. While it is easy, more is aspired to.
 */
export async function aspire(
  model: CoveringModel,
  task: AspirationTask,
  mip: MipSolver,
  shouldStop: () => boolean = () => false,
): Promise<AspirationResult> {
  const { grid, solverWork } = task;
  const open = openWhole(model, task.prices);
  let { lift, upperBound } = task;
  let bound = Math.max(task.proved, Math.min(upperBound, roundBoundUp(grid, open.bound)));
  let sites: Uint32Array | null = null;
  let work = 0;
  while (!meetsOnGrid(grid, upperBound, bound) && work < solverWork && !shouldStop()) {
    const least = leastAbove(grid, bound);
    const aspired = Math.min(upperBound, Math.max(least, roundBoundUp(grid, open.bound + lift)));
    const rest = narrowBelow(open, aspired, grid);
    const left = solverWork - work;
    if (rest !== null && isTooLarge(rest.model, left)) {
      if (aspired <= least) break;
      lift = Math.min(lift, aspired - open.bound) / 2;
      continue;
    }
    const proof = await proveBelow(rest, aspired, { ...task, solverWork: left }, mip, shouldStop);
    work += proof.work;
    if (proof.sites !== null && proof.cost < upperBound) [sites, upperBound] = [proof.sites, proof.cost];
    const before = bound;
    bound = Math.max(bound, Math.min(proof.bound, aspired, upperBound));
    const reached = aspired - open.bound;
    lift = proof.finished ? LIFT_GROWTH * reached : bound > before ? reached : reached / 2;
    if (!proof.finished || bound === before || proof.work > EASY_SHARE * left) break;
  }
  return { sites, bound, finished: meetsOnGrid(grid, upperBound, bound), lift, work };
}

/** True where the work left would hardly see the first relaxation of branch and cut end. */
function isTooLarge({ siteCount, classOfSite }: CoveringModel, solverWork: number): boolean {
  const pairs = classOfSite.length;
  return pairs > MOST_PAIRS || LEAST_ITERATIONS_PER_SITE * siteCount * pairs > solverWork;
}

/** What plans cheaper than `aspired` may build, with what they must cover; null when there is no such plan. */
export function narrowBelow(open: OpenModel, aspired: number, grid: CostGrid): OpenModel | null {
  let rest = open;
  for (;;) {
    if (roundBoundUp(grid, rest.bound) >= aspired || findShortages(rest.model).length > 0) return null;
    const next = narrow(rest, aspired, grid);
    if (next === rest) break;
    rest = next;
  }
  const { model } = rest;
  const extra = givingUp(model, rest.prices);
  const must = fixOut(rest.bound, extra, aspired, (bound) => roundBoundUp(grid, bound));
  const mandatory = model.mandatory.map((own, index) => (own === 1 || must[index] === 1 ? 1 : 0));
  return { ...rest, model: { ...model, mandatory } };
}

/**
 * [classCount] how far the bound rises when a class stays uncovered: from the multipliers of the bound and no others, as with
 * reduced costs of sites.
 */
export function givingUp(model: CoveringModel, prices: Prices): Float64Array {
  const value = allocateDualValue(model);
  evaluateDual(model, prices, value);
  return value.userWorth.map((worth, own) => Math.max(0, worth - prices.perClass[own]!));
}

interface ProofBelow {
  readonly sites: Uint32Array | null;
  readonly cost: number;
  readonly bound: number;
  readonly finished: boolean;
  readonly work: number;
}

/**
 * Is there a plan cheaper than `aspired` on what is left? Branch and cut need not look at anything dearer: its cutoff lies between the
 * costs of such plans and the aspired bound, by more than its tolerances.
 */
async function proveBelow(
  rest: OpenModel | null,
  aspired: number,
  { grid, seed, solverWork }: AspirationTask,
  mip: MipSolver,
  shouldStop: () => boolean,
): Promise<ProofBelow> {
  if (rest === null) return { sites: null, cost: Infinity, bound: aspired, finished: true, work: 0 };
  const step = grid.exact ? 1 : 0;
  const cutoff = aspired - step + Math.max(step / 2, 2 * solverAllowance(aspired));
  const limits = { start: null, seed, nodes: NODES, solverWork, cutoff };
  const { sites, bound, finished, work } = await proveOpenModel(rest.model, limits, mip, shouldStop);
  const found = sites?.map((site) => rest.rootSite[site]!) ?? null;
  const cost = sites?.reduce((sum, site) => sum + rest.model.cost[site]!, rest.model.fixedCost) ?? Infinity;
  return { sites: found, cost, bound: roundSolverBoundUp(grid, Math.min(bound, cutoff)), finished, work };
}
