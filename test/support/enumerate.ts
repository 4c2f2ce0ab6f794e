import { SITE_FORBIDDEN, SITE_REQUIRED, type CoveringProblem, type Target } from '../../src/solve/problem.ts';

/**
 * The reference for small problems, sharing nothing with the solver: every subset of sites is tried. Sums are exact
 * integers; costs are summed in index order.
 */
export interface Enumerated {
  /** Least cost over all plans that meet every target; null when there is none. */
  readonly leastCost: number | null;
  /** With a budget: most users served (all periods together; those served today included) within it. */
  readonly mostServed: number | null;
  /** With a budget: the largest least share of a period within it. */
  readonly bestWorstShare: number | null;
}

export function enumerate(problem: CoveringProblem): Enumerated {
  const siteCount = problem.siteIds.length;
  if (siteCount > 16) throw new RangeError('too many sites to enumerate');
  const targets = problem.phases.flatMap((phase) => phase.targets);
  let leastCost: number | null = null;
  let mostServed: number | null = null;
  let bestWorstShare: number | null = null;
  for (let subset = 0; subset < 2 ** siteCount; subset++) {
    const sites = Array.from({ length: siteCount }, (_, site) => site).filter((site) => (subset >> site) & 1);
    if (!isAllowed(problem, sites)) continue;
    const cost = sites.reduce((sum, site) => sum + problem.siteCost[site]!, 0);
    const { budget } = problem;
    if (budget === null) {
      if (targets.every((target) => servedUsers(problem, target, sites) >= target.needUsers)) {
        leastCost = Math.min(leastCost ?? Infinity, cost);
      }
      continue;
    }
    if (budget.sites !== null && sites.length > budget.sites) continue;
    if (budget.cost !== null && cost > budget.cost + 1e-9) continue;
    const served = problem.users.map((_, period) => servedUsers(problem, wholePeriod(period), sites));
    const totals = problem.users.map((users) => users.reduce((sum, value) => sum + value, 0));
    const sum = served.reduce((a, b) => a + b, 0);
    const worst = Math.min(
      ...served.map((users, period) => (totals[period]! > 0 ? users / totals[period]! : 1)),
    );
    mostServed = Math.max(mostServed ?? 0, sum);
    bestWorstShare = Math.max(bestWorstShare ?? 0, worst);
  }
  return { leastCost, mostServed, bestWorstShare };
}

/** Required in, forbidden out, one per location, no conflict. */
export function isAllowed(problem: CoveringProblem, sites: readonly number[]): boolean {
  const chosen = new Set(sites);
  for (let site = 0; site < problem.siteIds.length; site++) {
    if (problem.siteStatus[site] === SITE_REQUIRED && !chosen.has(site)) return false;
    if (problem.siteStatus[site] === SITE_FORBIDDEN && chosen.has(site)) return false;
  }
  if (new Set(sites.map((site) => problem.siteLocation[site])).size < sites.length) return false;
  for (let pair = 0; pair < problem.conflicts.length; pair += 2) {
    if (chosen.has(problem.conflicts[pair]!) && chosen.has(problem.conflicts[pair + 1]!)) return false;
  }
  return true;
}

type Members = Pick<Target, 'period' | 'members'>;

function wholePeriod(period: number): Members {
  return { period, members: null };
}

/** Users of the target that today's network or a chosen site serves. */
export function servedUsers(problem: CoveringProblem, target: Members, sites: readonly number[]): number {
  const { siteStart, demandOfSite } = problem.coverage;
  const served = Uint8Array.from(problem.servedToday[target.period]!);
  for (const site of sites) {
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) served[demandOfSite[pair]!] = 1;
  }
  const members = target.members ?? Uint32Array.from(served.keys());
  let users = 0;
  for (const demand of members) users += served[demand] === 1 ? problem.users[target.period]![demand]! : 0;
  return users;
}
