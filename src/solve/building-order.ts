import { demandOf, markCovered } from '../coverage/span-coverage.ts';
import { usersServed } from './build-model.ts';
import type { CoveringProblem, Target } from './problem.ts';

/**
 * Sites in building order: phase by phase, each next site adds most users still needed per cost, then most users,
 * then the smaller index.
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
    const waiting = new Set([...set].filter((site) => !built.has(site)).sort((a, b) => a - b));
    const targets = targetsOfPhase[phase] ?? [];
    while (waiting.size > 0) {
      const next = mostPerCost(problem, targets, covered, waiting);
      waiting.delete(next);
      built.add(next);
      sites.push(next);
      phaseOfSite.push(phase);
      markCovered(problem.coverage, next, covered);
    }
  });
  return { sites, phaseOfSite };
}

function mostPerCost(
  problem: CoveringProblem,
  targets: readonly Target[],
  covered: Uint8Array,
  waiting: ReadonlySet<number>,
): number {
  const open = targets.map((target) => ({
    target,
    isMember: target.members === null ? null : memberFlags(problem, target.members),
    missing: Math.max(0, target.needUsers - usersServed(problem, target, covered)),
  }));
  let best = -1;
  let bestNeeded = -1;
  let bestUsers = -1;
  for (const site of waiting) {
    let needed = 0;
    let users = 0;
    for (const { target, isMember, missing } of open) {
      const gain = newUsers(problem, target, isMember, covered, site);
      needed += Math.min(gain, missing) / Math.max(1, target.needUsers);
      users += gain / Math.max(1, target.totalUsers);
    }
    needed /= problem.siteCost[site]!;
    users /= problem.siteCost[site]!;
    if (needed > bestNeeded || (needed === bestNeeded && users > bestUsers)) {
      best = site;
      bestNeeded = needed;
      bestUsers = users;
    }
  }
  return best;
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
