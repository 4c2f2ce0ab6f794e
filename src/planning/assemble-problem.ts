import { assembleCapacity, USERS_SCALE, type StandingCoverage } from './assemble-capacity.ts';
import type { CandidateSet } from '../coverage/candidates.ts';
import type { SiteCosts } from '../coverage/site-cost.ts';
import type { Baseline } from '../coverage/types.ts';
import type { CoverageMatrix } from '../coverage/matrix.ts';
import { shareFraction } from '../fraction.ts';
import { sharedUint32, sharedUint8, toSharedFloat64 } from '../geo/shared-array.ts';
import type { RegionMembership } from '../input/read-regions.ts';
import type { Scenario, TargetSpec } from '../input/scenario-schema.ts';
import type { Demand, SiteTable } from '../input/types.ts';
import {
  SITE_CANDIDATE,
  SITE_FORBIDDEN,
  SITE_REQUIRED,
  type CoveringProblem,
  type Phase,
  type Target,
} from '../solve/problem.ts';
import { countedTarget } from '../solve/share-target.ts';
import { targetUsers } from './target-users.ts';

export interface AssembleInputs {
  readonly scenario: Scenario;
  readonly demand: Demand;
  readonly membership: RegionMembership;
  readonly baseline: Baseline;
  readonly set: Pick<CandidateSet, 'candidates' | 'conflicts' | 'locationOfCandidate'>;
  readonly matrix: CoverageMatrix;
  readonly costs: SiteCosts;
  /** Who hears which of today's sites of stated capacity; null = none states any. */
  readonly standing: StandingCoverage | null;
}

/**
 * The covering problem a scenario asks for: metres and decibels end here. Site index = candidate index, demand index =
 * demand index. Names of regions and periods were checked on reading.
 */
export function assembleProblem(inputs: AssembleInputs): CoveringProblem {
  const { scenario, demand, baseline, matrix } = inputs;
  const { candidates, conflicts, locationOfCandidate } = inputs.set;
  const { phases, budget } = scenario;
  const capacity = assembleCapacity(scenario, demand, candidates, inputs.standing);
  return {
    coverage: matrix,
    siteIds: candidates.ids,
    siteCost: toSharedFloat64(inputs.costs.cost),
    siteStatus: siteStatuses(candidates),
    siteLocation: locationOfCandidate,
    conflicts,
    periods: demand.periods,
    users: demand.usersMilli.map(toSharedFloat64),
    usersScale: USERS_SCALE,
    servedToday: baseline.served.map((served) => {
      const copy = sharedUint8(served.length);
      copy.set(served);
      return copy;
    }),
    phases: phases === null ? [] : phases.list.map(({ name, targets }) => phaseOf(name, targets, inputs)),
    phaseOrder: phases?.order ?? 'nested',
    budget:
      budget === undefined
        ? null
        : { sites: budget.sites ?? null, cost: budget.cost ?? null, objective: budget.objective },
    ...(capacity !== null && { capacity }),
  };
}

function siteStatuses(candidates: SiteTable): Uint8Array {
  const codes = { candidate: SITE_CANDIDATE, required: SITE_REQUIRED, forbidden: SITE_FORBIDDEN } as const;
  const statuses = sharedUint8(candidates.count);
  candidates.status.forEach((status, site) => {
    // An existing site in the candidate file acts through today's network, never as a column.
    statuses[site] = codes[status === 'existing' ? 'forbidden' : status];
  });
  return statuses;
}

function phaseOf(name: string, specs: readonly TargetSpec[], inputs: AssembleInputs): Phase {
  return { name, targets: specs.flatMap((spec) => targetsOf(spec, inputs)) };
}

/** One target per period and region that the specification speaks of. */
function targetsOf(spec: TargetSpec, { demand, membership }: AssembleInputs): Target[] {
  const share = shareFraction(spec.share);
  if (share === null) throw new RangeError(`share ${spec.share} passed the scenario's checks`);
  const periods = demand.periods.map((_, period) => period);
  const wanted =
    spec.period === undefined ? periods : periods.filter((period) => demand.periods[period] === spec.period);
  const { backup } = spec;
  return targetUsers(spec, demand, membership).flatMap(({ region, service, isMember }) => {
    const members = isMember === null ? null : membersOf(isMember);
    const asked = {
      share,
      ...(service !== null && { service }),
      ...(backup !== undefined && { backup }),
    };
    return wanted.map((period) => countedTarget({ period, region, members, ...asked }, demand.usersMilli));
  });
}

/** [demand] 1 = a member: their indices, ascending. */
function membersOf(isMember: Uint8Array): Uint32Array {
  const members = sharedUint32(isMember.reduce((sum, flag) => sum + flag, 0));
  let at = 0;
  isMember.forEach((flag, point) => {
    if (flag === 1) members[at++] = point;
  });
  return members;
}
