import type { ProgressListener } from '../progress.ts';
import { DeviceNumbers } from './device-numbers.ts';
import type { Findings } from './findings.ts';
import { GrowableFloat64, tellGrowth } from './growable.ts';
import {
  DEVICE_FIELD,
  LEVEL_RANGE,
  MEASUREMENT_FIELDS,
  OTHER_FIELDS,
  QUANTITIES,
  quantityOrder,
} from './measurement-fields.ts';
import { inCanonicalOrder } from './measurement-order.ts';
import { positionProblem } from './positions.ts';
import { scenarioPeriods } from './scenario-periods.ts';
import type { Scenario } from './scenario-schema.ts';
import type { FeatureRow } from './stream/feature-row.ts';
import { numberOf, showValue, textOf, whereOf } from './stream/feature-row.ts';
import type { FeatureFileFacts } from './stream/read-features.ts';
import { readFeatures } from './stream/read-features.ts';
import type { PeriodClock } from './time.ts';
import { createPeriodClock, parseTimestamp, TimeZone } from './time.ts';
import type { InputFileSummary, MeasuredQuantity, MeasurementTable } from './types.ts';

/** `MeasurementTable.period` of a sample that lies in no period. */
export const NO_PERIOD = 255;

/** Quantities (as indices) that only LTE and NR devices report. */
const REFERENCE_SIGNALS = [QUANTITIES.indexOf('rsrp'), QUANTITIES.indexOf('ss-rsrp')];

export interface ReadMeasurementsOptions {
  /** Files as messages name them, one per path. */
  readonly files: readonly string[];
  readonly scenario: Scenario;
  readonly findings: Findings;
  readonly onProgress?: ProgressListener | undefined;
  /** Told how many samples there will be, every so many. */
  readonly onGrowth?: ((samples: number) => void) | undefined;
}

export interface MeasurementInput {
  readonly measurements: MeasurementTable;
  readonly summaries: readonly InputFileSummary[];
}

/**
 * Reads measured levels from one or several files of one quantity. Samples outside what 3GPP can report, with a
 * position worse than `service.binM`, of another technology or without a level are set aside and counted by reason.
 * @throws InputError where a file cannot be read on, or the findings are full.
 */
export async function readMeasurements(
  paths: readonly string[],
  options: ReadMeasurementsOptions,
): Promise<MeasurementInput> {
  const builder = new MeasurementBuilder(options);
  const summaries: InputFileSummary[] = [];
  for (const [index, path] of paths.entries()) {
    const file = options.files[index] ?? path;
    builder.startFile(file);
    const facts = await readFeatures(path, {
      file,
      fields: MEASUREMENT_FIELDS,
      findings: options.findings,
      onRow: (row) => builder.add(row),
      onProgress: options.onProgress,
    });
    summaries.push(builder.endFile(facts));
  }
  return { measurements: builder.build(), summaries };
}

class MeasurementBuilder {
  readonly #options: ReadMeasurementsOptions;
  readonly #zone: TimeZone | null;
  readonly #clock: PeriodClock | null;
  readonly #periods: readonly string[];
  readonly #lon = new GrowableFloat64();
  readonly #lat = new GrowableFloat64();
  readonly #levels = QUANTITIES.map(() => new GrowableFloat64());
  readonly #time = new GrowableFloat64();
  readonly #period = new GrowableFloat64();
  readonly #cell = new GrowableFloat64();
  readonly #frequency = new GrowableFloat64();
  readonly #accuracy = new GrowableFloat64();
  readonly #device = new GrowableFloat64();
  readonly #devices = new DeviceNumbers();
  readonly #cellIndex = new Map<string, number>();
  readonly #kept: number[] = [];
  readonly #level: number[] = [];
  #quantity: MeasuredQuantity | null = null;
  #file = '';
  #fileStart = 0;
  #hasQuantity: boolean[] = [];
  #setAside = new Map<string, number>();
  #unknownPeriods = new Map<string, number>();
  #withoutOffset = 0;

  constructor(options: ReadMeasurementsOptions) {
    const { scenario } = options;
    this.#options = options;
    this.#periods = scenarioPeriods(scenario);
    this.#zone = scenario.timeZone === undefined ? null : new TimeZone(scenario.timeZone);
    const index = (name: string): number => this.#periods.indexOf(name);
    this.#clock = scenario.periods === undefined ? null : createPeriodClock(scenario.periods, index);
  }

  startFile(file: string): void {
    this.#file = file;
    this.#fileStart = this.#lon.length;
    this.#hasQuantity = QUANTITIES.map(() => false);
    this.#setAside = new Map();
    this.#unknownPeriods = new Map();
    this.#withoutOffset = 0;
  }

  add(row: FeatureRow): void {
    if (row.geometry !== null) {
      this.#error(row, 'geometry-type', `is a ${row.geometry.type}, a point is expected.`);
      return;
    }
    const problem = positionProblem(row.lon, row.lat);
    if (problem !== null) {
      this.#error(row, problem.code, problem.message, problem.hint);
      return;
    }
    if (!this.#readLevels(row)) return;
    const accuracy = this.#number(row, 'accuracyM');
    if (accuracy > this.#options.scenario.service.binM) {
      this.#leave(`position accuracy worse than ${this.#options.scenario.service.binM} m`);
      return;
    }
    if (this.#hasReferenceSignal() && isOtherTechnology(textOf(this.#value(row, 'technology')))) {
      this.#leave('neither LTE nor NR');
      return;
    }
    const time = this.#readTime(row);
    if (time === null) return;
    tellGrowth(this.#lon.length, this.#options.onGrowth);
    this.#lon.push(row.lon === 0 ? 0 : row.lon);
    this.#lat.push(row.lat === 0 ? 0 : row.lat);
    this.#level.forEach((level, quantity) => this.#levels[quantity]!.push(level));
    this.#time.push(time.timeS);
    this.#period.push(time.period);
    this.#cell.push(this.#cellOf(textOf(this.#value(row, 'cell'))));
    this.#frequency.push(this.#number(row, 'frequencyMhz'));
    this.#accuracy.push(accuracy);
    this.#device.push(this.#devices.numberOf(textOf(row.values[DEVICE_FIELD])));
  }

  /** The row's level per quantity, NaN where it has none; false after an error. */
  #readLevels(row: FeatureRow): boolean {
    for (let quantity = 0; quantity < QUANTITIES.length; quantity++) {
      const given = row.values[quantity];
      const level = numberOf(given);
      if (level !== undefined && !Number.isFinite(level)) {
        this.#error(
          row,
          'level-not-a-number',
          `has the level ${showValue(given)}, a finite number is expected.`,
        );
        return false;
      }
      this.#level[quantity] = level ?? NaN;
      if (level !== undefined) this.#hasQuantity[quantity] = true;
    }
    return true;
  }

  #readTime(row: FeatureRow): { timeS: number; period: number } | null {
    const named = textOf(this.#value(row, 'period'));
    const given = textOf(this.#value(row, 'timestamp'));
    if (given === null) return { timeS: NaN, period: this.#periodNamed(named) };
    const time = parseTimestamp(given, this.#zone);
    if (time === 'not-a-time') {
      const hint = 'ISO 8601 is expected, for example 2026-03-01T14:30:00Z.';
      this.#error(row, 'timestamp', `has the timestamp ${showValue(given)}, which is no time.`, hint);
      return null;
    }
    if (time === 'no-offset') {
      // One finding for the whole file: its samples are all written alike.
      if (this.#withoutOffset++ > 0) return null;
      const hint = 'Give timeZone in the scenario, for example timeZone: America/Toronto.';
      this.#error(
        row,
        'timestamp-no-offset',
        `has the timestamp ${showValue(given)} without an offset.`,
        hint,
      );
      return null;
    }
    if (named !== null) return { timeS: time.timeS, period: this.#periodNamed(named) };
    if (this.#clock === null) return { timeS: time.timeS, period: this.#periodNamed(null) };
    const period = this.#clock.periodAt(time.localS);
    return { timeS: time.timeS, period: period < 0 ? NO_PERIOD : period };
  }

  /** Of a sample without a usable time: the named period, or the only one there is. */
  #periodNamed(name: string | null): number {
    if (name === null) return this.#periods.length === 1 ? 0 : NO_PERIOD;
    const index = this.#periods.indexOf(name);
    if (index >= 0) return index;
    this.#unknownPeriods.set(name, (this.#unknownPeriods.get(name) ?? 0) + 1);
    return NO_PERIOD;
  }

  /** True when the row claims a level that only LTE and NR know. */
  #hasReferenceSignal(): boolean {
    return REFERENCE_SIGNALS.some((quantity) => !Number.isNaN(this.#level[quantity]));
  }

  #cellOf(name: string | null): number {
    if (name === null) return -1;
    const known = this.#cellIndex.get(name);
    if (known !== undefined) return known;
    const fresh = this.#cellIndex.size;
    this.#cellIndex.set(name, fresh);
    return fresh;
  }

  #value(row: FeatureRow, field: (typeof OTHER_FIELDS)[number]): unknown {
    return row.values[QUANTITIES.length + OTHER_FIELDS.indexOf(field)];
  }

  #number(row: FeatureRow, field: (typeof OTHER_FIELDS)[number]): number {
    const value = numberOf(this.#value(row, field));
    return value !== undefined && Number.isFinite(value) ? value : NaN;
  }

  #leave(reason: string): void {
    this.#setAside.set(reason, (this.#setAside.get(reason) ?? 0) + 1);
  }

  #error(row: FeatureRow, code: string, message: string, hint?: string): void {
    this.#options.findings.error(message, { code, file: this.#file, feature: whereOf(row), hint });
  }

  endFile(facts: FeatureFileFacts): InputFileSummary {
    const { findings, scenario } = this.#options;
    const file = this.#file;
    const quantity = quantityOrder(scenario.radio.technology).find(
      (name) => this.#hasQuantity[QUANTITIES.indexOf(name)],
    );
    if (facts.featuresRead === 0) {
      findings.error('holds no samples.', { code: 'no-features', file });
    } else if (quantity === undefined && findings.errorCount === 0) {
      const names = facts.propertyNames.slice(0, 12).join(', ');
      const hint = `Name it rsrp_dbm; its properties are ${names}.`;
      findings.error('has no property that is a signal level.', { code: 'level-missing', file, hint });
    } else if (quantity !== undefined) {
      this.#quantity ??= quantity;
      if (this.#quantity !== quantity) {
        const message = `holds ${quantity}, the files before it hold ${this.#quantity}.`;
        findings.error(message, {
          code: 'quantity-mixed',
          file,
          hint: 'Read files of one quantity at a time.',
        });
      }
      this.#keepInRange(quantity);
    }
    for (const [name, count] of this.#unknownPeriods) {
      const message = `${count} samples name the period ${showValue(name)}, which the scenario does not have.`;
      findings.warn(message, { code: 'period-unknown', file, hint: 'They belong to no period.' });
    }
    const { sha256, dialect, featuresRead, identifiersDropped } = facts;
    const setAside = Object.fromEntries([...this.#setAside].sort(([a], [b]) => (a < b ? -1 : 1)));
    return {
      role: 'measurements',
      file: facts.file,
      sha256,
      dialect,
      featuresRead,
      setAside,
      identifiersDropped,
    };
  }

  #keepInRange(quantity: MeasuredQuantity): void {
    const levels = this.#levels[QUANTITIES.indexOf(quantity)]!;
    const [least, most] = LEVEL_RANGE[quantity] ?? [-Infinity, Infinity];
    for (let index = this.#fileStart; index < this.#lon.length; index++) {
      const level = levels.get(index);
      if (Number.isNaN(level)) this.#leave('without a level');
      else if (level < least || level > most) this.#leave(`level outside ${least}..${most} dBm`);
      else this.#kept.push(index);
    }
  }

  build(): MeasurementTable {
    const quantity = this.#quantity ?? 'rsrp';
    const level = this.#levels[QUANTITIES.indexOf(quantity)]!;
    const pick = (column: GrowableFloat64): Float64Array =>
      Float64Array.from(this.#kept, (index) => column.get(index));
    const columns = {
      lon: pick(this.#lon),
      lat: pick(this.#lat),
      level: pick(level),
      timeS: pick(this.#time),
      period: pick(this.#period),
      cell: pick(this.#cell),
      frequencyMhz: pick(this.#frequency),
      accuracyM: pick(this.#accuracy),
      device: this.#devices.count > 0 ? pick(this.#device) : null,
    };
    return inCanonicalOrder(columns, quantity, [...this.#cellIndex.keys()]);
  }
}

function isOtherTechnology(technology: string | null): boolean {
  return technology !== null && /^(gsm|edge|gprs|umts|wcdma|hspa|hsdpa|cdma|evdo|2g|3g)/i.test(technology);
}
