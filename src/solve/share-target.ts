import { markCovered } from '../coverage/span-coverage.ts';
import { sharedUint32 } from '../geo/shared-array.ts';
import { SITE_FORBIDDEN, type CoveringProblem, type Fraction, type Phase, type Target } from './problem.ts';
import { usersNeeded } from './share.ts';

/** What a share is a share of: all users, or those some allowed candidate covers or today's network serves. */
export type ShareOf = 'total' | 'reachable';

/** The problem with all its targets (or its budget) replaced by one target per period. */
export function withShare(problem: CoveringProblem, share: Fraction, of: ShareOf = 'total'): CoveringProblem {
  const targets = problem.periods.map((_, period): Target => {
    const members = of === 'reachable' ? reachableDemand(problem, period) : null;
    return countedTarget({ period, region: null, members, share }, problem.users);
  });
  const phase: Phase = { name: 'share', targets };
  return { ...problem, phases: [phase], budget: null };
}

/** A target with its users counted and the users it needs, in exact integers. */
export function countedTarget(
  target: Omit<Target, 'needUsers' | 'totalUsers'>,
  users: readonly Float64Array[],
): Target {
  const values = users[target.period] ?? new Float64Array(0);
  let totalUsers = 0;
  if (target.members === null) for (const value of values) totalUsers += value;
  else for (const demand of target.members) totalUsers += values[demand] ?? 0;
  return { ...target, totalUsers, needUsers: usersNeeded(target.share, totalUsers) };
}

/** Demand that some site not forbidden covers or that is served today; null when that is all of it. */
function reachableDemand(problem: CoveringProblem, period: number): Uint32Array | null {
  const { siteCount, demandCount } = problem.coverage;
  const reachable = Uint8Array.from(problem.servedToday[period] ?? new Uint8Array(demandCount));
  for (let site = 0; site < siteCount; site++) {
    if (problem.siteStatus[site] !== SITE_FORBIDDEN) markCovered(problem.coverage, site, reachable);
  }
  let count = 0;
  for (const flag of reachable) count += flag;
  if (count === demandCount) return null;
  const members = sharedUint32(count);
  let at = 0;
  for (let demand = 0; demand < demandCount; demand++) if (reachable[demand] === 1) members[at++] = demand;
  return members;
}
