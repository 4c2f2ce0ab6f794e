import { EVIDENCE_PREDICTED, EVIDENCE_UNKNOWN } from '../coverage/types.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import type { Target } from '../solve/problem.ts';
import { flagsOf } from './assigned-scope.ts';
import { evidenceUsers } from './evidence-users.ts';
import type { ScopeFacts } from './scope-facts.ts';
import { sampleCounter } from './service-facts.ts';

type Scope = Pick<ScopeFacts, 'period' | 'region' | 'members'> & { readonly backup: number };

/** The sites that a target's users must be covered by; 1 = they must be served. */
export function backupOf({ backup }: Pick<Target, 'backup'>): number {
  return backup ?? 1;
}

/**
 * Users whom enough sites cover. Today's network counts as one, so nobody has backup before something is built. Where nothing
 * is known of today, a user stays unknown only while that one decides.
 *
 * @param standing how many sites of the building order stand.
 */
export function countBackupScope(
  result: PlanResult,
  standing: number,
  { period, region, members, backup }: Scope,
): ScopeFacts {
  const users = result.demand.usersMilli[period]!;
  const evidence = result.baseline.evidence[period]!;
  const today = result.problem.servedToday[period]!;
  const isMember = flagsOf(members, result.demand.count);
  const fresh = new Uint16Array(result.demand.count);
  const newMilli = new Float64Array(result.solution.sites.length);
  forEachCover(result, (i, order) => {
    if (order < standing) fresh[i]!++;
  });
  const times = Uint16Array.from(today);
  forEachCover(result, (i, order) => {
    if (++times[i]! === backup && isMember[i] === 1) newMilli[order]! += users[i]!;
  });
  const samplesOf = sampleCounter(result, period);
  const evidenceToday = [0, 0, 0, 0];
  const after = [0, 0, 0, 0];
  const sums = { total: 0, served: 0, unknown: 0, samples: 0 };
  users.forEach((weight, i) => {
    if (isMember[i] === 0) return;
    const kind = evidence[i]!;
    const isOpen = kind === EVIDENCE_UNKNOWN && fresh[i] === backup - 1;
    const isPredicted = !isOpen && (fresh[i]! >= backup || kind === EVIDENCE_UNKNOWN);
    const isServed = fresh[i]! + today[i]! >= backup;
    sums.total += weight;
    sums.samples += samplesOf(i);
    evidenceToday[kind]! += weight;
    after[isPredicted ? EVIDENCE_PREDICTED : kind]! += weight;
    if (isServed) sums.served += weight;
    if (isServed && isOpen) sums.unknown += weight;
  });
  return {
    period,
    region,
    members,
    totalMilli: sums.total,
    servedTodayMilli: 0,
    servedMilli: sums.served,
    newMilli,
    evidenceToday: evidenceUsers(evidenceToday),
    evidenceAfter: evidenceUsers(after),
    servedUnknownMilli: sums.unknown,
    samples: sums.samples,
  };
}

/** [sites in building order] users who have enough sites and would not without this one. */
export function lostBackup(result: PlanResult, { period, members, backup }: Scope): Float64Array {
  const isMember = flagsOf(members, result.demand.count);
  const times = Uint16Array.from(result.problem.servedToday[period]!);
  forEachCover(result, (i) => times[i]!++);
  const lost = new Float64Array(result.solution.sites.length);
  forEachCover(result, (i, order) => {
    if (times[i] === backup && isMember[i] === 1) lost[order]! += result.demand.usersMilli[period]![i]!;
  });
  return lost;
}

/** Every demand point that a chosen site covers, in building order. */
function forEachCover(
  { problem, solution }: PlanResult,
  visit: (demand: number, order: number) => void,
): void {
  const { siteStart, demandOfSite } = problem.coverage;
  solution.sites.forEach((site, order) => {
    for (let k = siteStart[site]!; k < siteStart[site + 1]!; k++) visit(demandOfSite[k]!, order);
  });
}
