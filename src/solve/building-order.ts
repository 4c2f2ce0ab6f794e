import { demandOf, markCovered } from '../coverage/span-coverage.ts';
import { usersServed } from './build-model.ts';
import type { CoveringProblem, Target } from './problem.ts';

/**
 * Sites in building order: phase by phase, each next site adds most users still needed per cost, then most users,
 * then the smaller index. What a site adds only shrinks as others are built (submodular; Minoux 1978): it is counted again
 * only when what it added before would make it the next.
 *
 * @param setOfPhase sites that stand at the end of each phase; every set holds the one before.
 * @param targetsOfPhase targets that hold in each phase (own and earlier ones).
 */
export function orderForBuilding(
  problem: CoveringProblem,
  setOfPhase: readonly (readonly number[])[],
  targetsOfPhase: readonly (readonly Target[])[],
): { readonly sites: number[]; readonly phaseOfSite: number[] } {
  const covered = new Uint8Array(problem.coverage.demandCount);
  const built = new Set<number>();
  const sites: number[] = [];
  const phaseOfSite: number[] = [];
  setOfPhase.forEach((set, phase) => {
    const open = (targetsOfPhase[phase] ?? []).map((target) => ({
      target,
      isMember: target.members === null ? null : memberFlags(problem, target.members),
      missing: target.needUsers - usersServed(problem, target, covered),
    }));
    let waiting = [...set]
      .filter((site) => !built.has(site))
      .sort((a, b) => a - b)
      .map((site): WaitingSite => ({ site, needed: Infinity, users: Infinity, standing: -1 }));
    while (waiting.length > 0) {
      const next = firstOf(problem, open, covered, waiting, sites.length);
      for (const own of open) own.missing -= newUsers(problem, own.target, own.isMember, covered, next);
      waiting = waiting.filter(({ site }) => site !== next);
      built.add(next);
      sites.push(next);
      phaseOfSite.push(phase);
      markCovered(problem.coverage, next, covered);
    }
  });
  return { sites, phaseOfSite };
}

/** A site and what it adds per cost, as it was counted when so many sites stood: an upper bound from then on. */
interface WaitingSite {
  readonly site: number;
  needed: number;
  users: number;
  standing: number;
}

interface OpenTarget {
  readonly target: Target;
  /** [demandCount] 1 = counts; null = all. */
  readonly isMember: Uint8Array | null;
  /** Users still needed; below 0 when there are more. */
  missing: number;
}

function firstOf(
  problem: CoveringProblem,
  open: readonly OpenTarget[],
  covered: Uint8Array,
  waiting: readonly WaitingSite[],
  standing: number,
): number {
  for (;;) {
    let best = waiting[0]!;
    for (const own of waiting)
      if (own.needed > best.needed || (own.needed === best.needed && own.users > best.users)) best = own;
    if (best.standing === standing) return best.site;
    count(problem, open, covered, best);
    best.standing = standing;
  }
}

function count(
  problem: CoveringProblem,
  open: readonly OpenTarget[],
  covered: Uint8Array,
  waiting: WaitingSite,
): void {
  const { site } = waiting;
  let needed = 0;
  let users = 0;
  for (const { target, isMember, missing } of open) {
    const gain = newUsers(problem, target, isMember, covered, site);
    needed += Math.min(gain, Math.max(0, missing)) / Math.max(1, target.needUsers);
    users += gain / Math.max(1, target.totalUsers);
  }
  waiting.needed = needed / problem.siteCost[site]!;
  waiting.users = users / problem.siteCost[site]!;
}

function memberFlags(problem: CoveringProblem, members: Uint32Array): Uint8Array {
  const flags = new Uint8Array(problem.coverage.demandCount);
  for (const demand of members) flags[demand] = 1;
  return flags;
}

function newUsers(
  problem: CoveringProblem,
  target: Target,
  isMember: Uint8Array | null,
  covered: Uint8Array,
  site: number,
): number {
  const users = problem.users[target.period]!;
  const today = problem.servedToday[target.period]!;
  let gain = 0;
  for (const demand of demandOf(problem.coverage, site)) {
    if ((covered[demand]! | today[demand]!) !== 0) continue;
    if (isMember === null || isMember[demand] === 1) gain += users[demand]!;
  }
  return gain;
}
