import { demandOf } from '../coverage/span-coverage.ts';
import { EVIDENCE_PREDICTED, EVIDENCE_UNKNOWN } from '../coverage/types.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import type { Target } from '../solve/problem.ts';
import type { TargetOutcome } from '../solve/solution.ts';
import { backupOf, countBackupScope, lostBackup } from './backup-scope.ts';
import { assignedServices, countAssignedScope } from './assigned-scope.ts';
import { evidenceUsers } from './evidence-users.ts';
import { countLoads, type LoadFacts } from './load-facts.ts';
import type { ScopeFacts, TargetFacts } from './scope-facts.ts';
import { countServices, sampleCounter, type ServiceFacts } from './service-facts.ts';
import { changesByAssignment, changesByCoverage, type SiteChange } from './site-changes.ts';

/** A chosen site in building order. Arrays are per period. */
export interface SiteFacts {
  /** Candidate index. */
  readonly site: number;
  /** 1-based. */
  readonly rank: number;
  readonly phase: number;
  readonly required: boolean;
  readonly newMilli: readonly number[];
  /** Served by this site and by nothing else in the finished network. */
  readonly aloneMilli: readonly number[];
  /** All users served after this site is built. */
  readonly servedAfterMilli: readonly number[];
  /** Name of the region where most of its new users are; null when there are no regions. */
  readonly region: string | null;
  /** Index into the last phase's targets of one that would be missed without the site; null when none would. */
  readonly criticalTarget: number | null;
  /** Users the critical target would fall to. */
  readonly criticalServedMilli: number;
}

/** Everything the reports count, worked out once. */
export interface PlanFacts {
  /** [demand] 1-based rank of the first chosen site that covers; 0 = none. */
  readonly rankOfDemand: Uint32Array;
  /** [demand] how many chosen sites cover. */
  readonly timesCovered: Uint16Array;
  /** Per period, all users. */
  readonly periods: readonly ScopeFacts[];
  /** Per phase, its own targets and those of every phase before. */
  readonly targets: readonly (readonly TargetFacts[])[];
  readonly sites: readonly SiteFacts[];
  /** Users (summed over periods) about whom nothing is known today, and all. */
  readonly unknownMilli: number;
  readonly totalMilli: number;
  /** Null where nobody had to be assigned to sites of limited room. */
  readonly loads: LoadFacts | null;
  /** Null where the scenario has one service. */
  readonly services: readonly ServiceFacts[] | null;
}

/** Counts a plan for the reports. All sums are integers (users in thousandths). */
export function countPlan(result: PlanResult): PlanFacts {
  const { timesCovered, rankOfDemand } = coverageOfPlan(result);
  const services = assignedServices(result);
  const scopeIn: CountScope = (phase, standing, scope) => {
    const service = services?.at(phase);
    return service === undefined
      ? countScope(result, rankOfDemand, standing, scope)
      : countAssignedScope(result, service, rankOfDemand, standing, scope);
  };
  const everySite = result.solution.sites.length;
  const periods = result.demand.periods.map((_, period) =>
    scopeIn(-1, everySite, { period, region: null, members: null }),
  );
  const targets = result.solution.phases.map((phase, phaseIndex) =>
    phase.targets.map((outcome) =>
      countTarget(result, scopeIn, phaseIndex, outcome, targetOf(result, phaseIndex, outcome)),
    ),
  );
  const service = services?.at(-1) ?? null;
  const finalTargets = targets.at(-1) ?? [];
  const changes =
    service === null
      ? changesByCoverage(result, rankOfDemand, timesCovered, periods.length, finalTargets)
      : changesByAssignment(result, service, timesCovered, finalTargets);
  const withBackup = changes.map((change) => ({ ...change, lostMilli: [...change.lostMilli] }));
  finalTargets.forEach((target, k) => {
    if (target.backup === 1) return;
    lostBackup(result, target).forEach((lost, order) => (withBackup[order]!.lostMilli[k] = lost));
  });
  const sites = countSites(result, withBackup, periods, finalTargets);
  const loads = service === null ? null : countLoads(result, service, timesCovered);
  return {
    rankOfDemand,
    timesCovered,
    periods,
    targets,
    sites,
    unknownMilli: periods.reduce((sum, period) => sum + period.evidenceToday.unknown, 0),
    totalMilli: periods.reduce((sum, period) => sum + period.totalMilli, 0),
    loads,
    services: countServices(result, (scope) => scopeIn(-1, everySite, scope), rankOfDemand, loads),
  };
}

type CountScope = (
  phase: number,
  standing: number,
  scope: Pick<ScopeFacts, 'period' | 'region' | 'members'>,
) => ScopeFacts;

function coverageOfPlan(result: PlanResult): { rankOfDemand: Uint32Array; timesCovered: Uint16Array } {
  const rankOfDemand = new Uint32Array(result.demand.count);
  const timesCovered = new Uint16Array(result.demand.count);
  result.solution.sites.forEach((site, order) => {
    for (const demand of demandOf(result.problem.coverage, site)) {
      if (rankOfDemand[demand] === 0) rankOfDemand[demand] = order + 1;
      timesCovered[demand]!++;
    }
  });
  return { rankOfDemand, timesCovered };
}

/** Users of one scope with the first `standing` sites built. */
function countScope(
  result: PlanResult,
  rankOfDemand: Uint32Array,
  standing: number,
  { period, region, members }: Pick<ScopeFacts, 'period' | 'region' | 'members'>,
): ScopeFacts {
  const users = result.demand.usersMilli[period]!;
  const served = result.problem.servedToday[period]!;
  const evidence = result.baseline.evidence[period]!;
  const samplesOf = sampleCounter(result, period);
  const newMilli = new Float64Array(result.solution.sites.length);
  const today = [0, 0, 0, 0];
  const after = [0, 0, 0, 0];
  const size = members === null ? result.demand.count : members.length;
  let totalMilli = 0;
  let servedTodayMilli = 0;
  let servedUnknownMilli = 0;
  let addedMilli = 0;
  let samples = 0;
  for (let k = 0; k < size; k++) {
    const i = members === null ? k : members[k]!;
    const weight = users[i]!;
    const kind = evidence[i]!;
    const rank = rankOfDemand[i]!;
    const planned = rank > 0 && rank <= standing;
    totalMilli += weight;
    today[kind]! += weight;
    samples += samplesOf(i);
    if (served[i] === 1) {
      servedTodayMilli += weight;
      // A chosen site that covers it too is evidence where there was none.
      if (kind === EVIDENCE_UNKNOWN && !planned) servedUnknownMilli += weight;
    } else if (rank > 0) {
      newMilli[rank - 1]! += weight;
      if (planned) addedMilli += weight;
    }
    const byPlan = planned && (served[i] === 0 || kind === EVIDENCE_UNKNOWN);
    after[byPlan ? EVIDENCE_PREDICTED : kind]! += weight;
  }
  return {
    period,
    region,
    members,
    totalMilli,
    servedTodayMilli,
    servedMilli: servedTodayMilli + addedMilli,
    newMilli,
    evidenceToday: evidenceUsers(today),
    evidenceAfter: evidenceUsers(after),
    servedUnknownMilli,
    samples,
  };
}

function countTarget(
  result: PlanResult,
  scopeIn: CountScope,
  phase: number,
  outcome: TargetOutcome,
  { target, ownPhase }: { target: Target; ownPhase: number },
): TargetFacts {
  const { period, region } = outcome;
  const standing = result.solution.phases[phase]!.sites.length;
  const backup = backupOf(target);
  const scope = { period, region, members: target.members };
  const counted =
    backup === 1 ? scopeIn(phase, standing, scope) : countBackupScope(result, standing, { ...scope, backup });
  return {
    ...counted,
    phase,
    service: target.service ?? null,
    ownPhase,
    backup,
    requiredNumerator: target.share.numerator,
    requiredDenominator: target.share.denominator,
    needMilli: target.needUsers,
    met: counted.servedMilli >= target.needUsers,
    unreachableMilli: outcome.unreachableUsers,
  };
}

/** The target an outcome speaks of: equal period, region, service, need and backup, among the phases up to this one. */
function targetOf(
  result: PlanResult,
  phase: number,
  outcome: TargetOutcome,
): { target: Target; ownPhase: number } {
  for (let ownPhase = phase; ownPhase >= 0; ownPhase--) {
    for (const target of result.problem.phases[ownPhase]?.targets ?? []) {
      const same =
        target.period === outcome.period &&
        target.region === outcome.region &&
        target.service === outcome.service;
      const isEqual = target.needUsers === outcome.needUsers && backupOf(target) === backupOf(outcome);
      if (same && isEqual) return { target, ownPhase };
    }
  }
  throw new RangeError(`phase ${phase}: an outcome without a target`);
}

function countSites(
  result: PlanResult,
  changes: readonly SiteChange[],
  periods: readonly ScopeFacts[],
  finalTargets: readonly TargetFacts[],
): SiteFacts[] {
  const served = periods.map((period) => period.servedTodayMilli);
  return result.solution.sites.map((site, order) => {
    const { aloneMilli, lostMilli, regionMilli } = changes[order]!;
    const newMilli = periods.map((period) => period.newMilli[order]!);
    newMilli.forEach((added, period) => (served[period]! += added));
    const critical = mostMissed(finalTargets, lostMilli);
    return {
      site,
      rank: order + 1,
      phase: result.solution.phaseOfSite[order]!,
      required: result.candidates.status[site] === 'required',
      newMilli,
      aloneMilli,
      servedAfterMilli: [...served],
      region: largestRegion(result.regionNames, regionMilli),
      criticalTarget: critical,
      criticalServedMilli: critical === null ? 0 : finalTargets[critical]!.servedMilli - lostMilli[critical]!,
    };
  });
}

/** The met target that losing these users would break by most, relative to its need. */
function mostMissed(targets: readonly TargetFacts[], lostMilli: readonly number[]): number | null {
  let worst: number | null = null;
  let worstMiss = 0;
  targets.forEach((target, index) => {
    if (!target.met || target.needMilli === 0) return;
    const miss = (target.needMilli - (target.servedMilli - lostMilli[index]!)) / target.needMilli;
    if (miss > worstMiss) {
      worst = index;
      worstMiss = miss;
    }
  });
  return worst;
}

function largestRegion(names: readonly string[], users: Float64Array): string | null {
  let best = -1;
  for (let region = 0; region < names.length; region++) {
    if (users[region]! > (best < 0 ? 0 : users[best]!)) best = region;
  }
  return best < 0 ? null : names[best]!;
}
