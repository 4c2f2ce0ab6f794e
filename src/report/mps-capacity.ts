import { servedFreely, standingCoverage } from '../solve/capacity/standing.ts';
import { LOAD_USERS, type CoveringProblem, type Target } from '../solve/problem.ts';
import type { MpsBody } from './mps-frame.ts';

const BPS_PER_MBPS = 1e6;

/** Whoever may carry users: a candidate (column `x<k>`), or a site of today (always there). */
interface Carrier {
  readonly index: number;
  readonly isToday: boolean;
  readonly covers: Uint32Array;
  readonly isUsers: boolean;
  /** Per period: Mbit/s or users; Infinity = no limit. */
  readonly room: readonly number[];
}

interface Model {
  readonly problem: CoveringProblem;
  /** The candidates, then the sites of today. */
  readonly carriers: readonly Carrier[];
  /** Per period [demand] 1 = served today with no room in the way. */
  readonly free: readonly Uint8Array[];
  readonly targets: readonly Target[];
  /** Per target [demand] 1 = counts. */
  readonly members: readonly Uint8Array[];
}

/**
 * The model with rooms and backup, demand point by demand point: `x<k>` site k is built, `f<t>_<k>_<i>` users of point
 * i whom site k carries in period t (today's sites follow after the candidates), `z<j>_<i>` 1 where enough sites cover point i
 * for target j on backup. Users are written in users, load in parts of the room. Users are continuous here, which can only be
 * cheaper than a plan that serves whole units.
 */
export function capacityBody(problem: CoveringProblem): MpsBody {
  const model = buildModel(problem);
  const backedAt = new Map<number, string[]>();
  for (const { demand, name } of backed(model)) {
    backedAt.set(demand, [...(backedAt.get(demand) ?? []), name]);
  }
  return {
    comment:
      'mastplan capacity model; x<k>: site k is built, f<t>_<k>_<i>: users of point i at site k in period t',
    rows: () => rowTexts(model),
    siteColumn: (site) => siteColumn(model, site, backedAt),
    wholeColumns: () => backupColumns(model),
    columns: () => userColumns(model),
    rightHandSides: () => rightHandSides(model),
    *bounds() {
      for (const { name } of backed(model)) yield ` UP BND z${name} 1\n`;
    },
  };
}

function buildModel(problem: CoveringProblem): Model {
  const { coverage, capacity } = problem;
  const today = standingCoverage(problem);
  const targets = problem.phases.flatMap((phase) => phase.targets);
  const of = (isToday: boolean, site: number, index: number): Carrier => {
    const { siteStart, demandOfSite } = isToday ? today! : coverage;
    const rooms = isToday ? capacity!.standing! : capacity;
    const isUsers = rooms?.counts[site] === LOAD_USERS;
    const scale = problem.usersScale * (isUsers ? 1 : BPS_PER_MBPS);
    const covers = demandOfSite.subarray(siteStart[site], siteStart[site + 1]);
    const room = problem.periods.map((_, period) => (rooms?.room[period]![site] ?? Infinity) / scale);
    return { index, isToday, covers, isUsers, room };
  };
  const candidates = problem.siteIds.map((_, site) => of(false, site, site));
  const standing = (capacity?.standing?.ids ?? []).map((_, k) => of(true, k, candidates.length + k));
  return {
    problem,
    carriers: [...candidates, ...standing],
    free: servedFreely(problem),
    targets,
    members: targets.map(({ members }) => {
      const flags = new Uint8Array(coverage.demandCount).fill(members === null ? 1 : 0);
      for (const demand of members ?? []) flags[demand] = 1;
      return flags;
    }),
  };
}

function isBackup({ backup = 1 }: Target): boolean {
  return backup > 1;
}

/** True where the users of a point are carried by somebody in this model. */
function isCarried({ problem, free }: Model, period: number, demand: number): boolean {
  return problem.users[period]![demand]! > 0 && free[period]![demand] === 0;
}

function usersOf({ problem }: Model, period: number, demand: number): number {
  return problem.users[period]![demand]! / problem.usersScale;
}

/** Name of the row of a carrier's room; null where nothing limits it. */
function roomRow({ index, room }: Carrier, period: number): string | null {
  return room[period] === Infinity ? null : `room${period}_${index}`;
}

/** Part of the room that one user of a point takes (1 where there is none): rows of rooms are scaled to it. */
function roomPart({ problem }: Model, carrier: Carrier, period: number, demand: number): number {
  const room = carrier.room[period]!;
  if (room === Infinity) return 0;
  const load = carrier.isUsers ? 1 : (problem.capacity?.rate[period]![demand] ?? 0) / BPS_PER_MBPS;
  return room === 0 ? Math.ceil(Math.min(1, load)) : load / room;
}

function* flows(model: Model): Generator<{ carrier: Carrier; period: number; demand: number; name: string }> {
  for (const carrier of model.carriers) {
    for (const period of model.problem.periods.keys()) {
      for (const demand of carrier.covers) {
        if (!isCarried(model, period, demand)) continue;
        yield { carrier, period, demand, name: `f${period}_${carrier.index}_${demand}` };
      }
    }
  }
}

/** Points of a target on backup that have users. */
function* backed(model: Model): Generator<{ at: number; target: Target; demand: number; name: string }> {
  for (const [at, target] of model.targets.entries()) {
    if (!isBackup(target)) continue;
    for (let demand = 0; demand < model.problem.coverage.demandCount; demand++) {
      const counts = model.members[at]![demand] === 1 && model.problem.users[target.period]![demand]! > 0;
      if (counts) yield { at, target, demand, name: `${at}_${demand}` };
    }
  }
}

function* rowTexts(model: Model): Generator<string> {
  const { problem, targets, carriers } = model;
  for (const at of targets.keys()) yield ` G need${at}\n`;
  for (const period of problem.periods.keys()) {
    for (const carrier of carriers) {
      const row = roomRow(carrier, period);
      if (row !== null) yield ` L ${row}\n`;
    }
    for (let demand = 0; demand < problem.coverage.demandCount; demand++) {
      if (isCarried(model, period, demand)) yield ` L all${period}_${demand}\n`;
    }
  }
  for (const { carrier, name } of flows(model)) if (!carrier.isToday) yield ` L l${name}\n`;
  for (const { name } of backed(model)) yield ` L b${name}\n`;
}

function siteColumn(model: Model, site: number, backedAt: ReadonlyMap<number, readonly string[]>): string {
  const { problem, carriers } = model;
  const carrier = carriers[site]!;
  const { covers, room } = carrier;
  let text = ` x${site} cost ${problem.siteCost[site]!}\n`;
  for (const period of problem.periods.keys()) {
    const row = roomRow(carrier, period);
    if (row !== null && room[period]! > 0) text += ` x${site} ${row} -1\n`;
    for (const demand of covers) {
      if (!isCarried(model, period, demand)) continue;
      text += ` x${site} lf${period}_${site}_${demand} ${-usersOf(model, period, demand)}\n`;
    }
  }
  for (const demand of covers) {
    for (const name of backedAt.get(demand) ?? []) text += ` x${site} b${name} -1\n`;
  }
  return text;
}

function* backupColumns(model: Model): Generator<string> {
  for (const { at, target, demand, name } of backed(model)) {
    yield ` z${name} need${at} ${usersOf(model, target.period, demand)}\n z${name} b${name} ${target.backup!}\n`;
  }
}

function* userColumns(model: Model): Generator<string> {
  const { targets, members } = model;
  for (const { carrier, period, demand, name } of flows(model)) {
    let text = ` ${name} all${period}_${demand} 1\n`;
    targets.forEach((target, at) => {
      const counts = target.period === period && !isBackup(target) && members[at]![demand] === 1;
      if (counts) text += ` ${name} need${at} 1\n`;
    });
    const part = roomPart(model, carrier, period, demand);
    if (part > 0) text += ` ${name} ${roomRow(carrier, period)!} ${part}\n`;
    if (!carrier.isToday) text += ` ${name} l${name} 1\n`;
    yield text;
  }
}

function* rightHandSides(model: Model): Generator<string> {
  const { problem, targets, carriers } = model;
  for (const [at, target] of targets.entries()) {
    yield ` RHS need${at} ${(target.needUsers - servedAnyway(model, at)) / problem.usersScale}\n`;
  }
  for (const period of problem.periods.keys()) {
    for (const carrier of carriers) {
      if (carrier.isToday && roomRow(carrier, period) !== null && carrier.room[period]! > 0)
        yield ` RHS room${period}_${carrier.index} 1\n`;
    }
    for (let demand = 0; demand < problem.coverage.demandCount; demand++) {
      if (isCarried(model, period, demand))
        yield ` RHS all${period}_${demand} ${usersOf(model, period, demand)}\n`;
    }
  }
  for (const { target, demand, name } of backed(model)) {
    if (problem.servedToday[target.period]![demand] === 1) yield ` RHS b${name} 1\n`;
  }
}

/** Users of a target whom nobody has to carry. */
function servedAnyway({ problem, targets, members, free }: Model, at: number): number {
  const target = targets[at]!;
  if (isBackup(target)) return 0;
  return problem.users[target.period]!.reduce(
    (sum, users, demand) =>
      members[at]![demand] === 1 && free[target.period]![demand] === 1 ? sum + users : sum,
    0,
  );
}
