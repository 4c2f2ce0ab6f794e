/**
 * Costs as whole multiples of one step, so that sums are exact and a bound may be rounded up. Where the costs
 * share no decimal grid the step is 0 and nothing is rounded.
 */
export interface CostGrid {
  /** Costs in `steps` x `stepCost`, or the plain costs where `exact` is false. */
  readonly exact: boolean;
  /** Numerator and denominator of one step: cost = units x numerator / denominator. */
  readonly numerator: number;
  readonly denominator: number;
}

const DENOMINATORS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
/** Relative distance from a whole number that still counts as one: decimal text read into a double. */
const WHOLE = 1e-12;
/** Beyond this the sum of units could lose exactness. */
const LARGEST_UNITS = 2 ** 40;

export function findCostGrid(costs: Float64Array): CostGrid {
  for (const denominator of DENOMINATORS) {
    const step = commonStep(costs, denominator);
    if (step > 0) return { exact: true, numerator: step, denominator };
  }
  return { exact: false, numerator: 1, denominator: 1 };
}

/** Greatest common divisor of costs x denominator, 0 when one of them is not whole. */
function commonStep(costs: Float64Array, denominator: number): number {
  let step = 0;
  for (const cost of costs) {
    const scaled = cost * denominator;
    const whole = Math.round(scaled);
    if (Math.abs(scaled - whole) > WHOLE * Math.max(1, scaled) || whole > LARGEST_UNITS) return 0;
    step = greatestCommonDivisor(step, whole);
  }
  return step;
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

export function toUnits(grid: CostGrid, cost: number): number {
  if (!grid.exact) return cost;
  return Math.round((cost * grid.denominator) / grid.numerator);
}

export function fromUnits(grid: CostGrid, units: number): number {
  return grid.exact ? (units * grid.numerator) / grid.denominator : units;
}

/**
 * Floating-point allowance of a bound in units: the bound is a sum of at most some 10^7 terms, each rounded to
 * 2^-53 of a partial sum, hence 1e-9 relative is generous; 1e-6 absolute covers small bounds.
 */
export function boundAllowance(bound: number): number {
  return 1e-6 + 1e-9 * Math.abs(bound);
}

/** A proven bound moved up to the grid, after the allowance. Off the grid: the bound less the allowance. */
export function roundBoundUp(grid: CostGrid, bound: number): number {
  const safe = bound - boundAllowance(bound);
  return grid.exact ? Math.ceil(safe) : safe;
}

/**
 * Allowance of a bound from a simplex-based solver: HiGHS works to 1e-7 in rows and reduced costs, 1e-6 in integers.
 */
export function solverAllowance(bound: number): number {
  return 1e-6 + 1e-6 * Math.abs(bound);
}

/** A MIP solver's bound moved up to the grid, after its allowance. */
export function roundSolverBoundUp(grid: CostGrid, bound: number): number {
  const safe = bound - solverAllowance(bound);
  return grid.exact ? Math.ceil(safe) : safe;
}

/** Off the grid: what a bound has to gain at least, as a share of itself; ten times the allowance of the solver. */
const SMALLEST_STEP = 1e-5;

/** The least bound worth aspiring to beyond what is proved. */
export function leastAbove(grid: CostGrid, proved: number): number {
  return grid.exact ? proved + 1 : proved + SMALLEST_STEP * Math.abs(proved);
}

/**
 * True when a recounted cost and a (rounded) bound leave no room for a cheaper plan on the grid; off the grid, no
 * room beyond twice the solver's allowance.
 */
export function meetsOnGrid(grid: CostGrid, costUnits: number, boundUnits: number): boolean {
  return boundUnits >= (grid.exact ? costUnits : costUnits - 2 * solverAllowance(costUnits));
}
