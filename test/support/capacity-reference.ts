import highsModule from 'highs';
import { LOAD_USERS, SITE_FORBIDDEN, SITE_REQUIRED, type CoveringProblem } from '../../src/solve/problem.ts';

const loadHighs = highsModule as unknown as typeof highsModule.default;

let loaded: Awaited<ReturnType<typeof loadHighs>> | null = null;

/**
 * The optimum of a small problem with capacities, by HiGHS on a model written point by point as LP text: no classes, no
 * merging, nothing shared with src/solve. Null = infeasible. Users served are continuous here, which can only make it
 * cheaper than a plan that serves whole units.
 */
export async function capacityOptimum(problem: CoveringProblem): Promise<number | null> {
  const highs = (loaded ??= await loadHighs());
  const text = lpText(problem);
  const solution = highs.solve(text, { mip_rel_gap: 0, mip_abs_gap: 0 });
  if (solution.Status === 'Infeasible') return null;
  if (solution.Status !== 'Optimal') throw new Error(`HiGHS: ${solution.Status}`);
  return solution.ObjectiveValue;
}

function lpText(problem: CoveringProblem): string {
  const { siteStart, demandOfSite, demandCount } = problem.coverage;
  const { capacity } = problem;
  const rows: string[] = [];
  const bounds: string[] = [];
  const binaries: string[] = [];
  const siteCount = problem.siteIds.length;
  const covers = Array.from({ length: siteCount }, (_, site) => [
    ...demandOfSite.slice(siteStart[site], siteStart[site + 1]),
  ]);
  const standingCount = capacity?.standing?.ids.length ?? 0;
  for (let k = 0; k < standingCount; k++) {
    const { siteStart: start, demandOfSite: list } = capacity!.standing!.coverage;
    const own = [...list.slice(start[k], start[k + 1])];
    // Today's sites carry whom they serve today, in every period.
    covers.push(own.filter((demand) => problem.servedToday.every((served) => served[demand] === 1)));
  }
  const bound = new Set(covers.slice(siteCount).flat());
  for (let site = 0; site < siteCount; site++) {
    binaries.push(`x${site}`);
    const status = problem.siteStatus[site];
    if (status === SITE_REQUIRED) bounds.push(`x${site} = 1`);
    if (status === SITE_FORBIDDEN) bounds.push(`x${site} = 0`);
  }
  for (let k = 0; k < standingCount; k++) bounds.push(`x${siteCount + k} = 1`);
  const isFree = (period: number, demand: number): boolean =>
    problem.servedToday[period]![demand] === 1 && !bound.has(demand);
  problem.users.forEach((users, period) => {
    const terms: string[][] = Array.from({ length: demandCount }, () => []);
    covers.forEach((list, site) => {
      const room =
        capacity === undefined
          ? Infinity
          : site < siteCount
            ? capacity.room[period]![site]!
            : capacity.standing!.room[period]![site - siteCount]!;
      const counts = site < siteCount ? capacity?.counts[site] : capacity?.standing?.counts[site - siteCount];
      const loads: string[] = [];
      for (const demand of list) {
        if (isFree(period, demand) || users[demand] === 0) continue;
        const name = `f${period}_${site}_${demand}`;
        terms[demand]!.push(name);
        rows.push(`${name} - ${users[demand]} x${site} <= 0`);
        const unit = counts === LOAD_USERS ? 1 : (capacity?.rate[period]![demand] ?? 0);
        if (unit > 0) loads.push(`${unit} ${name}`);
      }
      if (room !== Infinity && loads.length > 0) rows.push(`${loads.join(' + ')} - ${room} x${site} <= 0`);
    });
    terms.forEach((names, demand) => {
      if (names.length > 0) rows.push(`${names.join(' + ')} <= ${users[demand]}`);
    });
  });
  for (const [at, target] of problem.phases.flatMap(({ targets }) => targets).entries()) {
    const members = target.members ?? Uint32Array.from({ length: demandCount }, (_, demand) => demand);
    const users = problem.users[target.period]!;
    let need = target.needUsers;
    const terms: string[] = [];
    const { backup = 1 } = target;
    for (const demand of members) {
      if (users[demand] === 0) continue;
      if (backup === 1 && isFree(target.period, demand)) need -= users[demand]!;
      else if (backup === 1) {
        covers.forEach((list, site) => {
          if (list.includes(demand)) terms.push(`f${target.period}_${site}_${demand}`);
        });
      } else {
        const z = `z${at}_${demand}`;
        binaries.push(z);
        const by = covers
          .slice(0, siteCount)
          .flatMap((list, site) => (list.includes(demand) ? [`- x${site}`] : []));
        rows.push(`${backup} ${z} ${by.join(' ')} <= ${problem.servedToday[target.period]![demand]}`);
        terms.push(`${users[demand]} ${z}`);
      }
    }
    if (need > 0) rows.push(`${terms.length === 0 ? '0 x0' : terms.join(' + ')} >= ${need}`);
  }
  const atLocation = new Map<number, string[]>();
  problem.siteLocation.forEach((location, site) => {
    atLocation.set(location, [...(atLocation.get(location) ?? []), `x${site}`]);
  });
  for (const names of atLocation.values()) if (names.length > 1) rows.push(`${names.join(' + ')} <= 1`);
  for (let pair = 0; pair < problem.conflicts.length; pair += 2) {
    rows.push(`x${problem.conflicts[pair]} + x${problem.conflicts[pair + 1]} <= 1`);
  }
  const cost = Array.from(problem.siteCost, (value, site) => `${value} x${site}`).join(' + ');
  return `Minimize\n obj: ${cost}\nSubject To\n${rows.map((row, at) => ` r${at}: ${row}`).join('\n')}\nBounds\n${bounds
    .map((line) => ` ${line}`)
    .join('\n')}\nBinary\n ${binaries.join(' ')}\nEnd\n`;
}
