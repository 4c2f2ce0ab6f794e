import type { CoverageMatrix } from '../../coverage/matrix.ts';
import { InputError } from '../../errors.ts';
import { sharedFloat64, sharedUint32, sharedUint8 } from '../../geo/shared-array.ts';
import type { Budget, Capacity, CoveringProblem, Fraction } from '../../solve/problem.ts';
import { countedTarget, withShare, type ShareOf } from '../../solve/share-target.ts';
import { roomUnits, type DraftRooms } from './json-room.ts';

/** A target as a file states it; `members` null = all demand. */
export interface DraftTarget {
  readonly period: number;
  readonly region: string | null;
  /** Name of the service its users want; absent = any. */
  readonly service?: string;
  readonly members: Uint32Array | null;
  readonly share: Fraction;
  /** Sites that must cover a user; absent = one. */
  readonly backup?: number;
}

/** Rates and rooms as the file has them: bit/s per user, Mbit/s, users. */
export interface DraftCapacity {
  readonly rate: readonly Float64Array[];
  readonly rooms: DraftRooms;
  readonly today: null | {
    readonly ids: readonly string[];
    readonly coverage: CoverageMatrix;
    readonly rooms: DraftRooms;
  };
}

export interface DraftPhase {
  readonly name: string;
  readonly targets: readonly DraftTarget[];
}

/** What every reader ends in: arrays as the file has them, targets not yet counted. */
export interface InstanceDraft {
  readonly file: string;
  readonly coverage: CoverageMatrix;
  readonly siteIds: readonly string[];
  readonly siteCost: Float64Array;
  readonly siteStatus: Uint8Array;
  readonly siteLocation: Uint32Array;
  readonly conflicts: Uint32Array;
  readonly periods: readonly string[];
  /** Per period [demandCount] users as read. */
  readonly users: readonly Float64Array[];
  /** Most decimals any number of users was written with. */
  readonly usersDecimals: number;
  readonly servedToday: readonly Uint8Array[];
  readonly phases: readonly DraftPhase[];
  readonly budget: Budget | null;
  readonly phaseOrder: CoveringProblem['phaseOrder'];
  /** Absent or null: sites carry whoever they cover. */
  readonly capacity?: DraftCapacity | null;
}

/** What the caller asks of an instance beyond what its file says. */
export interface TargetOptions {
  /** Replaces all targets by one per period. */
  readonly share?: Fraction | undefined;
  readonly of?: ShareOf | undefined;
  readonly budgetSites?: number | undefined;
  readonly budgetCost?: number | undefined;
  /** With a budget: users summed over periods (default), or the worst period. */
  readonly objective?: Budget['objective'] | undefined;
}

/**
 * Counts users in exact integers and states the targets asked for.
 *
 * @throws InputError when neither file nor options say what to reach.
 */
export function completeDraft(draft: InstanceDraft, options: TargetOptions): CoveringProblem {
  const usersScale = scaleOf(draft);
  const users = draft.users.map((values) => wholeUnits(values, usersScale));
  checkTotals(draft, users, usersScale);
  const phases = draft.phases.map(({ name, targets }) => ({
    name,
    targets: targets.map((target) => countedTarget(target, users)),
  }));
  const stated: CoveringProblem = {
    coverage: draft.coverage,
    siteIds: draft.siteIds,
    siteCost: draft.siteCost,
    siteStatus: draft.siteStatus,
    siteLocation: draft.siteLocation,
    conflicts: draft.conflicts,
    periods: draft.periods,
    users,
    usersScale,
    servedToday: draft.servedToday,
    phases,
    phaseOrder: draft.phaseOrder,
    budget: draft.budget,
    ...(draft.capacity && { capacity: capacityUnits(draft.capacity, usersScale) }),
  };
  return withGoal(draft.file, stated, options);
}

function capacityUnits({ rate, rooms, today }: DraftCapacity, usersScale: number): Capacity {
  return {
    rate,
    ...roomUnits(rooms, usersScale),
    standing: today && {
      ids: today.ids,
      coverage: today.coverage,
      ...roomUnits(today.rooms, usersScale),
    },
  };
}

/** The goal asked for in place of the file's own. */
function withGoal(file: string, problem: CoveringProblem, options: TargetOptions): CoveringProblem {
  const { share, of, budgetSites, budgetCost } = options;
  const hasBudget = budgetSites !== undefined || budgetCost !== undefined;
  if (hasBudget && share !== undefined) {
    throw new InputError('a share and a budget cannot both be asked for.', {
      code: 'share-and-budget',
      hint: 'Give --share (least cost) or --budget-sites / --budget-cost (best coverage).',
    });
  }
  if (of !== undefined && share === undefined) {
    throw new InputError('--of says what --share is a share of; --share is missing.', {
      code: 'of-without-share',
    });
  }
  if (share !== undefined) return withShare(problem, share, of);
  if (hasBudget && problem.capacity !== undefined) {
    throw new InputError('a budget cannot be combined with rooms of sites.', {
      code: 'budget-capacity',
      file,
      hint: 'Ask for targets, or take capacityMbps, capacityUsers and today out of the file.',
    });
  }
  if (hasBudget) {
    const objective = options.objective ?? problem.budget?.objective ?? 'mean';
    return {
      ...problem,
      phases: [],
      budget: { sites: budgetSites ?? null, cost: budgetCost ?? null, objective },
    };
  }
  if (problem.phases.length === 0 && problem.budget === null) {
    throw new InputError('this instance says nothing about what to reach.', {
      code: 'no-target',
      file,
      hint: 'Give --share 0.95, --budget-sites K or --budget-cost C.',
    });
  }
  return problem;
}

/**
 * Whole users stay whole (a target is then a whole number of users), but not where sites have limited room and users may be
 * split between them; else thousandths, millionths, billionths.
 */
function scaleOf(draft: InstanceDraft): number {
  if (draft.usersDecimals > 9) {
    throw new InputError(`users are written with ${draft.usersDecimals} decimals.`, {
      code: 'users-too-fine',
      file: draft.file,
      hint: 'Sums are exact integers: write at most 9 decimals.',
    });
  }
  const least = draft.capacity ? 1 : 0;
  return 1000 ** Math.max(least, Math.ceil(draft.usersDecimals / 3));
}

function wholeUnits(values: Float64Array, scale: number): Float64Array {
  const units = sharedFloat64(values.length);
  for (let i = 0; i < values.length; i++) units[i] = Math.round(values[i]! * scale);
  return units;
}

function checkTotals(draft: InstanceDraft, users: readonly Float64Array[], scale: number): void {
  users.forEach((values, period) => {
    let total = 0;
    for (const value of values) total += value;
    if (total <= Number.MAX_SAFE_INTEGER) return;
    const hint = scale > 1 ? ' Write them with fewer decimals.' : '';
    throw new InputError(
      `the users of period "${draft.periods[period] ?? ''}" sum to more than can be counted exactly.${hint}`,
      { code: 'users-too-many', file: draft.file },
    );
  });
}

/** Nobody served, in every period: what text formats say of today. */
export function nobodyServed(periods: number, demandCount: number): Uint8Array[] {
  return Array.from({ length: periods }, () => sharedUint8(demandCount));
}

/** Every site at a location of its own. */
export function ownLocations(siteCount: number): Uint32Array {
  const locations = sharedUint32(siteCount);
  for (let site = 0; site < siteCount; site++) locations[site] = site;
  return locations;
}
