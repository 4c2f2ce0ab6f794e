import { coveredBy, sameUsers, usersServed } from './build-model.ts';
import type { Assignment } from './capacity/assign-plan.ts';
import { reachableWithBackup, servedByAssignment, servedWithBackup } from './capacity/recount-assignment.ts';
import { SITE_FORBIDDEN, SITE_REQUIRED, type CoveringProblem, type Target } from './problem.ts';
import type { TargetOutcome } from './solution.ts';

/**
 * Exact outcome of targets over chosen sites and today's service, from the problem alone.
 *
 * @param assignment where capacities act: who is served is what it says.
 */
export function recountTargets(
  problem: CoveringProblem,
  targets: readonly Target[],
  sites: readonly number[],
  assignment: Assignment | null = null,
): TargetOutcome[] {
  const covered = coveredBy(problem, sites);
  const allowed = allowedSites(problem);
  const reach = coveredBy(problem, allowed);
  const unreachable = new Map<Target, number>();
  return targets.map((target) => {
    const isBackup = (target.backup ?? 1) > 1;
    const servedUsers = isBackup
      ? servedWithBackup(problem, target, sites)
      : assignment === null
        ? usersServed(problem, target, covered)
        : servedByAssignment(problem, target, assignment);
    const twin = [...unreachable.keys()].find(
      (other) => other.backup === target.backup && sameUsers(other, target),
    );
    const reachable = (): number =>
      isBackup ? reachableWithBackup(problem, target, allowed) : usersServed(problem, target, reach);
    const unreachableUsers = twin === undefined ? target.totalUsers - reachable() : unreachable.get(twin)!;
    unreachable.set(target, unreachableUsers);
    return {
      period: target.period,
      region: target.region,
      ...(target.service !== undefined && { service: target.service }),
      needUsers: target.needUsers,
      totalUsers: target.totalUsers,
      servedUsers,
      met: servedUsers >= target.needUsers,
      unreachableUsers,
      ...(target.backup !== undefined && { backup: target.backup }),
    };
  });
}

function allowedSites(problem: CoveringProblem): number[] {
  const sites: number[] = [];
  problem.siteStatus.forEach((status, site) => {
    if (status !== SITE_FORBIDDEN) sites.push(site);
  });
  return sites;
}

export function requiredSites(problem: CoveringProblem): number[] {
  const sites: number[] = [];
  problem.siteStatus.forEach((status, site) => {
    if (status === SITE_REQUIRED) sites.push(site);
  });
  return sites;
}

/** Cost of sites in the problem's own unit, added in ascending order of index. */
export function costOf(problem: CoveringProblem, sites: Iterable<number>): number {
  let cost = 0;
  for (const site of [...sites].sort((a, b) => a - b)) cost += problem.siteCost[site]!;
  return cost;
}

/** Rules a plan breaks: forbidden or missing required sites, shared locations, conflicts. Empty = none. */
export function brokenRules(problem: CoveringProblem, sites: readonly number[]): string[] {
  const broken: string[] = [];
  const chosen = new Uint8Array(problem.coverage.siteCount);
  const atLocation = new Map<number, number>();
  for (const site of sites) {
    chosen[site] = 1;
    if (problem.siteStatus[site] === SITE_FORBIDDEN)
      broken.push(`site ${problem.siteIds[site]!} is forbidden`);
    const location = problem.siteLocation[site]!;
    const other = atLocation.get(location);
    if (other !== undefined) {
      broken.push(`sites ${problem.siteIds[other]!} and ${problem.siteIds[site]!} share a location`);
    }
    atLocation.set(location, site);
  }
  problem.siteStatus.forEach((status, site) => {
    if (status === SITE_REQUIRED && chosen[site] === 0)
      broken.push(`required site ${problem.siteIds[site]!} is missing`);
  });
  for (let pair = 0; pair < problem.conflicts.length; pair += 2) {
    const a = problem.conflicts[pair]!;
    const b = problem.conflicts[pair + 1]!;
    if (chosen[a] === 1 && chosen[b] === 1) {
      broken.push(`sites ${problem.siteIds[a]!} and ${problem.siteIds[b]!} are in conflict`);
    }
  }
  return broken;
}
