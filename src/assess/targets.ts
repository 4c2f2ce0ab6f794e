import type { Baseline } from '../coverage/types.ts';
import { EVIDENCE_MEASURED, EVIDENCE_UNKNOWN } from '../coverage/types.ts';
import { shareFraction } from '../fraction.ts';
import { targetRegions, type RegionMembership } from '../input/read-regions.ts';
import type { PhaseSpec } from '../input/scenario-schema.ts';
import type { Demand } from '../input/types.ts';
import { countedTarget } from '../solve/share-target.ts';
import type { TargetAssessment } from './target-assessment.ts';
import { binomialInterval, centralInterval, probabilityAtLeast } from './share-interval.ts';

/** A target with the demand it speaks of; the draws of its served users are filled in by `collect`. */
export interface OpenTarget {
  readonly phase: string;
  readonly period: number;
  readonly region: string | null;
  readonly share: NonNullable<ReturnType<typeof shareFraction>>;
  readonly needUsers: number;
  readonly totalUsers: number;
  readonly members: Uint32Array;
  /** [draws] users served among those with evidence; empty until simulated. */
  drawn: Float64Array;
}

/** Default targets of an assessment whose scenario plans with a budget: 95 % of all users in every period. */
const PROMISE: readonly PhaseSpec[] = [{ name: '95 %', targets: [{ share: 0.95 }] }];

/** Every target of the scenario once, region by region and period by period. */
export function openTargets(
  phases: readonly PhaseSpec[] | null,
  demand: Demand,
  membership: RegionMembership,
): OpenTarget[] {
  const known = new Set<string>();
  const everyone = Uint32Array.from({ length: demand.count }, (_, i) => i);
  return (phases ?? PROMISE).flatMap(({ name, targets }) =>
    targets.flatMap((spec) => {
      const share = shareFraction(spec.share);
      if (share === null) throw new RangeError(`share ${spec.share} passed the scenario's checks`);
      return targetRegions(spec.regions, membership.names).flatMap((region) => {
        const index = region === null ? -1 : membership.names.indexOf(region);
        const members =
          region === null ? everyone : everyone.filter((i) => membership.regionOfDemand[i] === index);
        return demand.periods.flatMap((periodName, period): OpenTarget[] => {
          const key = `${region ?? ''}\n${period}\n${share.numerator}/${share.denominator}`;
          if ((spec.period !== undefined && spec.period !== periodName) || known.has(key)) return [];
          known.add(key);
          const counted = countedTarget({ period, region, members, share }, demand.usersMilli);
          const { needUsers, totalUsers } = counted;
          return [
            {
              phase: name,
              period,
              region,
              share,
              needUsers,
              totalUsers,
              members,
              drawn: new Float64Array(0),
            },
          ];
        });
      });
    }),
  );
}

/** Adds one draw: users served among the members with evidence. */
export function addDraw(
  target: OpenTarget,
  demand: Demand,
  evidence: Uint8Array,
  served: Uint8Array,
  draw: number,
): void {
  const users = demand.usersMilli[target.period]!;
  let sum = 0;
  for (const i of target.members) if (served[i] === 1 && evidence[i] !== EVIDENCE_UNKNOWN) sum += users[i]!;
  target.drawn[draw] = sum;
}

/** The target with its counts by evidence, its interval and the probability that it holds. */
export function closeTarget(
  target: OpenTarget,
  demand: Demand,
  baseline: Baseline,
  unmeasured: 'served' | 'unserved',
  confidence: number,
): TargetAssessment {
  const { period, members, needUsers, totalUsers, drawn } = target;
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
  const lent = unmeasured === 'served' ? unknown : 0;
  const known = totalUsers - unknown;
  const simulated = drawn.length > 0 && known > 0;
  return {
    phase: target.phase,
    period,
    region: target.region,
    required: target.share,
    needUsers,
    totalUsers,
    servedLow,
    servedHigh: servedLow + unknown,
    usersByEvidence,
    servedByEvidence,
    met: (known > 0 || totalUsers === 0) && servedLow + lent >= needUsers,
    interval: simulated
      ? centralInterval(
          drawn.map((served) => (served + lent) / totalUsers),
          confidence,
        )
      : null,
    knownInterval: simulated
      ? centralInterval(
          drawn.map((served) => served / known),
          confidence,
        )
      : null,
    probabilityMet: simulated
      ? probabilityAtLeast(
          drawn.map((served) => served + lent),
          needUsers,
        )
      : null,
    naiveInterval: measuredPoints === 0 ? null : binomialInterval(measuredServed, measuredPoints, confidence),
  };
}
