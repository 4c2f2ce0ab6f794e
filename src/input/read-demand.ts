import type { ProgressListener } from '../progress.ts';
import { contentId, settleIds } from './content-id.ts';
import { DemandRows } from './demand-rows.ts';
import type { Findings } from './findings.ts';
import { tellGrowth } from './growable.ts';
import { nearestKey } from './nearest-key.ts';
import { MAX_CELLS_PER_POLYGON, shareOut, splitPolygon } from './polygon-cells.ts';
import { positionProblem } from './positions.ts';
import { mergeForPrivacy } from './privacy-cells.ts';
import { asMultiPolygon, crossesItself, polygonProblem } from './ring-checks.ts';
import type { Scenario } from './scenario-schema.ts';
import type { FeatureRow } from './stream/feature-row.ts';
import { numberOf, showValue, textOf, whereOf } from './stream/feature-row.ts';
import type { FeatureFileFacts } from './stream/read-features.ts';
import { readFeatures } from './stream/read-features.ts';
import type { Demand, InputFileSummary } from './types.ts';

/** Users are whole thousandths; sums of all users stay exact integers below this. */
const MAX_TOTAL_MILLI = Number.MAX_SAFE_INTEGER;
const MILLI = 1000;
const BPS_PER_MBPS = 1e6;
/** Polygons of more squares are told before they are cut. */
const LARGE_POLYGON = 1 << 16;

export interface ReadDemandOptions {
  /** The file as messages name it. */
  readonly file: string;
  readonly spec: Scenario['demand'];
  /** Names of the periods, see `scenarioPeriods`. */
  readonly periods: readonly string[];
  readonly findings: Findings;
  readonly onProgress?: ProgressListener | undefined;
  /** Told how many cells there will be, every so many and before a polygon is cut. */
  readonly onGrowth?: ((cells: number) => void) | undefined;
  readonly fastPoints?: boolean;
}

export interface DemandInput {
  readonly demand: Demand;
  readonly summary: InputFileSummary;
}

/**
 * Reads users by period: points as they are, polygons cut into cells of at most `spec.cellM` that share the users by
 * area (whole thousandths, largest remainder). Sorted by (lon, lat, id); cells without users are dropped and counted.
 * @throws InputError where the file cannot be read on, or the findings are full.
 */
export async function readDemand(path: string, options: ReadDemandOptions): Promise<DemandInput> {
  const builder = new DemandBuilder(options);
  const facts = await readFeatures(path, {
    file: options.file,
    fields: builder.properties.map((name) => ({ names: [name] })),
    findings: options.findings,
    onRow: (row) => builder.add(row),
    onProgress: options.onProgress,
    fastPoints: options.fastPoints,
    rasterCellM: options.spec.cellM,
  });
  builder.checkProperties(facts);
  const { spec } = options;
  const built = builder.build();
  const demand = spec.privacyK === undefined ? built : mergeForPrivacy(built, spec.privacyK);
  const setAside: Record<string, number> = {};
  if (spec.privacyK !== undefined) setAside['merged for privacy'] = built.count - demand.count;
  if (builder.withoutUsers > 0) setAside['without users in every period'] = builder.withoutUsers;
  const { file, sha256, dialect, featuresRead, identifiersDropped } = facts;
  return {
    demand,
    summary: { role: 'demand', file, sha256, dialect, featuresRead, setAside, identifiersDropped },
  };
}

/** Per period the property that holds its traffic; empty without `demand.trafficMbps`. */
function trafficProperties({ spec, periods }: ReadDemandOptions): string[] {
  const { trafficMbps } = spec;
  if (trafficMbps === undefined) return [];
  return periods.map((period) =>
    typeof trafficMbps === 'string' ? trafficMbps : (trafficMbps[period] ?? period),
  );
}

class DemandBuilder {
  /** Properties wanted of every feature: the users, then the region. */
  readonly properties: readonly string[];
  withoutUsers = 0;
  readonly #options: ReadDemandOptions;
  /** Per period an index into `properties`. */
  readonly #propertyOfPeriod: readonly number[];
  readonly #usersProperties: number;
  readonly #single: boolean;
  readonly #seen: boolean[];
  readonly #rows: DemandRows;
  readonly #regions: (string | null)[] | null;
  readonly #milli: number[];
  /** Per period an index into `properties`; empty without `trafficMbps`. */
  readonly #trafficOfPeriod: readonly number[];
  readonly #bps: number[];
  #crossing: { count: number; first: string } | null = null;

  constructor(options: ReadDemandOptions) {
    this.#options = options;
    const { users, regionProperty } = options.spec;
    this.#single = typeof users === 'string';
    const named = options.periods.map((period) =>
      typeof users === 'string' ? users : (users[period] ?? period),
    );
    const distinct = [...new Set(named)];
    this.#propertyOfPeriod = named.map((name) => distinct.indexOf(name));
    this.#usersProperties = distinct.length;
    const trafficNames = trafficProperties(options);
    const beforeTraffic = regionProperty === undefined ? distinct : [...distinct, regionProperty];
    this.properties = [...beforeTraffic, ...new Set(trafficNames)];
    this.#trafficOfPeriod = trafficNames.map((name) => this.properties.lastIndexOf(name));
    this.#bps = trafficNames.map(() => 0);
    this.#seen = distinct.map(() => false);
    this.#milli = options.periods.map(() => 0);
    this.#rows = new DemandRows(named.length, trafficNames.length);
    this.#regions = regionProperty === undefined ? null : [];
  }

  add(row: FeatureRow): void {
    if (!this.#readUsers(row) || !this.#readTraffic(row)) return;
    if (row.geometry === null) {
      this.#addPoint(row);
      return;
    }
    const polygons = asMultiPolygon(row.geometry);
    if (polygons === null) {
      this.#error(row, 'geometry-type', `is a ${row.geometry.type}.`, 'Demand is points or polygons.');
      return;
    }
    const problem = polygonProblem(polygons);
    if (problem !== null) {
      this.#error(row, problem.code, problem.message, problem.hint);
      return;
    }
    if (this.#milli.every((milli) => milli === 0)) {
      this.withoutUsers++;
      return;
    }
    if (polygons.flat().some(crossesItself)) {
      this.#crossing ??= { count: 0, first: whereOf(row) };
      this.#crossing.count++;
    }
    this.#addCells(row, polygons);
  }

  /** The users of the row in whole thousandths per period, into `#milli`; false after an error. */
  #readUsers(row: FeatureRow): boolean {
    const { scale } = this.#options.spec;
    for (let period = 0; period < this.#milli.length; period++) {
      const property = this.#propertyOfPeriod[period]!;
      const name = this.properties[property]!;
      const given = row.values[property];
      const users = numberOf(given);
      if (users === undefined) {
        if (this.#single) {
          this.#error(
            row,
            'users-missing',
            `has no "${name}".`,
            'Every feature needs its users; 0 where there are none.',
          );
          return false;
        }
        this.#milli[period] = 0;
        continue;
      }
      this.#seen[property] = true;
      if (!Number.isFinite(users)) {
        this.#error(row, 'users-not-a-number', `"${name}" must be a finite number, got ${showValue(given)}.`);
        return false;
      }
      if (users < 0) {
        this.#error(row, 'users-negative', `"${name}" must be at least 0, got ${users}.`);
        return false;
      }
      this.#milli[period] = Math.round(users * scale * MILLI);
    }
    return true;
  }

  /** The traffic of the row in whole bit/s per period, into `#bps`; absent is 0. False after an error. */
  #readTraffic(row: FeatureRow): boolean {
    for (const [period, property] of this.#trafficOfPeriod.entries()) {
      const given = row.values[property];
      const mbps = numberOf(given) ?? 0;
      if (!Number.isFinite(mbps) || mbps < 0) {
        const name = this.properties[property]!;
        const message = `"${name}" must be a number of at least 0 (Mbit/s), got ${showValue(given)}.`;
        this.#error(row, 'traffic-value', message);
        return false;
      }
      this.#bps[period] = Math.round(mbps * BPS_PER_MBPS);
    }
    return true;
  }

  #addPoint(row: FeatureRow): void {
    const problem = positionProblem(row.lon, row.lat);
    if (problem !== null) {
      this.#error(row, problem.code, problem.message, problem.hint);
      return;
    }
    let users = 0;
    for (const milli of this.#milli) users += milli;
    if (users === 0) {
      this.withoutUsers++;
      return;
    }
    const id = row.id ?? contentId('d', [row.lon, row.lat, ...this.#milli]);
    this.#rows.add(row.lon, row.lat, 0, this.#milli, this.#bps);
    this.#keep(row, id);
  }

  #addCells(row: FeatureRow, polygons: Parameters<typeof splitPolygon>[0]): void {
    const { cellM } = this.#options.spec;
    const cells = splitPolygon(polygons, cellM, (squares) => {
      if (squares >= LARGE_POLYGON) this.#options.onGrowth?.(this.#rows.ids.length + squares);
    });
    if (cells === null) {
      const hint = `Raise demand.cellM (now ${cellM}).`;
      this.#error(row, 'too-many-cells', `would be cut into more than ${MAX_CELLS_PER_POLYGON} cells.`, hint);
      return;
    }
    const areas = cells.map(({ areaM2 }) => areaM2);
    const parts = this.#milli.map((milli) => shareOut(milli, areas));
    const trafficParts = this.#bps.map((bps) => shareOut(bps, areas));
    const stem = row.id ?? contentId('p', [...polygons.flat(3), ...this.#milli]);
    cells.forEach((cell, index) => {
      const users = parts.map((part) => part[index] ?? 0);
      if (users.every((milli) => milli === 0)) return;
      const id = cells.length === 1 ? stem : `${stem}/${cell.row}-${cell.column}`;
      const bps = trafficParts.map((part) => part[index] ?? 0);
      const sideM = Math.min(cellM, Math.sqrt(cell.areaM2));
      this.#rows.add(cell.lon, cell.lat, sideM, users, bps);
      this.#keep(row, id);
    });
  }

  /** Id, place and region of the cell just added. */
  #keep(row: FeatureRow, id: string): void {
    tellGrowth(this.#rows.ids.length, this.#options.onGrowth);
    this.#rows.identify(id, row.id === null ? null : row);
    this.#regions?.push(textOf(row.values[this.#usersProperties]));
  }

  #error(row: FeatureRow, code: string, message: string, hint?: string): void {
    const { file, findings } = this.#options;
    findings.error(message, { code, file, feature: whereOf(row), hint });
  }

  /** A wanted property that no feature has is a wrong name, not "0 users". */
  checkProperties(facts: FeatureFileFacts): void {
    const { file, findings } = this.#options;
    if (facts.featuresRead === 0) {
      findings.error('holds no features.', { code: 'no-features', file });
      return;
    }
    const known = facts.propertyNames.filter((name) => name !== 'id');
    this.properties.forEach((name, property) => {
      const met =
        property < this.#usersProperties ? this.#seen[property] : facts.propertyNames.includes(name);
      if (met === true || findings.errorCount > 0) return;
      const nearest = nearestKey(name, known);
      const hint =
        nearest === null
          ? `Its properties are ${known.slice(0, 12).join(', ')}.`
          : `Did you mean "${nearest}"?`;
      findings.error(`no feature has a number in "${name}".`, { code: 'property-missing', file, hint });
    });
    if (this.#crossing !== null) {
      const { count, first } = this.#crossing;
      const message = `${count} polygons cross themselves (first: ${first}); their signed area was used.`;
      findings.warn(message, { code: 'self-crossing', file });
    }
  }

  build(): Demand {
    const { file, findings, periods } = this.#options;
    this.#settleIds();
    const { order, count, ...sorted } = this.#rows.sorted();
    sorted.usersMilli.forEach((milli, period) => {
      const total = milli.reduce((sum, users) => sum + users, 0);
      if (total <= MAX_TOTAL_MILLI) return;
      const message = `the users of period "${periods[period] ?? ''}" add up to more than 9e12.`;
      findings.error(message, { code: 'users-too-many', file, hint: 'Lower demand.scale.' });
    });
    if (count === 0 && findings.errorCount === 0) {
      findings.error('no feature has users in any period.', { code: 'no-users', file });
    }
    const regionNames =
      this.#regions === null ? null : Array.from(order, (index) => this.#regions?.[index] ?? null);
    return { count, periods, ...sorted, regionNames };
  }

  #settleIds(): void {
    const { file, findings } = this.#options;
    const { ids } = this.#rows;
    settleIds(
      ids,
      (index) => this.#rows.placeOf(index) !== null,
      (index) => {
        const feature = whereOf({ index: 0, line: 0, ...this.#rows.placeOf(index), id: ids[index]! });
        const hint = 'Ids must be unique, or left out.';
        findings.error('has an id that another feature has too.', {
          code: 'duplicate-id',
          file,
          feature,
          hint,
        });
      },
    );
  }
}
