import type { DriveCell, PairedBins } from './day-bins.ts';

/** Variances of the mean level of one drive in one bin, dB²: what repeats of the same bins disagree by. */
export interface DriveNoise {
  /** Shared by the whole drive: device, car, load of the day. */
  readonly driveDb2: number;
  /** Shared by what one drive measures within one square. */
  readonly squareDb2: number;
  /** Of one bin on one drive alone. */
  readonly binDb2: number;
  /** Pairs of drives of one quarter that share bins; 0 = the data hold no repeat, the noise is unknown. */
  readonly repeats: number;
}

/**
 * Variance components by the method of moments (Henderson 1953 in its simplest form) from drives of the same quarter:
 * with d = difference of two drives in one bin, E[d²] = 2 (drive + square + bin), E[d d'] = 2 (drive + square) for two
 * bins of a square and 2 drive for bins of different squares. Differences between the quarters take no part, so a real
 * change does not hide in the noise.
 */
export function driveNoise(bins: PairedBins, squareOfBin: Int32Array): DriveNoise {
  const sums = new Map<string, Map<number, { n: number; sum: number; square: number }>>();
  for (const [first, second] of pairsWithinQuarter(bins.cells)) {
    const pair = `${first.drive},${second.drive}`;
    const bySquare = sums.get(pair) ?? new Map<number, { n: number; sum: number; square: number }>();
    sums.set(pair, bySquare);
    const square = squareOfBin[first.bin]!;
    const entry = bySquare.get(square) ?? { n: 0, sum: 0, square: 0 };
    bySquare.set(square, entry);
    const difference = first.meanDbm - second.meanDbm;
    entry.n += 1;
    entry.sum += difference;
    entry.square += difference * difference;
  }
  const total = { same: 0, sameN: 0, near: 0, nearN: 0, far: 0, farN: 0 };
  for (const bySquare of sums.values()) {
    let n = 0;
    let sum = 0;
    let nSquares = 0;
    let sumSquares = 0;
    for (const entry of bySquare.values()) {
      total.same += entry.square;
      total.sameN += entry.n;
      total.near += entry.sum * entry.sum - entry.square;
      total.nearN += entry.n * (entry.n - 1);
      n += entry.n;
      sum += entry.sum;
      nSquares += entry.n * entry.n;
      sumSquares += entry.sum * entry.sum;
    }
    total.far += sum * sum - sumSquares;
    total.farN += n * n - nSquares;
  }
  const mean = (value: number, count: number): number => (count > 0 ? value / count / 2 : 0);
  const all = mean(total.same, total.sameN);
  const drivePlusSquare = Math.min(all, Math.max(0, mean(total.near, total.nearN)));
  const driveDb2 = Math.min(drivePlusSquare, Math.max(0, mean(total.far, total.farN)));
  return {
    driveDb2,
    squareDb2: drivePlusSquare - driveDb2,
    binDb2: all - drivePlusSquare,
    repeats: sums.size,
  };
}

/** Cells of one bin and quarter in pairs; `cells` are sorted by bin, quarter, drive. */
function* pairsWithinQuarter(cells: readonly DriveCell[]): Generator<[DriveCell, DriveCell]> {
  for (let a = 0; a < cells.length; a++) {
    for (let b = a + 1; b < cells.length; b++) {
      if (cells[b]!.bin !== cells[a]!.bin || cells[b]!.quarter !== cells[a]!.quarter) break;
      yield [cells[a]!, cells[b]!];
    }
  }
}
