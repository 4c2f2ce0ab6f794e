import type { Baseline } from '../coverage/types.ts';
import { EVIDENCE_MEASURED, EVIDENCE_UNKNOWN } from '../coverage/types.ts';
import { shareFraction } from '../fraction.ts';
import type { RegionMembership } from '../input/read-regions.ts';
import type { PhaseSpec } from '../input/scenario-schema.ts';
import type { Demand } from '../input/types.ts';
import { targetUsers } from '../planning/target-users.ts';
import { countedTarget } from '../solve/share-target.ts';
import type { ShareAssessment, TargetAssessment } from './target-assessment.ts';
import { binomialInterval, centralInterval, probabilityAtLeast } from './share-interval.ts';

/** Users of a period, region and service; the draws of those of them who are served are filled in by `addDraw`. */
export interface OpenShare {
  readonly period: number;
  readonly region: string | null;
  readonly service: string | null;
  readonly totalUsers: number;
  readonly members: Uint32Array;
  /** [draws] users served among those with evidence; empty until simulated. */
  drawn: Float64Array;
}

/** The same with what is asked of them. */
export interface OpenTarget extends OpenShare {
  readonly phase: string;
  readonly share: NonNullable<ReturnType<typeof shareFraction>>;
  readonly needUsers: number;
}

/** Default targets of an assessment whose scenario plans with a budget: 95 % of all users in every period. */
const PROMISE: readonly PhaseSpec[] = [{ name: '95 %', targets: [{ share: 0.95 }] }];

/** Every target of the scenario once, region by region, service by service and period by period. */
export function openTargets(
  phases: readonly PhaseSpec[] | null,
  demand: Demand,
  membership: RegionMembership,
): OpenTarget[] {
  const known = new Set<string>();
  return (phases ?? PROMISE).flatMap(({ name: phase, targets }) =>
    targets.flatMap((spec) => {
      const share = shareFraction(spec.share);
      if (share === null) throw new RangeError(`share ${spec.share} passed the scenario's checks`);
      return targetUsers(spec, demand, membership).flatMap(({ region, service, isMember }) => {
        const members = membersOf(isMember, demand);
        return demand.periods.flatMap((periodName, period): OpenTarget[] => {
          const key = JSON.stringify([region, service, period, share.numerator, share.denominator]);
          if ((spec.period !== undefined && spec.period !== periodName) || known.has(key)) return [];
          known.add(key);
          const counted = countedTarget({ period, region, members, share }, demand.usersMilli);
          const { needUsers, totalUsers } = counted;
          const drawn = new Float64Array(0);
          return [{ phase, period, region, service, share, needUsers, totalUsers, members, drawn }];
        });
      });
    }),
  );
}

/**
 * Users of all services together and of each by itself, everywhere and in every region that targets name, in every period;
 * none where the scenario has one service.
 */
export function openServiceShares(
  targets: readonly OpenTarget[],
  demand: Demand,
  membership: RegionMembership,
): OpenShare[] {
  if (demand.services === undefined) return [];
  const regions = [...new Set(targets.flatMap(({ region }) => region ?? []))];
  const scopes = [
    {},
    { service: 'each' },
    ...(regions.length === 0 ? [] : [{ regions }, { regions, service: 'each' }]),
  ];
  return scopes.flatMap((scope) =>
    targetUsers(scope, demand, membership).flatMap(({ region, service, isMember }) => {
      const members = membersOf(isMember, demand);
      return demand.usersMilli.map((users, period) => ({
        period,
        region,
        service,
        totalUsers: members.reduce((sum, row) => sum + users[row]!, 0),
        members,
        drawn: new Float64Array(0),
      }));
    }),
  );
}

function membersOf(isMember: Uint8Array | null, { count }: Demand): Uint32Array {
  const everyone = Uint32Array.from({ length: count }, (_, row) => row);
  return isMember === null ? everyone : everyone.filter((row) => isMember[row] === 1);
}

/** Adds one draw: users served among the members with evidence. */
export function addDraw(
  share: OpenShare,
  demand: Demand,
  evidence: Uint8Array,
  served: Uint8Array,
  draw: number,
): void {
  const users = demand.usersMilli[share.period]!;
  let sum = 0;
  for (const i of share.members) if (served[i] === 1 && evidence[i] !== EVIDENCE_UNKNOWN) sum += users[i]!;
  share.drawn[draw] = sum;
}

/** What shares are counted against. */
export interface ShareRule {
  readonly demand: Demand;
  readonly baseline: Baseline;
  readonly unmeasured: 'served' | 'unserved';
  /** Of the intervals, 0..1. */
  readonly confidence: number;
}

/** Counts by evidence and the interval of the share. */
export function closeShare(share: OpenShare, rule: ShareRule): ShareAssessment {
  const { demand, baseline, confidence } = rule;
  const { period, region, service, members, totalUsers, drawn } = share;
  const users = demand.usersMilli[period]!;
  const usersByEvidence: [number, number, number, number] = [0, 0, 0, 0];
  const servedByEvidence: [number, number, number, number] = [0, 0, 0, 0];
  let measuredPoints = 0;
  let measuredServed = 0;
  for (const i of members) {
    const evidence = baseline.evidence[period]![i]!;
    const served = baseline.served[period]![i] === 1;
    usersByEvidence[evidence]! += users[i]!;
    if (served && evidence !== EVIDENCE_UNKNOWN) servedByEvidence[evidence]! += users[i]!;
    if (evidence === EVIDENCE_MEASURED && users[i]! > 0) {
      measuredPoints += 1;
      if (served) measuredServed += 1;
    }
  }
  const unknown = usersByEvidence[EVIDENCE_UNKNOWN];
  const servedLow = servedByEvidence.reduce((sum, value) => sum + value, 0);
  const known = totalUsers - unknown;
  const lent = lentUsers(unknown, rule);
  // Of several services a point may be served for some of its users.
  const isMixed = service === null && demand.services !== undefined;
  const simulated = drawn.length > 0 && known > 0;
  const intervalOf = (shares: Float64Array) => (simulated ? centralInterval(shares, confidence) : null);
  return {
    period,
    region,
    service,
    totalUsers,
    servedLow,
    servedHigh: servedLow + unknown,
    usersByEvidence,
    servedByEvidence,
    interval: intervalOf(drawn.map((served) => (served + lent) / totalUsers)),
    knownInterval: intervalOf(drawn.map((served) => served / known)),
    naiveInterval:
      measuredPoints === 0 || isMixed ? null : binomialInterval(measuredServed, measuredPoints, confidence),
  };
}

/** The share with whether its target is met, and how probable that is. */
export function closeTarget(target: OpenTarget, rule: ShareRule): TargetAssessment {
  const { phase, share: required, needUsers, totalUsers, drawn } = target;
  const counted = closeShare(target, rule);
  const unknown = counted.usersByEvidence[EVIDENCE_UNKNOWN];
  const lent = lentUsers(unknown, rule);
  const known = totalUsers - unknown;
  return {
    ...counted,
    phase,
    required,
    needUsers,
    met: (known > 0 || totalUsers === 0) && counted.servedLow + lent >= needUsers,
    probabilityMet:
      drawn.length > 0 && known > 0
        ? probabilityAtLeast(
            drawn.map((served) => served + lent),
            needUsers,
          )
        : null,
  };
}

/** Unknown users who count as served. */
function lentUsers(unknown: number, { unmeasured }: ShareRule): number {
  return unmeasured === 'served' ? unknown : 0;
}
