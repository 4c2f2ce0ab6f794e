import type { Scenario } from '../input/scenario-schema.ts';
import type { Demand } from '../input/types.ts';

/** Demand rows that are served from one and the same RSRP on. */
export interface ThresholdGroup {
  readonly rsrpDbm: number;
  /** Demand indices, ascending; null = every row. */
  readonly rows: Uint32Array | null;
}

type Stated = Pick<Scenario, 'service' | 'services'>;

/** Demand rows by the threshold of their service, strictest last; one group where all are alike. */
export function thresholdGroups(
  { service, services }: Stated,
  demand: Pick<Demand, 'count' | 'services'>,
): ThresholdGroup[] {
  const { services: rows } = demand;
  if (services === undefined || rows === undefined) return [{ rsrpDbm: service.rsrpDbm, rows: null }];
  const levels = serviceThresholds({ service, services });
  if (levels.length === 1) return [{ rsrpDbm: levels[0]!, rows: null }];
  return levels.map((rsrpDbm) => ({
    rsrpDbm,
    rows: Uint32Array.from(rows.ofRow.keys()).filter(
      (row) => services[rows.ofRow[row]!]!.rsrpDbm === rsrpDbm,
    ),
  }));
}

/** Every threshold that some user has, ascending: the strictest last. */
export function serviceThresholds({ service, services }: Stated): number[] {
  const all = services?.map(({ rsrpDbm }) => rsrpDbm) ?? [service.rsrpDbm];
  return [...new Set(all)].sort((a, b) => a - b);
}

/** [demand] RSRP from which the users of each row are served, dBm. */
export function rowThresholds(
  { service, services }: Stated,
  demand: Pick<Demand, 'count' | 'services'>,
): Float64Array {
  const thresholds = new Float64Array(demand.count).fill(service.rsrpDbm);
  if (services === undefined) return thresholds;
  demand.services?.ofRow.forEach((own, row) => (thresholds[row] = services[own]!.rsrpDbm));
  return thresholds;
}

/** The scenario as it were with this one threshold: link budgets of both directions follow from it. */
export function withThreshold<Own extends Pick<Scenario, 'service'>>(scenario: Own, rsrpDbm: number): Own {
  return { ...scenario, service: { ...scenario.service, rsrpDbm } };
}

/** Positions of some rows. */
export function placesOfRows(
  { lon, lat }: Pick<Demand, 'lon' | 'lat'>,
  rows: Uint32Array | null,
): { readonly lon: Float64Array; readonly lat: Float64Array } {
  if (rows === null) return { lon, lat };
  return {
    lon: Float64Array.from(rows, (row) => lon[row]!),
    lat: Float64Array.from(rows, (row) => lat[row]!),
  };
}
