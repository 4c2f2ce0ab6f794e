import type { Complain } from './check-traffic.ts';
import { scenarioPeriods } from './scenario-periods.ts';
import type { ParsedScenario, Scenario } from './scenario-schema.ts';

type DemandSpec = Scenario['demand'];
type EvaluatedSpec = NonNullable<ParsedScenario['evaluate']>['demand'];

/** Most periods at once, as for `demand.users`. */
const MAX_PERIODS = 255;

/** Where the users of further periods come from: what `evaluate.demand` does not state is as in `demand`. */
export function evaluatedDemand({ file, users, ...own }: EvaluatedSpec, demand: DemandSpec): DemandSpec {
  const regionProperty = own.regionProperty ?? demand.regionProperty;
  const privacyK = own.privacyK ?? demand.privacyK;
  return {
    file,
    users: Array.isArray(users) ? Object.fromEntries(users.map((period) => [period, period])) : users,
    scale: own.scale ?? demand.scale,
    cellM: own.cellM ?? demand.cellM,
    ...(regionProperty !== undefined && { regionProperty }),
    ...(privacyK !== undefined && { privacyK }),
  };
}

/** The periods a plan is evaluated on, in order; none without `evaluate`. */
export function evaluatedPeriods({ evaluate, periods }: Pick<Scenario, 'evaluate' | 'periods'>): string[] {
  return evaluate === undefined ? [] : scenarioPeriods({ demand: evaluate.demand, periods });
}

/** Names of evaluated periods, and shares of services that are stated period by period. */
export function checkEvaluatedPeriods(scenario: ParsedScenario, complain: Complain): void {
  const { evaluate, services, periods } = scenario;
  if (evaluate === undefined) return;
  const { users } = evaluate.demand;
  const key = ['evaluate', 'demand', 'users'];
  const names =
    typeof users === 'string'
      ? scenarioPeriods({ demand: { ...scenario.demand, users }, periods })
      : Array.isArray(users)
        ? users
        : Object.keys(users);
  if (names.length === 0) {
    complain(key, 'evaluate.demand.users names no period.', 'For example [h00, h01, h02].');
  } else if (names.length > MAX_PERIODS) {
    const message = `evaluate.demand.users names more than ${MAX_PERIODS} periods.`;
    complain(key, message, 'Evaluate fewer at once.');
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    complain(key, `evaluate.demand.users names "${twice}" twice.`, 'Name every period once.');
  }
  services?.forEach(({ name, share }, index) => {
    if (typeof share === 'number' || names.every((period) => share[period] !== undefined)) return;
    complain(
      ['services', String(index), 'share'],
      `service "${name}" states no share of users for the evaluated periods.`,
      'Give one share for all periods, or evaluate on the periods it names.',
    );
  });
}
