import type { Baseline } from '../coverage/types.ts';
import { EVIDENCE_UNKNOWN } from '../coverage/types.ts';
import type { UtmZone } from '../geo/utm.ts';
import type { Demand } from '../input/types.ts';
import { fullSiteOf, type FullSite, type SiteLoads } from './site-load.ts';
import type { FoundArea } from './areas.ts';

/** Users' reports: complaints and feedback with a place. Identifiers are never read. */
export interface FeedbackTable {
  readonly count: number;
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  readonly category: readonly string[];
  /** [count] Unix seconds; NaN = no time. */
  readonly timeS: Float64Array;
  /** [count] 1..5; NaN = not rated. */
  readonly rating: Float64Array;
}

/** Complaints where the signal is predicted or measured to be good: the model is wrong there, or the cause another. */
export interface UnexplainedArea {
  readonly column: number;
  readonly row: number;
  readonly sideM: number;
  readonly complaints: number;
  readonly categories: readonly string[];
  /** In the period with most of them. */
  readonly usersMilli: number;
  /** The other cause where one is seen: the site that serves most users there carries more than it can in some period. */
  readonly fullSite: FullSite | null;
}

export interface FeedbackFindings {
  readonly reports: number;
  /** Reports of other quarters, left out. */
  readonly otherQuarters: number;
  readonly complaints: number;
  /** Complaints in the squares of a weak area of any period. */
  readonly inWeakAreas: number;
  /** Complaints where nothing is known of the signal. */
  readonly withoutEvidence: number;
  readonly unexplained: readonly UnexplainedArea[];
  /** `feedback.weight` of the scenario. */
  readonly weight: number;
}

/** The reports for which `keep` holds, order unchanged. */
export function filterReports(feedback: FeedbackTable, keep: (report: number) => boolean): FeedbackTable {
  const kept = Array.from({ length: feedback.count }, (_, k) => k).filter(keep);
  const pick = (column: Float64Array): Float64Array => Float64Array.from(kept, (k) => column[k]!);
  return {
    count: kept.length,
    lon: pick(feedback.lon),
    lat: pick(feedback.lat),
    category: kept.map((k) => feedback.category[k]!),
    timeS: pick(feedback.timeS),
    rating: pick(feedback.rating),
  };
}

/** A rating of this or more is praise. */
const PRAISE_FROM = 4;

/** True for reports that say something is wrong: a low rating, or no rating and not named praise. */
export function isComplaint(feedback: FeedbackTable, k: number): boolean {
  const rating = feedback.rating[k]!;
  if (!Number.isNaN(rating)) return rating < PRAISE_FROM;
  return !/praise|thank|compliment|good/i.test(feedback.category[k]!);
}

export interface FeedbackRequest {
  readonly otherQuarters: number;
  readonly feedback: FeedbackTable;
  readonly areas: readonly FoundArea[];
  readonly demand: Demand;
  readonly baseline: Baseline;
  /** Null = no site states a capacity. */
  readonly loads: SiteLoads | null;
  readonly zone: UtmZone;
  readonly sideM: number;
  readonly weight: number;
}

/** Joins complaints to weak areas (by square) and lists those with good signal apart. `reports[k]` is of area k. */
export function joinFeedback(request: FeedbackRequest): { findings: FeedbackFindings; reports: number[] } {
  const { feedback, areas, demand, baseline, zone, sideM } = request;
  const areasOfSquare = new Map<string, number[]>();
  for (const [index, area] of areas.entries()) {
    area.columns.forEach((column, k) => {
      const key = `${column},${area.rows[k]}`;
      areasOfSquare.set(key, [...(areasOfSquare.get(key) ?? []), index]);
    });
  }
  const cellsOfSquare = new Map<string, number[]>();
  for (let i = 0; i < demand.count; i++) {
    const key = squareOf(zone, demand.lon[i]!, demand.lat[i]!, sideM).key;
    cellsOfSquare.set(key, [...(cellsOfSquare.get(key) ?? []), i]);
  }
  const reports = areas.map(() => 0);
  const unexplained = new Map<string, { column: number; row: number; names: string[]; cells: number[] }>();
  let complaints = 0;
  let inWeakAreas = 0;
  let withoutEvidence = 0;
  for (let k = 0; k < feedback.count; k++) {
    if (!isComplaint(feedback, k)) continue;
    complaints += 1;
    const square = squareOf(zone, feedback.lon[k]!, feedback.lat[k]!, sideM);
    const joined = areasOfSquare.get(square.key) ?? [];
    for (const area of joined) reports[area]! += 1;
    const cells = cellsOfSquare.get(square.key) ?? [];
    if (joined.length > 0) inWeakAreas += 1;
    else if (cells.some((i) => isServedSomewhen(baseline, i))) {
      const entry = unexplained.get(square.key) ?? { ...square, names: [], cells };
      entry.names.push(feedback.category[k]!);
      unexplained.set(square.key, entry);
    } else withoutEvidence += 1;
  }
  const listed = [...unexplained.values()].map(({ column, row, names, cells }) => ({
    column,
    row,
    sideM,
    complaints: names.length,
    categories: [...new Set(names)].sort(),
    usersMilli: Math.max(...demand.usersMilli.map((users) => cells.reduce((sum, i) => sum + users[i]!, 0))),
    fullSite: fullestSite(request, cells),
  }));
  listed.sort(
    (a, b) =>
      b.complaints - a.complaints || b.usersMilli - a.usersMilli || a.column - b.column || a.row - b.row,
  );
  return {
    findings: {
      reports: feedback.count,
      otherQuarters: request.otherQuarters,
      complaints,
      inWeakAreas,
      withoutEvidence,
      unexplained: listed,
      weight: request.weight,
    },
    reports,
  };
}

/**
 * `feedback.weight` for `plan`: users of a demand point count 1 + weight x complaints within `radiusM` as much, rounded
 * to whole thousandths. With weight 0 the demand is returned as it is.
 */
export function weightedDemand(
  demand: Demand,
  feedback: FeedbackTable,
  zone: UtmZone,
  weight: number,
  radiusM: number,
): Demand {
  if (weight === 0) return demand;
  const places = Array.from({ length: feedback.count }, (_, k) => k)
    .filter((k) => isComplaint(feedback, k))
    .map((k) => zone.toMetres(feedback.lon[k]!, feedback.lat[k]!));
  const factor = Float64Array.from({ length: demand.count }, (_, i) => {
    const [east, north] = zone.toMetres(demand.lon[i]!, demand.lat[i]!);
    return 1 + weight * places.filter(([x, y]) => Math.hypot(x - east, y - north) <= radiusM).length;
  });
  return {
    ...demand,
    usersMilli: demand.usersMilli.map((users) => users.map((value, i) => Math.round(value * factor[i]!))),
  };
}

/** The fullest of the sites that are full in some period and serve most users of a square then. */
function fullestSite({ loads, demand }: FeedbackRequest, cells: readonly number[]): FullSite | null {
  if (loads === null) return null;
  return demand.usersMilli
    .map((users, period) => fullSiteOf(loads, cells, users, period))
    .reduce((worst, full) => ((full?.percent ?? 0) > (worst?.percent ?? 0) ? full : worst), null);
}

function isServedSomewhen(baseline: Baseline, i: number): boolean {
  return baseline.served.some(
    (served, period) => served[i] === 1 && baseline.evidence[period]![i] !== EVIDENCE_UNKNOWN,
  );
}

function squareOf(
  zone: UtmZone,
  lon: number,
  lat: number,
  sideM: number,
): { key: string; column: number; row: number } {
  const [east, north] = zone.toMetres(lon, lat);
  const column = Math.floor(east / sideM);
  const row = Math.floor(north / sideM);
  return { key: `${column},${row}`, column, row };
}
