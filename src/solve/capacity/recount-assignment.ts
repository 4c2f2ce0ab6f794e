import { coveredBy } from '../build-model.ts';
import { LOAD_USERS, type CoveringProblem, type Target } from '../problem.ts';
import type { Assignment } from './assign-plan.ts';
import { servedFreely, standingCoverage } from './standing.ts';

/** Users of a target that are served: freely today, or assigned. From the rows of the assignment alone. */
export function servedByAssignment(problem: CoveringProblem, target: Target, assignment: Assignment): number {
  const isMember = membersOf(problem, target);
  const users = problem.users[target.period]!;
  const free = servedFreely(problem)[target.period]!;
  let served = 0;
  for (let demand = 0; demand < users.length; demand++) {
    if (isMember(demand) && free[demand] === 1) served += users[demand]!;
  }
  const rows = assignment[target.period]!;
  rows.demand.forEach((demand, row) => {
    if (isMember(demand)) served += rows.users[row]!;
  });
  return served;
}

/** Users of a target on backup whom enough sites cover; today's network is one of them. */
export function servedWithBackup(problem: CoveringProblem, target: Target, sites: readonly number[]): number {
  const isMember = membersOf(problem, target);
  const times = Uint32Array.from(problem.servedToday[target.period]!);
  const { siteStart, demandOfSite } = problem.coverage;
  for (const site of sites) {
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) times[demandOfSite[pair]!]!++;
  }
  let served = 0;
  problem.users[target.period]!.forEach((users, demand) => {
    if (isMember(demand) && times[demand]! >= (target.backup ?? 1)) served += users;
  });
  return served;
}

/** Users of a target on backup whom enough places with an allowed site reach: of one place one site can stand. */
export function reachableWithBackup(
  problem: CoveringProblem,
  target: Target,
  allowed: readonly number[],
): number {
  const isMember = membersOf(problem, target);
  const times = Uint32Array.from(problem.servedToday[target.period]!);
  const { siteStart, demandOfSite, demandCount } = problem.coverage;
  const { siteLocation } = problem;
  const lastPlace = new Float64Array(demandCount).fill(-1);
  for (const site of [...allowed].sort((a, b) => siteLocation[a]! - siteLocation[b]!)) {
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
      const demand = demandOfSite[pair]!;
      if (lastPlace[demand] === siteLocation[site]) continue;
      lastPlace[demand] = siteLocation[site]!;
      times[demand]!++;
    }
  }
  return problem.users[target.period]!.reduce(
    (sum, users, demand) => (isMember(demand) && times[demand]! >= (target.backup ?? 1) ? sum + users : sum),
    0,
  );
}

function membersOf({ coverage }: CoveringProblem, { members }: Target): (demand: number) => boolean {
  if (members === null) return () => true;
  const flags = new Uint8Array(coverage.demandCount);
  for (const demand of members) flags[demand] = 1;
  return (demand) => flags[demand] === 1;
}

/** Per period [sites, then today's sites] load in whole units. */
export function loadsOf(problem: CoveringProblem, assignment: Assignment): Float64Array[] {
  const { capacity } = problem;
  const siteCount = problem.siteIds.length;
  const standing = capacity?.standing ?? null;
  const total = siteCount + (standing?.ids.length ?? 0);
  return assignment.map(({ demand, site, users }, period) => {
    const load = new Float64Array(total);
    if (capacity === undefined) return load;
    site.forEach((own, row) => {
      const counts = own < siteCount ? capacity.counts[own] : standing!.counts[own - siteCount];
      load[own]! += users[row]! * (counts === LOAD_USERS ? 1 : capacity.rate[period]![demand[row]!]!);
    });
    return load;
  });
}

/** Room of a site (or, after them, of one of today's sites), whole units. */
export function roomOfSite(problem: CoveringProblem, period: number, site: number): number {
  const { capacity } = problem;
  if (capacity === undefined) return Infinity;
  const siteCount = problem.siteIds.length;
  return site < siteCount
    ? capacity.room[period]![site]!
    : capacity.standing!.room[period]![site - siteCount]!;
}

/** What is wrong with an assignment, in words; empty = it is valid for these sites. */
export function brokenAssignment(
  problem: CoveringProblem,
  sites: readonly number[],
  assignment: Assignment,
): string[] {
  const broken: string[] = [];
  const siteCount = problem.siteIds.length;
  const chosen = new Set(sites);
  const standing = problem.capacity?.standing ?? null;
  const nameOf = (site: number): string => problem.siteIds[site] ?? standing?.ids[site - siteCount] ?? '?';
  const covers = (site: number): Uint8Array =>
    site < siteCount
      ? coveredBy(problem, [site])
      : coveredBy({ ...problem, coverage: standingCoverage(problem)! }, [site - siteCount]);
  const coverage = new Map<number, Uint8Array>();
  assignment.forEach(({ demand, site, users }, period) => {
    const used = new Float64Array(problem.coverage.demandCount);
    site.forEach((own, row) => {
      const point = demand[row]!;
      used[point]! += users[row]!;
      if (own < siteCount && !chosen.has(own))
        broken.push(`site ${nameOf(own)} serves users but does not stand`);
      const covered = coverage.get(own) ?? covers(own);
      coverage.set(own, covered);
      if (covered[point] === 0)
        broken.push(`site ${nameOf(own)} serves demand ${point}, which it does not cover`);
      if (!Number.isInteger(users[row]!) || users[row]! <= 0)
        broken.push(`demand ${point}: ${users[row]} users`);
    });
    used.forEach((amount, point) => {
      if (amount > problem.users[period]![point]!) broken.push(`demand ${point} is served beyond its users`);
    });
  });
  loadsOf(problem, assignment).forEach((load, period) => {
    load.forEach((amount, site) => {
      if (amount > roomOfSite(problem, period, site)) broken.push(`site ${nameOf(site)} is above its room`);
    });
  });
  return broken;
}
