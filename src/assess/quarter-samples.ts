import type { EffectiveSamples } from '../coverage/effective-samples.ts';
import { effectiveSamples } from '../coverage/effective-samples.ts';
import type { UtmZone } from '../geo/utm.ts';
import type { MeasurementTable } from '../input/types.ts';
import type { QuarterSamples } from './day-bins.ts';
import { quarterOfLocal } from './quarter.ts';

const DAY_S = 86_400;

/** The samples of a table for which `keep` holds, order unchanged. */
export function filterSamples(table: MeasurementTable, keep: (sample: number) => boolean): MeasurementTable {
  const kept = Uint32Array.from({ length: table.count }, (_, k) => k).filter(keep);
  const pick = (column: Float64Array): Float64Array => Float64Array.from(kept, (k) => column[k]!);
  return {
    ...table,
    count: kept.length,
    lon: pick(table.lon),
    lat: pick(table.lat),
    level: pick(table.level),
    timeS: pick(table.timeS),
    period: Uint8Array.from(kept, (k) => table.period[k]!),
    cell: Int32Array.from(kept, (k) => table.cell[k]!),
    frequencyMhz: pick(table.frequencyMhz),
    accuracyM: pick(table.accuracyM),
  };
}

/** The samples of one quarter by the clock of the scenario's time zone. */
export function samplesOfQuarter(
  table: MeasurementTable,
  quarter: number,
  clock: (timeS: number) => number,
): MeasurementTable {
  return filterSamples(table, (k) => quarterOfLocal(clock(table.timeS[k]!)) === quarter);
}

/** Quarter of the latest sample; null when none has a time. */
export function latestQuarter(table: MeasurementTable, clock: (timeS: number) => number): number | null {
  let latest = -Infinity;
  for (const time of table.timeS) if (time > latest) latest = time;
  return Number.isFinite(latest) ? quarterOfLocal(clock(latest)) : null;
}

/**
 * Effective samples with the drive each belongs to: a calendar day. Samples without a time share one drive. `lossDb`
 * is taken off every level, so that levels are those at the user.
 */
export function samplesByDrive(
  table: MeasurementTable,
  zone: UtmZone,
  clock: (timeS: number) => number,
  lossDb: number,
): QuarterSamples {
  const day = table.timeS.map((time) => (Number.isNaN(time) ? -1 : Math.floor(clock(time) / DAY_S)));
  const days = [...new Set(day)].sort((a, b) => a - b);
  const parts: EffectiveSamples[] = days.map((wanted) =>
    effectiveSamples(
      filterSamples(table, (k) => day[k] === wanted),
      zone,
    ),
  );
  const join = (column: (part: EffectiveSamples) => Float64Array): Float64Array =>
    Float64Array.from(parts.flatMap((part) => [...column(part)]));
  return {
    count: parts.reduce((sum, part) => sum + part.count, 0),
    x: join((part) => part.eastM),
    y: join((part) => part.northM),
    levelDbm: join((part) => part.levelDbm).map((level) => level - lossDb),
    drive: Int32Array.from(parts.flatMap((part, k) => Array.from({ length: part.count }, () => days[k]!))),
  };
}

/** The samples known by the end of a quarter: those without a time too. */
export function samplesUpTo(
  table: MeasurementTable,
  quarter: number,
  clock: (timeS: number) => number,
): MeasurementTable {
  return filterSamples(table, (k) => !(quarterOfLocal(clock(table.timeS[k]!)) > quarter));
}
