import { EVIDENCE_MEASURED, EVIDENCE_UNKNOWN, type Baseline } from '../coverage/types.ts';
import type { UtmZone } from '../geo/utm.ts';
import type { Demand } from '../input/types.ts';
import { planMeasurements } from './measure-plan.ts';
import type { MeasureArea } from './areas.ts';

/** More squares than this: those with fewest unmeasured users are left out of the ranking. */
const MAX_AREAS = 2000;

/** Squares with users whose service is not measured, and the table of their simulated served users. */
export interface MeasureTable {
  readonly squares: readonly { readonly column: number; readonly row: number; readonly cells: number[] }[];
  readonly sideM: number;
  readonly period: number;
  readonly draws: number;
  /** [squares x draws]. */
  readonly served: Float64Array;
}

export function openMeasureTable(
  demand: Demand,
  baseline: Baseline,
  zone: UtmZone,
  period: number,
  sideM: number,
  draws: number,
): MeasureTable {
  const users = demand.usersMilli[period]!;
  const squares = new Map<string, { column: number; row: number; cells: number[]; users: number }>();
  for (let i = 0; i < demand.count; i++) {
    if (users[i] === 0 || baseline.evidence[period]![i] === EVIDENCE_MEASURED) continue;
    const [east, north] = zone.toMetres(demand.lon[i]!, demand.lat[i]!);
    const column = Math.floor(east / sideM);
    const row = Math.floor(north / sideM);
    const square = squares.get(`${column},${row}`) ?? { column, row, cells: [], users: 0 };
    squares.set(`${column},${row}`, square);
    square.cells.push(i);
    square.users += users[i]!;
  }
  const kept = [...squares.values()]
    .sort((a, b) => b.users - a.users || a.column - b.column || a.row - b.row)
    .slice(0, MAX_AREAS);
  return { squares: kept, sideM, period, draws, served: new Float64Array(kept.length * draws) };
}

export function addMeasureDraw(table: MeasureTable, demand: Demand, served: Uint8Array, draw: number): void {
  const users = demand.usersMilli[table.period]!;
  table.squares.forEach(({ cells }, square) => {
    let sum = 0;
    for (const i of cells) if (served[i] === 1) sum += users[i]!;
    table.served[square * table.draws + draw] = sum;
  });
}

/** The best `count` squares to measure, best first. */
export function rankMeasureAreas(
  table: MeasureTable,
  demand: Demand,
  baseline: Baseline,
  count: number,
  rangeM: number,
): MeasureArea[] {
  const { squares, sideM, period } = table;
  const users = demand.usersMilli[period]!;
  const planned = planMeasurements(
    {
      areas: squares.length,
      draws: table.draws,
      served: table.served,
      x: Float64Array.from(squares, ({ column }) => (column + 0.5) * sideM),
      y: Float64Array.from(squares, ({ row }) => (row + 0.5) * sideM),
      cost: null,
    },
    count,
    sideM + 3 * rangeM,
  );
  return planned.map(({ area, reduction }, order) => {
    const { column, row, cells } = squares[area]!;
    const sum = (only: (i: number) => boolean): number =>
      cells.filter(only).reduce((total, i) => total + users[i]!, 0);
    return {
      id: `M${order + 1}`,
      column,
      row,
      sideM,
      usersMilli: sum(() => true),
      unknownUsersMilli: sum((i) => baseline.evidence[period]![i] === EVIDENCE_UNKNOWN),
      reduction,
      cells,
    };
  });
}
