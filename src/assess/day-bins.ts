/** Effective samples of one quarter, in metres of a local projection. */
export interface QuarterSamples {
  readonly count: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly levelDbm: Float64Array;
  /** [count] drive (a calendar day in the scenario's time zone): samples of one drive share its errors. */
  readonly drive: Int32Array;
}

/** Means per bin and drive of two quarters on the bins that both measured. */
export interface PairedBins {
  /** Bins with enough samples in both quarters, sorted by row and column. */
  readonly count: number;
  readonly column: Int32Array;
  readonly row: Int32Array;
  /** Per quarter [count] mean level, spread and samples of the bin. */
  readonly meanDbm: readonly [Float64Array, Float64Array];
  readonly spreadDb: readonly [Float64Array, Float64Array];
  readonly samples: readonly [Float64Array, Float64Array];
  /** Cells of the bin x drive table, sorted by bin, quarter, drive. */
  readonly cells: readonly DriveCell[];
  /** Drives over both quarters; no drive belongs to both. */
  readonly driveCount: number;
}

export interface DriveCell {
  readonly bin: number;
  readonly quarter: 0 | 1;
  readonly drive: number;
  readonly samples: number;
  readonly meanDbm: number;
}

interface Sums {
  n: number;
  sum: number;
  square: number;
}

const HALF = 2 ** 25;
const keyOf = (column: number, row: number): number => (row + HALF) * 2 ** 26 + column + HALF;

/** Bins of side `binM` with at least `minSamples` samples in each quarter. */
export function pairBins(
  before: QuarterSamples,
  after: QuarterSamples,
  binM: number,
  minSamples: number,
): PairedBins {
  const tables = [tableOf(before, binM), tableOf(after, binM)] as const;
  const enough = (table: BinTable, key: number): boolean =>
    sumOver(table.get(key)?.values() ?? []).n >= minSamples;
  const keys = [...tables[0].keys()]
    .filter((key) => enough(tables[0], key) && enough(tables[1], key))
    .sort((a, b) => a - b);
  const drives = new Map<string, number>();
  const cells: DriveCell[] = [];
  const figures = [emptyFigures(keys.length), emptyFigures(keys.length)] as const;
  for (const [bin, key] of keys.entries()) {
    for (const quarter of [0, 1] as const) {
      const byDrive = [...tables[quarter].get(key)!].sort((a, b) => a[0] - b[0]);
      const all = sumOver(byDrive.map(([, sums]) => sums));
      const mean = all.sum / all.n;
      figures[quarter].mean[bin] = mean;
      figures[quarter].spread[bin] = Math.sqrt(
        Math.max(0, all.square - all.n * mean * mean) / Math.max(1, all.n - 1),
      );
      figures[quarter].samples[bin] = all.n;
      for (const [drive, sums] of byDrive) {
        const name = `${quarter},${drive}`;
        const number = drives.get(name) ?? drives.size;
        drives.set(name, number);
        cells.push({ bin, quarter, drive: number, samples: sums.n, meanDbm: sums.sum / sums.n });
      }
    }
  }
  return {
    count: keys.length,
    column: Int32Array.from(keys, (key) => (key % 2 ** 26) - HALF),
    row: Int32Array.from(keys, (key) => Math.floor(key / 2 ** 26) - HALF),
    meanDbm: [figures[0].mean, figures[1].mean],
    spreadDb: [figures[0].spread, figures[1].spread],
    samples: [figures[0].samples, figures[1].samples],
    cells,
    driveCount: drives.size,
  };
}

type BinTable = Map<number, Map<number, Sums>>;

function tableOf(samples: QuarterSamples, binM: number): BinTable {
  const table: BinTable = new Map();
  for (let k = 0; k < samples.count; k++) {
    const key = keyOf(Math.floor(samples.x[k]! / binM), Math.floor(samples.y[k]! / binM));
    const byDrive = table.get(key) ?? new Map<number, Sums>();
    table.set(key, byDrive);
    const sums = byDrive.get(samples.drive[k]!) ?? { n: 0, sum: 0, square: 0 };
    byDrive.set(samples.drive[k]!, sums);
    const level = samples.levelDbm[k]!;
    sums.n += 1;
    sums.sum += level;
    sums.square += level * level;
  }
  return table;
}

function sumOver(parts: Iterable<Sums>): Sums {
  const all = { n: 0, sum: 0, square: 0 };
  for (const part of parts) {
    all.n += part.n;
    all.sum += part.sum;
    all.square += part.square;
  }
  return all;
}

function emptyFigures(count: number): { mean: Float64Array; spread: Float64Array; samples: Float64Array } {
  return { mean: new Float64Array(count), spread: new Float64Array(count), samples: new Float64Array(count) };
}
