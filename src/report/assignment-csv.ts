import type { PlanResult } from '../planning/plan-result.ts';
import { csvField } from './escape.ts';
import { usersFromMilli } from './numbers.ts';

export const ASSIGNMENT_FILE = 'assignment.csv';

/**
 * Who is served where, phase by phase: `phase,period,demand,site,users` (RFC 4180). Users served today with no stated room in
 * the way stand in no row. Nothing where nobody had to be assigned.
 */
export function* assignmentCsv(result: PlanResult): Generator<string> {
  const { solution, problem, demand } = result;
  const standing = problem.capacity?.standing?.ids ?? [];
  const siteCount = problem.siteIds.length;
  yield 'phase,period,demand,site,users\r\n';
  for (const { name, assignment } of solution.phases) {
    for (const [period, rows] of (assignment ?? []).entries()) {
      const start = `${csvField(name)},${csvField(problem.periods[period]!)}`;
      for (let row = 0; row < rows.demand.length; row++) {
        const site = rows.site[row]!;
        const id = problem.siteIds[site] ?? standing[site - siteCount]!;
        const users = usersFromMilli(rows.users[row]!);
        yield `${start},${csvField(demand.ids[rows.demand[row]!]!)},${csvField(id)},${users}\r\n`;
      }
    }
  }
}
