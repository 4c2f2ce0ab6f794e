import type { CoverageMatrix } from '../coverage/matrix.ts';
import { InputError } from '../errors.ts';
import { sharedFloat64, sharedUint8 } from '../geo/shared-array.ts';
import { statesTraffic } from '../input/check-traffic.ts';
import { NO_ROOM } from '../input/site-room.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { Demand, PerPeriod, SiteRoom, SiteTable } from '../input/types.ts';
import { LOAD_TRAFFIC, LOAD_USERS, type Capacity, type StandingSites } from '../solve/problem.ts';

/** Users are held in whole thousandths. */
export const USERS_SCALE = 1000;
const BPS_PER_MBPS = 1e6;
/** Units of traffic (bit/s of a thousandth of a user) in 1 Mbit/s. */
export const UNITS_PER_MBPS = BPS_PER_MBPS * USERS_SCALE;

/** Today's sites of stated capacity and whom each of them covers. */
export interface StandingCoverage {
  readonly sites: SiteTable;
  readonly coverage: CoverageMatrix;
}

/**
 * Traffic and room of a scenario in whole units, null when nothing limits a site. The rate of a user is rounded down
 * to whole bit/s: less than 1 bit/s per user of the stated traffic is left out.
 *
 * @throws InputError when the traffic of a period is beyond exact counting
 */
export function assembleCapacity(
  scenario: Pick<Scenario, 'traffic' | 'capacity' | 'demand' | 'services'>,
  demand: Demand,
  candidates: SiteTable,
  standing: StandingCoverage | null,
): Capacity | null {
  const { capacity } = scenario;
  const common: SiteRoom = { mbps: capacity?.mbps ?? null, users: capacity?.users ?? null, load: null };
  const isLimited = statesRoom(common) || (candidates.rooms ?? []).some(statesRoom) || standing !== null;
  if (!isLimited) return null;
  const rooms = Array.from({ length: candidates.count }, (_, site) => {
    const own = candidates.rooms?.[site];
    return own !== undefined && statesRoom(own) ? own : common;
  });
  return {
    rate: trafficRates(scenario, demand),
    ...roomsOf(rooms, demand.periods),
    standing: standing === null ? null : standingSites(standing, demand.periods),
  };
}

/** True when a site states how much it can carry. */
export function statesRoom(room: SiteRoom): boolean {
  return room.mbps !== null || room.users !== null;
}

function standingSites({ sites, coverage }: StandingCoverage, periods: readonly string[]): StandingSites {
  const rooms = Array.from({ length: sites.count }, (_, site) => sites.rooms?.[site] ?? NO_ROOM);
  return { ids: sites.ids, coverage, ...roomsOf(rooms, periods) };
}

function roomsOf(rooms: readonly SiteRoom[], periods: readonly string[]): Pick<Capacity, 'counts' | 'room'> {
  const counts = sharedUint8(rooms.length);
  rooms.forEach(({ users }, site) => (counts[site] = users === null ? LOAD_TRAFFIC : LOAD_USERS));
  const room = periods.map((period) => {
    const values = sharedFloat64(rooms.length);
    rooms.forEach((own, site) => (values[site] = unitsOf(own, period)));
    return values;
  });
  return { counts, room };
}

/** Room of one site in one period, whole units; Infinity when it states none. */
function unitsOf({ mbps, users, load }: SiteRoom, period: string): number {
  const stated = mbps ?? users;
  if (stated === null) return Infinity;
  const units = mbps === null ? USERS_SCALE : UNITS_PER_MBPS;
  const left = valueIn(stated, period) - (load === null ? 0 : valueIn(load, period));
  return Math.max(0, Math.floor(left * units + 1e-6));
}

/** The value of a period; a period that is not named has 0. */
export function valueIn(value: PerPeriod, period: string): number {
  return typeof value === 'number' ? value : (value[period] ?? 0);
}

/**
 * Per period [demand.count] bit/s per user, whole; 0 where the scenario states no traffic.
 * @throws InputError when the traffic of a period is beyond exact counting
 */
export function trafficRates(
  scenario: Pick<Scenario, 'traffic' | 'demand' | 'services'>,
  demand: Demand,
): Float64Array[] {
  return demand.periods.map((name, period) => {
    const rate = sharedFloat64(demand.count);
    const users = demand.usersMilli[period]!;
    const bps = demand.trafficBps?.[period];
    if (bps !== undefined) {
      bps.forEach(
        (value, i) => (rate[i] = users[i]! > 0 ? Math.floor((value * USERS_SCALE) / users[i]!) : 0),
      );
    } else if (statesTraffic(scenario)) {
      const bpsOf = statedRates(scenario, name).map((mbps) => Math.floor(mbps * BPS_PER_MBPS + 1e-6));
      const ofRow = demand.services?.ofRow;
      if (ofRow === undefined) rate.fill(bpsOf[0]!);
      else ofRow.forEach((service, i) => (rate[i] = bpsOf[service]!));
    }
    checkTotal(rate, users, name);
    return rate;
  });
}

/** What one user asks for in a period, Mbit/s: of each service; one value where there is one service. */
export function statedRates(
  { traffic, services }: Pick<Scenario, 'traffic' | 'services'>,
  period: string,
): number[] {
  const rateOf = ({ mbpsPerUser = 0, activity = 1 }: StatedRate): number =>
    valueIn(mbpsPerUser, period) * valueIn(activity, period);
  if (services === undefined) return [rateOf(traffic ?? {})];
  return services.map((own) => rateOf(own.mbpsPerUser === undefined ? (traffic ?? {}) : own));
}

interface StatedRate {
  readonly mbpsPerUser?: PerPeriod | undefined;
  readonly activity?: PerPeriod | undefined;
}

function checkTotal(rate: Float64Array, users: Float64Array, period: string): void {
  let total = 0;
  for (let i = 0; i < rate.length; i++) total += rate[i]! * users[i]!;
  if (total <= Number.MAX_SAFE_INTEGER) return;
  throw new InputError(`the traffic of period "${period}" is more than 9 Tbit/s.`, {
    code: 'traffic-too-much',
    hint: 'Check mbpsPerUser, activity and trafficMbps.',
  });
}
