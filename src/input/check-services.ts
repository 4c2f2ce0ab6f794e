import { wrongPeriod, type Complain } from './check-traffic.ts';
import { nearestKey } from './nearest-key.ts';
import { showNames } from './read-regions.ts';
import { scenarioPeriods } from './scenario-periods.ts';
import type { ParsedScenario } from './scenario-schema.ts';
import { shareMillionths, targetServices, WHOLE_SHARE } from './services.ts';

type Services = NonNullable<ParsedScenario['services']>;

/** Names, shares and rates of services, and the targets that speak of them. */
export function checkServices(scenario: ParsedScenario, complain: Complain): void {
  const { services, traffic, demand } = scenario;
  checkTargets(scenario, complain);
  if (services === undefined) return;
  checkNames(services, complain);
  checkValues(services, scenarioPeriods(scenario), complain);
  const stated = services.filter(({ mbpsPerUser }) => mbpsPerUser !== undefined);
  if (stated.length > 0 && stated.length < services.length) {
    const without = services.find(({ mbpsPerUser }) => mbpsPerUser === undefined)!;
    complain(
      ['services'],
      `service "${stated[0]!.name}" states mbpsPerUser, service "${without.name}" does not.`,
      'Give every service a rate, or none.',
    );
  }
  if (demand.trafficMbps !== undefined) {
    complain(
      ['demand', 'trafficMbps'],
      'demand.trafficMbps and services are both given.',
      'Give each service its mbpsPerUser: a sum over all services cannot be told apart.',
    );
  }
  if (traffic !== undefined && stated.length > 0) {
    complain(
      ['traffic'],
      'traffic and rates of services are both given.',
      'Keep services[].mbpsPerUser: both say the load.',
    );
  }
}

function checkNames(services: Services, complain: Complain): void {
  services.forEach(({ name }, index) => {
    const key = ['services', String(index), 'name'];
    if (services.findIndex((other) => other.name === name) < index) {
      complain(key, `two services are named "${name}".`, 'Give each its own name.');
    } else if (name.includes('/') || name === 'each') {
      complain(key, `a service cannot be named "${name}".`, 'Use a name without "/" other than each.');
    }
  });
}

function checkValues(services: Services, periods: readonly string[], complain: Complain): void {
  let isWhole = true;
  services.forEach(({ name, share, mbpsPerUser, activity }, index) => {
    for (const [key, value] of Object.entries({ share, mbpsPerUser, activity })) {
      const wrong = value === undefined ? null : wrongPeriod(value, periods);
      if (wrong === null) continue;
      if (key === 'share') isWhole = false;
      complain(
        ['services', String(index), key],
        `${key} of service "${name}" ${wrong}`,
        'Give one number, or one for every period.',
      );
    }
    const values = typeof share === 'number' ? [share] : Object.values(share);
    const tooFine = values.find((value) => shareMillionths(value) === null);
    if (tooFine === undefined) return;
    isWhole = false;
    complain(
      ['services', String(index), 'share'],
      `share of service "${name}" has more than six decimals: ${tooFine}.`,
      'Write 0.333 and give another service what is left.',
    );
  });
  if (!isWhole) return;
  const wrong = periods.find((period) => sumOf(services, period) !== WHOLE_SHARE);
  if (wrong === undefined) return;
  const isOne = services.every(({ share }) => typeof share === 'number');
  complain(
    ['services'],
    `shares of services sum to ${sumOf(services, wrong) / WHOLE_SHARE}${isOne ? '' : ` in period "${wrong}"`}, not to 1.`,
    'Every user wants one service at a time: the shares of a period sum to 1.',
  );
}

/** Millionths; a share stated for no such period was complained of. */
function sumOf(services: Services, period: string): number {
  return services.reduce((sum, { share }) => {
    const value = typeof share === 'number' ? share : (share[period] ?? 0);
    return sum + (shareMillionths(value) ?? 0);
  }, 0);
}

function checkTargets({ phases, services }: ParsedScenario, complain: Complain): void {
  const list = (Array.isArray(phases) ? phases : phases?.list) ?? [];
  const names = services?.map(({ name }) => name) ?? [];
  list.forEach((phase, p) => {
    phase.targets.forEach(({ service }, t) => {
      for (const name of targetServices(service, names)) {
        if (name === null || names.includes(name)) continue;
        const nearest = nearestKey(name, names);
        const known =
          names.length === 0 ? 'The scenario has no services.' : `Services are ${showNames(names)}.`;
        complain(
          ['phases', ...(Array.isArray(phases) ? [] : ['list']), String(p), 'targets', String(t), 'service'],
          `phase "${phase.name}" has a target for the service "${name}", which does not exist.`,
          nearest === null ? known : `Did you mean "${nearest}"?`,
        );
      }
      if (service === 'each' && names.length === 0) {
        complain(
          ['phases'],
          `phase "${phase.name}" has a target for each service, and the scenario has no services.`,
          'Give services, or leave service out of the target.',
        );
      }
    });
  });
}
