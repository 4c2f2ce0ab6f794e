import { createPolygonLocator } from '../geo/polygon-locator.ts';
import { lineLengthM, positionAt, type LineTable } from '../input/line-table.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { Demand, RegionTable } from '../input/types.ts';
import { linesNeed } from '../memory/estimates.ts';
import { chosenCoverage, type FinishedPlan } from './chosen-coverage.ts';
import { countLines, type LineRow, type LineRun } from './count-lines.ts';
import { networkToday } from './today.ts';

export interface LinesRequest extends FinishedPlan {
  readonly scenario: Scenario;
  /** As read; null = none named. */
  readonly lines: LineTable | null;
}

/** Which stretches of the scenario's lines are served, today and in the finished plan. */
export interface LineService {
  readonly table: LineTable;
  /** No piece that was judged by itself is longer, metres. */
  readonly pieceM: number;
  readonly runs: readonly LineRun[];
  /** All lines first; then by group, by region and both, where there are such. */
  readonly rows: readonly LineRow[];
}

/**
 * Cuts lines into pieces of equal length, at most `service.binM`, and judges each at its middle as a user place is judged
 * (design section 5), at `service.rsrpDbm`; samples of every period speak for a road. Neighbours alike in everything
 * become one run.
 */
export async function serveLines(request: LinesRequest): Promise<LineService | null> {
  const { lines: table, scenario, regions, signal, memory } = request;
  if (table === null || signal?.aborted === true) return null;
  const pieceM = scenario.service.binM;
  const start = pieceStarts(table, pieceM);
  const count = start[table.count]!;
  memory?.hold(
    `lines: ${count.toLocaleString('en')} pieces`,
    linesNeed(table.lon.length, count),
    'Give fewer lines or larger bins (service.binM), or grant more with --memory.',
  );
  const middles = middlesOf(table, start);
  const { served, evidence } = await todayAlong(request, middles);
  const rank = await ranksAlong(request, middles);
  const region = regionsAlong(middles, regions);
  const runs = runsOf(table, start, { served, evidence, rank, region });
  return { table, pieceM, runs, rows: countLines(table, runs, regions?.names ?? []) };
}

/** [lines + 1] first piece of each line. */
function pieceStarts(table: LineTable, pieceM: number): Float64Array {
  const start = new Float64Array(table.count + 1);
  for (let line = 0; line < table.count; line++) {
    start[line + 1] = start[line]! + Math.max(1, Math.ceil(lineLengthM(table, line) / pieceM));
  }
  return start;
}

/** The middles of pieces, as places where users could be. */
function middlesOf(table: LineTable, start: Float64Array): Demand {
  const count = start[table.count]!;
  const lon = new Float64Array(count);
  const lat = new Float64Array(count);
  for (let own = 0; own < table.count; own++) {
    const first = start[own]!;
    const stepM = lineLengthM(table, own) / (start[own + 1]! - first);
    let k = table.start[own]!;
    const last = table.start[own + 1]! - 2;
    for (let piece = first; piece < start[own + 1]!; piece++) {
      const atM = (piece - first + 0.5) * stepM;
      while (k < last && table.alongM[k + 1]! < atM) k++;
      [lon[piece], lat[piece]] = positionAt(table, k, atM);
    }
  }
  const cellM = new Float32Array(count);
  return { count, ids: [], lon, lat, cellM, periods: ['all'], usersMilli: [], regionNames: null };
}

/** Today's network at every piece, by the samples of every period together. */
async function todayAlong(
  { scenario, measurements, existing, chosen, terrain, executor, signal }: LinesRequest,
  demand: Demand,
): Promise<{ served: Uint8Array; evidence: Uint8Array }> {
  const { measurements: asked } = scenario;
  const applied = { ...scenario, ...(asked && { measurements: { ...asked, applyTo: 'all' as const } }) };
  const shared = { demand, measurements, existing, chosen, terrain, executor, signal };
  const { baseline } = await networkToday({ ...shared, scenario: applied });
  return { served: baseline.served[0]!, evidence: baseline.evidence[0]! };
}

/** [pieces] 1-based rank of the first chosen site that covers; 0 = none. */
async function ranksAlong(request: LinesRequest, demand: Demand): Promise<Uint32Array> {
  const matrix = await chosenCoverage(request, request.scenario, demand);
  const rank = new Uint32Array(demand.count);
  for (let site = 0; site < matrix.siteCount; site++) {
    for (let k = matrix.siteStart[site]!; k < matrix.siteStart[site + 1]!; k++) {
      const piece = matrix.demandOfSite[k]!;
      if (rank[piece] === 0) rank[piece] = site + 1;
    }
  }
  return rank;
}

function regionsAlong({ lon, lat, count }: Demand, regions: RegionTable | null): Int32Array {
  const region = new Int32Array(count).fill(-1);
  if (regions === null) return region;
  const locator = createPolygonLocator(regions.polygons);
  for (let piece = 0; piece < count; piece++) region[piece] = locator.first(lon[piece]!, lat[piece]!);
  return region;
}

interface Judged {
  readonly served: Uint8Array;
  readonly evidence: Uint8Array;
  readonly rank: Uint32Array;
  readonly region: Int32Array;
}

function runsOf(table: LineTable, start: Float64Array, judged: Judged): LineRun[] {
  const { served, evidence, rank, region } = judged;
  const isAlike = (a: number, b: number): boolean =>
    served[a] === served[b] && evidence[a] === evidence[b] && rank[a] === rank[b] && region[a] === region[b];
  const runs: LineRun[] = [];
  for (let line = 0; line < table.count; line++) {
    const first = start[line]!;
    const end = start[line + 1]!;
    const lengthM = lineLengthM(table, line);
    const at = (piece: number): number =>
      piece === end ? lengthM : ((piece - first) * lengthM) / (end - first);
    for (let from = first, piece = first + 1; piece <= end; piece++) {
      if (piece < end && isAlike(piece, from)) continue;
      const [fromM, toM] = [at(from), at(piece)];
      runs.push({
        line,
        fromM,
        toM,
        lengthMm: Math.round(toM * 1000) - Math.round(fromM * 1000),
        region: region[from]!,
        servedToday: served[from] === 1,
        evidence: evidence[from]!,
        rank: rank[from]!,
      });
      from = piece;
    }
  }
  return runs;
}
