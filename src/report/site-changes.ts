import { demandOf } from '../coverage/span-coverage.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import { assignedAlone, type AssignedService } from './assigned-scope.ts';
import type { TargetFacts } from './scope-facts.ts';

/** What a site of the building order brings. */
export interface SiteChange {
  /** Per period: users nobody else serves. */
  readonly aloneMilli: readonly number[];
  /** Per target of the last phase: users lost with the site. */
  readonly lostMilli: readonly number[];
  /** [regions] users it is the first to serve, summed over periods. */
  readonly regionMilli: Float64Array;
}

export function changesByCoverage(
  result: PlanResult,
  rankOfDemand: Uint32Array,
  timesCovered: Uint16Array,
  periodCount: number,
  finalTargets: readonly TargetFacts[],
): SiteChange[] {
  const { servedToday, coverage } = result.problem;
  const { usersMilli } = result.demand;
  const memberOf = finalTargets.map((target) => membership(target, result.demand.count));
  return result.solution.sites.map((site, order) => {
    const aloneMilli = new Array<number>(periodCount).fill(0);
    const lostMilli = finalTargets.map(() => 0);
    const regionMilli = new Float64Array(result.regionNames.length);
    for (const i of demandOf(coverage, site)) {
      const isNew = rankOfDemand[i] === order + 1;
      const alone = timesCovered[i] === 1;
      if (!isNew && !alone) continue;
      const region = result.regionOfDemand[i]!;
      for (let period = 0; period < periodCount; period++) {
        if (servedToday[period]![i] === 1) continue;
        const weight = usersMilli[period]![i]!;
        if (isNew && region >= 0) regionMilli[region]! += weight;
        if (alone) aloneMilli[period]! += weight;
      }
      if (!alone) continue;
      for (let k2 = 0; k2 < finalTargets.length; k2++) {
        const { period } = finalTargets[k2]!;
        const members = memberOf[k2]!;
        if (servedToday[period]![i] === 0 && (members === null || members[i] === 1)) {
          lostMilli[k2]! += usersMilli[period]![i]!;
        }
      }
    }
    return { aloneMilli, lostMilli, regionMilli };
  });
}

/** Users lost for certain: others could take over the rest where they have room. */
export function changesByAssignment(
  result: PlanResult,
  service: AssignedService,
  timesCovered: Uint16Array,
  finalTargets: readonly TargetFacts[],
): SiteChange[] {
  const alone = assignedAlone(result, service, timesCovered, null);
  const lost = finalTargets.map(({ period, members }) =>
    assignedAlone(result, service, timesCovered, members).at(period),
  );
  const changes = result.solution.sites.map((_, order) => ({
    aloneMilli: alone.map((values) => values[order]!),
    lostMilli: lost.map((values) => values?.[order] ?? 0),
    regionMilli: new Float64Array(result.regionNames.length),
  }));
  for (const { demand, site, users } of service.assignment) {
    demand.forEach((i, row) => {
      const order = service.orderOfSite[site[row]!] ?? -1;
      const region = result.regionOfDemand[i]!;
      if (order >= 0 && region >= 0) changes[order]!.regionMilli[region]! += users[row]!;
    });
  }
  return changes;
}

function membership(target: TargetFacts, count: number): Uint8Array | null {
  if (target.members === null) return null;
  const flags = new Uint8Array(count);
  for (const i of target.members) flags[i] = 1;
  return flags;
}
