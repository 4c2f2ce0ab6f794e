import { LOAD_USERS, SITE_FORBIDDEN, type CoveringProblem, type Target } from '../problem.ts';

/** True when some target counts users whom several sites cover. */
export function asksForBackup({ phases }: Pick<CoveringProblem, 'phases'>): boolean {
  return phases.some(({ targets }) => targets.some(({ backup = 1 }) => backup > 1));
}

/**
 * True when targets ask for more than covering: for backup, or for service where a site that may stand could be asked
 * for more than its room. Where no room can ever run out the covering solver answers, and exactly as without capacities.
 */
export function needsAssignment(problem: CoveringProblem, targets: readonly Target[]): boolean {
  if (targets.some(({ backup = 1 }) => backup > 1)) return true;
  const { capacity } = problem;
  if (capacity === undefined) return false;
  if (capacity.standing !== null) return true;
  const periods = [...new Set(targets.map(({ period }) => period))];
  return periods.some((period) =>
    problem.siteIds.some(
      (_, site) => problem.siteStatus[site] !== SITE_FORBIDDEN && canRunFull(problem, period, site),
    ),
  );
}

function canRunFull(problem: CoveringProblem, period: number, site: number): boolean {
  const { siteStart, demandOfSite } = problem.coverage;
  const { rate, room, counts } = problem.capacity!;
  const space = room[period]![site]!;
  if (space === Infinity) return false;
  const users = problem.users[period]!;
  const served = problem.servedToday[period]!;
  let load = 0;
  for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
    const demand = demandOfSite[pair]!;
    if (served[demand] === 1) continue;
    load += users[demand]! * (counts[site] === LOAD_USERS ? 1 : rate[period]![demand]!);
    if (load > space) return true;
  }
  return false;
}
