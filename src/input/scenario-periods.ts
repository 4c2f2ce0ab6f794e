import type { Scenario } from './scenario-schema.ts';

/** The scenario's periods in order: those of `demand.users`, else the named `periods`, else the one period `all`. */
export function scenarioPeriods(scenario: Pick<Scenario, 'demand' | 'periods'>): string[] {
  const { users } = scenario.demand;
  if (typeof users === 'object') return Object.keys(users);
  return scenario.periods?.map(({ name }) => name) ?? ['all'];
}
