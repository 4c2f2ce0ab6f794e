import { resolve } from 'node:path';
import { coveredAreas, type CoveredArea } from './covered-area.ts';
import type { PredictedRows } from '../coverage/predict-kernel.ts';
import { distanceM } from '../geo/ellipsoid.ts';
import { Findings } from '../input/findings.ts';
import type { RegionMembership } from '../input/read-regions.ts';
import { readFeatures } from '../input/stream/read-features.ts';
import type { Demand, RegionTable } from '../input/types.ts';
import type { RasterFrame } from './raster-grid.ts';

/** What a prediction covers: a cell counts when its probability reaches the service's location probability. */
export interface CoverageStatistics {
  /** All users, then each region in order: users of each period. */
  readonly users: readonly {
    /** Null = everybody. */
    readonly region: string | null;
    readonly period: string;
    readonly usersMilli: number;
    readonly coveredMilli: number;
  }[];
  /** The whole raster, then each region. */
  readonly areas: readonly CoveredArea[];
  /** Line layer, null when none was given. Only what lies on the raster. */
  readonly lines: { readonly km: number; readonly coveredKm: number } | null;
}

interface StatisticsRequest {
  readonly frame: RasterFrame;
  readonly rows: PredictedRows;
  readonly demand: Demand;
  readonly regions: RegionTable | null;
  readonly membership: RegionMembership;
  readonly locationProbability: number;
  readonly linesFile?: string | undefined;
}

/** Counts users (exact thousandths), square kilometres and kilometres of lines that are covered. */
export async function coverageStatistics(request: StatisticsRequest): Promise<CoverageStatistics> {
  const { linesFile } = request;
  return {
    users: countUsers(request),
    areas: measureAreas(request),
    lines: linesFile === undefined ? null : await measureLines(request, linesFile),
  };
}

/** Index of the raster cell at a position, -1 outside. */
function cellAt(frame: RasterFrame, lon: number, lat: number): number {
  const [x, y] = frame.zone.toMetres(lon, lat);
  const column = Math.floor((x - frame.west) / frame.cellM);
  const row = Math.floor((frame.north - y) / frame.cellM);
  const inside = column >= 0 && row >= 0 && column < frame.columns && row < frame.rows;
  return inside ? row * frame.columns + column : -1;
}

function isCovered({ rows, locationProbability }: StatisticsRequest, cell: number): boolean {
  return cell >= 0 && rows.probability[cell]! >= locationProbability;
}

function countUsers(request: StatisticsRequest): CoverageStatistics['users'] {
  const { demand, membership, frame } = request;
  const covered = Uint8Array.from({ length: demand.count }, (_, i) =>
    isCovered(request, cellAt(frame, demand.lon[i]!, demand.lat[i]!)) ? 1 : 0,
  );
  const groups = [null, ...membership.names];
  return groups.flatMap((region, group) =>
    demand.periods.map((period, p) => {
      let usersMilli = 0;
      let coveredMilli = 0;
      for (let i = 0; i < demand.count; i++) {
        if (region !== null && membership.regionOfDemand[i] !== group - 1) continue;
        const users = demand.usersMilli[p]![i]!;
        usersMilli += users;
        if (covered[i] === 1) coveredMilli += users;
      }
      return { region, period, usersMilli, coveredMilli };
    }),
  );
}

function measureAreas(request: StatisticsRequest): CoveredArea[] {
  const { columns, rows, cellM, west, north, zone } = request.frame;
  const cellKm2 = (cellM * cellM) / 1e6;
  return coveredAreas({
    columns,
    rows,
    cellKm2: () => cellKm2,
    centre: (column, row) => zone.toDegrees(west + (column + 0.5) * cellM, north - (row + 0.5) * cellM),
    isCovered: (cell) => isCovered(request, cell),
    regions: request.regions,
    isInside: () => true,
  });
}

/** Walks along every line in steps of half a cell at most. */
async function measureLines(
  request: StatisticsRequest,
  file: string,
): Promise<{ km: number; coveredKm: number }> {
  const { frame } = request;
  const findings = new Findings();
  let metres = 0;
  let coveredM = 0;
  const walk = (line: readonly (readonly number[])[]): void => {
    for (let k = 0; k + 1 < line.length; k++) {
      const [lonA = NaN, latA = NaN] = line[k]!;
      const [lonB = NaN, latB = NaN] = line[k + 1]!;
      const lengthM = distanceM(lonA, latA, lonB, latB);
      const steps = Math.max(1, Math.ceil((2 * lengthM) / frame.cellM));
      for (let s = 0; s < steps; s++) {
        const t = (s + 0.5) / steps;
        const cell = cellAt(frame, lonA + (lonB - lonA) * t, latA + (latB - latA) * t);
        if (cell < 0) continue;
        metres += lengthM / steps;
        if (isCovered(request, cell)) coveredM += lengthM / steps;
      }
    }
  };
  await readFeatures(resolve(file), {
    file,
    fields: [],
    findings,
    onRow: ({ geometry }) => {
      if (geometry?.type === 'LineString') walk(geometry.coordinates);
      else if (geometry?.type === 'MultiLineString') geometry.coordinates.forEach(walk);
    },
  });
  findings.throwIfErrors();
  return { km: metres / 1000, coveredKm: coveredM / 1000 };
}
