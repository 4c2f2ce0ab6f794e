import type { CoverageMatrix } from '../../coverage/matrix.ts';
import { InputError } from '../../errors.ts';
import { sharedUint32, sharedUint8, toSharedFloat64, toSharedUint32 } from '../../geo/shared-array.ts';
import type { Budget, CoveringProblem, Fraction } from '../../solve/problem.ts';
import type { DraftCapacity, DraftPhase, DraftTarget, InstanceDraft } from './draft.ts';
import { GrowableFloat64, GrowableUint32 } from './growable.ts';
import { layOutRooms, type DraftRooms, type StatedRoom } from './json-room.ts';

export interface StatedTarget {
  /** Null = every period. */
  period: string | null;
  region: string | null;
  service?: string;
  members: Uint32Array | null;
  share: Fraction;
  backup?: number;
}

export interface StatedPhase {
  name: string;
  targets: StatedTarget[];
}

/** One of today's sites of stated room. */
export interface StatedStanding {
  readonly id: string;
  readonly covers: Uint32Array;
  readonly room: StatedRoom;
}

/** What a document said, in the order it said it; indices not yet checked against what stands elsewhere. */
export class StatedInstance {
  readonly siteIds: string[] = [];
  readonly idsSeen = new Set<string>();
  readonly siteCost = new GrowableFloat64();
  readonly siteStatus: number[] = [];
  readonly siteLocation: (string | null)[] = [];
  readonly covers = new GrowableUint32();
  readonly siteStart = new GrowableUint32();
  readonly conflicts: [number, number][] = [];
  readonly rooms: (StatedRoom | null)[] = [];
  readonly today: StatedStanding[] = [];
  readonly rates = new Map<string, GrowableFloat64>();
  readonly users = new Map<string, GrowableFloat64>();
  usersDecimals = 0;
  readonly servedToday = new Map<string, GrowableUint32>();
  phases: StatedPhase[] | null = null;
  targets: StatedTarget[] | null = null;
  budget: Budget | null = null;
  phaseOrder: CoveringProblem['phaseOrder'] = 'nested';

  constructor() {
    this.siteStart.push(0);
  }
}

/**
 * Checks what needs the whole document and lays it out in arrays.
 *
 * @throws InputError when parts of the document contradict each other.
 */
export function layOut(file: string, stated: StatedInstance): InstanceDraft {
  return new Layout(file, stated).lay();
}

class Layout {
  readonly #file: string;
  readonly #stated: StatedInstance;

  constructor(file: string, stated: StatedInstance) {
    this.#file = file;
    this.#stated = stated;
  }

  lay(): InstanceDraft {
    const periods = [...this.#stated.users.keys()];
    const demandCount = this.#checkDemand(periods);
    return {
      file: this.#file,
      coverage: this.#coverage(demandCount),
      siteIds: this.#stated.siteIds,
      siteCost: toSharedFloat64(this.#stated.siteCost.view()),
      siteStatus: statusArray(this.#stated.siteStatus),
      siteLocation: locationArray(this.#stated.siteLocation),
      conflicts: this.#sortedConflicts(),
      periods,
      users: periods.map((period) => this.#stated.users.get(period)!.view()),
      usersDecimals: this.#stated.usersDecimals,
      servedToday: periods.map((period) => this.#served(period, demandCount)),
      phases: this.#draftPhases(periods, demandCount),
      budget: this.#stated.budget,
      phaseOrder: this.#stated.phaseOrder,
      capacity: this.#capacity(periods, demandCount),
    };
  }

  /** Null where neither rooms nor rates are stated, and with a budget. */
  #capacity(periods: readonly string[], demandCount: number): DraftCapacity | null {
    const { rooms, today, rates } = this.#stated;
    for (const [period, values] of rates) {
      if (!periods.includes(period))
        this.#fail('unknown-period', `bpsPerUser names a period "${period}" without demand.`);
      if (values.length !== demandCount) {
        const have = `bpsPerUser "${period}" has ${values.length} entries`;
        this.#fail('length-mismatch', `${have}; ${demandCount} are needed.`);
      }
    }
    const isLimited = today.length > 0 || rooms.some((room) => room !== null);
    if (this.#stated.budget !== null) {
      if (isLimited) this.#fail('budget-capacity', 'a budget cannot be combined with rooms of sites.');
      return null;
    }
    if (!isLimited && rates.size === 0) return null;
    return {
      rate: periods.map((period) =>
        toSharedFloat64(rates.get(period)?.view() ?? new Float64Array(demandCount)),
      ),
      rooms: this.#rooms(rooms, periods),
      today:
        today.length === 0
          ? null
          : {
              ids: today.map(({ id }) => id),
              coverage: this.#coverageOfToday(demandCount),
              rooms: this.#rooms(
                today.map(({ room }) => room),
                periods,
              ),
            },
    };
  }

  #rooms(stated: readonly (StatedRoom | null)[], periods: readonly string[]): DraftRooms {
    try {
      return layOutRooms(stated, periods);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#fail('unknown-period', `a room names a period "${error.message}" without demand.`);
    }
  }

  #coverageOfToday(demandCount: number): CoverageMatrix {
    const { today } = this.#stated;
    for (const { id, covers } of today)
      this.#sortIndices(covers, demandCount, `site "${id}" of today covers demand`);
    const starts = [0];
    for (const { covers } of today) starts.push(starts.at(-1)! + covers.length);
    return {
      siteCount: today.length,
      demandCount,
      siteStart: toSharedUint32(Uint32Array.from(starts)),
      demandOfSite: toSharedUint32(Uint32Array.from(today.flatMap(({ covers }) => [...covers]))),
    };
  }

  #checkDemand(periods: readonly string[]): number {
    const [first] = periods;
    if (first === undefined) this.#fail('no-demand', 'demand has no period.');
    const demandCount = this.#stated.users.get(first)!.length;
    for (const period of periods) {
      const count = this.#stated.users.get(period)!.length;
      if (count !== demandCount) {
        this.#fail(
          'length-mismatch',
          `demand "${first}" has ${demandCount} points, demand "${period}" ${count}.`,
        );
      }
    }
    for (const [period, values] of this.#stated.servedToday) {
      if (!this.#stated.users.has(period))
        this.#fail('unknown-period', `servedToday names a period "${period}" without demand.`);
      if (values.length !== demandCount) {
        this.#fail(
          'length-mismatch',
          `servedToday "${period}" has ${values.length} entries; ${demandCount} are needed.`,
        );
      }
    }
    if (this.#stated.siteIds.length === 0) this.#fail('no-sites', 'there is no site.');
    return demandCount;
  }

  #coverage(demandCount: number): CoverageMatrix {
    const siteStart = this.#stated.siteStart.drain();
    const demandOfSite = this.#stated.covers.drain();
    const siteCount = this.#stated.siteIds.length;
    for (let site = 0; site < siteCount; site++) {
      const covers = demandOfSite.subarray(siteStart[site]!, siteStart[site + 1]!);
      this.#sortIndices(
        covers,
        demandCount,
        `sites[${site}] ("${this.#stated.siteIds[site] ?? ''}") covers demand`,
      );
    }
    return { siteCount, demandCount, siteStart, demandOfSite };
  }

  /** Sorts ascending in place; a repeated or too large index is an error. */
  #sortIndices(indices: Uint32Array, limit: number, what: string): void {
    let ascending = true;
    for (let at = 1; at < indices.length && ascending; at++) ascending = indices[at]! > indices[at - 1]!;
    if (!ascending) indices.sort();
    for (let at = 1; at < indices.length; at++) {
      if (indices[at] === indices[at - 1]) this.#fail('duplicate-index', `${what} ${indices[at]} twice.`);
    }
    const last = indices.at(-1);
    if (last !== undefined && last >= limit) {
      this.#fail('index-out-of-range', `${what} ${last}; there are ${limit}, numbered from 0.`);
    }
  }

  #sortedConflicts(): Uint32Array {
    const siteCount = this.#stated.siteIds.length;
    this.#stated.conflicts.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const distinct = this.#stated.conflicts.filter((pair, at) => {
      const previous = this.#stated.conflicts[at - 1];
      return previous === undefined || pair[0] !== previous[0] || pair[1] !== previous[1];
    });
    const beyond = distinct.find((pair) => pair[1] >= siteCount);
    if (beyond !== undefined) {
      this.#fail(
        'index-out-of-range',
        `a conflict names site ${beyond[1]}; there are ${siteCount}, numbered from 0.`,
      );
    }
    return toSharedUint32(Uint32Array.from(distinct.flat()));
  }

  #served(period: string, demandCount: number): Uint8Array {
    const served = sharedUint8(demandCount);
    const stated = this.#stated.servedToday.get(period);
    if (stated !== undefined) served.set(stated.drain());
    return served;
  }

  #draftPhases(periods: readonly string[], demandCount: number): DraftPhase[] {
    if (this.#stated.phases !== null && this.#stated.targets !== null) {
      this.#fail('targets-and-phases', '"targets" and "phases" stand side by side.', 'Keep one of them.');
    }
    const stated =
      this.#stated.phases ??
      (this.#stated.targets === null ? [] : [{ name: 'targets', targets: this.#stated.targets }]);
    if (stated.length > 0 && this.#stated.budget !== null) {
      this.#fail('targets-and-budget', 'a budget stands beside targets.', 'Keep one of them.');
    }
    return stated.map((phase) => {
      if (phase.targets.length === 0) this.#fail('no-target', `phase "${phase.name}" has no target.`);
      return {
        name: phase.name,
        targets: phase.targets.flatMap((t) => this.#resolve(t, periods, demandCount)),
      };
    });
  }

  /** A target without a period holds in every period. */
  #resolve(target: StatedTarget, periods: readonly string[], demandCount: number): DraftTarget[] {
    const { region, service, members, share, backup } = target;
    const wanted = {
      region,
      ...(service !== undefined && { service }),
      members,
      share,
      ...(backup !== undefined && { backup }),
    };
    if (members !== null) this.#sortIndices(members, demandCount, `the members of a target list demand`);
    if (target.period === null) return periods.map((_, period) => ({ period, ...wanted }));
    const period = periods.indexOf(target.period);
    if (period < 0) {
      this.#fail(
        'unknown-period',
        `a target names period "${target.period}"; there are ${periods.join(', ')}.`,
      );
    }
    return [{ period, ...wanted }];
  }

  #fail(code: string, message: string, hint?: string): never {
    throw new InputError(message, { code, file: this.#file, hint });
  }
}

function statusArray(status: readonly number[]): Uint8Array {
  const array = sharedUint8(status.length);
  array.set(status);
  return array;
}

/** Numbers locations in order of appearance; a site without one stands alone. */
function locationArray(names: readonly (string | null)[]): Uint32Array {
  const indexOf = new Map<string, number>();
  const locations = sharedUint32(names.length);
  let next = 0;
  names.forEach((name, site) => {
    const known = name === null ? undefined : indexOf.get(name);
    locations[site] = known ?? next++;
    if (name !== null && known === undefined) indexOf.set(name, locations[site]!);
  });
  return locations;
}
