import { EVIDENCE_PREDICTED, EVIDENCE_UNKNOWN } from '../coverage/types.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import type { Assignment } from '../solve/capacity/assign-plan.ts';
import { servedFreely } from '../solve/capacity/standing.ts';
import { evidenceUsers } from './evidence-users.ts';
import type { ScopeFacts } from './scope-facts.ts';
import { sampleCounter } from './service-facts.ts';

/** Who serves whom at the end of a phase, where capacities act. */
export interface AssignedService {
  readonly assignment: Assignment;
  /** Per period [demand] 1 = served today with no stated room in the way; such users stand in no row. */
  readonly free: readonly Uint8Array[];
  /** [sites of the problem] place in the building order; -1 = not built. */
  readonly orderOfSite: Int32Array;
}

/** The service of every phase; null where nobody had to be assigned. */
export function assignedServices(result: PlanResult): readonly AssignedService[] | null {
  const assignments = result.solution.phases.map((phase) => phase.assignment);
  if (assignments.length === 0 || assignments.some((assignment) => assignment === undefined)) return null;
  const orderOfSite = new Int32Array(result.problem.siteIds.length).fill(-1);
  result.solution.sites.forEach((site, order) => (orderOfSite[site] = order));
  const free = servedFreely(result.problem);
  return assignments.map((assignment) => ({ assignment: assignment!, free, orderOfSite }));
}

/**
 * A scope where users are assigned: served today are those whom sites of today carry in this plan, a new site adds the
 * users assigned to it.
 *
 * @param standing how many sites of the building order stand at the end of the phase.
 */
export function countAssignedScope(
  result: PlanResult,
  service: AssignedService,
  rankOfDemand: Uint32Array,
  standing: number,
  { period, region, members }: Pick<ScopeFacts, 'period' | 'region' | 'members'>,
): ScopeFacts {
  const users = result.demand.usersMilli[period]!;
  const evidence = result.baseline.evidence[period]!;
  const today = result.problem.servedToday[period]!;
  const free = service.free[period]!;
  const isMember = flagsOf(members, result.demand.count);
  const samplesOf = sampleCounter(result, period);
  const isPlanned = (i: number): boolean => rankOfDemand[i]! > 0 && rankOfDemand[i]! <= standing;
  const newMilli = new Float64Array(result.solution.sites.length);
  const evidenceToday = [0, 0, 0, 0];
  const after = [0, 0, 0, 0];
  const sums = { total: 0, today: 0, unknown: 0, added: 0, samples: 0 };
  const byToday = (i: number, amount: number): void => {
    sums.today += amount;
    if (evidence[i] !== EVIDENCE_UNKNOWN) return;
    if (isPlanned(i)) move(after, evidence[i], amount);
    else sums.unknown += amount;
  };
  for (let i = 0; i < users.length; i++) {
    if (isMember[i] === 0) continue;
    sums.total += users[i]!;
    evidenceToday[evidence[i]!]! += users[i]!;
    after[evidence[i]!]! += users[i]!;
    sums.samples += samplesOf(i);
    if (free[i] === 1) byToday(i, users[i]!);
  }
  const rows = service.assignment[period]!;
  rows.demand.forEach((i, row) => {
    if (isMember[i] === 0) return;
    const site = rows.site[row]!;
    const amount = rows.users[row]!;
    if (site >= service.orderOfSite.length) {
      byToday(i, amount);
      return;
    }
    newMilli[service.orderOfSite[site]!]! += amount;
    sums.added += amount;
    if (today[i] === 0 || evidence[i] === EVIDENCE_UNKNOWN) move(after, evidence[i]!, amount);
  });
  return {
    period,
    region,
    members,
    totalMilli: sums.total,
    servedTodayMilli: sums.today,
    servedMilli: sums.today + sums.added,
    newMilli,
    evidenceToday: evidenceUsers(evidenceToday),
    evidenceAfter: evidenceUsers(after),
    servedUnknownMilli: sums.unknown,
    samples: sums.samples,
  };
}

/** Users whom a new site serves are known by prediction. */
function move(after: number[], from: number, amount: number): void {
  after[from]! -= amount;
  after[EVIDENCE_PREDICTED]! += amount;
}

export function flagsOf(members: Uint32Array | null, count: number): Uint8Array {
  const flags = new Uint8Array(count).fill(members === null ? 1 : 0);
  for (const i of members ?? []) flags[i] = 1;
  return flags;
}

/** Per new site in building order and period: users assigned to it whom no other new site covers. */
export function assignedAlone(
  result: PlanResult,
  { assignment, orderOfSite }: AssignedService,
  timesCovered: Uint16Array,
  members: Uint32Array | null,
): Float64Array[] {
  const isMember = flagsOf(members, result.demand.count);
  return assignment.map(({ demand, site, users }, period) => {
    const alone = new Float64Array(result.solution.sites.length);
    demand.forEach((i, row) => {
      const own = site[row]!;
      if (own >= orderOfSite.length || isMember[i] === 0) return;
      if (timesCovered[i] === 1 && result.problem.servedToday[period]![i] === 0) {
        alone[orderOfSite[own]!]! += users[row]!;
      }
    });
    return alone;
  });
}
