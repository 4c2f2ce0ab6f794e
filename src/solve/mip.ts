import type { CoveringModel } from './covering-model.ts';
import type { Prices } from './lagrangian.ts';

/**
 * A linear model for a MIP or LP solver, column-wise, to be minimised: rows `rowLower <= A x <= rowUpper`, columns
 * `0 <= x <= 1`. The first `integerCount` columns are 0/1. Plain data: it travels to a worker.
 */
export interface LinearModel {
  readonly columnCount: number;
  readonly rowCount: number;
  readonly integerCount: number;
  readonly cost: Float64Array;
  /** Constant of the objective. */
  readonly offset: number;
  readonly rowLower: Float64Array;
  readonly rowUpper: Float64Array;
  /** [columnCount + 1] entries of column `c` are `[columnStart[c] .. columnStart[c + 1])`. */
  readonly columnStart: Int32Array;
  readonly rowOfEntry: Int32Array;
  readonly valueOfEntry: Float64Array;
}

export interface MipLimits {
  /** Branch-and-bound nodes. */
  readonly nodes: number;
  /** Simplex iterations over all nodes: the deterministic stand-in for time. */
  readonly iterations: number;
  readonly seed: number;
  /** False: no second presolve and new start once the root has fixed many columns. Default: true. */
  readonly restarts?: boolean | undefined;
  /** Points of a larger objective need not be looked at: the answer's bound holds only as far as this. */
  readonly cutoff?: number | undefined;
  /** Asked now and then while the solver runs: true = end soon with what there is. */
  readonly shouldStop?: (() => boolean) | undefined;
}

export interface LpLimits {
  /**
   * simplex ends in a vertex; interior stops near the centre of the optimal face, sooner on models with several
   * target rows.
   */
  readonly method: 'simplex' | 'interior';
  /** Simplex iterations. */
  readonly iterations: number;
  readonly shouldStop?: (() => boolean) | undefined;
}

export interface MipAnswer {
  /** `optimal` and `infeasible` are the solver's word; `limit`: stopped with the best so far. */
  readonly status: 'optimal' | 'infeasible' | 'limit';
  /** Proven lower bound on the objective, -Infinity when there is none. */
  readonly bound: number;
  /** [columnCount] best point found, null when there is none. */
  readonly values: Float64Array | null;
  readonly iterations: number;
}

export interface LpAnswer {
  readonly status: 'optimal' | 'limit';
  readonly objective: number;
  /** [rowCount] multipliers of the rows. */
  readonly rowDual: Float64Array;
  /** [columnCount] */
  readonly values: Float64Array;
  readonly iterations: number;
}

/** What solve/ asks of a MIP solver: zero gap tolerances, one thread, fixed seed. `highs.ts` is the default. */
export interface MipSolver {
  /** @param start [columnCount] a feasible point, or null. */
  solveMip(model: LinearModel, limits: MipLimits, start: Float64Array | null): Promise<MipAnswer>;
  solveLp(model: LinearModel, limits: LpLimits): Promise<LpAnswer>;
}

/** A covering model written out, and where its parts stand. */
export interface WrittenModel {
  readonly linear: LinearModel;
  /** [classCount] row that covers the class, -1 = one site decides it and no row is needed. */
  readonly rowOfClass: Int32Array;
  /** [classCount] column that is 1 where the class is given up, -1 = mandatory or decided by one site. */
  readonly columnOfClass: Int32Array;
  /** [targetCount] row of the target, -1 = implied by mandatory classes. */
  readonly rowOfTarget: Int32Array;
  /** [targetCount] users x this = row coefficient: a power of two, so that scaling rounds nothing. */
  readonly scaleOfTarget: Float64Array;
}

/**
 * The covering model as linear model: x[j] = 1 builds site j, y[c] = 1 gives class c up.
 *
 *     y[c] + sum_{j covers c} x[j] >= 1           classes of several sites
 *     sum_c users[c, k] y[c] <= reachable[k] - need[k]    targets: the users that may be given up
 *     sum of x over a location <= 1, x[i] + x[j] <= 1 for conflicts
 *
 * A class of one site is decided by it: y = 1 - x is put in. Mandatory classes have no y.
 */
export function writeLinearModel(model: CoveringModel): WrittenModel {
  const { siteCount, classCount, targetCount, classStart } = model;
  const rowOfClass = new Int32Array(classCount).fill(-1);
  const columnOfClass = new Int32Array(classCount).fill(-1);
  const rowLower: number[] = [];
  const rowUpper: number[] = [];
  let columnCount = siteCount;
  for (let own = 0; own < classCount; own++) {
    const single = classStart[own + 1]! - classStart[own]! === 1;
    if (model.mandatory[own] === 0 && single) continue;
    rowOfClass[own] = rowLower.length;
    rowLower.push(1);
    rowUpper.push(Infinity);
    if (model.mandatory[own] === 0) columnOfClass[own] = columnCount++;
  }
  const locationRow = addLocationRows(model, rowLower, rowUpper);
  const conflictPairs = pairsOutsideGroups(model);
  const conflictRows: number[][] = [];
  for (let pair = 0; pair < conflictPairs.length; pair += 2) {
    for (const site of conflictPairs.slice(pair, pair + 2)) (conflictRows[site] ??= []).push(rowLower.length);
    rowLower.push(-Infinity);
    rowUpper.push(1);
  }
  const scaleOfTarget = targetScales(model);
  const rowOfTarget = new Int32Array(targetCount).fill(-1);
  const optional = optionalTargets(model);
  for (let target = 0; target < targetCount; target++) {
    if (optional[target] === 0) continue;
    rowOfTarget[target] = rowLower.length;
    rowLower.push(-Infinity);
    rowUpper.push((model.reachable[target]! - model.need[target]!) * scaleOfTarget[target]!);
  }
  const entries = new ColumnWriter(columnCount);
  const single = new Float64Array(targetCount);
  for (let site = 0; site < siteCount; site++) {
    single.fill(0);
    for (let pair = model.siteStart[site]!; pair < model.siteStart[site + 1]!; pair++) {
      const own = model.classOfSite[pair]!;
      const row = rowOfClass[own]!;
      if (row !== -1) {
        entries.put(row, 1);
        continue;
      }
      for (let w = model.weightStart[own]!; w < model.weightStart[own + 1]!; w++) {
        single[model.weightTarget[w]!]! += model.weightUsers[w]!;
      }
    }
    if (locationRow[model.group[site]!]! !== -1) entries.put(locationRow[model.group[site]!]!, 1);
    for (const row of conflictRows[site] ?? []) entries.put(row, 1);
    single.forEach((users, target) => {
      const row = rowOfTarget[target]!;
      if (users === 0 || row === -1) return;
      entries.put(row, -users * scaleOfTarget[target]!);
      rowUpper[row]! -= users * scaleOfTarget[target]!;
    });
    entries.endColumn();
  }
  for (let own = 0; own < classCount; own++) {
    if (columnOfClass[own] === -1) continue;
    entries.put(rowOfClass[own]!, 1);
    for (let w = model.weightStart[own]!; w < model.weightStart[own + 1]!; w++) {
      const target = model.weightTarget[w]!;
      if (rowOfTarget[target] !== -1)
        entries.put(rowOfTarget[target]!, model.weightUsers[w]! * scaleOfTarget[target]!);
    }
    entries.endColumn();
  }
  const cost = new Float64Array(columnCount);
  cost.set(model.cost);
  const linear: LinearModel = {
    columnCount,
    rowCount: rowLower.length,
    integerCount: siteCount,
    cost,
    offset: 0,
    rowLower: Float64Array.from(rowLower),
    rowUpper: Float64Array.from(rowUpper),
    ...entries.finish(),
  };
  return { linear, rowOfClass, columnOfClass, rowOfTarget, scaleOfTarget };
}

/** Column-wise entries, column after column. */
class ColumnWriter {
  readonly #start: Int32Array;
  readonly #rows: number[] = [];
  readonly #values: number[] = [];
  #column = 0;

  constructor(columnCount: number) {
    this.#start = new Int32Array(columnCount + 1);
  }

  put(row: number, value: number): void {
    this.#rows.push(row);
    this.#values.push(value);
  }

  endColumn(): void {
    this.#start[++this.#column] = this.#rows.length;
  }

  finish(): Pick<LinearModel, 'columnStart' | 'rowOfEntry' | 'valueOfEntry'> {
    return {
      columnStart: this.#start,
      rowOfEntry: Int32Array.from(this.#rows),
      valueOfEntry: Float64Array.from(this.#values),
    };
  }
}

/** [groups] row of every location with several sites, -1 for the others. */
function addLocationRows(model: CoveringModel, rowLower: number[], rowUpper: number[]): Int32Array {
  const sites = new Uint32Array(model.siteCount);
  for (const group of model.group) sites[group]!++;
  return Int32Array.from(sites, (count) => {
    if (count < 2) return -1;
    rowLower.push(-Infinity);
    rowUpper.push(1);
    return rowLower.length - 1;
  });
}

/** [2 x pairs] conflicts that no location row holds already, smaller site first. */
function pairsOutsideGroups(model: CoveringModel): number[] {
  const pairs: number[] = [];
  for (let site = 0; site < model.siteCount; site++) {
    for (let i = model.conflictStart[site]!; i < model.conflictStart[site + 1]!; i++) {
      const other = model.conflictSite[i]!;
      if (other > site && model.group[other] !== model.group[site]) pairs.push(site, other);
    }
  }
  return pairs;
}

/** [targetCount] 1 where some class that may be given up carries users of the target. */
function optionalTargets(model: CoveringModel): Uint8Array {
  const optional = new Uint8Array(model.targetCount);
  for (let own = 0; own < model.classCount; own++) {
    if (model.mandatory[own] === 1) continue;
    for (let w = model.weightStart[own]!; w < model.weightStart[own + 1]!; w++)
      optional[model.weightTarget[w]!] = 1;
  }
  return optional;
}

/** A power of two near 1 / mean class weight of each target. */
function targetScales(model: CoveringModel): Float64Array {
  const count = new Uint32Array(model.targetCount);
  for (const target of model.weightTarget) count[target]!++;
  return model.reachable.map(
    (users, target) => 2 ** -Math.round(Math.log2(Math.max(1, users) / Math.max(1, count[target]!))),
  );
}

/** The point of the linear model that builds these sites. */
export function pointOfSites(
  written: WrittenModel,
  model: CoveringModel,
  sites: Iterable<number>,
): Float64Array {
  const point = new Float64Array(written.linear.columnCount);
  for (const column of written.columnOfClass) if (column !== -1) point[column] = 1;
  for (const site of sites) {
    point[site] = 1;
    for (let pair = model.siteStart[site]!; pair < model.siteStart[site + 1]!; pair++) {
      const column = written.columnOfClass[model.classOfSite[pair]!]!;
      if (column !== -1) point[column] = 0;
    }
  }
  return point;
}

/** Sites a point builds; the caller recounts them exactly. */
export function sitesOfPoint(model: CoveringModel, values: Float64Array): number[] {
  const sites: number[] = [];
  for (let site = 0; site < model.siteCount; site++) if (values[site]! > 0.5) sites.push(site);
  return sites;
}

/** Prices from the multipliers of an LP solution: clipped to what is valid, so any answer gives a valid bound. */
export function pricesOfDuals(model: CoveringModel, written: WrittenModel, rowDual: Float64Array): Prices {
  const perUser = Float64Array.from(written.rowOfTarget, (row, target) =>
    row === -1 ? 0 : nonNegative(-rowDual[row]! * written.scaleOfTarget[target]!),
  );
  const perClass = new Float64Array(model.classCount);
  for (let own = 0; own < model.classCount; own++) {
    const row = written.rowOfClass[own]!;
    if (row !== -1) {
      perClass[own] = nonNegative(rowDual[row]!);
      continue;
    }
    for (let w = model.weightStart[own]!; w < model.weightStart[own + 1]!; w++) {
      perClass[own]! += perUser[model.weightTarget[w]!]! * model.weightUsers[w]!;
    }
  }
  return { perUser, perClass };
}

/** Multipliers must be finite and at least 0; an LP solver that gave up may return neither. */
function nonNegative(value: number): number {
  return Number.isFinite(value) && value > 0 ? value : 0;
}
