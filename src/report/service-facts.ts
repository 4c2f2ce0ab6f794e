import { trafficRates } from '../planning/assemble-capacity.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import { periodLoad, type LoadFacts, type PeriodLoad } from './load-facts.ts';
import type { ScopeFacts } from './scope-facts.ts';

/** What users of one service get from the finished plan. Arrays are per period. */
export interface ServiceFacts {
  readonly name: string;
  /** RSRP from which they are served, dBm. */
  readonly rsrpDbm: number;
  readonly scopes: readonly ScopeFacts[];
  /** Traffic, and whom room or signal leaves out; traffic is 0 where the scenario states none. */
  readonly loads: readonly PeriodLoad[];
}

type CountUsers = (scope: Pick<ScopeFacts, 'period' | 'region' | 'members'>) => ScopeFacts;

/** Users and traffic of each service; null where the scenario has one. */
export function countServices(
  result: PlanResult,
  countUsers: CountUsers,
  rankOfDemand: Uint32Array,
  loads: LoadFacts | null,
): readonly ServiceFacts[] | null {
  const { scenario, demand } = result;
  const { services } = scenario;
  const rows = demand.services;
  if (services === undefined || rows === undefined) return null;
  const rates = trafficRates(scenario, demand);
  const carried = loads?.carriedMilli ?? servedMilli(result, rankOfDemand);
  const noRoom = loads?.noRoomMilli ?? demand.usersMilli.map((users) => new Float64Array(users.length));
  return services.map(({ name, rsrpDbm }, index) => {
    const members = Uint32Array.from(rows.ofRow.keys()).filter((row) => rows.ofRow[row] === index);
    const own = (values: Float64Array): Float64Array => Float64Array.from(members, (row) => values[row]!);
    return {
      name,
      rsrpDbm,
      scopes: demand.periods.map((_, period) => countUsers({ period, region: null, members })),
      loads: demand.usersMilli.map((users, period) =>
        periodLoad(own(users), own(carried[period]!), own(noRoom[period]!), own(rates[period]!)),
      ),
    };
  });
}

/** Per period [demand] users served where sites carry whoever they cover. */
function servedMilli({ demand, problem }: PlanResult, rankOfDemand: Uint32Array): Float64Array[] {
  return demand.usersMilli.map((users, period) =>
    users.map((own, i) => (rankOfDemand[i]! > 0 || problem.servedToday[period]![i] === 1 ? own : 0)),
  );
}

/**
 * Effective samples behind a demand row, for rows asked in order: rows of one point rest on the same samples, which count
 * with the first of them.
 */
export function sampleCounter({ demand, baseline }: PlanResult, period: number): (row: number) => number {
  const samples = baseline.samples[period]!;
  let last = -1;
  return (row) => {
    const place = demand.services?.placeOfRow[row] ?? row;
    if (place === last) return 0;
    last = place;
    return samples[row]!;
  };
}

/** Points with users: rows of several services stand at one. */
export function countPoints({ count, services }: PlanResult['demand']): number {
  return services === undefined ? count : new Set(services.placeOfRow).size;
}
