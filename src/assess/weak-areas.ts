import { EVIDENCE_MEASURED, EVIDENCE_UNKNOWN, type Baseline } from '../coverage/types.ts';
import type { UtmZone } from '../geo/utm.ts';
import type { RegionMembership } from '../input/read-regions.ts';
import type { Demand } from '../input/types.ts';
import { touchingGroups } from '../report/cell-outline.ts';
import type { FoundArea } from './areas.ts';
import type { ServiceRows } from './service-rows.ts';

const MIN_SQUARE_M = 250;
const MAX_SQUARE_M = 2000;

/** Side of the squares that weak areas are drawn with: twice the usual demand cell, 250 m .. 2 km. */
export function weakSquareM(demand: Demand): number {
  const sides = Float64Array.from(demand.cellM)
    .filter((side) => side > 0)
    .sort();
  const usual = sides[sides.length >> 1] ?? MIN_SQUARE_M / 2;
  return Math.min(MAX_SQUARE_M, Math.max(MIN_SQUARE_M, 2 * usual));
}

export interface WeakAreaRequest {
  readonly demand: Demand;
  readonly baseline: Baseline;
  readonly membership: RegionMembership;
  readonly zone: UtmZone;
  /** Every service with its threshold; areas are told service by service. */
  readonly services: readonly ServiceRows[];
  /** Measured levels that fewer samples stand behind are not shown (design section 11). */
  readonly privacyK: number;
}

/**
 * Users who are not served although something is known of their signal, gathered on the UTM zone's grid and joined
 * where squares touch, service by service and period by period. Every such user is in exactly one area of the period.
 * Users without evidence are no weak area: they belong to the measurement plan.
 */
export function findWeakAreas(request: WeakAreaRequest): FoundArea[] {
  const { demand, baseline, zone, services } = request;
  const sideM = weakSquareM(demand);
  const column = new Int32Array(demand.count);
  const row = new Int32Array(demand.count);
  for (let i = 0; i < demand.count; i++) {
    const [east, north] = zone.toMetres(demand.lon[i]!, demand.lat[i]!);
    column[i] = Math.floor(east / sideM);
    row[i] = Math.floor(north / sideM);
  }
  const areasOf = (service: ServiceRows, period: number): Omit<FoundArea, 'id'>[] => {
    const inSquare = new Map<string, number[]>();
    for (const i of service.rows) {
      if (demand.usersMilli[period]![i] === 0 || baseline.served[period]![i] === 1) continue;
      if (baseline.evidence[period]![i] === EVIDENCE_UNKNOWN) continue;
      const key = `${column[i]},${row[i]}`;
      const list = inSquare.get(key);
      if (list === undefined) inSquare.set(key, [i]);
      else list.push(i);
    }
    const members = [...inSquare.values()];
    const squares = {
      columns: Int32Array.from(members, (list) => column[list[0]!]!),
      rows: Int32Array.from(members, (list) => row[list[0]!]!),
    };
    return touchingGroups(squares).map((group) => ({
      ...describe(
        request,
        service,
        period,
        group.flatMap((k) => members[k]!),
      ),
      columns: group.map((k) => squares.columns[k]!),
      rows: group.map((k) => squares.rows[k]!),
      sideM,
    }));
  };
  return demand.periods
    .flatMap((_, period) => services.flatMap((service) => areasOf(service, period)))
    .sort((a, b) => b.usersMilli - a.usersMilli || a.period - b.period || a.cells[0]! - b.cells[0]!)
    .map((area, order) => ({ id: `W${order + 1}`, ...area }));
}

function describe(
  request: WeakAreaRequest,
  { name, rsrpDbm: thresholdDbm }: ServiceRows,
  period: number,
  cells: readonly number[],
): Omit<FoundArea, 'id' | 'columns' | 'rows' | 'sideM'> {
  const { demand, baseline, membership, privacyK } = request;
  const users = demand.usersMilli[period]!;
  const level = baseline.rsrpDbm[period]!;
  const usersOfRegion = new Map<number, number>();
  let all = 0;
  let measured = 0;
  let under = 0;
  let mostSamples = 0;
  for (const i of cells) {
    all += users[i]!;
    if (baseline.evidence[period]![i] === EVIDENCE_MEASURED) {
      measured += users[i]!;
      mostSamples = Math.max(mostSamples, baseline.samples[period]![i]!);
    }
    // Out of reach of every known site there is no level at all.
    if (!(level[i]! >= thresholdDbm)) under += users[i]!;
    const region = membership.regionOfDemand[i]!;
    usersOfRegion.set(region, (usersOfRegion.get(region) ?? 0) + users[i]!);
  }
  const levels = cells
    .map((i) => level[i]!)
    .filter((value) => !Number.isNaN(value))
    .sort((a, b) => a - b);
  const [region] = [...usersOfRegion].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]!;
  return {
    period,
    service: name,
    thresholdDbm,
    severity: 2 * under > all ? 'hole' : 'weak',
    usersMilli: all,
    cells: [...cells].sort((a, b) => a - b),
    medianDbm: levels[levels.length >> 1] ?? NaN,
    levelWithheld: measured > 0 && mostSamples < privacyK,
    measuredUsersMilli: measured,
    region: membership.names[region] ?? null,
  };
}
