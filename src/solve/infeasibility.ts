import { coveredBy, indicesWhere, openSites, sameUsers, usersServed } from './build-model.ts';
import { reachableWithBackup } from './capacity/recount-assignment.ts';
import { SITE_REQUIRED, type CoveringProblem, type Target } from './problem.ts';
import { shareText } from './share.ts';

/** A problem every single target of which can be met, and why the one asked for cannot. */
export interface RelaxedProblem {
  readonly problem: CoveringProblem;
  /** One sentence per target that no set of allowed sites meets; empty when there is none. */
  readonly proof: readonly string[];
}

/**
 * Targets beyond what all allowed sites together serve are lowered to just that. Coverage only grows with sites, so all
 * lowered targets hold at once when every allowed site stands: a plan that meets them has the least possible sum of
 * shortfall / need (where no two sites exclude each other).
 */
export function relaxUnreachable(problem: CoveringProblem): RelaxedProblem {
  const required = indicesWhere(problem.siteStatus, SITE_REQUIRED);
  const allowed = [...required, ...indicesWhere(openSites(problem, required), 1)];
  const reach = coveredBy(problem, allowed);
  const counted: { readonly target: Target; readonly users: number }[] = [];
  const reachOf = (target: Target): number => {
    if ((target.backup ?? 1) > 1) return reachableWithBackup(problem, target, allowed);
    const twin = counted.find((other) => sameUsers(other.target, target));
    const users = twin?.users ?? usersServed(problem, target, reach);
    if (twin === undefined) counted.push({ target, users });
    return users;
  };
  const proof: string[] = [];
  const phases = problem.phases.map((phase) => ({
    ...phase,
    targets: phase.targets.map((target) => {
      const users = reachOf(target);
      if (users >= target.needUsers) return target;
      proof.push(proofOf(problem, phase.name, target, users, allowed.length));
      return { ...target, needUsers: users };
    }),
  }));
  return { problem: proof.length === 0 ? problem : { ...problem, phases }, proof };
}

function proofOf(
  problem: CoveringProblem,
  phase: string,
  target: Target,
  users: number,
  sites: number,
): string {
  const scale = problem.usersScale;
  const reached = Math.floor((10_000 * users) / Math.max(1, target.totalUsers)) / 100;
  const what = target.service === undefined ? '' : `, service "${target.service}"`;
  const where = what + (target.region === null ? '' : ` in ${target.region}`);
  const verb = target.backup === undefined ? 'serve' : `cover ${target.backup} times`;
  return (
    `No plan meets phase "${phase}", period "${problem.periods[target.period] ?? ''}"${where}: ` +
    `a share of ${shareText(target.share)} needs ${target.needUsers / scale} users, all ${sites} allowed sites together ` +
    `with today's network ${verb} ${users / scale} (${reached} %).`
  );
}
