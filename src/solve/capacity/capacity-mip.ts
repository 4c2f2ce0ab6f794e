import type { LinearModel, MipSolver } from '../mip.ts';
import { AssignmentState } from './assignment-state.ts';
import { loadOfUnit, type CapacityModel } from './capacity-model.ts';
import { fillTargets } from './fill.ts';

/** The model with capacities written out for a MIP or LP solver, and where its parts stand. */
export interface WrittenCapacityModel {
  readonly linear: LinearModel;
  /** [siteCount] column that builds the site; -1 = it stands already. */
  readonly columnOfSite: Int32Array;
  /** Share of a class in a period that one site serves, column after column. */
  readonly shares: readonly ShareColumn[];
  readonly firstShare: number;
  /** Columns that tell whether a class has its backup. */
  readonly backups: readonly BackupColumn[];
}

interface BackupColumn {
  readonly column: number;
  readonly target: number;
  readonly own: number;
}

interface ShareColumn {
  readonly period: number;
  readonly site: number;
  readonly pair: number;
  readonly own: number;
}

/** Column-wise entries and row bounds, put together row by row and column by column. */
class ModelWriter {
  readonly rowLower: number[] = [];
  readonly rowUpper: number[] = [];
  readonly #rows: number[][] = [];
  readonly #values: number[][] = [];

  column(): number {
    this.#values.push([]);
    return this.#rows.push([]) - 1;
  }

  row(lower: number, upper: number): number {
    this.rowUpper.push(upper);
    return this.rowLower.push(lower) - 1;
  }

  put(row: number, column: number, value: number): void {
    this.#rows[column]!.push(row);
    this.#values[column]!.push(value);
  }

  finish(cost: Float64Array, integerCount: number, offset: number): LinearModel {
    const columnStart = new Int32Array(this.#rows.length + 1);
    this.#rows.forEach((rows, column) => (columnStart[column + 1] = columnStart[column]! + rows.length));
    return {
      columnCount: this.#rows.length,
      rowCount: this.rowLower.length,
      integerCount,
      cost,
      offset,
      rowLower: Float64Array.from(this.rowLower),
      rowUpper: Float64Array.from(this.rowUpper),
      columnStart,
      rowOfEntry: Int32Array.from(this.#rows.flat()),
      valueOfEntry: Float64Array.from(this.#values.flat()),
    };
  }
}

/** Entries that `writeCapacityModel` would write, about: to tell whether a solver can be asked. */
export function writtenSize(model: CapacityModel): number {
  return 5 * model.classOfSite.length * Math.max(1, model.periodCount);
}

/**
 * x[j] builds site j, s[c,j,t] is the share of a class that the site serves, z[c,k] tells that a class has its backup:
 *
 *     sum_j s[c,j,t] <= 1,  s[c,j,t] <= x[j],  sum_c load[c,j,t] s[c,j,t] <= room[j,t] x[j]
 *     sum users[c,t] s[c,j,t] >= need[k],  backup z[c,k] - sum_j x[j] <= today[c],  sum weight[c] z[c,k] >= need[k]
 *
 * Rows of targets and room are divided by need and room.
 *
 * @param standing only these sites, all of them standing: the linear programme of their assignment, with a shortfall
 *   column per target and the sum of shortfalls / need as objective, less a little for everybody served beyond the need:
 *   rounding down then leaves enough.
 */
export function writeCapacityModel(
  model: CapacityModel,
  standing: readonly number[] | null = null,
): WrittenCapacityModel {
  const writer = new ModelWriter();
  const columnOfSite = new Int32Array(model.siteCount).fill(-1);
  const stands = Uint8Array.from(model.fixed);
  if (standing === null) {
    model.fixed.forEach((fixed, site) => fixed === 0 && (columnOfSite[site] = writer.column()));
  } else for (const site of standing) stands[site] = 1;
  const isOpen = (site: number): boolean => stands[site] === 1 || columnOfSite[site] !== -1;
  // Where sites stand, backup is as it is.
  const targetRow = model.targets.map(({ backup }) =>
    writer.row(standing !== null && backup > 1 ? -Infinity : 1, Infinity),
  );
  const siteColumns = model.siteCount - model.fixed.reduce((sum, fixed) => sum + fixed, 0);
  const backups = standing === null ? writeBackups(model, writer, columnOfSite, targetRow) : [];
  const integerCount = standing === null ? siteColumns + backups.length : 0;
  const firstShare = integerCount;
  const shares = writeShares(model, writer, { columnOfSite, isOpen, targetRow });
  if (standing === null) writeExclusions(model, writer, columnOfSite);
  else targetRow.forEach((row) => writer.put(row, writer.column(), 1));
  const columnCount = firstShare + shares.length + (standing === null ? 0 : targetRow.length);
  const cost = new Float64Array(columnCount);
  if (standing === null) {
    columnOfSite.forEach((column, site) => column !== -1 && (cost[column] = model.cost[site]!));
  } else {
    cost.fill(1, firstShare + shares.length);
    shares.forEach(({ period, own }, index) => {
      cost[firstShare + index] = -SERVICE_WORTH * worthOf(model, period, own);
    });
  }
  const offset = standing === null ? model.fixedCost : 0;
  return { linear: writer.finish(cost, integerCount, offset), columnOfSite, shares, firstShare, backups };
}

function writeBackups(
  model: CapacityModel,
  writer: ModelWriter,
  columnOfSite: Int32Array,
  targetRow: readonly number[],
): BackupColumn[] {
  const columns: BackupColumn[] = [];
  model.targets.forEach(({ backup, member, weight, today, need }, k) => {
    if (backup === 1) return;
    for (let own = 0; own < model.classCount; own++) {
      if (member[own] === 0 || weight[own] === 0) continue;
      const column = writer.column();
      columns.push({ column, target: k, own });
      writer.put(targetRow[k]!, column, weight[own]! / need);
      let given = today[own]!;
      const row = writer.row(-Infinity, given);
      writer.put(row, column, backup);
      for (let entry = model.classStart[own]!; entry < model.classStart[own + 1]!; entry++) {
        const site = model.siteOfClass[entry]!;
        if (columnOfSite[site] === -1) given += 1 - model.isToday[site]!;
        else writer.put(row, columnOfSite[site]!, -1);
      }
      writer.rowUpper[row] = given;
    }
  });
  return columns;
}

interface ShareContext {
  readonly columnOfSite: Int32Array;
  readonly isOpen: (site: number) => boolean;
  readonly targetRow: readonly number[];
}

function writeShares(
  model: CapacityModel,
  writer: ModelWriter,
  { columnOfSite, isOpen, targetRow }: ShareContext,
): ShareColumn[] {
  const shares: ShareColumn[] = [];
  for (let period = 0; period < model.periodCount; period++) {
    const users = model.users[period]!;
    const room = model.room[period]!;
    const classRow = new Int32Array(model.classCount).fill(-1);
    for (let site = 0; site < model.siteCount; site++) {
      if (!isOpen(site)) continue;
      const limited = loadOfAll(model, period, site) > room[site]!;
      const x = columnOfSite[site]!;
      const roomRow = limited && room[site]! > 0 ? writer.row(-Infinity, x === -1 ? 1 : 0) : -1;
      if (roomRow !== -1 && x !== -1) writer.put(roomRow, x, -1);
      for (let pair = model.siteStart[site]!; pair < model.siteStart[site + 1]!; pair++) {
        const own = model.classOfSite[pair]!;
        const load = users[own]! * loadOfUnit(model, period, site, own);
        if (users[own] === 0 || (room[site] === 0 && load > 0)) continue;
        const column = writer.column();
        shares.push({ period, site, pair, own });
        if (classRow[own] === -1) classRow[own] = writer.row(-Infinity, 1);
        writer.put(classRow[own]!, column, 1);
        if (roomRow !== -1) writer.put(roomRow, column, load / room[site]!);
        if (x !== -1) {
          const row = writer.row(-Infinity, 0);
          writer.put(row, column, 1);
          writer.put(row, x, -1);
        }
        model.targets.forEach(({ period: own2, backup, member, need }, k) => {
          if (backup === 1 && own2 === period && member[own] === 1)
            writer.put(targetRow[k]!, column, users[own]! / need);
        });
      }
    }
  }
  return shares;
}

/** Beside a shortfall of 1: so little that serving more never pays for one. */
const SERVICE_WORTH = 1e-4;

/** Sum over targets of the part of the need that the class is. */
function worthOf(model: CapacityModel, period: number, own: number): number {
  return model.targets.reduce((sum, target) => {
    const asked = target.backup === 1 && target.period === period && target.member[own] === 1;
    return asked ? sum + model.users[period]![own]! / target.need : sum;
  }, 0);
}

/** Load of everybody the site covers. */
export function loadOfAll(model: CapacityModel, period: number, site: number): number {
  let load = 0;
  for (let pair = model.siteStart[site]!; pair < model.siteStart[site + 1]!; pair++) {
    const own = model.classOfSite[pair]!;
    load += model.users[period]![own]! * loadOfUnit(model, period, site, own);
  }
  return load;
}

/** At most one site of a location; conflicts beyond locations in pairs. */
function writeExclusions(model: CapacityModel, writer: ModelWriter, columnOfSite: Int32Array): void {
  const members = new Map<number, number[]>();
  model.group.forEach((own, site) => {
    if (columnOfSite[site] !== -1) members.set(own, [...(members.get(own) ?? []), site]);
  });
  for (const sites of members.values()) {
    if (sites.length < 2) continue;
    const row = writer.row(-Infinity, 1);
    for (const site of sites) writer.put(row, columnOfSite[site]!, 1);
  }
  for (let site = 0; site < model.siteCount; site++) {
    for (let i = model.conflictStart[site]!; i < model.conflictStart[site + 1]!; i++) {
      const other = model.conflictSite[i]!;
      if (other <= site || model.group[other] === model.group[site]) continue;
      if (columnOfSite[site] === -1 || columnOfSite[other] === -1) continue;
      const row = writer.row(-Infinity, 1);
      writer.put(row, columnOfSite[site]!, 1);
      writer.put(row, columnOfSite[other]!, 1);
    }
  }
}

/** The point of the model with these sites and their users. */
export function pointOfState(written: WrittenCapacityModel, state: AssignmentState): Float64Array {
  const { columnOfSite, shares, firstShare, backups } = written;
  const point = new Float64Array(written.linear.columnCount);
  for (const site of state.sites()) point[columnOfSite[site]!] = 1;
  for (const { column, target, own } of backups) {
    const { backup, today } = state.model.targets[target]!;
    point[column] = today[own]! + state.timesBacked[own]! >= backup ? 1 : 0;
  }
  shares.forEach(({ period, pair, own }, index) => {
    point[firstShare + index] = state.assigned[period]![pair]! / state.model.users[period]![own]!;
  });
  return point;
}

/** Sites that a point builds. */
export function sitesOfShares(written: WrittenCapacityModel, values: Float64Array): number[] {
  const sites: number[] = [];
  written.columnOfSite.forEach((column, site) => {
    if (column !== -1 && values[column]! > 0.5) sites.push(site);
  });
  return sites;
}

/** A share this near a whole unit of users is that unit: HiGHS works to 1e-7. */
const UNIT_TOLERANCE = 1e-4;
const SHORTFALL_TOLERANCE = 1e-6;
const ASSIGN_ITERATIONS = 200_000;

/**
 * The plan of some sites with users assigned: by augmenting paths, and where those fail by a linear programme, rounded
 * down to whole units and filled up again. Null when the targets are not met.
 */
export async function assignByLp(
  model: CapacityModel,
  sites: readonly number[],
  mip: MipSolver,
): Promise<AssignmentState | null> {
  const state = new AssignmentState(model, sites);
  if (fillTargets(state)) return state;
  if (!backupsMet(state)) return null;
  const written = writeCapacityModel(model, state.sites());
  const answer = await mip.solveLp(written.linear, { method: 'simplex', iterations: ASSIGN_ITERATIONS });
  const short = answer.values.subarray(written.firstShare + written.shares.length);
  if (answer.status !== 'optimal' || short.some((value) => value > SHORTFALL_TOLERANCE)) return null;
  const rounded = new AssignmentState(model, sites);
  written.shares.forEach(({ period, site, pair, own }, index) => {
    const wanted = Math.floor(
      answer.values[written.firstShare + index]! * model.users[period]![own]! + UNIT_TOLERANCE,
    );
    const amount = Math.min(wanted, rounded.left[period]![own]!, rounded.unitsLeft(period, site, own));
    if (amount > 0) rounded.put(period, site, pair, amount);
  });
  return fillTargets(rounded) ? rounded : null;
}

function backupsMet(state: AssignmentState): boolean {
  return state.model.targets.every(({ backup }, k) => backup === 1 || state.missing(k) === 0);
}
