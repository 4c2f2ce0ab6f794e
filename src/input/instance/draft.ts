import type { CoverageMatrix } from '../../coverage/matrix.ts';
import { InputError } from '../../errors.ts';
import { sharedFloat64, sharedUint32, sharedUint8 } from '../../geo/shared-array.ts';
import {
  SITE_FORBIDDEN,
  type Budget,
  type CoveringProblem,
  type Fraction,
  type Phase,
  type Target,
} from '../../solve/problem.ts';
import { usersNeeded } from '../../solve/share.ts';

/** A target as a file states it; `members` null = all demand. */
export interface DraftTarget {
  readonly period: number;
  readonly region: string | null;
  readonly members: Uint32Array | null;
  readonly share: Fraction;
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
}

/** What the caller asks of an instance beyond what its file says. */
export interface TargetOptions {
  /** Replaces all targets by one per period. */
  readonly share?: Fraction | undefined;
  /** What `share` is a share of: all users, or those some candidate covers (or today's network serves). */
  readonly of?: 'total' | 'reachable' | undefined;
  readonly budgetSites?: number | undefined;
  readonly budgetCost?: number | undefined;
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
  const budget = budgetOf(draft, options);
  const phases = budget === null ? phasesOf(draft, users, options) : [];
  return {
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
    phaseOrder: 'nested',
    budget,
  };
}

/** Whole users stay whole (a target is then a whole number of users); else thousandths, millionths, billionths. */
function scaleOf(draft: InstanceDraft): number {
  if (draft.usersDecimals > 9) {
    throw new InputError(`users are written with ${draft.usersDecimals} decimals.`, {
      code: 'users-too-fine',
      file: draft.file,
      hint: 'Sums are exact integers: write at most 9 decimals.',
    });
  }
  return 1000 ** Math.ceil(draft.usersDecimals / 3);
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

function budgetOf(draft: InstanceDraft, options: TargetOptions): Budget | null {
  const { budgetSites, budgetCost, share } = options;
  if (budgetSites !== undefined || budgetCost !== undefined) {
    if (share !== undefined) {
      throw new InputError('a share and a budget cannot both be asked for.', {
        code: 'share-and-budget',
        hint: 'Give --share (least cost) or --budget-sites / --budget-cost (best coverage).',
      });
    }
    const objective = draft.budget?.objective ?? 'mean';
    return { sites: budgetSites ?? null, cost: budgetCost ?? null, objective };
  }
  return share === undefined ? draft.budget : null;
}

function phasesOf(draft: InstanceDraft, users: readonly Float64Array[], options: TargetOptions): Phase[] {
  const asked = options.share === undefined ? draft.phases : [sharePhase(draft, options.share, options.of)];
  if (options.share === undefined && options.of === 'reachable') {
    throw new InputError('--of reachable needs --share.', { code: 'of-without-share' });
  }
  if (asked.length === 0) {
    throw new InputError('this instance says nothing about what to reach.', {
      code: 'no-target',
      file: draft.file,
      hint: 'Give --share 0.95, --budget-sites K or --budget-cost C.',
    });
  }
  return asked.map((phase) => ({
    name: phase.name,
    targets: phase.targets.map((target) => countTarget(target, users)),
  }));
}

function sharePhase(draft: InstanceDraft, share: Fraction, of: 'total' | 'reachable' = 'total'): DraftPhase {
  const targets = draft.periods.map((_, period) => ({
    period,
    region: null,
    members: of === 'reachable' ? reachableDemand(draft, period) : null,
    share,
  }));
  return { name: 'share', targets };
}

/** Demand that some site not forbidden covers or that is served today; null when that is all of it. */
function reachableDemand(draft: InstanceDraft, period: number): Uint32Array | null {
  const { siteStart, demandOfSite, demandCount } = draft.coverage;
  const reachable = Uint8Array.from(draft.servedToday[period] ?? new Uint8Array(demandCount));
  for (let site = 0; site < draft.siteIds.length; site++) {
    if (draft.siteStatus[site] === SITE_FORBIDDEN) continue;
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) reachable[demandOfSite[pair]!] = 1;
  }
  let count = 0;
  for (const flag of reachable) count += flag;
  if (count === demandCount) return null;
  const members = sharedUint32(count);
  let at = 0;
  for (let demand = 0; demand < demandCount; demand++) if (reachable[demand] === 1) members[at++] = demand;
  return members;
}

function countTarget(target: DraftTarget, users: readonly Float64Array[]): Target {
  const values = users[target.period] ?? new Float64Array(0);
  let totalUsers = 0;
  if (target.members === null) for (const value of values) totalUsers += value;
  else for (const demand of target.members) totalUsers += values[demand] ?? 0;
  return { ...target, totalUsers, needUsers: usersNeeded(target.share, totalUsers) };
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
