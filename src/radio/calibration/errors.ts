import type { CalibrationSamples } from './samples.ts';

/** Statistics of prediction errors, measured loss - predicted loss, dB. */
export interface ErrorStatistics {
  readonly count: number;
  readonly meanDb: number;
  /** Standard deviation around the mean. */
  readonly sdDb: number;
  readonly rmseDb: number;
}

/** Statistics of the finite errors. */
export function errorStatistics(errorsDb: Iterable<number>): ErrorStatistics {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (const error of errorsDb) {
    if (!Number.isFinite(error)) continue;
    count++;
    sum += error;
    squares += error * error;
  }
  if (count === 0) return { count, meanDb: NaN, sdDb: NaN, rmseDb: NaN };
  const meanDb = sum / count;
  const meanSquare = squares / count;
  return {
    count,
    meanDb,
    sdDb: Math.sqrt(Math.max(0, meanSquare - meanDb ** 2)),
    rmseDb: Math.sqrt(meanSquare),
  };
}

/** Error statistics of one group of samples. */
export interface GroupErrors extends ErrorStatistics {
  readonly group: string;
}

/** Errors by group, groups in ascending order of their key. */
export function errorsByGroup(errorsDb: Float64Array, groupOf: (i: number) => string): GroupErrors[] {
  const groups = new Map<string, number[]>();
  errorsDb.forEach((error, i) => {
    const group = groupOf(i);
    const list = groups.get(group) ?? [];
    groups.set(group, list);
    list.push(error);
  });
  return [...groups]
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([group, errors]) => ({ group, ...errorStatistics(errors) }));
}

/** Distance classes of the error tables: four to the decade. */
export function distanceClass(distanceM: number): string {
  const quarter = Math.floor(4 * Math.log10(Math.max(1, distanceM)));
  const end = (q: number): string => String(Math.round(10 ** (q / 4)));
  return `${end(quarter)}-${end(quarter + 1)} m`;
}

/** Errors by site, sector, distance class and clutter class. */
export function errorTables(
  samples: CalibrationSamples,
  errorsDb: Float64Array,
): Readonly<Record<'site' | 'sector' | 'distance' | 'clutter', readonly GroupErrors[]>> {
  const sectorOf = (i: number): { id: string; siteId: string } => samples.sectors[samples.sector[i]!]!;
  return {
    site: errorsByGroup(errorsDb, (i) => sectorOf(i).siteId),
    sector: errorsByGroup(errorsDb, (i) => sectorOf(i).id),
    distance: errorsByGroup(errorsDb, (i) => distanceClass(samples.distanceM[i]!)),
    clutter: errorsByGroup(errorsDb, (i) =>
      samples.clutter[i]! < 0 ? 'unknown' : String(samples.clutter[i]),
    ),
  };
}
