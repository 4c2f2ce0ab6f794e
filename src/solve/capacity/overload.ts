import { LOAD_USERS, type CoveringProblem } from '../problem.ts';
import type { Assignment } from './assign-plan.ts';
import { loadsOf, roomOfSite } from './recount-assignment.ts';
import { servedFreely } from './standing.ts';

/** A site asked for more than its room in a period, whole units of load. */
export interface OverloadedSite {
  readonly site: number;
  readonly period: number;
  readonly load: number;
  readonly room: number;
}

export interface Overload {
  /** Largest load / room first. */
  readonly overloaded: readonly OverloadedSite[];
  /** Per period: users whom chosen sites cover and none has room for. */
  readonly noRoomUsers: readonly number[];
}

/**
 * What chosen sites are asked for beyond their room: the users whom an assignment leaves out although a chosen site covers
 * them are put, one demand point after another, on the covering site whose load is then least of its room. Sites of today
 * are left out: what they carry is known.
 */
export function findOverload(
  problem: CoveringProblem,
  sites: readonly number[],
  assignment: Assignment,
): Overload {
  const coverers = coverersOf(problem, sites);
  const loads = loadsOf(problem, assignment);
  const free = servedFreely(problem);
  const noRoomUsers: number[] = [];
  const overloaded: OverloadedSite[] = [];
  assignment.forEach((rows, period) => {
    const left = problem.users[period]!.map((users, i) => (free[period]![i] === 1 ? 0 : users));
    rows.demand.forEach((i, row) => (left[i]! -= rows.users[row]!));
    let noRoom = 0;
    const load = loads[period]!;
    left.forEach((users, i) => {
      if (users === 0 || coverers[i]!.length === 0) return;
      noRoom += users;
      const asked = (site: number): number => load[site]! + users * loadOf(problem, period, site, i);
      const share = (site: number): number => asked(site) / roomOfSite(problem, period, site);
      const site = coverers[i]!.reduce((best, other) => (share(other) < share(best) ? other : best));
      load[site] = asked(site);
    });
    noRoomUsers.push(noRoom);
    for (const site of sites) {
      const room = roomOfSite(problem, period, site);
      if (load[site]! > room) overloaded.push({ site, period, load: load[site]!, room });
    }
  });
  overloaded.sort((a, b) => b.load * a.room - a.load * b.room || a.site - b.site || a.period - b.period);
  return { overloaded, noRoomUsers };
}

function coverersOf({ coverage }: CoveringProblem, sites: readonly number[]): number[][] {
  const coverers: number[][] = Array.from({ length: coverage.demandCount }, () => []);
  for (const site of sites) {
    for (let k = coverage.siteStart[site]!; k < coverage.siteStart[site + 1]!; k++) {
      coverers[coverage.demandOfSite[k]!]!.push(site);
    }
  }
  return coverers;
}

function loadOf({ capacity }: CoveringProblem, period: number, site: number, i: number): number {
  if (capacity === undefined) return 0;
  return capacity.counts[site] === LOAD_USERS ? 1 : capacity.rate[period]![i]!;
}
