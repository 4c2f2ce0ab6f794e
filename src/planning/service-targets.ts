import type { ServiceCount, ServiceTarget } from '../coverage/interference/service.ts';
import { shareFraction } from '../fraction.ts';
import type { RegionMembership } from '../input/read-regions.ts';
import type { Scenario, TargetSpec } from '../input/scenario-schema.ts';
import type { Demand } from '../input/types.ts';
import { usersNeeded } from '../solve/share.ts';
import { targetUsers } from './target-users.ts';

/** One target of the scenario in one region and period, of one service or all. Users are whole thousandths. */
export interface TargetRow {
  readonly phase: string;
  readonly region: string | null;
  /** Absent = users of every service. */
  readonly service?: string | undefined;
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
  return targetUsers(spec, demand, membership).flatMap(({ region, service, isMember: members }) => {
    return demand.periods.flatMap((name, period) => {
      if (spec.period !== undefined && spec.period !== name) return [];
      const usersMilli = demand.usersMilli[period]!.reduce(
        (sum, users, i) => sum + (members === null || members[i] === 1 ? users : 0),
        0,
      );
      const needMilli = usersNeeded(share, usersMilli);
      return [
        {
          row: {
            phase,
            region,
            ...(service !== null && { service }),
            period: name,
            by,
            share: share.numerator / share.denominator,
            usersMilli,
          },
          target: { period, members, by, needMilli },
        },
      ];
    });
  });
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
