import type { Scenario } from '../input/scenario-schema.ts';
import type { Demand } from '../input/types.ts';

/** Demand rows of one service. */
export interface ServiceRows {
  /** Null = the scenario has one service. */
  readonly name: string | null;
  /** RSRP from which its users are served, dBm. */
  readonly rsrpDbm: number;
  /** Demand indices, ascending. */
  readonly rows: Uint32Array;
}

/** Demand rows service by service. */
export function serviceRows(
  { service, services }: Pick<Scenario, 'service' | 'services'>,
  demand: Pick<Demand, 'count' | 'services'>,
): ServiceRows[] {
  const all = Uint32Array.from({ length: demand.count }, (_, row) => row);
  const ofRow = demand.services?.ofRow;
  if (services === undefined || ofRow === undefined) {
    return [{ name: null, rsrpDbm: service.rsrpDbm, rows: all }];
  }
  return services.map(({ name, rsrpDbm }, index) => ({
    name,
    rsrpDbm,
    rows: all.filter((row) => ofRow[row] === index),
  }));
}
