import type { Findings } from './findings.ts';
import { nearestKey } from './nearest-key.ts';
import { scenarioPeriods } from './scenario-periods.ts';
import type { ParsedScenario, Scenario } from './scenario-schema.ts';
import type { PerPeriod, SiteRoom, SiteTable } from './types.ts';

export type Complain = (key: readonly string[], message: string, hint: string) => void;

/** Keys of traffic and capacity that contradict each other or name periods that do not exist. */
export function checkTrafficKeys(scenario: ParsedScenario, complain: Complain): void {
  const { traffic, capacity, demand, budget } = scenario;
  if (demand.trafficMbps !== undefined && traffic !== undefined) {
    complain(['traffic'], 'demand.trafficMbps and traffic are both given.', 'Keep one: both say the load.');
  }
  if (traffic !== undefined && traffic.mbpsPerUser === undefined) {
    complain(
      ['traffic'],
      'traffic needs mbpsPerUser.',
      'For example traffic: { mbpsPerUser: 2, activity: 0.1 }.',
    );
  }
  const stated = (['mbps', 'users', 'fromSinr'] as const).filter((key) => capacity?.[key] !== undefined);
  if (stated.length > 1) {
    const both = `capacity.${stated[0]!} and capacity.${stated[1]!}`;
    complain(['capacity'], `${both} are both given.`, 'Keep one.');
  }
  for (const key of stated) {
    if (key === 'users' || statesTraffic(scenario)) continue;
    complain(
      ['capacity', key],
      `capacity.${key} is given, but nothing says how much traffic users make.`,
      'Give traffic: { mbpsPerUser: 2, activity: 0.1 }, rates of services or demand.trafficMbps.',
    );
  }
  if (capacity !== undefined && budget !== undefined) {
    complain(['budget'], 'a budget cannot be combined with capacity.', 'Ask for targets instead.');
  }
  const values: [string[], PerPeriod | undefined][] = [
    [['traffic', 'mbpsPerUser'], traffic?.mbpsPerUser],
    [['traffic', 'activity'], traffic?.activity],
    [['capacity', 'mbps'], capacity?.mbps],
    [['capacity', 'users'], capacity?.users],
  ];
  for (const [key, value] of values) {
    const wrong = value === undefined ? null : wrongPeriod(value, scenarioPeriods(scenario));
    if (wrong !== null)
      complain(key, `${key.join('.')} ${wrong}`, 'Give one number, or one for every period.');
  }
}

/** True when the scenario says how much traffic its users make. */
export function statesTraffic({ demand, traffic, services }: StatedTraffic): boolean {
  return (
    demand.trafficMbps !== undefined ||
    traffic?.mbpsPerUser !== undefined ||
    services?.some(({ mbpsPerUser }) => mbpsPerUser !== undefined) === true
  );
}

/** Where a scenario states traffic: by point, by user, or by user of a service. */
export interface StatedTraffic extends Pick<Scenario, 'demand' | 'traffic'> {
  readonly services?: readonly { readonly mbpsPerUser?: PerPeriod | undefined }[] | undefined;
}

/** What is wrong with the names of a value per period; null = nothing. */
export function wrongPeriod(value: PerPeriod, periods: readonly string[]): string | null {
  if (typeof value === 'number') return null;
  const unknown = Object.keys(value).find((period) => !periods.includes(period));
  if (unknown !== undefined) {
    const nearest = nearestKey(unknown, periods);
    return `names a period "${unknown}" that does not exist${nearest === null ? '' : ` (did you mean "${nearest}"?)`}.`;
  }
  const missing = periods.find((period) => value[period] === undefined);
  return missing === undefined ? null : `says nothing for period "${missing}".`;
}

/** Rooms that sites state, against the periods and the traffic of the scenario. */
export function checkRooms(
  scenario: Scenario,
  sites: SiteTable | null,
  file: string | undefined,
  findings: Findings,
): void {
  const complain = (site: number, code: string, message: string, hint: string): void => {
    const feature = `site "${sites?.ids[site] ?? ''}"`;
    findings.error(message, { code, file, feature, hint });
  };
  const periods = scenarioPeriods(scenario);
  for (const [site, room] of (sites?.rooms ?? []).entries()) {
    const wrong = wrongRoom(room, periods);
    if (wrong !== null) complain(site, 'site-value', wrong, 'Give one number, or one for every period.');
    if (room.mbps !== null && !statesTraffic(scenario)) {
      const hint = 'Give traffic: { mbpsPerUser: 2, activity: 0.1 } or demand.trafficMbps in the scenario.';
      complain(
        site,
        'traffic-missing',
        'states capacity_mbps, but nothing says how much traffic users make.',
        hint,
      );
      return;
    }
    if (scenario.budget !== undefined && (room.mbps ?? room.users) !== null) {
      complain(
        site,
        'budget-capacity',
        'states a capacity, which a budget cannot take into account.',
        'Ask for targets.',
      );
      return;
    }
  }
}

function wrongRoom(room: SiteRoom, periods: readonly string[]): string | null {
  const named: [string, PerPeriod | null][] = [
    ['capacity_mbps', room.mbps],
    ['capacity_users', room.users],
    ['load', room.load],
  ];
  for (const [name, value] of named) {
    const wrong = value === null ? null : wrongPeriod(value, periods);
    if (wrong !== null) return `${name} ${wrong}`;
  }
  return null;
}
