import { resourceBlocks } from '../radio/resource-grid.ts';
import { statesTraffic, wrongPeriod, type Complain } from './check-traffic.ts';
import { nearestKey } from './nearest-key.ts';
import { scenarioPeriods } from './scenario-periods.ts';
import type { ConfigurationSpec, ParsedScenario } from './scenario-schema.ts';

/** Configurations that contradict each other, or the rest of the scenario. */
export function checkConfigurations(scenario: ParsedScenario, complain: Complain): void {
  const { configurations = [], existing } = scenario;
  const names = configurations.map(({ name }) => name);
  for (const [index, configuration] of configurations.entries()) {
    const key = ['configurations', String(index)];
    const title = `configuration "${configuration.name}"`;
    if (names.indexOf(configuration.name) < index) {
      complain(key, `two configurations are named "${configuration.name}".`, 'Give each its own name.');
    }
    const wrong = wrongCarrier(configuration, scenario) ?? wrongRoom(configuration, scenario);
    if (wrong !== null) complain(key, `${title} ${wrong.message}`, wrong.hint);
    if (!configuration.on.includes('existing')) continue;
    if (existing === undefined) {
      complain(key, `${title} is for existing sites, of which there are none.`, 'Give existing: { file }.');
    }
    if (configuration.cost + configuration.yearlyCost === 0) {
      complain(key, `${title} costs nothing on existing sites.`, 'Give it a cost above 0.');
    }
  }
}

interface Wrong {
  readonly message: string;
  readonly hint: string;
}

function wrongCarrier(configuration: ConfigurationSpec, { radio }: ParsedScenario): Wrong | null {
  const own = { ...radio, ...definedOf(configuration) };
  try {
    resourceBlocks(own.technology, own.bandwidthMhz, own.subcarrierKhz, own.frequencyMhz);
    return null;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return {
      message: `has a carrier that does not exist: ${error.message}.`,
      hint: 'See radio.bandwidthMhz.',
    };
  }
}

function definedOf(configuration: ConfigurationSpec): Partial<ParsedScenario['radio']> {
  const { technology, bandwidthMhz, subcarrierKhz, frequencyMhz } = configuration;
  return {
    ...(technology !== undefined && { technology }),
    ...(bandwidthMhz !== undefined && { bandwidthMhz }),
    ...(subcarrierKhz !== undefined && { subcarrierKhz }),
    ...(frequencyMhz !== undefined && { frequencyMhz }),
  };
}

function wrongRoom(
  { capacityMbps, capacityUsers }: ConfigurationSpec,
  scenario: ParsedScenario,
): Wrong | null {
  if (capacityMbps !== undefined && capacityUsers !== undefined) {
    return { message: 'has capacityMbps and capacityUsers.', hint: 'Keep one.' };
  }
  const stated = capacityMbps ?? capacityUsers;
  if (stated === undefined) return null;
  if (capacityMbps !== undefined && !statesTraffic(scenario)) {
    return {
      message: 'states capacityMbps, but nothing says how much traffic users make.',
      hint: 'Give traffic: { mbpsPerUser: 2, activity: 0.1 } or demand.trafficMbps.',
    };
  }
  if (scenario.budget !== undefined) {
    return {
      message: 'states a capacity, which a budget cannot take into account.',
      hint: 'Ask for targets instead.',
    };
  }
  const wrong = wrongPeriod(stated, scenarioPeriods(scenario));
  if (wrong === null) return null;
  return { message: `has a capacity that ${wrong}`, hint: 'Give one number, or one for every period.' };
}

/** Layers by configuration must name configurations that exist. */
export function checkLayers({ interference, configurations }: ParsedScenario, complain: Complain): void {
  const { layers } = interference ?? {};
  if (layers === undefined || typeof layers === 'number') return;
  const names = (configurations ?? []).map(({ name }) => name);
  for (const unknown of Object.keys(layers).filter((name) => !names.includes(name))) {
    const nearest = nearestKey(unknown, names);
    complain(
      ['interference', 'layers', unknown],
      `interference.layers names a configuration "${unknown}" that does not exist${nearest === null ? '' : ` (did you mean "${nearest}"?)`}.`,
      'Give one number, or names of configurations.',
    );
  }
}

/** Steps of the mast's cost must rise: else the first that is high enough is not the cheapest answer. */
export function checkCosts({ cost, radio, configurations }: ParsedScenario, complain: Complain): void {
  const steps = cost.tower ?? [];
  if (steps.some(({ toM }, index) => index > 0 && toM <= steps[index - 1]!.toM)) {
    complain(['cost', 'tower'], 'cost.tower must rise in toM.', 'List the lowest masts first.');
  }
  const heights = [radio.heightM, ...(configurations ?? []).map(({ heightM }) => heightM ?? 0)];
  const highest = Math.max(...heights);
  if (steps.length > 0 && highest > steps.at(-1)!.toM) {
    complain(
      ['cost', 'tower'],
      `cost.tower ends at ${steps.at(-1)!.toM} m, antennas stand at ${highest} m.`,
      'Add a step for them.',
    );
  }
}
