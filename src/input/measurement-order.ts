import { canonicalOrder } from './canonical-order.ts';
import type { MeasuredQuantity, MeasurementTable } from './types.ts';

/** Samples in the order of their files, one column a fact. */
export interface SampleColumns {
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  readonly level: Float64Array;
  readonly timeS: Float64Array;
  readonly period: Float64Array;
  /** Index into the cell names, -1 = none. */
  readonly cell: Float64Array;
  readonly frequencyMhz: Float64Array;
  readonly accuracyM: Float64Array;
  /** Null where no sample tells its device. */
  readonly device: Float64Array | null;
}

/**
 * Samples by place, time, level and cell: the order of samples in a file means nothing. Cells are numbered by name for
 * the same reason, not by first appearance.
 */
export function inCanonicalOrder(
  columns: SampleColumns,
  quantity: MeasuredQuantity,
  cellsAsFound: readonly string[],
): MeasurementTable {
  const { timeS, level } = columns;
  const cellNames = [...cellsAsFound].sort();
  const rank = new Map(cellNames.map((name, index) => [name, index]));
  const rankOf = cellsAsFound.map((name) => rank.get(name) ?? -1);
  const cell = columns.cell.map((index) => (index < 0 ? -1 : (rankOf[index] ?? -1)));
  const order = canonicalOrder(
    columns.lon,
    columns.lat,
    (a, b) => nanLast(timeS[a]!) - nanLast(timeS[b]!) || level[a]! - level[b]! || cell[a]! - cell[b]!,
  );
  const sorted = (column: Float64Array): Float64Array => Float64Array.from(order, (index) => column[index]!);
  return {
    count: order.length,
    quantity,
    lon: sorted(columns.lon),
    lat: sorted(columns.lat),
    level: sorted(level),
    timeS: sorted(timeS),
    period: Uint8Array.from(sorted(columns.period)),
    cell: Int32Array.from(sorted(cell)),
    cellNames,
    frequencyMhz: sorted(columns.frequencyMhz),
    accuracyM: sorted(columns.accuracyM),
    ...(columns.device !== null && { device: Int32Array.from(sorted(columns.device)) }),
  };
}

/** A large finite stand-in, so that two missing times compare equal. */
function nanLast(time: number): number {
  return Number.isNaN(time) ? Number.MAX_VALUE : time;
}
