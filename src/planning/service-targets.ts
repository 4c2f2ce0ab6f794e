import type { ServiceCount, ServiceTarget } from '../coverage/interference/service.ts';
import { shareFraction } from '../fraction.ts';
import { targetRegions, type RegionMembership } from '../input/read-regions.ts';
import type { Scenario, TargetSpec } from '../input/scenario-schema.ts';
import type { Demand } from '../input/types.ts';
import { usersNeeded } from '../solve/share.ts';

/** One target of the scenario in one region and period. Users are whole thousandths. */
export interface TargetRow {
  readonly phase: string;
  readonly region: string | null;
  readonly period: string;
  readonly by: 'signal' | 'sinr';
  readonly share: number;
  readonly usersMilli: number;
}

/** The same with what is needed and what was reached before and after the cells were set anew. */
export interface ReachedTarget extends TargetRow {
  readonly needMilli: number;
  readonly beforeMilli: number;
  readonly afterMilli: number;
}

interface TargetInputs {
  readonly demand: Demand;
  readonly membership: RegionMembership;
}

export interface ServiceTargets {
  readonly specs: readonly TargetRow[];
  readonly targets: readonly ServiceTarget[];
}

/** Every target of the scenario by region and period; targets on backup cover are the solver's alone. */
export function serviceTargets({ phases }: Pick<Scenario, 'phases'>, inputs: TargetInputs): ServiceTargets {
  const rows = (phases?.list ?? []).flatMap(({ name, targets }) =>
    targets.filter(({ backup }) => backup === undefined).flatMap((spec) => rowsOf(name, spec, inputs)),
  );
  return { specs: rows.map(({ row }) => row), targets: rows.map(({ target }) => target) };
}

function rowsOf(
  phase: string,
  spec: TargetSpec,
  { demand, membership }: TargetInputs,
): { row: TargetRow; target: ServiceTarget }[] {
  const share = shareFraction(spec.share);
  if (share === null) throw new RangeError(`share ${spec.share} passed the scenario's checks`);
  const by = spec.by ?? 'signal';
  return targetRegions(spec.regions, membership.names).flatMap((region) => {
    const members = region === null ? null : membersOf(region, membership);
    return demand.periods.flatMap((name, period) => {
      if (spec.period !== undefined && spec.period !== name) return [];
      const usersMilli = demand.usersMilli[period]!.reduce(
        (sum, users, i) => sum + (members === null || members[i] === 1 ? users : 0),
        0,
      );
      const needMilli = usersNeeded(share, usersMilli);
      return [
        {
          row: { phase, region, period: name, by, share: share.numerator / share.denominator, usersMilli },
          target: { period, members, by, needMilli },
        },
      ];
    });
  });
}

function membersOf(region: string, { names, regionOfDemand }: RegionMembership): Uint8Array {
  const index = names.indexOf(region);
  return Uint8Array.from(regionOfDemand, (own) => (own === index ? 1 : 0));
}

export function reachedTargets(
  specs: readonly TargetRow[],
  targets: readonly ServiceTarget[],
  before: ServiceCount,
  after: ServiceCount,
): ReachedTarget[] {
  return specs.map((spec, k) => ({
    ...spec,
    needMilli: targets[k]!.needMilli,
    beforeMilli: before.targetMilli[k]!,
    afterMilli: after.targetMilli[k]!,
  }));
}

export function isMissed({ afterMilli, needMilli }: ReachedTarget): boolean {
  return afterMilli < needMilli;
}
