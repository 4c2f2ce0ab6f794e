import type { CoverageMatrix } from '../../coverage/matrix.ts';
import { sharedUint32 } from '../../geo/shared-array.ts';
import { coveredBy } from '../build-model.ts';
import type { CoveringProblem } from '../problem.ts';

/**
 * Whom today's sites of stated room carry: of the demand points they cover those served today in every period. What
 * measurements call unserved stays so, and where service differs by period no room is charged.
 */
export function standingCoverage(problem: CoveringProblem): CoverageMatrix | null {
  const standing = problem.capacity?.standing ?? null;
  if (standing === null) return null;
  const { siteCount, demandCount, siteStart, demandOfSite } = standing.coverage;
  const kept: number[] = [];
  const start = sharedUint32(siteCount + 1);
  for (let site = 0; site < siteCount; site++) {
    for (const demand of demandOfSite.subarray(siteStart[site], siteStart[site + 1])) {
      if (problem.servedToday.every((served) => served[demand] === 1)) kept.push(demand);
    }
    start[site + 1] = kept.length;
  }
  const list = sharedUint32(kept.length);
  list.set(kept);
  return { siteCount, demandCount, siteStart: start, demandOfSite: list };
}

/** Users served today with no stated room in the way, per period. */
export function servedFreely(problem: CoveringProblem): Uint8Array[] {
  const coverage = standingCoverage(problem);
  if (coverage === null) return problem.servedToday.map((served) => Uint8Array.from(served));
  const sites = Array.from({ length: coverage.siteCount }, (_, site) => site);
  const bound = coveredBy({ ...problem, coverage }, sites);
  return problem.servedToday.map((served) => Uint8Array.from(served, (flag, i) => flag & (1 - bound[i]!)));
}
