import { utmZoneAt, type UtmZone } from '../geo/utm.ts';
import type { MeasurementTable } from '../input/types.ts';

/** Readings alike in place, cell and pass, taken as one. Sorted by (east, north) squares, cell, period, time. */
export interface EffectiveSamples {
  readonly count: number;
  /** [count] mean position, degrees. */
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  /** [count] the same in metres of `zone`. */
  readonly eastM: Float64Array;
  readonly northM: Float64Array;
  /** [count] mean of the readings, dBm. */
  readonly levelDbm: Float64Array;
  /** [count] index of the period; NO_PERIOD = in none. */
  readonly period: Uint8Array;
  /** [count] index into the table's cell names; -1 = unknown. */
  readonly cell: Int32Array;
  /** [count] readings behind each. */
  readonly readings: Uint32Array;
  /** [count] device of the first reading, -1 = not told; absent where no reading tells. */
  readonly device?: Int32Array;
  readonly zone: UtmZone;
}

/** Readings in one square of this side are alike in place, metres (design, section 4). */
const PLACE_M = 10;
/** A gap of this much starts another pass, seconds. */
const PASS_GAP_S = 60;

/**
 * Takes readings of one cell in one 10 m square, each less than 60 s after the one before, as one (design, section 4):
 * a phone that waits at a light is one witness, not fifty. Readings without a time count as one pass. The squares are
 * those of the UTM zone given, so the outcome does not depend on the order of readings.
 */
export function effectiveSamples(
  table: MeasurementTable,
  zone: UtmZone = zoneOf(table.lon, table.lat),
): EffectiveSamples {
  const eastM = new Float64Array(table.count);
  const northM = new Float64Array(table.count);
  for (let i = 0; i < table.count; i++) {
    [eastM[i], northM[i]] = zone.toMetres(table.lon[i]!, table.lat[i]!);
  }
  const column = eastM.map((east) => Math.floor(east / PLACE_M));
  const row = northM.map((north) => Math.floor(north / PLACE_M));
  const timeS = table.timeS.map((time) => (Number.isNaN(time) ? Number.MAX_VALUE : time));
  const order = Uint32Array.from(column, (_, i) => i).sort(
    (a, b) =>
      column[a]! - column[b]! ||
      row[a]! - row[b]! ||
      table.cell[a]! - table.cell[b]! ||
      table.period[a]! - table.period[b]! ||
      timeS[a]! - timeS[b]! ||
      table.level[a]! - table.level[b]! ||
      a - b,
  );
  const starts: number[] = [];
  order.forEach((i, at) => {
    const before = order[at - 1];
    const alike =
      before !== undefined &&
      column[i] === column[before] &&
      row[i] === row[before] &&
      table.cell[i] === table.cell[before] &&
      table.period[i] === table.period[before] &&
      timeS[i]! - timeS[before]! < PASS_GAP_S;
    if (!alike) starts.push(at);
  });
  return join(table, { eastM, northM, zone, order, starts });
}

function join(
  table: MeasurementTable,
  groups: { eastM: Float64Array; northM: Float64Array; zone: UtmZone; order: Uint32Array; starts: number[] },
): EffectiveSamples {
  const { eastM, northM, zone, order, starts } = groups;
  const count = starts.length;
  const mean = (source: Float64Array): Float64Array =>
    Float64Array.from(starts, (from, k) => {
      const to = starts[k + 1] ?? order.length;
      let sum = 0;
      for (let at = from; at < to; at++) sum += source[order[at]!]!;
      return sum / (to - from);
    });
  return {
    count,
    lon: mean(table.lon),
    lat: mean(table.lat),
    eastM: mean(eastM),
    northM: mean(northM),
    levelDbm: mean(table.level),
    period: Uint8Array.from(starts, (at) => table.period[order[at]!]!),
    cell: Int32Array.from(starts, (at) => table.cell[order[at]!]!),
    readings: Uint32Array.from(starts, (at, k) => (starts[k + 1] ?? order.length) - at),
    ...(table.device !== undefined && {
      device: Int32Array.from(starts, (at) => table.device![order[at]!]!),
    }),
    zone,
  };
}

/** The UTM zone of the middle of some positions; of 0, 0 when there are none. */
export function zoneOf(lon: ArrayLike<number>, lat: ArrayLike<number>): UtmZone {
  const middle = (values: ArrayLike<number>): number => {
    const sorted = Float64Array.from(values).sort();
    return sorted[sorted.length >> 1] ?? 0;
  };
  return utmZoneAt(middle(lon), middle(lat));
}
